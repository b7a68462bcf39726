"""The pure parts of the roadmap: its address, where days lie, where cards go, how an initiative does."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from roadmaps.plan.board.health import Facts, assess, by_hand
from roadmaps.plan.board.places import room_between
from roadmaps.plan.board.spans import window_of
from roadmaps.plan.board.state import COLOURS, LANES, VIEWS, State, read_state
from roadmaps.plan.board.telling import changes_between

DAY = date(2026, 3, 20)
STAGES = {"building": "Building"}


@given(
    some.builds(
        State,
        view=some.sampled_from(sorted(VIEWS)),
        lanes=some.sampled_from(sorted(LANES)),
        colour=some.sampled_from(sorted(COLOURS)),
        q=some.text(max_size=20).map(lambda text: text.strip().replace("\0", "")),
        goal=some.sampled_from(["", "none", "7"]),
        day=some.none() | some.dates(date(2000, 1, 1), DAY - timedelta(days=1)),
        start=some.none() | some.dates(date(2000, 1, 1), date(2100, 1, 1)),
    )
)
def test_an_address_holds_the_whole_state(state):
    assert read_state(state.asked(), stages=STAGES, today=DAY) == (state, {})


@pytest.mark.parametrize(
    "name, text",
    [
        ("view", "kanban"),
        ("goal", "-1"),
        ("goal", "\u0661"),
        ("day", "2026-03-20"),
        ("day", "yesterday"),
        ("start", "0001-01-01"),
        ("stage", "soon"),
        ("owner", "9" * 30),
        ("done", "yes"),
        ("saved", "none"),
    ],
)
def test_what_means_nothing_is_refused_by_its_name(name, text):
    state, faults = read_state({name: text}, stages=STAGES, today=DAY)
    assert state == State() and list(faults) == [name]


@pytest.mark.parametrize("zoom", ["quarter", "month"])
@given(
    start=some.dates(date(1990, 1, 1), date(2150, 1, 1)), shift=some.integers(-900, 900), length=some.integers(0, 900)
)
def test_bars_lie_within_the_window_and_columns_fill_it(zoom, start, shift, length):
    window = window_of(zoom, start)
    columns = window.columns(start)
    assert abs(sum(one.width for one in columns) - 100) < 0.01 and columns[0].starts_on == window.first
    assert sum(one.is_current for one in columns) == 1
    first, last = start + timedelta(days=shift), start + timedelta(days=shift + length)
    span = window.span(first, last)
    assert (span is None) == (last < window.first or first >= window.end)
    if span is not None:
        assert 0 <= span.x < 100 and 0 < span.width <= 100.001 - span.x
        assert span.is_cut_before == (first < window.first) and span.is_cut_after == (last >= window.end)
        assert window.span(first, None) == window.span(first, first)


@given(
    low=some.none() | some.integers(-(10**6), 10**6),
    gaps=some.lists(some.integers(0, 5) | some.integers(0, 5000), max_size=40),
)
def test_room_is_made_between_two_cards_and_the_order_stays(low, gaps):
    following, at = [], low or 0
    for gap in gaps:
        at += gap
        following.append(at)
    place, moved = room_between(low, following)
    after = [*moved, *following[len(moved) :]]
    row = [*([] if low is None else [low]), place, *after]
    # Cards that shared a position before may share it still, beyond those that moved.
    n_apart = (low is not None) + 1 + len(moved) + bool(after[len(moved) :])
    assert all(one < other for one, other in pairwise(row[:n_apart]))
    assert all(new >= old for new, old in zip(moved, following, strict=False)) or low is None
    assert sorted(row) == row


def tone(**facts):
    return assess(Facts(**facts), DAY).tone


def test_health_is_as_bad_as_the_worst_of_what_is_known():
    later, much_later = DAY + timedelta(days=20), DAY + timedelta(days=40)
    assert tone() == "unknown"
    assert tone(promised_on=later) == "unknown", "a day alone says nothing"
    assert tone(promised_on=much_later, likely_on=DAY, safe_on=later) == "good"
    assert tone(promised_on=later, likely_on=DAY, safe_on=much_later) == "warn"
    assert tone(promised_on=later, likely_on=much_later, safe_on=much_later) == "bad"
    assert tone(promised_on=DAY - timedelta(days=1)) == "bad"
    assert tone(promised_on=DAY) == "unknown", "the day itself is not over"
    assert [tone(blocked_since=DAY - timedelta(days=n)) for n in (0, 2, 3, 13, 14)] == [
        *("unknown", "unknown", "warn", "warn", "bad"),
    ]
    assert [tone(n_items_then=10, n_items=n) for n in (5, 12, 13, 15, 16)] == [
        *("unknown", "unknown", "warn", "warn", "bad"),
    ]
    assert tone(n_items_then=0, n_items=9) == "unknown", "nothing was known when building began"
    assert [tone(goal_chance=share) for share in (0.9, 0.4, 0.1)] == ["unknown", "warn", "warn"]
    assert tone(promised_on=DAY - timedelta(days=9), is_over=True) == "unknown"
    found = assess(Facts(goal_chance=0.1, blocked_since=DAY - timedelta(days=20)), DAY)
    assert [one.tone for one in found.reasons] == ["bad", "warn"]


def test_what_a_person_says_holds_for_fourteen_days():
    computed = assess(Facts(blocked_since=DAY - timedelta(days=20)), DAY)
    said = by_hand("good", "They sign tomorrow", DAY, DAY + timedelta(days=13), computed)
    assert (said.tone, said.by_hand, len(said.reasons)) == ("good", True, 2)
    assert by_hand("good", "They sign tomorrow", DAY, DAY + timedelta(days=14), computed) == computed


def test_a_change_is_told_in_words_and_an_order_alone_as_such():
    plain = dict.fromkeys(("starts_on", "ends_on", "promised_on", "objective_id", "owner_id", "effort_months"))
    before = {**plain, "title": "A", "horizon": "now", "stage": "building", "team_id": 1, "product_id": 1}
    before |= {"visibility": "company", "position": 5}

    def told(**after):
        after = {**before, **after}
        return [str(one) for one in changes_between(before, after, stages=STAGES, name=lambda *of: f"{of[1] or ''}")]

    assert told() == [] and changes_between(None, before, stages=STAGES, name=str) == []
    assert told(horizon="later", position=9) == ["Horizon: Now → Later"]
    assert told(ends_on=DAY, objective_id=7) == ["Ends: none → 20 Mar 2026", "Goal: none → 7"]
    assert (told(position=1), told(position=9)) == (["Order: none → moved up"], ["Order: none → moved down"])
