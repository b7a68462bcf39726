"""Explore in a browser: a question built by mouse and by keyboard, its chart, the people behind it, an insight."""

import json
import re
import urllib.parse

import pytest

from portal.people.models import Product
from tests.insights.explore.usage import store_usage

TREND = {
    "kind": "trend",
    "products": ["planner"],
    "series": [{"event": "report opened", "measure": "persons"}],
    "interval": "day",
    "date_from": "-30d",
}


def address(question, chart=""):
    text = urllib.parse.quote(json.dumps(question))
    return f"/insights/explore/?q={text}" + (f"&chart={chart}" if chart else "")


def asked(page):
    """Return the question in the page's address."""
    query = urllib.parse.parse_qs(urllib.parse.urlparse(page.url).query)
    return json.loads(query["q"][0])


def drawn(page):
    page.locator(".chart[data-drawn] .main-svg").first.wait_for()


@pytest.fixture
def usage(cast):
    cast("product_manager")
    return store_usage(Product.objects.get(), people=60)


def test_question_is_built_with_the_keyboard_alone(browse, usage):
    page = browse("product_manager", "/insights/explore/")
    # A newer question takes the place of one on its way; htmx tells that on the console.
    event = page.get_by_role("combobox", name="Series A")
    event.focus()
    page.keyboard.type("task cr")
    page.get_by_role("option", name=re.compile("task created")).wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    drawn(page)
    assert asked(page)["series"] == [{"event": "task created", "measure": "total"}]
    assert page.evaluate("document.activeElement.name") == "series.0.event", "the focus stays where it was"
    page.get_by_role("button", name="Add filter").first.focus()
    page.keyboard.press("Enter")
    page.locator('[name="series.0.filters.0.property"]:focus').wait_for()
    page.keyboard.type("plan")
    page.keyboard.press("Tab")
    page.wait_for_url(re.compile("plan"))
    page.locator('[name="series.0.filters.0.value"]').first.fill("free")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("free"))
    rows = [{"property": "plan", "of": "event", "op": "is", "value": ["free"]}]
    assert asked(page)["series"][0]["filters"] == rows


@pytest.mark.long
def test_a_formula_is_typed_and_what_is_wrong_with_it_is_said(browse, usage):
    series = [{"event": "report opened"}, {"event": "task created"}]
    page = browse("product_manager", address({**TREND, "series": series}))
    drawn(page)
    formula = page.locator("#f-formula")
    formula.fill("100*a/c")
    formula.press("Enter")
    page.locator("#f-formula-error", has_text="There is no series C").wait_for()
    page.locator("#f-formula").fill("100*a/b")
    page.locator("#f-formula").press("Enter")
    page.locator(".chart__table th", has_text="100 * A / B").wait_for(state="attached")
    drawn(page)
    assert asked(page)["formula"] == "100*a/b"
    page.locator("#f-cumulative").check()
    page.wait_for_url(re.compile("cumulative"))
    drawn(page)
    page.check_axe()


@pytest.mark.long
def test_what_is_typed_while_an_answer_comes_is_not_lost(browse, usage):
    page = browse("product_manager", address(TREND))
    page.get_by_role("button", name="Add filter").last.click()
    field = page.locator('[name="filters.0.property"]')
    field.wait_for()
    page.locator("#f-interval").select_option("week")
    field.click()
    page.keyboard.type("coun", delay=60)
    page.wait_for_url(re.compile("week"))
    page.wait_for_timeout(300)
    assert field.input_value() == "coun"
    assert page.evaluate("document.activeElement.name") == "filters.0.property"


def test_chart_draws_in_both_themes_without_shifting_the_page(browse, usage):
    page = browse("product_manager", address(TREND))
    drawn(page)
    assert page.layout_shift() <= 0.02
    line = page.locator(".chart .scatterlayer path.js-line").first
    light = line.evaluate("one => getComputedStyle(one).stroke")
    page.emulate_media(color_scheme="dark")
    page.wait_for("was => getComputedStyle(document.querySelector('.chart path.js-line')).stroke !== was", light)
    page.check_axe()
    page.emulate_media(color_scheme="light")
    page.check_axe()


