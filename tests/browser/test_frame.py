"""The frame in a real browser: looks, keys, palette, theme, drawer."""

import pytest

from portal.people.models import Team

PAGES = {
    "home": "/",
    "search": "/search/?q=home",
    "search-empty": "/search/",
    "profile": "/profile/",
    "tokens": "/profile/tokens/",
    "sessions": "/accounts/sessions/",
    "keyboard": "/keyboard/",
    "api": "/api/v1/docs/",
    "api-resource": "/api/v1/docs/teams/",
    "missing": "/nothing/",
}
SEEN_ALWAYS = {"home", "search", "api-resource"}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name in SEEN_ALWAYS else pytest.mark.long) for name in PAGES]
)
def test_page_is_accessible_and_still(browse, look, name):
    page = browse("admin", PAGES[name])
    if name == "missing":
        page.allow("404")
    page.check_axe()
    assert page.layout_shift() <= 0.02
    page.emulate_media(color_scheme="dark")
    page.check_axe()
    look(page, name)


def test_sign_in_page(browse, look):
    page = browse(None, "/accounts/login/")
    page.check_axe()
    look(page, "login")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("alert").wait_for()
    look(page, "login-faults")
    page.check_axe()


def test_palette_opens_by_keys_finds_and_goes(browse, look):
    page = browse("admin")
    page.keyboard.press("Control+k")
    page.get_by_role("option", name="Refreshes").wait_for()
    page.check_axe()
    look(page, "palette")
    page.keyboard.type("refresh")
    page.keyboard.press("Enter")  # at once: what was found before is not what is meant
    page.wait_for_url("**/refreshes/")


def test_single_keys_go_places_unless_switched_off(browse, cast):
    page = browse("admin")
    page.keyboard.press("?")
    page.get_by_role("dialog", name="Keyboard").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("r")
    page.wait_for_url("**/refreshes/")
    user = cast("admin")
    user.has_shortcuts = False
    user.save()
    page.open("/")
    page.keyboard.press("g")
    page.keyboard.press("r")
    page.wait_for_timeout(300)
    assert page.url.endswith("/")
    assert not page.url.endswith("/refreshes/")


def test_theme_switches_at_once_and_is_remembered(browse, cast):
    page = browse("admin")
    page.get_by_role("button", name="Switch between light and dark").click()
    page.wait_for("document.documentElement.dataset.theme === 'dark'")
    page.wait_for_timeout(300)
    page.open("/search/")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_drawer_opens_on_a_phone(browse):
    page = browse("admin", size="phone")
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Refreshes").wait_for()
    page.check_axe()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Refreshes").wait_for(state="hidden")


def test_a_list_filters_while_typing_and_keeps_the_focus(browse, cast):
    cast("viewer")
    page = browse("admin", "/people/")
    field = page.get_by_label("Name or address")
    field.click()
    field.press_sequentially("view")
    page.get_by_role("link", name="Viewer").wait_for()
    page.get_by_role("link", name="Admin", exact=True).wait_for(state="detached")
    assert "q=view" in page.url
    assert page.evaluate("document.activeElement.name") == "q"


def test_a_failed_piece_says_so_with_its_request_id(browse, monkeypatch):
    from portal.shell.errors import Unavailable

    def away(*args):
        raise Unavailable()

    page = browse("admin", "/search/")
    page.allow("503")
    page.allow("Response Status Error Code 503")
    monkeypatch.setattr("portal.shell.views.find_places", away)
    page.get_by_label("Words to find").press_sequentially("home")
    alert = page.get_by_role("alert")
    alert.wait_for()
    assert "does not answer just now" in alert.inner_text() and "Request " in alert.inner_text()


@pytest.mark.long
def test_what_was_typed_is_there_again_after_the_session_ended(browse, cast):
    page = browse("admin", "/people/teams/new/")
    page.get_by_label("Name", exact=True).fill("Growth")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Create team").click()
    page.get_by_text("so nothing was saved").wait_for()
    page.get_by_label("E-mail").fill(cast("admin").email)
    page.get_by_label("Password").fill("a long password 1")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("What you typed is here again").wait_for()
    assert page.get_by_label("Name", exact=True).input_value() == "Growth"
    page.get_by_role("button", name="Create team").dblclick()
    page.get_by_role("heading", name="Growth").wait_for()
    assert Team.objects.filter(name="Growth").count() == 1


def test_a_real_worker_does_what_a_page_announces(cast, worker):
    import time

    from portal.messages.models import Delivery
    from portal.messages.public import send

    letter = send(cast("viewer"), "Hello", "A line.", key="hello")
    end = time.monotonic() + 20
    while Delivery.objects.get(pk=letter.pk).is_live and time.monotonic() < end:
        time.sleep(0.2)
    assert Delivery.objects.get(pk=letter.pk).state == "sent"
