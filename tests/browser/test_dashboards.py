"""Dashboards in a real browser: shown at once, renewed in place, arranged by drag and by keyboard, quiet and still."""

import datetime as dt
import random

import pytest
from django.utils import timezone

from insights.catalogue.public import read_source
from insights.dashboards import actions, demo, refreshing
from insights.dashboards.models import Dashboard, Tile, TileAnswer
from insights.events.public import Source
from portal.operations.contracts import DemoWorld
from portal.people.models import Product
from portal.people.public import SYSTEM
from tests import factories

STEPS = ["signed up", "workspace created", "plan created", "invited teammate"]
USES = ["task created", "task completed", "comment added", "report opened", "search used", "plan shared"]


def history(days: int = 120, people: int = 160) -> list[dict]:
    """Return a made-up history that ends yesterday: sign-ups, a funnel that loses people, use that follows the week."""
    dice, rows = random.Random(7), []
    first = timezone.now().replace(hour=9, minute=0, second=0, microsecond=0) - dt.timedelta(days=days)
    for number in range(people):
        person, account = f"person {number}", f"account {number // 6}"
        begun = first + dt.timedelta(days=dice.randrange(days - 1), minutes=dice.randrange(400))

        def add(name, at, person=person, account=account, **properties):
            row = {"event": name, "distinct_id": person, "account_id": account, "timestamp": at}
            rows.append({**row, "properties": properties} if properties else row)

        for place, name in enumerate(STEPS):
            if dice.random() > (1, 0.85, 0.8, 0.35)[place]:
                break
            add(name, begun + dt.timedelta(minutes=15 * place))
        stays = dice.randrange(3, days)
        for day in range(min(stays, (first + dt.timedelta(days=days) - begun).days)):
            at = begun + dt.timedelta(days=day)
            if dice.random() < (0.55 if at.weekday() < 5 else 0.08):
                for name in dice.sample(USES, dice.randrange(1, 4)):
                    add(name, at + dt.timedelta(minutes=dice.randrange(300)), load_ms=dice.randrange(200, 2500))
                if (first + dt.timedelta(days=days) - at).days < 50 and dice.random() < 0.4:
                    add("timeline opened", at + dt.timedelta(hours=1))
                if dice.random() < 0.02:
                    add("error shown", at + dt.timedelta(hours=2))
                if dice.random() < 0.01:
                    add("subscription upgraded", at + dt.timedelta(hours=3), amount=dice.choice([49, 99, 249]))
    return rows


@pytest.fixture
def boards(cast):
    """The demo's dashboards on a made-up history, all computed."""
    cast("product_manager")
    product = Product.objects.get()
    factories.store_events(factories.make_source(product, "Planner app"), history())
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    demo.seed_dashboards(DemoWorld(yesterday, 0, {}), lambda done, total: None)
    done = refreshing.refresh_tiles(Tile.objects.on_duty(), timezone.now())
    assert done.n_failed == 0, done.problems
    return Dashboard.objects.order_by("pk")


def see_all(page):
    """Scroll through the page, so that every chart is drawn."""
    for _ in range(12):
        page.mouse.wheel(0, 500)
        page.wait_for_timeout(120)
    page.wait_for("[...document.querySelectorAll('[data-plot]')].every(one => one.firstElementChild)")
    page.evaluate("scrollTo(0, 0)")


@pytest.mark.parametrize(
    "slug",
    [
        "product-health",
        pytest.param("onboarding", marks=pytest.mark.long),
        pytest.param("adoption", marks=pytest.mark.long),
    ],
)
def test_demo_dashboard_is_still_quiet_and_accessible(boards, browse, look, slug):
    page = browse("product_manager", f"/dashboards/{slug}/")
    see_all(page)
    assert page.layout_shift() <= 0.02
    page.check_axe()
    look(page, f"dashboard-{slug}")
    look(page, f"dashboard-{slug}-whole", full=True)
    page.emulate_media(color_scheme="dark")
    page.check_axe()


@pytest.mark.long
def test_list_and_forms_look_right(boards, browse, look, cast):
    page = browse("product_manager", "/dashboards/")
    page.check_axe()
    look(page, "dashboard-list")
    for name, path in {
        "dashboard-new": "/dashboards/new/",
        "dashboard-settings": "/dashboards/onboarding/edit/",
        "tile-add": "/dashboards/onboarding/tiles/add/",
        "annotations": "/dashboards/onboarding/annotations/",
        "tile-page": f"/dashboards/tiles/{Tile.objects.filter(chart='line').first().pk}/",
        "home": "/",
    }.items():
        page.open(path)
        page.check_axe()
        look(page, name)


