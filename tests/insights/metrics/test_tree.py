"""Trees of metrics: what parts come to, gaps, whose change it is, and what a reader may see of it."""

import math

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from insights.metrics import actions
from insights.metrics.models import Metric
from insights.metrics.tree import put_together, reckon, shares_of_change
from insights.metrics.tree_page import TIMES, build_tree
from tests.insights.metrics.conftest import EVENTS, FUNNEL, NOW, PEOPLE, refresh

amounts = st.floats(0.01, 1e6, allow_nan=False)


@given(
    rows=st.lists(st.tuples(amounts, amounts, st.sampled_from([1, -1])), min_size=2, max_size=6),
    rule=st.sampled_from(["sum", "product", "ratio"]),
)
def test_shares_add_up_to_the_change_of_what_the_parts_come_to(rows, rule):
    rows = rows[:2] if rule == "ratio" else rows
    after, before, signs = (list(column) for column in zip(*rows, strict=True))
    now, then = put_together(rule, after, signs), put_together(rule, before, signs)
    shares = shares_of_change(rule, after, before, signs)
    scale = max(map(abs, (*shares, now, then)))
    assert math.isclose(math.fsum(shares), now - then, rel_tol=1e-6, abs_tol=1e-6 * scale)


@given(whole=amounts, parts=st.lists(amounts, min_size=2, max_size=4))
def test_the_gap_is_what_is_missing(whole, parts):
    found = reckon("sum", whole, parts, parts, [1] * len(parts))
    assert found.agrees == math.isclose(whole, math.fsum(parts), rel_tol=1e-9, abs_tol=1e-9)
    assert math.isclose(found.reckoned + found.gap, whole, rel_tol=1e-8)


def test_what_cannot_be_reckoned_is_said_so():
    assert reckon("ratio", 1.0, [3, 0], [3, 1], [1, 1]).reckoned is None
    assert reckon("product", 1.0, [3, None], [3, 1], [1, 1]).gap is None
    assert reckon("product", 6.0, [3, 2], [0, 2], [1, 1]).shares is None, "no logarithm of 0"


@pytest.fixture
def tree(make_metric, events, owner):
    """Reports are people times reports a person."""
    per_person = {"kind": "trend", "series": [{"event": "report opened", "measure": "per_person"}], "interval": "week"}
    reports, people = make_metric(EVENTS, name="Reports", unit="reports"), make_metric(PEOPLE, name="People")
    each = make_metric(per_person, name="Reports a person", unit="reports")
    actions.set_parts(reports, actor=owner, rule="product", parts=[(people, 1), (each, 1)])
    refresh()
    return reports, people, each


def test_a_tree_whose_arithmetic_comes_out_says_so(tree, owner):
    page = build_tree(tree[0], user=owner, now=NOW)
    assert page.period == "week of 9 Mar 2026", "the newest week that is over"
    assert page.root.verdict == "Its parts come to exactly this." and page.root.agrees
    assert [part.sign for part in page.root.parts] == ["", TIMES]
    assert [part.metric.name for part in page.root.parts] == ["People", "Reports a person"]


def test_arithmetic_that_does_not_come_out_shows_its_gap(tree, owner, client_of):
    reports, people, each = tree
    actions.set_parts(reports, actor=owner, rule="sum", parts=[(people, 1), (each, 1)])
    page = build_tree(reports, user=owner, now=NOW)
    assert not page.root.agrees and page.root.verdict.startswith("Its parts come to ")
    assert "a gap of" in page.root.verdict
    shown = client_of(owner).get(reverse("metrics:metric-tree", args=[reports.pk])).content.decode()
    assert "tree__node--gap" in shown and "Its parts add up to it." in shown


def test_periods_of_different_lengths_are_not_put_together(tree, make_metric, owner):
    monthly = make_metric({**PEOPLE, "interval": "month"}, name="People a month")
    actions.set_parts(tree[0], actor=owner, rule="product", parts=[(monthly, 1), (tree[2], 1)])
    refresh()
    page = build_tree(tree[0], user=owner, now=NOW)
    assert "different lengths" in page.why_none and page.root.value == ""


def test_a_part_that_is_not_shared_shows_nothing(tree, outsider, client_of):
    Metric.objects.filter(pk=tree[1].pk).update(visibility="team")
    shown = client_of(outsider).get(reverse("metrics:metric-tree", args=[tree[0].pk])).content.decode()
    assert "a metric that is not shared with you" in shown and ">People<" not in shown


def test_the_parts_are_set_on_a_page(make_metric, events, owner, client_of):
    whole, part, other = make_metric(EVENTS, name="A"), make_metric(PEOPLE, name="B"), make_metric(FUNNEL, name="C")
    client, address = client_of(owner), reverse("metrics:metric-parts", args=[whole.pk])
    assert client.get(address).status_code == 200
    sent = {"rule": "sum", "part_1": part.pk, "part_3": other.pk, "minus_3": "on"}
    assert client.post(address, sent).status_code == 302
    assert list(whole.parts.values_list("part", "position", "sign")) == [(part.pk, 0, 1), (other.pk, 1, -1)]
    back = reverse("metrics:metric-parts", args=[part.pk])
    answer = client.post(back, {"rule": "sum", "part_1": whole.pk, "part_2": other.pk})
    assert answer.status_code == 422 and "That would be a circle" in answer.content.decode()
    client.post(address, {"rule": ""})
    assert not whole.parts.exists()
