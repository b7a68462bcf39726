"""Stored values: exactly what `ask` gives, kept fresh, computed once, and restated with words when the past changes."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insights.events.public import undo_batch
from insights.metrics import refreshing
from insights.metrics.models import MetricSeries, MetricValue, Restatement
from insights.metrics.public import get_metric, values_of
from insights.questions.public import ask, parse_question
from portal.people.public import SYSTEM
from portal.shell.public import NotAllowed
from tests import factories
from tests.insights.metrics.conftest import EVENTS, FUNNEL, NOW, PEOPLE, RETENTION, event, refresh

DAY = dt.timedelta(days=1)


def answer(question, product, **range_):
    asked = parse_question({"products": [product.slug], **question, **range_}, now=NOW, default_zone="UTC")
    return ask(asked, user=SYSTEM, caller="tests", use_cache=False)


def stored(metric):
    return {str(row.starts_on): row for row in MetricValue.objects.filter(version=metric.current)}


MEASURES = [
    {"measure": "total"},
    {"measure": "persons"},
    {"measure": "weekly_active"},
    {"measure": "first_time"},
    {"measure": "per_person"},
    {"measure": "sum", "property": "ms"},
    {"measure": "median", "property": "ms"},
]


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    measure=st.sampled_from(MEASURES),
    interval=st.sampled_from(["day", "week", "month", "quarter"]),
    average=st.sampled_from([None, None, 3]),
    is_account=st.booleans(),
)
def test_the_values_of_a_trend_are_those_that_ask_gives(
    events, make_metric, product, measure, interval, average, is_account
):
    question = {"kind": "trend", "series": [{"event": "report opened", **measure}], "interval": interval}
    question |= {"moving_average": average, "unit": "account" if is_account else "person"}
    metric = make_metric(question, name=f"M {MetricSeries.objects.count()} {measure} {interval} {average}")
    refresh()
    found = answer(question, product, date_from="2025-06-01")
    rows, given = stored(metric), dict(zip(found["labels"], found["series"][0]["values"], strict=True))
    shared = given.keys() & rows.keys()
    assert len(shared) >= 3 and {label: rows[label].value for label in shared} == {one: given[one] for one in shared}
    partial = {label for label, flag in zip(found["labels"], found["partial"], strict=True) if flag}
    assert {label for label in shared if rows[label].is_partial} == partial & shared


def test_a_formula_gives_its_result(events, make_metric, product):
    series = [{"event": "report opened"}, {"event": "report opened", "measure": "persons"}]
    question = {"kind": "trend", "series": series, "formula": "A / B", "interval": "week"}
    metric = make_metric(question, unit="reports a person")
    refresh()
    found = answer(question, product, date_from="2026-01-05")
    assert [stored(metric)[label].value for label in found["labels"]] == found["series"][0]["values"]


def test_a_funnel_gives_its_conversion_and_both_counts(events, make_metric, product):
    metric = make_metric(FUNNEL)
    refresh()
    found = answer({**FUNNEL, "view": "trend"}, product, date_from="2026-01-26")
    series, rows = found["series"][0], stored(metric)
    for place, label in enumerate(found["labels"]):
        row = rows[label]
        assert (row.value, row.n_success, row.n_total) == tuple(
            series[key][place] for key in ("values", "converted", "began")
        )
    assert rows["2026-02-02"].n_total == 7 and rows["2026-02-02"].value == 1.0
    assert rows["2026-02-09"].value is None, "two people are too few to say"


@pytest.mark.parametrize("interval", ["day", "week", "month"])
def test_a_retention_gives_its_column_however_many_questions_that_takes(events, make_metric, product, interval):
    question = {**RETENTION, "interval": interval}
    metric = make_metric(question, column=1)
    refresh()
    rows = stored(metric)
    first = {"day": "2026-02-02", "week": "2026-02-02", "month": "2026-02-01"}[interval]
    found = answer(question, product, date_from=first, intervals=3)
    for row in found["cohorts"][:2]:
        mine = rows[row["label"]]
        assert (mine.n_success, mine.n_total) == (row["values"][1], row["size"])
        assert mine.value == row["rates"][1]["rate"] and mine.is_partial == row["partial"][1]
    n_days = (dt.date(2026, 3, 20) - dt.date(2025, 3, 1)).days + 1
    assert len(rows) == {"day": n_days, "week": 56, "month": 13}[interval]


def test_equal_definitions_are_asked_once(events, make_metric, monkeypatch):
    make_metric(PEOPLE, name="One")
    make_metric(PEOPLE, name="Two")
    computed = []
    monkeypatch.setattr("insights.questions.asking._compute", _counting(computed))
    assert refresh() == (2, 0, 0)
    assert len(computed) == 1


def _counting(computed):
    from insights.questions import asking

    real = asking._compute

    def compute(question, *args):
        computed.append(question)
        return real(question, *args)

    return compute


def test_values_are_computed_again_only_when_data_or_range_changed(metric, source):
    assert refresh() == (1, 0, 0)
    assert refresh(NOW + dt.timedelta(hours=2)) == (0, 1, 0)
    factories.store_events(source, [event("report opened", "late", 19)])
    assert refresh(NOW + dt.timedelta(hours=3)) == (1, 0, 0)
    assert refresh(NOW + 3 * DAY) == (1, 0, 0), "a week is over"


def test_late_events_restate_a_week_that_was_over_and_say_why(metric, source, owner):
    refresh()
    before = stored(metric)["2026-02-09"].value
    rows = [event("report opened", f"late {number}", 10, 2) for number in range(3)]
    batch = factories.store_events(source, rows)
    refresh(NOW + DAY)
    one = Restatement.objects.get()
    assert (str(one.starts_on), one.before, one.after) == ("2026-02-09", before, before + 3)
    assert one.found_at == NOW + DAY
    assert one.why.startswith("Planner app got 3 rows of “rows.csv” that reach into these days on ")
    point = next(one for one in values_of(owner, metric, now=NOW).points if str(one.starts_on) == "2026-02-09")
    assert (point.value, point.is_restated, point.restated_from) == (before + 3, True, before)
    undo_batch(batch, actor=SYSTEM)
    refresh(NOW + 2 * DAY)
    newest = Restatement.objects.first()
    assert (newest.before, newest.after) == (before + 3, before) and "was taken back" in newest.why
    point = next(one for one in values_of(owner, metric, now=NOW).points if str(one.starts_on) == "2026-02-09")
    assert (point.value, point.restated_from, point.restated_why) == (before, before, newest.why)


def test_the_week_that_is_not_over_is_never_restated(metric, source):
    refresh()
    factories.store_events(source, [event("report opened", "new", 17)])
    refresh(NOW + DAY)
    assert not Restatement.objects.exists()
    assert stored(metric)["2026-03-16"].value == 1 and stored(metric)["2026-03-16"].is_partial


def test_a_question_that_fails_says_why_and_keeps_the_last_good_values(metric):
    refresh()
    n, version = MetricValue.objects.count(), metric.current
    type(version).objects.update(question={**version.question, "series": [{"event": "x", "measure": "nonsense"}]})
    problems = []
    assert refresh(NOW + DAY, problem=problems.append) == (0, 0, 1)
    series = MetricSeries.objects.get()
    assert series.state == "failed" and "series[0].measure" in series.failure
    assert MetricValue.objects.count() == n and series.computed_at == NOW
    assert problems == [f"“People who read reports”: {series.failure}"]


def test_values_are_claimed_by_one_worker_and_a_dead_ones_are_taken_over(metric):
    series = MetricSeries.objects.get()
    MetricSeries.objects.update(state="running", claimed_at=NOW)
    assert refreshing.refresh_series(series.pk, lambda: NOW + dt.timedelta(minutes=1)) is None
    done = refreshing.refresh_series(series.pk, lambda: NOW + dt.timedelta(hours=1))
    assert done.state == "ok"


def test_who_lost_their_claim_stores_nothing(metric, monkeypatch):
    series = MetricSeries.objects.get()

    def slow(*args, **more):
        MetricSeries.objects.update(claimed_at=NOW + dt.timedelta(hours=1))  # another worker has taken over
        return ask(*args, **more)

    monkeypatch.setattr(refreshing, "ask", slow)
    refreshing.refresh_series(series.pk, lambda: NOW)
    assert not MetricValue.objects.exists()
    assert MetricSeries.objects.get().state == "running"


def test_numbers_made_of_personal_data_are_for_the_team(events, make_metric, product, owner, outsider, ops):
    from insights.catalogue.models import CatalogueProperty

    question = {**EVENTS, "filters": [{"property": "plan", "of": "event", "op": "is", "value": "pro"}]}
    metric = make_metric(question)
    refresh()
    row, _ = CatalogueProperty.objects.get_or_create(product=product, of="event", name="plan")
    CatalogueProperty.objects.filter(pk=row.pk).update(is_personal=True)
    assert values_of(owner, metric, now=NOW).points and values_of(ops, metric, now=NOW).points
    with pytest.raises(NotAllowed):
        values_of(outsider, metric, now=NOW)


def test_a_range_keeps_the_periods_that_begin_in_it(metric, owner):
    refresh()
    found = values_of(
        owner, get_metric(owner, metric.pk), now=NOW, since=dt.date(2026, 2, 9), until=dt.date(2026, 2, 22)
    )
    assert [str(point.starts_on) for point in found.points] == ["2026-02-09", "2026-02-16"]
    assert found.freshness.state == "fresh" and found.change.starts_on == dt.date(2026, 3, 9)
