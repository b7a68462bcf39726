"""Where a change came from: the parts add up to it, and the property that explains most comes first."""

import datetime as dt
import math

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from insights.catalogue.public import catch_up
from insights.metrics.access import get_metric
from insights.metrics.explained import build_explained
from insights.metrics.explaining import explain_series, list_candidates
from insights.metrics.models import MetricSeries
from insights.metrics.parts_of_change import Part, excess, in_order
from insights.metrics.summaries import read_summary
from tests import factories
from tests.insights.metrics.conftest import EVENTS, FUNNEL, NOW, PEOPLE, event, refresh

rows = st.lists(st.tuples(st.text(max_size=3), st.integers(0, 500), st.integers(0, 500)), min_size=1, max_size=8)


@given(rows=rows)
def test_no_value_moves_further_beyond_its_share_than_all_moved(rows):
    parts = [Part(*row) for row in rows]
    beyond, total = excess(parts), sum(abs(part.change) for part in parts)
    assert 0 <= beyond <= total + 1e-9
    assert math.isclose(
        sum(p.change for p in in_order(parts)), sum(p.after for p in parts) - sum(p.before for p in parts)
    )


def test_a_value_that_only_is_large_explains_nothing():
    assert excess([Part("free", 900, 450), Part("pro", 100, 50)]) == pytest.approx(0)
    assert excess([Part("free", 500, 220), Part("pro", 500, 468)]) == 124


@pytest.fixture
def drop(source):
    """A week with 60 reports, 40 of them free; then one with 28, 10 of them free, the same in every country."""
    found = []
    for week, free, pro in ((2, 40, 20), (9, 10, 18)):
        for number in range(free + pro):
            plan = "free" if number < free else "pro"
            more = {"plan": plan, "country": "de" if number % 2 else "fr", "ms": number, "mail": f"{number}@x.org"}
            found.append(event("report opened", f"{plan}{number}", week, hour=number % 23, properties=more))
    traits = [
        {"subject": "person", "subject_id": f"{plan}{number}", "key": "team", "value": plan.upper(), "timestamp": NOW}
        for plan in ("free", "pro")
        for number in range(60)
    ]
    factories.store_events(source, found, traits=[{**one, "timestamp": one["timestamp"].isoformat()} for one in traits])
    catch_up()
    return found


def explain(metric):
    refresh()
    found = explain_series(MetricSeries.objects.get(version=metric.current).pk, lambda: NOW)
    return found, read_summary(MetricSeries.objects.get(version=metric.current).summary).change


def test_the_property_that_explains_most_comes_first_and_adds_up(drop, make_metric, owner, client_of):
    metric = make_metric(EVENTS, name="Reports", unit="reports")
    found, change = explain(metric)
    assert change.amount == -32
    first = found["properties"][0]
    assert (first["of"], first["property"]) in {("event", "plan"), ("person", "team")}
    for one in found["properties"]:
        assert one["gap"] == 0 and sum(row[2] - row[1] for row in one["parts"]) == -32
    fresh = get_metric(owner, metric.pk).current
    shown = build_explained(fresh, change, found, 0)
    assert shown.sentence.startswith("Of \u221232, \u221230 came from ") and shown.total == "\u221232"
    places = {one["property"]: place for place, one in enumerate(found["properties"])}
    country = build_explained(fresh, change, found, places["country"])
    assert "does not explain it" in country.sentence
    page = client_of(owner).get(reverse("metrics:metric-page", args=[metric.pk])).content.decode()
    assert "What explains the change" in page and "came from" in page


def test_people_are_explained_by_what_each_has_one_of(drop, make_metric):
    metric = make_metric(PEOPLE, name="Readers")
    assert {of for of, _ in list_candidates(metric.current)} == {"person"}
    found, change = explain(metric)
    (one,) = found["properties"]
    assert one["property"] == "team" and one["gap"] == 0
    assert sum(row[2] - row[1] for row in one["parts"]) == change.amount


def test_what_is_personal_is_no_explanation(drop, make_metric, product):
    from insights.catalogue.models import CatalogueProperty

    metric = make_metric(EVENTS, name="Reports")
    assert ("event", "mail") not in list_candidates(metric.current), "it looks like an address"
    CatalogueProperty.objects.filter(product=product, name="plan").update(is_personal=True)
    assert ("event", "plan") not in list_candidates(metric.current)
    assert ("event", "ms") not in list_candidates(metric.current), "numbers are no groups"


def test_a_rate_says_that_its_parts_do_not_add_up(events, make_metric, client_of, owner):
    metric = make_metric(FUNNEL, name="Conversion")
    refresh()
    page = client_of(owner).get(reverse("metrics:metric-page", args=[metric.pk])).content.decode()
    version = get_metric(owner, metric.pk).current
    change = read_summary(version.series.summary).change
    if change and change.amount:
        assert "do not add up" in page
    from insights.metrics.contracts import Change

    moved = Change(dt.date(2026, 3, 9), dt.date(2026, 3, 2), 0.5, 0.6, -0.1)
    assert "do not add up" in build_explained(version, moved, {}, 0).sentence


def test_newer_values_are_not_explained_by_older_ones(drop, make_metric, monkeypatch):
    metric = make_metric(EVENTS, name="Reports")
    refresh()
    series = MetricSeries.objects.get(version=metric.current)

    def newer(*args, **more):
        MetricSeries.objects.update(computed_at=NOW + dt.timedelta(hours=1))
        return []

    monkeypatch.setattr("insights.metrics.explaining.list_candidates", newer)
    assert explain_series(series.pk, lambda: NOW) is None
    assert MetricSeries.objects.get(pk=series.pk).explained == {}