@pytest.mark.long
def test_a_stale_tile_is_renewed_in_place_by_a_real_worker(boards, browse, worker):
    TileAnswer.objects.update(version=0, asked_key="old")
    page = browse("product_manager", "/dashboards/adoption/")
    page.get_by_text("up to date").wait_for(timeout=60_000)
    assert page.layout_shift() <= 0.02


def test_tiles_are_arranged_by_keyboard_and_by_drag_and_stay_so(boards, browse, look):
    board = boards.get(slug="onboarding")
    page = browse("product_manager", "/dashboards/onboarding/?arrange=1")
    page.check_axe()
    look(page, "arranging")
    first, second = board.tiles.live()[1:3]
    grip = page.locator(f"#tile-{first.pk} [data-grip]")
    grip.focus()
    with page.expect_response("**/layout/"):
        page.keyboard.press("ArrowRight")
    assert grip.evaluate("one => one === document.activeElement"), "the focus stays on the grip"
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.x, second.x) == (3, 0)
    box = page.locator(f"#tile-{first.pk} [data-grip]").bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] - 300, box["y"] + 5, steps=6)
    with page.expect_response("**/layout/"):
        page.mouse.up()
    first.refresh_from_db()
    assert first.x == 0


@pytest.mark.long
def test_a_second_editor_is_asked_whose_arrangement_to_keep(boards, browse, cast):
    board = boards.get(slug="onboarding")
    tile = board.tiles.live()[1]
    page = browse("product_manager", "/dashboards/onboarding/?arrange=1")
    page.allow("409")
    actions.step_tile(board.tiles.live()[5], actor=SYSTEM, direction="taller")
    page.locator(f"#tile-{tile.pk} [data-grip]").focus()
    page.keyboard.press("ArrowRight")
    keep = page.get_by_role("button", name="Keep my arrangement")
    keep.wait_for()
    with page.expect_response("**/layout/"):
        keep.click()
    tile.refresh_from_db()
    assert tile.x == 3


@pytest.mark.long
def test_a_tile_is_added_deleted_and_brought_back(boards, browse):
    page = browse("product_manager", "/dashboards/adoption/tiles/add/")
    page.get_by_label("Text", exact=True).fill("## Read me\n\n**Look here first**")
    page.get_by_role("button", name="Add text").click()
    page.get_by_text("Look here first").wait_for()
    tile = Tile.objects.latest("pk")
    page.locator(f"#tile-{tile.pk}").hover()
    page.locator(f"#tile-{tile.pk} summary").click()
    page.locator(f"#tile-{tile.pk}").get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Look here first").wait_for()


@pytest.mark.long
def test_a_filter_is_picked_from_what_was_seen_with_the_keyboard_alone(boards, browse):
    source = Source.objects.get()
    plan = {"event": "plan chosen", "distinct_id": "ann", "timestamp": timezone.now(), "properties": {"plan": "team"}}
    factories.store_events(source, [plan])
    read_source(source.pk)
    page = browse("product_manager", "/dashboards/product-health/")
    page.locator("summary", has_text="Filter").click()
    page.get_by_role("combobox", name="Property").press_sequentially("plan")
    page.get_by_role("option", name="plan event").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_role("combobox", name="Value").click()
    page.get_by_role("option", name="team").wait_for()
    page.check_axe()
    page.keyboard.type("tea")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Add filter").click()
    page.locator(".chip", has_text="plan is “team”").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.long
def test_paper_gets_every_chart_in_light_colours_and_no_buttons(boards, browse, look):
    page = browse("product_manager", "/dashboards/onboarding/")
    page.emulate_media(color_scheme="dark")
    see_all(page)
    page.set_viewport_size({"width": 718, "height": 1000})
    page.emulate_media(color_scheme="dark", media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    drawn = page.locator(".tile [data-plot] .main-svg:first-child")
    assert drawn.count() == page.locator("[data-plot]").count()
    for svg in drawn.all():
        inner, outer = svg.bounding_box(), svg.locator("xpath=ancestor::*[@data-plot]").bounding_box()
        assert inner["width"] <= outer["width"] + 1, "a drawing fits its column"
    colour = "one => getComputedStyle(one).stroke"
    assert page.locator("path.js-line").first.evaluate(colour) == "rgb(47, 91, 216)"
    assert page.get_by_text("Last 12 weeks").first.is_visible()
    for hidden in (".side", ".top", ".page-head__actions", ".scope", ".tile__menu", ".star"):
        assert not page.locator(hidden).first.is_visible(), hidden
    page.screenshot(full_page=True)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("document.documentElement.dataset.theme") == "system"
