"""The browser harness: headless Chromium against a live server, with nothing faked.

    def test_story(browse, look):
        page = browse("product_manager", "/dashboards/")      # a signed-in page; role is one of the cast, or None
        page.get_by_role("link", name="New dashboard").click()
        look(page, "dashboard-new")                            # no sideways scrolling at both sizes
        page.check_axe()                                       # no accessibility violation

A console error, a page error or a violation of the Content-Security-Policy fails the test, unless `page.allow("words")`
names it. `worker` starts a real Celery worker on the test's database. With PORTAL_LOOK_DIR `look` saves pictures there.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import Error

from tests import factories
from tests.running import wait_until

# Playwright's loop runs in this thread; the tests' own queries are plain and synchronous all the same.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

INSTALL = "No Chromium found. Install one (Debian: apt-get install chromium) or set PORTAL_CHROMIUM to its path."
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--force-color-profile=srgb",
]
_IS_STILL = """() => !document.querySelector(".htmx-request") && document.getAnimations()
  .every((one) => one.playState !== "running" || one.effect.getTiming().iterations === Infinity)"""
# What htmx writes when a page is left while a piece of it is under way.
_LEFT_EARLY = ("htmx:sendAbort", "htmx:afterRequest")
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
ROOT = Path(__file__).resolve().parents[2]


def pytest_collection_modifyitems(items):
    """Mark every test of this folder."""
    here = Path(__file__).parent
    for item in items:
        if here in Path(item.path).parents:
            item.add_marker(pytest.mark.browser)


def find_chromium() -> str:
    """Return the path of a Chromium, or nothing."""
    names = [os.environ.get("PORTAL_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome", "chrome"]
    return next((path for name in names if name and (path := shutil.which(name))), "")


@pytest.fixture(scope="session")
def chromium():
    """Return a running browser; skip visibly where there is none, fail where one is required."""
    path = find_chromium()
    if not path:
        if os.environ.get("PORTAL_REQUIRE_BROWSER") == "1":
            pytest.fail(INSTALL)
        pytest.skip(INSTALL)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


class Watched:
    """A page that remembers what went wrong in it; all of Playwright's page is there as well."""

    def __init__(self, page, address: str):
        self._page, self._address = page, address
        self.faults: list[str] = []
        self._allowed: list[str] = []
        page.on("console", lambda message: message.type == "error" and self.faults.append(message.text))
        page.on("pageerror", lambda error: self.faults.append(f"page error: {error}"))

    def __getattr__(self, name):
        return getattr(self._page, name)

    def allow(self, words: str) -> None:
        """Name an error that this test provokes."""
        self._allowed.append(words)

    def open(self, path: str):
        """Go to a path of the portal and wait until it is quiet."""
        answer = self._page.goto(f"{self._address}{path}")
        self._page.wait_for_load_state("networkidle")
        return answer

    def evaluate(self, expression: str, arg=None):
        """Ask the page; a page that is left while it is asked is asked again when the next one is there."""
        try:
            return self._page.evaluate(expression, arg)
        except Error as error:
            if "Execution context was destroyed" not in error.message:
                raise
        self._page.wait_for_load_state()
        return self._page.evaluate(expression, arg)

    def wait_for(self, expression: str, arg=None, timeout_s: float = 30) -> None:
        """Wait until JavaScript is true; asked from outside, for the page's own policy forbids `eval`."""
        wait_until(lambda: self.evaluate(expression, arg), timeout_s, expression)

    def layout_shift(self) -> float:
        """Return the layout shift since the page was opened."""
        return self.evaluate(
            """() => new Promise((done) => {
              let sum = 0;
              const add = (one) => { if (!one.hadRecentInput) sum += one.value; };
              new PerformanceObserver((list) => list.getEntries().forEach(add))
                .observe({ type: "layout-shift", buffered: true });
              setTimeout(() => done(sum), 200);
            })"""
        )

    def check_axe(self, context: str | None = None) -> None:
        """Fail with each accessibility violation: its rule, its places."""
        from axe_playwright_python.base import AXE_SCRIPT

        # A colour that still fades from one theme to the other, or a part that waits for its answer, is no violation.
        wait_until(lambda: self.evaluate(_IS_STILL), what="a page at rest")
        if not self.evaluate("'axe' in window"):
            self.evaluate(AXE_SCRIPT)
        # Without preload: it would put our style sheets into the page as inline styles, which the policy refuses.
        options = {"resultTypes": ["violations"], "preload": False}
        run = "([where, options]) => axe.run(where ?? document, options).then((found) => found.violations)"
        found = self.evaluate(run, [context, options])
        told = [f"{one['id']} ({one['help']}): {[node['html'][:160] for node in one['nodes'][:4]]}" for one in found]
        assert not told, "\n".join(told)

    def check_quiet(self) -> None:
        """Fail with each console error and violation of the policy that the test did not allow."""
        allowed = (*_LEFT_EARLY, *self._allowed)
        told = [fault for fault in self.faults if not any(words in fault for words in allowed)]
        assert not told, "\n".join(told)


