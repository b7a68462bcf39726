"""The frame in a real browser: looks, keys, palette, theme, drawer."""

import pytest

PAGES = {
    "home": "/",
    "search": "/search/?q=home",
    "search-empty": "/search/",
    "profile": "/people/profile/",
    "tokens": "/people/tokens/",
    "sessions": "/accounts/sessions/",
    "keyboard": "/keyboard/",
    "api": "/api/v1/docs/",
    "missing": "/nothing/",
}


@pytest.mark.parametrize("name", PAGES)
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
    page.wait_for_timeout(400)
    page.keyboard.press("Enter")
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
    page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
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
