"""A source with a year's habit of opening reports, and alerts on it."""

import datetime as dt

import numpy as np
import pytest

from insights.alerts import actions
from insights.alerts.contracts import Condition
from insights.alerts.models import Alert
from insights.alerts.series import Subject
from tests import factories

TODAY = dt.date(2026, 11, 18)
NOW = dt.datetime(2026, 11, 18, 3, 0, tzinfo=dt.UTC)
QUESTION = {"kind": "trend", "series": [{"event": "report opened", "measure": "total"}], "interval": "day"}


def events_of(day, n, event="report opened", hours=range(24), shift=0):
    """Return n events of a day, spread over its hours."""
    spread = list(hours)
    start = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
    return [
        {
            "event": event,
            "distinct_id": f"p{place % 40}",
            "timestamp": start + dt.timedelta(hours=spread[place % len(spread)], seconds=place + shift),
        }
        for place in range(n)
    ]


def load_days(source, counts, until=TODAY, event="report opened"):
    """Store so many events a day for the days that end the day before `until`, in one load."""
    rows = []
    for back, n in enumerate(reversed(counts), start=1):
        day = until - dt.timedelta(days=back)
        rows += events_of(day, int(n), event, shift=back)
        rows += events_of(day, 48, "page viewed", shift=200 + back)  # what the source always sends
    factories.store_events(source, rows)


def usual(n_days, level=40, seed=4):
    return [int(value) for value in np.random.default_rng(seed).poisson(level, n_days)]


@pytest.fixture
def source(product):
    return factories.make_source(product, "Web", time_zone="UTC")


@pytest.fixture
def make_alert(product, owner, source):
    """Return a function that makes an alert on reports, from the day before on."""

    def make(condition=None, *, people=(), now=NOW, subject=None, **values):
        subject = subject or Subject("Reports", product, question={**QUESTION, "products": [product.slug]})
        alert = actions.create_alert(
            subject, condition or Condition("unlike"), actor=owner, name=values.pop("name", "Reports fell"),
            people=list(people), **values,
        )  # fmt: skip
        Alert.objects.filter(pk=alert.pk).update(starts_at=now - dt.timedelta(days=1))
        alert.refresh_from_db()
        return alert

    return make
