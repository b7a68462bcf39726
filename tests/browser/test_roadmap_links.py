"""A roadmap shared in a browser: looked at as customers see it, made, opened by a stranger, and revoked."""

import datetime as dt

import pytest

from portal.people.models import Product
from portal.people.public import SYSTEM
from roadmaps.planning.initiatives.public import create_initiative

TODAY = dt.date.today()
SIZES = ({"width": 1440, "height": 900}, {"width": 390, "height": 844})


def check(page, look, name: str) -> None:
    """Look at a page in both sizes and themes: axe finds nothing, and nothing scrolls sideways."""
    for size in SIZES:
        page.set_viewport_size(size)
        for scheme in ("dark", "light"):
            page.emulate_media(color_scheme=scheme)
            page.check_axe()
    look(page, name, full=True)
    page.set_viewport_size(SIZES[0])


@pytest.mark.long
def test_a_roadmap_is_shared_with_customers_and_taken_back(cast, browse, look):
    owner, product = cast("product_manager"), Product.objects.get()
    for number, (title, horizon) in enumerate((("Guide new teams", "now"), ("Holidays", "next"), ("Reports", "later"))):
        first = TODAY + dt.timedelta(days=60 * number)
        create_initiative(
            product,
            title=title,
            horizon=horizon,
            stage="building",
            starts_on=first,
            ends_on=first + dt.timedelta(days=50),
            effort_months=77,
            owner=owner,
            actor=owner,
        )
    create_initiative(product, title="Secret merger", horizon="now", visibility="team", actor=SYSTEM)
    page = browse("product_manager", "/roadmap/")
    page.get_by_role("link", name="Share this roadmap").click()
    page.get_by_role("heading", name="Share the roadmap").wait_for()
    page.get_by_label("Begin with").get_by_role("link", name="Customers").click()
    page.wait_for_url("**audience=customers*")
    page.get_by_label("For whom").fill("Advisory board")
    page.get_by_label("Quarter: in which").check()
    page.get_by_role("button", name="Show what they will see").click()
    page.get_by_role("heading", name="This is what they see").wait_for()
    preview = page.locator(".shared__preview")
    assert preview.get_by_text("Guide new teams").count() == 1 and page.get_by_text("Secret merger").count() == 0
    assert page.get_by_text("1 initiative of this view is for its team alone").count() == 1
    check(page, look, "roadmap-link-new")
    page.get_by_role("button", name="Make link").click()
    page.get_by_text("Copy the link now.").wait_for()
    address = page.get_by_label("Link", exact=True).input_value()
    check(page, look, "roadmap-link-made")
    stranger = browse(None, "/shared/" + address.split("/shared/")[1])
    stranger.get_by_role("heading", name="what comes next").wait_for()
    assert stranger.get_by_text("Building").count() == 0 and not stranger.context.cookies()
    check(stranger, look, "roadmap-shown-board")
    for view in ("Timeline", "List"):
        stranger.get_by_role("link", name=view).click()
        stranger.wait_for_url(f"**view={view.lower()}")
        stranger.locator(f'[aria-current="page"]:text-is("{view}")').wait_for()
        assert stranger.get_by_text("Reports").count() == 1
        check(stranger, look, f"roadmap-shown-{view.lower()}")
    page.open("/roadmap/links/")
    check(page, look, "roadmap-links")
    page.get_by_role("link", name="Advisory board").click()
    page.get_by_role("heading", name="Link for Advisory board").wait_for()
    page.get_by_text("3 times").wait_for()
    check(page, look, "roadmap-link-page")
    page.get_by_role("button", name="Revoke").click()
    page.get_by_text("This link opens nothing. It is revoked.").wait_for()
    stranger.allow("404")
    stranger.reload()
    stranger.get_by_role("heading", name="There is nothing here").wait_for()
    check(stranger, look, "roadmap-shown-gone")
