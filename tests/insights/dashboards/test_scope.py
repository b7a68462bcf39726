"""What a dashboard lays over the questions of its tiles."""

from datetime import date

from insights.dashboards.contracts import Scope
from insights.dashboards.scope import answer_key, scoped_question, span_days

TREND = {"kind": "trend", "series": [{"event": "report opened"}], "date_from": "2024-01-01", "date_to": "2024-01-31"}


def test_a_question_without_a_product_is_about_the_dashboards():
    assert scoped_question(TREND, Scope(), product="planner")["products"] == ["planner"]


def test_a_question_with_a_source_keeps_it():
    asked = scoped_question({**TREND, "sources": ["web"]}, Scope(), product="planner")
    assert asked["sources"] == ["web"] and "products" not in asked


def test_the_dashboards_dates_replace_both_own_dates():
    asked = scoped_question(TREND, Scope("-30d"), product="planner")
    assert asked["date_from"] == "-30d" and "date_to" not in asked


def test_a_tile_may_keep_its_own_dates():
    assert scoped_question(TREND, Scope("-30d"), product="p", keeps_own_dates=True)["date_from"] == "2024-01-01"


def test_filters_are_added_to_the_questions_own():
    own, laid = {"property": "plan", "op": "is", "value": "pro"}, {"property": "region", "op": "is_set"}
    asked = scoped_question({**TREND, "filters": [own]}, Scope(filters=(laid,)), product="p")
    assert asked["filters"] == [own, laid]


def test_retention_shows_the_newest_intervals_of_the_range():
    question = {"kind": "retention", "interval": "week", "intervals": 8, "date_from": "2024-01-01"}
    asked = scoped_question(question, Scope("-30d"), product="p")
    assert (asked["date_from"], asked["intervals"]) == ("-5w", 5)
    asked = scoped_question(question, Scope("-12m"), product="p")
    assert (asked["date_from"], asked["intervals"]) == ("-8w", 8)
    asked = scoped_question(question, Scope("2024-01-01", "2024-01-03"), product="p")
    assert (asked["date_from"], asked["date_to"], asked["intervals"]) == ("-2w", "2024-01-03", 2)


def test_span_counts_both_days_and_understands_relative_ranges():
    assert span_days(Scope("2024-01-01", "2024-01-31"), None) == 31
    assert span_days(Scope("-8w"), None) == 56 and span_days(Scope("-2q"), None) == 182
    assert span_days(Scope("2024-01-01"), date(2024, 1, 2)) == 2
    assert span_days(Scope("soon"), date(2024, 1, 2)) is None


def test_equal_questions_have_one_name_whatever_the_order_of_keys():
    assert answer_key({"a": 1, "b": [2]}) == answer_key({"b": [2], "a": 1})
    assert answer_key({"date_from": "-30d"}) != answer_key({"date_from": "-31d"})
