"""An alert in a real browser with a real worker: tried on the past, saved, fired by new data, explained, drawn."""

import datetime as dt
import os

import pytest
from django.utils import timezone

from insights.alerts.models import Incident
from insights.dashboards import actions as boards
from insights.dashboards.models import Annotation
from insights.explore.actions import create_insight
from insights.questions.public import parse_question
from portal.people.models import Product
from portal.people.public import SYSTEM
from tests import factories
from tests.browser.story import Walk
from tests.insights.alerts.conftest import QUESTION, events_of, load_days, usual
from tests.running import wait_until

NOTE = "Outage of the report service, mended"


@pytest.mark.long
def test_an_alert_is_tried_saved_fires_and_its_note_is_drawn(browse, cast, worker, look):
    manager = cast("product_manager")
    product = Product.objects.get()
    source = factories.make_source(product, "Web", time_zone="UTC")
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    counts = usual(120)
    counts[-30] = 2
    load_days(source, counts, until=yesterday)
    question = parse_question({**QUESTION, "products": [product.slug]}, now=timezone.now(), default_zone="UTC")
    insight = create_insight(question, title="Reports a day", actor=manager)
    board = boards.create_dashboard(actor=SYSTEM, product=product, title="Product health")
    boards.add_tile(board, actor=SYSTEM, title="Reports", question=QUESTION, chart="line", h=4)
    shown = look if os.environ.get("PORTAL_LOOK_DIR") else None
    walk = Walk(browse("product_manager", insight.get_absolute_url()), shown)
    _try_and_save(walk)
    factories.store_events(source, events_of(yesterday, 3) + events_of(yesterday, 48, "page viewed", shift=200))
    _fire(walk)
    _explain(walk)
    assert Annotation.objects.get().starts_on == yesterday
    walk.page.open(f"{board.get_absolute_url()}annotations/")
    walk.page.get_by_text(NOTE).first.wait_for()
    walk.stop("alert-annotation")


def _try_and_save(walk: Walk) -> None:
    page = walk.page
    page.get_by_role("link", name="Alert me").click()
    page.get_by_role("heading", name="New alert").wait_for()
    assert not page.locator("#id_value").is_visible()
    page.locator("#id_name").fill("Reports fell")
    page.locator("#id_side").select_option(label="down only")
    walk.stop("alert-new")
    page.get_by_role("button", name="Try it on the last 90 days").click()
    page.get_by_text("It would have fired once in the last 90 days.").wait_for(timeout=60_000)
    walk.stop("alert-tried")
    assert page.locator("#id_name").input_value() == "Reports fell"
    page.get_by_role("button", name="Save alert").click()
    page.get_by_text("“Reports fell” is saved.").wait_for()
    walk.stop("alert-page")


def _fire(walk: Walk) -> None:
    page = walk.page
    page.get_by_role("button", name="Check now").click()
    page.get_by_text("A worker checks it now").wait_for()
    wait_until(Incident.objects.exists, 60, "the incident")
    page.open("/")
    page.get_by_role("heading", name="Needs your attention").wait_for()
    walk.stop("alert-home")
    page.get_by_role("link", name="Reports fell", exact=True).first.click()


def _explain(walk: Walk) -> None:
    page = walk.page
    page.get_by_role("button", name="I am at it").click()
    page.get_by_text("Acknowledged: the others see").wait_for()
    walk.stop("alert-incident")
    page.locator("#id_note").fill(NOTE)
    page.get_by_role("button", name="Resolve").click()
    page.get_by_text("The note is drawn on the product's charts.").wait_for()
    walk.stop("alert-resolved")
    page.open("/alerts/")
    walk.stop("alert-list")
    page.open("/alerts/days-off/")
    walk.stop("alert-days-off")