@pytest.mark.long
def test_mode_bar_and_png_work(browse, usage):
    page = browse("product_manager", address(TREND))
    drawn(page)
    page.locator(".chart__plot").hover()
    bar = page.locator(".modebar")
    assert bar.evaluate("one => getComputedStyle(one).position") == "absolute", "Plotly's own style sheet is there"
    with page.expect_download() as download:
        page.get_by_role("button", name="PNG", exact=True).click()
    assert download.value.suggested_filename.endswith(".png")


@pytest.mark.long
def test_click_on_a_mark_opens_the_people_behind_it(browse, usage):
    page = browse("product_manager", address(TREND))
    drawn(page)
    number = page.locator(".chart__table tbody tr").nth(20).locator("a").inner_text()
    box = page.locator(".chart .nsewdrag").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 20 / 29, box["y"] + box["height"] / 2)
    page.locator(".chart .hoverlayer .legend, .chart .hoverlayer .hovertext").first.wait_for()
    page.mouse.down()
    page.mouse.up()
    page.wait_for_url(re.compile("/people/"))
    assert page.get_by_role("heading", level=1).inner_text().startswith(f"{number} p")
    assert "user-" in page.locator("tbody").inner_text()
    page.check_axe()


@pytest.mark.long
def test_back_button_returns_to_the_question_before(browse, usage):
    page = browse("product_manager", address(TREND))
    drawn(page)
    page.get_by_role("link", name="Bar", exact=True).click()
    page.wait_for_url(re.compile("chart=bar"))
    page.go_back()
    page.locator(".explore__chart-type[aria-current]", has_text="Line").wait_for()
    drawn(page)
    assert "chart=bar" not in page.url


def test_fault_stands_beside_its_field_and_the_rest_is_kept(browse, usage):
    page = browse("product_manager", address({**TREND, "timezone": "Moon/Base", "interval": "hour"}))
    assert "not a time zone" in page.locator("#f-timezone-error").inner_text()
    page.get_by_role("link", name=re.compile("not a time zone")).wait_for()
    assert page.locator("#f-series-0-event").input_value() == "report opened"
    page.check_axe()


@pytest.mark.long
def test_question_is_kept_as_an_insight(browse, usage):
    page = browse("product_manager", address(TREND))
    drawn(page)
    page.get_by_role("link", name="Save insight").click()
    page.get_by_label("Title").fill("Daily readers")
    page.get_by_label("Tags").fill("Reading, Weekly look")
    page.get_by_role("button", name="Save insight").click()
    page.wait_for_url(re.compile(r"/saved/\d+/$"))
    drawn(page)
    assert page.get_by_role("heading", level=1).inner_text() == "Daily readers"
    page.check_axe()
    page.open("/insights/saved/?q=daily")
    page.get_by_role("link", name="Daily readers").wait_for()
    page.check_axe()


