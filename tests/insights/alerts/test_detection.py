"""Detection alone: series in, verdicts out."""

import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from insights.alerts.contracts import LEAST_HISTORY, Condition, Point
from insights.alerts.delivery import judge_day
from insights.alerts.detection import judge_series

sys.path.append(str(Path(__file__).resolve().parents[3] / "benchmarks"))

from made_series import draw_nature, make_series


def points(*values, **changes):
    return [Point(f"d{place}", value, **changes.get(f"d{place}", {})) for place, value in enumerate(values)]


def states(replay):
    return [verdict.state for verdict in replay.verdicts]


def weekly(n_days, level=400.0, seed=1):
    rng = np.random.default_rng(seed)
    shape = np.array([1, 1.05, 1.1, 1, 0.9, 0.3, 0.3])
    return [float(value) for value in rng.poisson(level * shape[np.arange(n_days) % 7])]


@pytest.mark.parametrize(
    ("side", "value", "said"),
    [("above", 10, ["ok", "breach"]), ("below", 10, ["ok", "ok"]), ("below", 11, ["breach", "ok"])],
)
def test_a_threshold_is_passed_only_beyond_its_value(side, value, said):
    found = judge_series(points(5, 10, 12), Condition("threshold", side=side, value=value), "day", first=1)
    assert states(found) == said


def test_a_change_is_judged_against_the_same_weekday_and_needs_the_least_size():
    values = [100, 100, 100, 100, 100, 10, 10, 130, 102, 100, 100, 100, 16]
    up = Condition("change", side="up", percent=20, against="week", least=10)
    found = judge_series(points(*values), up, "day", first=7)
    assert states(found) == ["breach", "ok", "ok", "ok", "ok", "ok"]
    assert (found.verdicts[0].side, found.verdicts[0].reference) == ("up", 100)
    every = Condition("change", side="either", percent=20, against="previous")
    assert states(judge_series(points(100, 130, 100, 100), every, "day", first=1)) == ["breach", "breach", "ok"]


def test_a_change_from_nothing_is_not_judged():
    found = judge_series(points(0, 5), Condition("change", percent=20), "day", first=1)
    assert states(found) == ["skipped"]
    assert "nothing to compare it with" in found.verdicts[0].reason


@pytest.mark.parametrize(
    ("mark", "reason"),
    [
        ({"is_partial": True}, "It is not over yet."),
        ({"is_complete": False}, "Its data is not all there."),
        ({"is_off": True}, "It is a day off."),
    ],
    ids=["partial", "incomplete", "off"],
)
@pytest.mark.parametrize("kind", ["threshold", "change", "unlike"])
def test_partial_incomplete_and_off_days_are_never_told(kind, mark, reason):
    values = [*weekly(60), 0.0]
    condition = Condition(kind, side="below" if kind == "threshold" else "down", value=5, percent=10)
    sure = judge_series(points(*values), condition, "day", first=60)
    assert states(sure) == ["breach"]
    found = judge_series(points(*values, d60=mark), condition, "day", first=60)
    assert (states(found), found.reasons) == (["skipped"], {reason: 1})


def test_a_drop_is_unlike_its_past_at_once_and_the_weekend_is_not():
    values = weekly(70)
    values[64] *= 0.4
    found = judge_series(points(*values), Condition("unlike"), "day", first=56)
    assert found.occurrences == (("d64", "d64", "down"),)
    verdict = found.verdicts[8]
    assert verdict.band.low > values[64] and verdict.band.low < verdict.band.expected < verdict.band.high


def test_a_shift_that_lasts_is_one_occurrence_and_becomes_the_usual_after_two_weeks():
    values = weekly(110)
    values[70:] = [value * 0.6 for value in values[70:]]
    found = judge_series(points(*values), Condition("unlike"), "day", first=60)
    (first, last, side), *others = found.occurrences
    assert (first in ("d70", "d71"), side, others) == (True, "down", [])
    assert "d82" <= last <= "d92"


def test_an_outage_in_the_past_does_not_hide_the_next_one():
    values = weekly(100)
    values[60], values[61], values[75], values[90] = 0.0, 0.0, 0.0, 0.0
    found = judge_series(points(*values), Condition("unlike", side="down"), "day", first=80)
    assert [first for first, _, _ in found.occurrences] == ["d90"]


def test_only_the_past_is_used():
    values = weekly(90)
    short = judge_series(points(*values[:80]), Condition("unlike"), "day", first=60)
    whole = judge_series(points(*values), Condition("unlike"), "day", first=60)
    assert whole.verdicts[:20] == short.verdicts


