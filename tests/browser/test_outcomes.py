"""A bet from being written down to what was learned: locked, released, thirty days of events later, reviewed."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.utils import timezone

from insights.metrics.actions import create_metric
from portal.people.models import Product
from roadmaps.outcomes.measuring import measure_due
from roadmaps.outcomes.models import Bet
from roadmaps.planning.initiatives.public import change_initiative, create_initiative
from roadmaps.planning.releases.public import create_release, release_now
from tests import factories
from tests.insights.metrics.conftest import define

DAYS_AGO = 45
N_WEEKS = 40


def _store_events(product, released_on):
    """About thirty reports a week, and twenty more from the release on."""
    first = released_on - dt.timedelta(weeks=N_WEEKS - 7, days=released_on.weekday())
    rows = []
    for week in range(N_WEEKS):
        monday = first + dt.timedelta(weeks=week)
        n = 30 + (week * 7) % 5 + (20 if monday >= released_on else 0)
        for number in range(n):
            day = monday + dt.timedelta(days=number % 5)
            if day < timezone.localdate():
                stamp = f"{day}T12:00:00Z"
                rows.append({"event": "report opened", "distinct_id": f"p{number}", "timestamp": stamp})
    factories.store_events(factories.make_source(product, "Planner app"), rows)


@pytest.mark.long
def test_a_bet_comes_from_its_page_to_what_was_learned(browse, cast, look):
    owner = cast("product_manager")
    page = browse("product_manager", "/outcomes/")
    look(page, "outcomes-empty")
    product, today = Product.objects.get(), timezone.localdate()
    released_on = today - dt.timedelta(days=DAYS_AGO)
    _store_events(product, released_on)
    question = {"kind": "trend", "series": [{"event": "report opened"}], "interval": "week"}
    definition = define(question, product, owner, now=timezone.now(), unit="reports")
    create_metric(definition, product=product, name="Reports opened", actor=owner)
    initiative = create_initiative(product, title="Guide new teams", actor=owner, owner=owner, effort_months=3.0)

    page.open(f"/outcomes/initiatives/{initiative.pk}/bets/new/")
    page.get_by_label("Metric").select_option(label=f"Reports opened ({product.name}, draft)")
    page.get_by_label("By at least").fill("5")
    page.get_by_label("By at most").fill("40")
    page.get_by_label("By when").select_option(label="30 days after the release")
    page.get_by_label("How sure, in percent").fill("75")
    page.get_by_label("What makes you think so").fill("Eight of nine found it in the **prototype**.")
    look(page, "outcomes-bet-form")
    page.check_axe()
    page.get_by_role("button", name="Write it down").click()
    page.get_by_role("heading", name="Reports opened +5 to +40 reports").wait_for()
    assert page.get_by_role("link", name="Edit").count() == 1

    initiative = change_initiative(initiative, actor=owner, changes={"stage": "building"})
    page.reload()
    assert page.get_by_role("link", name="Edit").count() == 0
    release = create_release(product, name="4.3", planned_on=released_on, actor=owner, initiatives=[initiative])
    release_now(release, owner, released_on)
    assert Bet.objects.get().released_on == released_on
    for _ in range(2):
        measure_due(SimpleNamespace(now=timezone.now(), progress=lambda *_: None, check_still_mine=lambda: None))

    page.reload()
    page.get_by_text("above what its own past leads one to expect").wait_for()
    page.get_by_text("Paid off").first.wait_for()
    page.wait_for("() => document.querySelectorAll('.js-plotly-plot').length === 1")
    page.get_by_text("What this can and cannot show").click()
    look(page, "outcomes-bet")
    page.check_axe()

    _review(page, look)
    for path, name in (("/outcomes/", "outcomes-portfolio"), ("/outcomes/calibration/", "outcomes-calibration")):
        page.open(path)
        page.get_by_text("1 of 1").first.wait_for()
        look(page, name)
        page.check_axe()


def _review(page, look):
    """Keep the bet that Home asks about, say what was learned, and find it in the archive."""
    page.open("/")
    page.get_by_role("link", name="Keep, change or take back?").click()
    page.get_by_label("Keep it").check()
    page.get_by_label("What did you learn?").fill("The second person decides.")
    look(page, "outcomes-review-form")
    page.get_by_role("button", name="Keep this in the archive").click()
    page.get_by_text("The second person decides.").wait_for()
    look(page, "outcomes-review")
    page.check_axe()
    page.open("/")
    assert page.get_by_role("link", name="Keep, change or take back?").count() == 0
    page.open("/outcomes/reviews/?q=decides")
    page.get_by_role("link", name="Guide new teams").wait_for()
    look(page, "outcomes-archive")
