"""The main job in a real browser with a real worker: a file goes in, a dashboard comes out, new data refreshes it."""

import datetime as dt
import os
import re

import pytest
from django.utils import timezone

from insights.dashboards.models import Dashboard, Tile
from insights.events.public import Batch
from insights.explore.models import Insight
from portal.people.models import Product
from tests import factories
from tests.browser.story import Walk, make_rows, to_csv

DAYS = 60


@pytest.fixture
def walk(browse, cast, look):
    """A walk that begins at the login page, as nobody."""
    cast("product_manager")
    return Walk(browse(None, "/accounts/login/"), look if os.environ.get("PORTAL_LOOK_DIR") else None)


@pytest.mark.long
def test_a_file_becomes_a_dashboard_and_new_data_refreshes_it(walk, worker):
    first_day = timezone.localdate() - dt.timedelta(days=DAYS)
    rows = make_rows(first_day, DAYS - 2, range(80))
    _sign_in(walk)
    _load_the_first_file(walk, rows)
    _make_the_starter_dashboard(walk)
    _explore(walk)
    _save_and_put_on_the_dashboard(walk)
    _arrange_by_keyboard(walk)
    _annotate(walk)
    _load_more_and_refresh(walk, rows + make_rows(timezone.localdate() - dt.timedelta(days=2), 2, range(80, 120)))


def _sign_in(walk: Walk) -> None:
    page = walk.page
    walk.stop("story-login")
    page.get_by_role("textbox", name=re.compile("mail", re.I)).fill("product-manager@example.com")
    page.get_by_label("Password").fill("a long password 1")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Home").wait_for()
    walk.stop("story-home-first")


def _load_the_first_file(walk: Walk, rows: list) -> None:
    page = walk.page
    page.get_by_role("link", name="Data", exact=True).click()
    page.wait_for_url("**/data/**", timeout=30_000)
    page.get_by_role("link", name="Load a file").first.click()
    page.get_by_label("Name").fill("Planner events")
    page.locator("#id_product").select_option(label="Planner")
    walk.stop("story-load-source")
    page.get_by_role("button", name="Next: the file").click()
    page.locator("#id_file").set_input_files(to_csv(rows))
    walk.stop("story-load-file")
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("heading", name="What do the columns say?").wait_for()
    guessed = {label: page.get_by_label(label).first.input_value() for label in ("Who did it", "When it happened")}
    assert guessed == {"Who did it": "user_id", "When it happened": "timestamp"}
    assert page.get_by_label("The event's name is in").input_value() == "event"
    page.get_by_text("Nothing is wrong with the first 20 rows").wait_for()
    walk.stop("story-load-columns")
    page.get_by_role("button", name="Next: check the whole file").click()
    page.get_by_role("button", name=f"Load {len(rows):,} new events").wait_for(timeout=30_000)
    walk.stop("story-load-check")
    page.get_by_role("button", name=f"Load {len(rows):,} new events").click()
    page.get_by_role("button", name="Make a starter dashboard").wait_for(timeout=30_000)
    walk.stop("story-load-done")
    assert Batch.objects.get().n_accepted == len(rows)


def _make_the_starter_dashboard(walk: Walk) -> None:
    page = walk.page
    page.get_by_role("button", name="Make a starter dashboard").click()
    page.get_by_role("heading", name="Planner events at a glance").wait_for()
    walk.wait_for_tiles()
    assert Dashboard.objects.get().tiles.count() >= 8
    assert page.get_by_text("failed").count() == 0
    page.get_by_role("link", name="From “signed up” to “teammate invited”").wait_for()
    walk.stop("story-starter")


def _explore(walk: Walk) -> None:
    page = walk.page
    page.keyboard.press("g")
    page.keyboard.press("e")
    page.wait_for_url("**/insights/explore/")
    # A newer question takes the place of one on its way; htmx tells that on the console.
    page.get_by_role("combobox", name="Series A").focus()
    page.keyboard.type("task cr")
    page.get_by_role("option", name=re.compile("task created")).wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator(".chart[data-drawn] .main-svg").first.wait_for()
    with page.expect_response(re.compile("/explore/")):
        page.get_by_label("What to measure").select_option("persons")
    page.get_by_role("link", name="Bar", exact=True).click()
    page.wait_for_url(re.compile("chart=bar"))
    page.locator(".chart[data-drawn] .main-svg").first.wait_for()
    page.get_by_text("Why this number").click()
    walk.stop("story-explore")