@pytest.mark.long
@pytest.mark.parametrize(
    ("question", "chart"),
    [
        ({"kind": "funnel", "steps": [{"event": "signed up"}, {"event": "teammate invited"}]}, "funnel"),
        ({"kind": "retention", "target": {"event": "signed up"}, "returning": {"event": None}}, "heatmap"),
        ({"kind": "stickiness", "series": [{"event": "report opened"}]}, "bar"),
        ({"kind": "lifecycle", "event": {"event": None}}, "bar"),
        ({**TREND, "breakdown": [{"property": "country", "of": "event"}]}, "area"),
        ({**TREND, "compare": "previous"}, "bar"),
        ({**TREND, "formula": "100 * A / (A + 1)", "moving_average": 7}, "line"),
        ({**TREND, "breakdown": [{"property": "country"}, {"property": "plan"}], "cumulative": True}, "line"),
    ],
)
def test_every_chart_draws_on_a_phone_without_sideways_scrolling(browse, usage, question, chart):
    page = browse("product_manager", address({**question, "products": ["planner"]}, chart), size="phone")
    drawn(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.check_axe()


def test_page_is_usable_before_a_heavy_answer_is_there(browse, usage):
    page = browse("product_manager", "/insights/explore/")
    held = []
    page.route("**/explore/?*answer=now", lambda route: held.append(route))
    page.goto(page.url.partition("/insights/")[0] + address(TREND))
    page.get_by_text("The answer is being computed.").wait_for()
    assert page.get_by_role("link", name="Save insight").is_visible()
    page.get_by_role("combobox", name="Series A").click()
    page.get_by_role("option", name="task created").wait_for()
    page.keyboard.press("Escape")
    held[0].continue_()
    drawn(page)
    page.check_axe()
    assert page.layout_shift() <= 0.02
    assert "answer=now" not in page.url


PATHS = {"kind": "paths", "products": ["planner"], "start": {"event": "signed up"}, "date_from": "-30d"}


@pytest.mark.long
def test_paths_are_built_turned_round_and_lead_to_their_people(browse, usage):
    page = browse("product_manager", address({"kind": "paths", "products": ["planner"]}))
    page.get_by_role("combobox", name="Start").fill("signed up")
    page.keyboard.press("Enter")
    drawn(page)
    page.locator(".chart .sankey-node").first.wait_for()
    assert asked(page)["start"] == {"event": "signed up"}
    page.get_by_label("Length of the silence that ends a path").fill("7")
    page.get_by_label("Unit of the silence").select_option("day")
    page.wait_for_url(re.compile("day"))
    assert asked(page)["session_gap"] == {"value": 7, "unit": "day"}
    drawn(page)
    page.check_axe()
    page.get_by_label("Which way").select_option("end")
    page.wait_for_url(re.compile("%22end%22|end"))
    page.get_by_role("combobox", name="End").wait_for()
    assert asked(page)["end"] == {"event": "signed up"}
    page.get_by_label("Which way").select_option("start")
    page.get_by_role("combobox", name="Start").wait_for()
    number = page.locator(".chart__table tbody tr").first.locator("a").first
    n = number.inner_text()
    number.click()
    page.wait_for_url(re.compile("/people/"))
    assert page.get_by_role("heading", level=1).inner_text().startswith(f"{n} p")
    page.check_axe()


@pytest.mark.long
def test_on_a_phone_the_table_of_paths_takes_the_place_of_the_drawing(browse, usage):
    page = browse("product_manager", address(PATHS), size="phone")
    table = page.locator(".chart__table")
    table.wait_for()
    assert not page.locator(".chart__plot").is_visible()
    assert page.get_by_role("link", name="Paths", exact=True).is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.check_axe()


@pytest.mark.long
def test_a_step_is_made_optional_in_a_funnel_that_is_kept(browse, usage):
    steps = [{"event": "signed up"}, {"event": "report opened"}, {"event": "task created"}]
    funnel = {"kind": "funnel", "products": ["planner"], "steps": steps, "date_from": "-30d"}
    page = browse("product_manager", address(funnel))
    drawn(page)
    required = page.locator(".chart__table tbody tr").all_inner_texts()
    page.get_by_role("checkbox", name="Optional: reported, never blocks").first.check()
    page.wait_for_url(re.compile("optional"))
    page.locator(".chart__table th", has_text="report opened (optional)").wait_for(state="attached")
    drawn(page)
    assert [step.get("optional", False) for step in asked(page)["steps"]] == [False, True, False]
    assert page.locator("#f-steps-1-optional").is_checked()
    rows = page.locator(".chart__table tbody tr")
    assert rows.first.inner_text() == required[0]
    rows.nth(1).get_by_role("link").first.click()
    page.get_by_role("link", name="Save as cohort").wait_for()
    page.get_by_role("link", name="Back to the question").click()
    drawn(page)
    page.get_by_role("link", name="Save insight").click()
    page.get_by_label("Title").fill("Set-up")
    page.get_by_role("button", name="Save insight").click()
    page.get_by_role("link", name="Open in Explore").click()
    page.locator("#f-steps-1-optional:checked").wait_for()
