"""Sharing in a real browser: a pack with then, now and why; a public link and its end; pictures of charts."""

import datetime as dt
import io

import pytest
from django.utils import timezone
from PIL import Image

from insights.dashboards import actions as boards
from insights.dashboards import refreshing
from insights.dashboards.models import Tile
from insights.sharing.models import Pack, PublicLink
from portal.people.models import Product
from tests import factories

TREND = {"kind": "trend", "series": [{"event": "report opened", "measure": "persons"}], "interval": "day"}
FUNNEL = {"kind": "funnel", "steps": [{"event": "signed up"}, {"event": "report opened"}]}


def on_day(days_ago: int, name: str, person: str) -> dict:
    at = timezone.now().replace(hour=10, minute=0, second=0, microsecond=0) - dt.timedelta(days=days_ago)
    return {"event": name, "distinct_id": person, "timestamp": at}


@pytest.fixture
def dashboard(cast):
    """A dashboard with a line, a number, a funnel, a table and a text, all computed."""
    owner = cast("product_manager")
    product = Product.objects.get()
    source = factories.make_source(product, "Planner app")
    rows = [on_day(20 - n % 15, "signed up", f"person {n}") for n in range(40)]
    rows += [on_day(1 + (n * 7) % 14, "report opened", f"person {n % 25}") for n in range(120)]
    factories.store_events(source, rows)
    board = boards.create_dashboard(actor=owner, product=product, title="Product health")
    boards.add_tile(board, actor=owner, kind="text", text="Numbers for the **board**.", w=12, h=1)
    boards.add_tile(board, actor=owner, title="People who read reports", question=TREND, chart="line", w=8, h=4)
    boards.add_tile(board, actor=owner, title="Readers", question={**TREND, "interval": "week"}, chart="number")
    boards.add_tile(board, actor=owner, title="From sign-up to report", question=FUNNEL, chart="funnel")
    boards.add_tile(board, actor=owner, title="As a table", question={**TREND, "interval": "week"}, chart="table")
    done = refreshing.refresh_tiles(Tile.objects.on_duty(), timezone.now())
    assert done.n_failed == 0, done.problems
    return board


@pytest.mark.long
def test_a_pack_is_frozen_and_late_data_shows_then_now_and_why(dashboard, browse, worker, look):
    page = browse("product_manager", f"/dashboards/{dashboard.slug}/")
    page.get_by_label("More about this dashboard").click()
    page.get_by_role("link", name="Freeze for a meeting").click()
    page.get_by_label("Name").fill("Board meeting")
    page.check_axe()
    look(page, "pack-new")
    page.get_by_role("button", name="Freeze").click()
    page.get_by_text("All numbers of 4 tiles are as they were.").wait_for(timeout=60_000)
    product = Product.objects.get()
    late = [on_day(3, "report opened", f"late {n}") for n in range(5)]
    factories.store_events(product.sources.get(), late)
    pack = Pack.objects.get()
    page.open(pack.get_absolute_url())
    page.get_by_text("tiles are others now.").wait_for(timeout=60_000)
    page.get_by_text("5 events of these days were received after the freezing: late events.").first.wait_for(
        timeout=60_000
    )
    page.locator("#tiles[hx-get]").wait_for(state="detached", timeout=60_000)
    page.get_by_text("into these days").first.wait_for()
    page.check_axe()
    look(page, "pack", full=True)
    page.emulate_media(color_scheme="dark")
    page.check_axe()
    page.open("/sharing/packs/")
    page.check_axe()
    look(page, "pack-list")


@pytest.mark.long
def test_a_public_link_with_a_password_opens_for_a_stranger_until_it_is_revoked(dashboard, browse, look):
    page = browse("product_manager", f"/sharing/links/new/?dashboard={dashboard.slug}")
    page.get_by_label("For whom").fill("Investors")
    page.get_by_label("Password").fill("correct horse")
    page.check_axe()
    look(page, "link-new")
    page.get_by_role("button", name="Make link").click()
    address = page.get_by_label("Link", exact=True).input_value()
    look(page, "link-made")
    path = "/shared/" + address.split("/shared/")[1]
    stranger = browse(None, path)
    stranger.check_axe()
    look(stranger, "shared-password")
    stranger.allow("422")
    stranger.get_by_label("Password").fill("wrong")
    stranger.get_by_role("button", name="Open").click()
    stranger.get_by_text("This is not the password.").wait_for()
    stranger.get_by_label("Password").fill("correct horse")
    stranger.get_by_role("button", name="Open").click()
    stranger.get_by_role("heading", name="Product health").wait_for()
    stranger.locator("[data-drawn]").first.wait_for()
    assert stranger.get_by_role("link").count() == 0
    assert [cookie["name"] for cookie in stranger.context.cookies()] == ["opens_dashboard"]
    stranger.check_axe()
    look(stranger, "shared", full=True)
    stranger.emulate_media(color_scheme="dark")
    stranger.check_axe()
    page.get_by_role("link", name="See how often it is opened").click()
    page.get_by_role("button", name="Revoke").click()
    page.get_by_text("This link opens nothing. It is revoked.").wait_for()
    page.check_axe()
    look(page, "link-page")
    page.open("/sharing/links/")
    page.check_axe()
    look(page, "link-list")
    stranger.allow("404")
    stranger.open(path)
    stranger.get_by_role("heading", name="There is nothing here").wait_for()
    stranger.check_axe()
    assert PublicLink.objects.get().n_openings >= 1


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pictures_of_all_charts_have_title_source_and_the_pages_colours(dashboard, browse, scheme, tmp_path):
    page = browse("product_manager", f"/dashboards/{dashboard.slug}/", scheme=scheme)
    page.locator("[data-drawn]").first.wait_for()
    for title in ("People who read reports", "Readers", "From sign-up to report", "As a table"):
        page.get_by_label(f"More about {title}").click()
        with page.expect_download() as download:
            page.locator(".tile", has_text=title).get_by_role("button", name="PNG", exact=True).click()
        path = tmp_path / f"{scheme}-{download.value.suggested_filename}"
        download.value.save_as(path)
        picture = Image.open(io.BytesIO(path.read_bytes())).convert("RGB")
        assert picture.width == 2400 and picture.height > 300
        paper = (255, 255, 255) if scheme == "light" else (18, 21, 27)
        assert picture.getpixel((4, 4)) == paper
        head = picture.crop((40, 40, 1600, 110))
        foot = picture.crop((40, picture.height - 90, 1600, picture.height - 30))
        for part, what in ((head, "title"), (foot, "source")):
            assert len(part.getcolors(100_000)) > 3, f"{title}: no {what} is printed"