def _save_and_put_on_the_dashboard(walk: Walk) -> None:
    page = walk.page
    page.get_by_role("link", name="Save insight").click()
    page.get_by_label("Title").fill("People who create tasks")
    walk.stop("story-insight-new")
    page.get_by_role("button", name="Save insight").click()
    page.get_by_role("heading", name="People who create tasks", level=1).wait_for()
    walk.stop("story-insight")
    series = Insight.objects.get().question["series"][0]
    assert (series["event"], series["measure"]) == ("task created", "persons")
    page.get_by_role("link", name="Put on a dashboard").first.click()
    walk.stop("story-put")
    page.get_by_role("button", name="Add tile").click()
    page.get_by_role("link", name="People who create tasks").wait_for()
    walk.wait_for_tiles()


def _arrange_by_keyboard(walk: Walk) -> None:
    page, tile = walk.page, Tile.objects.latest("pk")
    was = (tile.x, tile.y, tile.w, tile.h)
    page.keyboard.press("e")
    page.wait_for_url("**arrange=1**")
    grip = page.locator(f"#tile-{tile.pk} [data-grip]")
    for keys in ("ArrowUp", "Shift+ArrowDown"):
        grip.focus()
        with page.expect_response("**/layout/"):
            page.keyboard.press(keys)
    tile.refresh_from_db()
    assert tile.y < was[1] and tile.h == was[3] + 1
    walk.stop("story-arrange")
    page.get_by_role("link", name="Done").click()


def _annotate(walk: Walk) -> None:
    page = walk.page
    page.get_by_label("More about this dashboard").click()
    page.get_by_role("link", name="Annotations").click()
    page.get_by_label("What happened").fill("Release 4.2")
    page.get_by_label("Day", exact=True).fill((timezone.localdate() - dt.timedelta(days=20)).isoformat())
    page.get_by_role("button", name="Add annotation").click()
    page.get_by_role("cell", name="Release 4.2", exact=True).wait_for()
    walk.stop("story-annotations")
    page.get_by_role("link", name="Planner events at a glance").first.click()
    page.get_by_role("heading", name="Annotations").wait_for()


def _load_more_and_refresh(walk: Walk, rows: list) -> None:
    page = walk.page
    was = page.locator("#board-age time").get_attribute("datetime")
    page.get_by_role("link", name="Data", exact=True).click()
    page.get_by_role("link", name="Planner events").click()
    walk.stop("story-source")
    page.get_by_role("link", name="Load a file").click()
    page.locator("#id_file").set_input_files(to_csv(rows))
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("button", name="Next: check the whole file").click()
    page.get_by_role("button", name=re.compile("Load .* new events")).click(timeout=30_000)
    page.get_by_role("link", name="Open its dashboard").click(timeout=30_000)
    again = Batch.objects.latest("pk")
    assert again.n_duplicates == Batch.objects.earliest("pk").n_accepted, "what was there is not doubled"
    page.get_by_label("More about this dashboard").click()
    page.get_by_role("button", name="Compute all tiles now").click()
    page.wait_for("was => document.querySelector('#board-age time')?.getAttribute('datetime') > was", was, timeout_s=60)
    walk.wait_for_tiles()
    walk.stop("story-dashboard")


LISTS = (
    *("/", "/dashboards/", "/insights/explore/", "/insights/saved/", "/data/sources/", "/data/load/"),
    *("/data/quarantine/", "/insights/catalogue/", "/insights/catalogue/properties/", "/refreshes/", "/search/?q=plan"),
    *("/people/", "/people/teams/", "/audit/", "/notices/", "/api/v1/docs/"),
)


@pytest.mark.long
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_every_list_is_accessible_and_fits(browse, cast, size):
    cast("admin")
    rows = make_rows(timezone.localdate() - dt.timedelta(days=30), 30, range(40))
    source = factories.make_source(Product.objects.get(), "Planner events")
    factories.store_events(
        source, [{"event": row["event"], "distinct_id": row["user_id"], "timestamp": row["timestamp"]} for row in rows]
    )
    page = browse("admin", "/", size=size)
    walk = Walk(page, None)
    page.allow("404")
    for path in LISTS:
        answer = page.open(path)
        assert answer.status == 200, path
        walk.stop(path)
