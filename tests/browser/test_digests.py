"""Subscribe, read the mail, unsubscribe: in a real browser, with a real worker and mail as files."""

import datetime as dt
import email
import re
import shutil
import time
from email import policy
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from insights.dashboards import actions
from portal.messages.models import Subscription
from portal.people.models import Product
from portal.people.public import SYSTEM
from tests import factories
from tests.browser.story import make_rows


@pytest.fixture
def board(cast):
    cast("product_manager")
    product = Product.objects.get()
    rows = [
        {"event": row["event"], "distinct_id": row["user_id"], "timestamp": f"{row['timestamp']}+00:00"}
        for row in make_rows(timezone.localdate() - dt.timedelta(days=70), 70, range(120))
    ]
    factories.store_events(factories.make_source(product, "Planner app"), rows)
    made = actions.create_dashboard(actor=SYSTEM, product=product, title="Product health", date_from="-8w")
    for title, event in (("People who open reports", "report opened"), ("People who create tasks", "task created")):
        question = {"kind": "trend", "series": [{"event": event, "measure": "persons"}], "interval": "week"}
        actions.add_tile(made, actor=SYSTEM, title=title, question=question, chart="line")
    return made


@pytest.fixture
def mail_worker(monkeypatch, request):
    """Run a worker that puts mail into files, and return their folder."""
    monkeypatch.setenv("EMAIL_BACKEND", "file")
    shutil.rmtree(settings.EMAIL_FILE_PATH, ignore_errors=True)
    request.getfixturevalue("worker")
    return settings.EMAIL_FILE_PATH


def wait_for_mail(folder: Path) -> email.message.EmailMessage:
    end = time.monotonic() + 90
    while time.monotonic() < end:
        for path in folder.glob("*.eml"):
            return email.message_from_bytes(path.read_bytes(), policy=policy.default)
        time.sleep(0.3)
    raise AssertionError("No mail came.")


def check(page, look, name: str) -> None:
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        page.check_axe()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    look(page, name)


@pytest.mark.long
def test_a_person_subscribes_reads_the_mail_and_unsubscribes(board, browse, look, mail_worker):
    page = browse("product_manager", f"/dashboards/{board.slug}/")
    page.get_by_role("link", name="Subscribe").click()
    page.get_by_label("About").wait_for()
    assert page.get_by_label("About").input_value() == "dashboard:product-health"
    check(page, look, "subscription-new")
    page.get_by_label("Day of the week").select_option("2")
    page.get_by_label("At", exact=True).fill("07:30")
    page.get_by_role("button", name="Subscribe").click()
    page.get_by_text("Wednesdays at 07:30").wait_for()
    page.get_by_role("button", name="Send Product health now").click()
    page.get_by_text("Written to a file").first.wait_for(timeout=90_000)
    check(page, look, "subscriptions")
    mail = wait_for_mail(mail_worker)
    assert mail["To"] == "product-manager@example.com" and mail["Subject"].startswith("Product health")
    text = mail.get_body(["plain"]).get_content()
    assert "People who open reports: " in text and "Data until" in text
    assert any(part.get_content_type() == "image/png" for part in mail.walk())
    page.get_by_role("link", name="Product health").last.click()
    page.get_by_role("heading", name="What changed").wait_for()
    page.locator("img").first.wait_for()
    page.wait_for("[...document.images].every((one) => one.complete && one.naturalWidth > 500)")
    check(page, look, "digest-page")
    stop = re.search(r"Unsubscribe: \S+?(/unsubscribe/\S+)", text)[1]
    nobody = browse(None, stop)
    check(nobody, look, "unsubscribe")
    assert Subscription.objects.live().exists()
    nobody.get_by_role("button", name="Unsubscribe").click()
    nobody.get_by_role("heading", name="You are unsubscribed").wait_for()
    check(nobody, look, "unsubscribed")
    assert Subscription.objects.get().stop_reason == "link"


@pytest.mark.long
def test_a_person_makes_a_webhook_and_sees_it_fail(cast, browse, look, worker):
    cast("product_manager")
    page = browse("product_manager", "/profile/webhooks/")
    check(page, look, "webhooks-empty")
    page.get_by_label("Name").fill("Growth chat")
    page.get_by_label("Address").fill("https://127.0.0.1/hook")
    page.get_by_role("button", name="Make webhook").click()
    page.get_by_text("Copy the secret of Growth chat now").wait_for()
    check(page, look, "webhook-secret")
    page.get_by_role("link", name="Send a test").click()
    page.get_by_role("button", name="Send a test").click()
    page.get_by_text("127.0.0.1 lies inside a network").first.wait_for(timeout=60_000)
    page.open(page.url.removeprefix(page._address))
    page.get_by_text("It takes no messages since").wait_for()
    check(page, look, "webhook-failing")