@pytest.fixture
def cast(transactional_db):
    """Return the people of the browser's tests, made once a test: a function from role to user."""
    team = factories.make_team("Planner team")
    factories.make_product("Planner", team)
    made = {}

    def get(role: str):
        if role not in made:
            made[role] = factories.make_user(role.replace("_", "-"), role, team)
        return made[role]

    return get


@pytest.fixture
def browse(chromium, live_server, cast) -> Callable[..., Watched]:
    """Return a function that opens a path, signed in as a role or a user, or as nobody for None."""
    opened: list[Watched] = []

    def open_page(
        who, path: str = "/", *, size: str = "desktop", scheme: str = "light", has_scripts: bool = True
    ) -> Watched:
        width, height = SIZES[size]
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            reduced_motion="reduce",
            locale="en-GB",
            java_script_enabled=has_scripts,
        )
        context.set_default_timeout(30_000)
        if who is not None:
            client = Client()
            client.force_login(cast(who) if isinstance(who, str) else who)
            value = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        page = Watched(context.new_page(), live_server.url)
        opened.append(page)
        page.open(path)
        return page

    yield open_page
    for page in opened:
        page.context.close()
    for page in opened:
        page.check_quiet()


@pytest.fixture
def look() -> Callable[..., None]:
    """Return a function that looks at a page in both sizes: nothing scrolls sideways.

    With PORTAL_LOOK_DIR it saves there what it sees, light and dark; `full` is the page's whole length.
    """
    folder = Path(os.environ["PORTAL_LOOK_DIR"]) if os.environ.get("PORTAL_LOOK_DIR") else None

    def see(page, name: str, *, full: bool = False) -> None:
        for size, (width, height) in reversed(SIZES.items()):
            page.set_viewport_size({"width": width, "height": height})
            wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
            assert wide[0] <= wide[1], f"{name} scrolls sideways at the size of a {size}"
            for scheme in ("dark", "light") if folder else ():
                page.emulate_media(color_scheme=scheme)
                # Hiding the caret would leave a style attribute in each field, which htmx copies against the policy.
                page.screenshot(path=folder / f"{name}-{size}-{scheme}.png", full_page=full, caret="initial")
        page.emulate_media(color_scheme="light")

    return see


def _database_url() -> str:
    now = connection.settings_dict
    user, password = quote(now["USER"], safe=""), quote(now["PASSWORD"], safe="")
    host, port, name = quote(now["HOST"], safe=""), now["PORT"], quote(now["NAME"], safe="")
    return f"postgresql://{user}:{password}@{host}{f':{port}' if port else ''}/{name}"


@pytest.fixture
def worker(transactional_db, tmp_path):
    """Run a real Celery worker on the test's database and broker until the test ends."""
    log = tmp_path / "worker.log"
    command = [sys.executable, "-m", "celery", "-A", "portal", "worker", "--pool", "solo", "--loglevel", "INFO"]
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*command, "--without-gossip", "--without-mingle"],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": _database_url()},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        end = time.monotonic() + 30
        while b" ready." not in log.read_bytes():
            if process.poll() is not None or time.monotonic() > end:
                pytest.fail(f"The worker did not start:\n{log.read_text()[-3000:]}")
            time.sleep(0.1)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