def test_short_history_says_how_much_is_needed():
    found = judge_series(points(*weekly(20)), Condition("unlike"), "day", first=19)
    assert found.verdicts[0].reason == "Not enough history yet: 19 days of 28 days that are needed."
    leading = [None] * 40 + weekly(28)
    assert states(judge_series(points(*leading, 900.0), Condition("unlike"), "day", first=68)) == ["breach"]
    assert LEAST_HISTORY["day"] == 28


def test_missing_days_in_the_past_are_left_out():
    values: list = weekly(70)
    for place in (40, 41, 50, 63):
        values[place] = None
    found = judge_series(points(*values, 400.0 * 0.2), Condition("unlike"), "day", first=63)
    assert states(found)[0] == "skipped"
    assert found.occurrences == (("d70", "d70", "down"),)


def test_small_counts_need_more_than_a_nothing():
    values = [float(value) for value in np.random.default_rng(3).poisson(2.0, 90)]
    found = judge_series(points(*values, 0.0, 0.0, 20.0), Condition("unlike"), "day", first=60)
    assert found.occurrences == (("d92", "d92", "up"),)


def test_a_steady_number_does_not_fire_at_its_smallest_movement():
    found = judge_series(points(*[50.0] * 60, 49.0, 52.0, 50.0), Condition("unlike"), "day", first=60)
    assert states(found) == ["ok", "ok", "ok"]


def test_a_rate_of_few_says_less_than_one_of_many():
    rng = np.random.default_rng(5)
    past = [Point(f"d{place}", float(rng.binomial(900, 0.4)) / 900, n_total=900) for place in range(60)]
    many, few = Point("d60", 0.2, n_total=900), Point("d60", 0.2, n_total=10)
    assert states(judge_series([*past, many], Condition("unlike"), "day", first=60, is_count=False)) == ["breach"]
    assert states(judge_series([*past, few], Condition("unlike"), "day", first=60, is_count=False)) == ["ok"]


def test_hours_have_a_day_and_a_week():
    rng = np.random.default_rng(7)
    hours = np.arange(35 * 24)
    mean = 80 + 60 * np.sin(hours % 24 / 24 * 2 * np.pi) * np.where(hours // 24 % 7 < 5, 1.0, 0.3)
    values = [float(value) for value in rng.poisson(mean)]
    values[-5] = 0.0
    found = judge_series(points(*values), Condition("unlike"), "hour", first=len(values) - 30)
    assert [first for first, _, _ in found.occurrences] == [f"d{len(values) - 5}"]


def test_null_series_rarely_fire():
    """Twelve made series a week: the bound itself is measured by benchmarks/bench_alerts.py."""
    n_false = 0
    for seed in range(60):
        rng = np.random.default_rng([seed, 9])
        nature = draw_nature(rng)
        values, is_off = make_series(nature, rng)
        series = [Point(str(place), float(value), is_off=bool(is_off[place])) for place, value in enumerate(values)]
        n_false += len(judge_series(series, Condition("unlike"), "day", first=nature.n_days).occurrences)
    assert n_false == 0


def volumes(day, factor=1.0, until=24, weeks=6):
    found = {}
    for week in range(weeks + 1):
        start = datetime(day.year, day.month, day.day) - timedelta(weeks=week)
        for hour in range(24):
            if week or hour < until:
                found[start + timedelta(hours=hour)] = 50.0 * (factor if week == 0 else 1.0)
    return found


DAY = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("factor", "until", "weeks", "words"),
    [
        (1.0, 24, 6, ""),
        (0.6, 24, 6, ""),
        (0.3, 24, 6, "360 events, where about 1,200 usually come"),
        (1.0, 18, 6, "nothing after 17:59, where about 300 events usually come"),
        (0.3, 24, 1, ""),
    ],
    ids=["usual", "fewer", "far-fewer", "silent-at-the-end", "young"],
)
def test_a_source_is_judged_by_its_own_past(factor, until, weeks, words):
    newest = datetime(2026, 11, 18, until - 1, 59)
    found = judge_day(volumes(DAY, factor, until, weeks), DAY, newest)
    assert (found.is_short, found.sentence) == (bool(words), words)


def test_a_silence_that_events_follow_is_no_gap():
    quiet = {hour: n for hour, n in volumes(DAY).items() if not (hour.date() == DAY and 9 <= hour.hour < 13)}
    assert not judge_day(quiet, DAY, datetime(2026, 11, 19, 1)).is_short
