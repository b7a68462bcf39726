"""Forecasts of work against the exact distribution, by hand, and against what really came on a real history."""

import csv
import datetime as dt
import math
import os
from collections import Counter
from pathlib import Path

import pytest

from roadmaps.delivery.forecasts.monte_carlo import N_TRIALS, Trials, backtest, last_day_of, preview

HISTORY = [0, 1, 2, 0, 3, 1, 1, 0, 2, 5]


def exactly(history, n_items, n_weeks):
    """Return P(done by the end of week w) for w = 1 … n_weeks, by convolving the history with itself."""
    share = {count: times / len(history) for count, times in Counter(history).items()}
    sums, chances = {0: 1.0}, []
    for _ in range(n_weeks):
        following = Counter()
        for done, chance in sums.items():
            for count, part in share.items():
                following[min(done + count, n_items)] += chance * part
        sums = following
        chances.append(sums[n_items])
    return chances


def test_chances_are_those_of_the_exact_distribution():
    exact = exactly(HISTORY, 12, 30)
    answer = preview(HISTORY, 12, seed=7)
    found = [*answer.chances, *[1.0] * 30][:30]
    for week, (chance, expected) in enumerate(zip(found, exact, strict=True), 1):
        four_errors = 4 * math.sqrt(expected * (1 - expected) / N_TRIALS) + 1e-9
        assert abs(chance - expected) <= four_errors, f"week {week}: {chance} for {expected}"
    for percent in (50, 85, 95):  # no exact chance lies so near to a percent that chance could decide
        assert answer.weeks[percent] == next(w for w, chance in enumerate(exact, 1) if chance >= percent / 100)


def test_items_in_so_many_weeks_are_the_most_that_the_chance_allows():
    answer = preview(HISTORY, 12, seed=7, n_weeks=6)
    for percent, most in answer.done_in.items():
        for week, items in enumerate(most, 1):
            if items:
                assert exactly(HISTORY, items, week)[-1] >= percent / 100 - 0.02
            assert exactly(HISTORY, items + 1, week)[-1] < percent / 100 + 0.02


def test_a_week_like_every_other_is_certain():
    answer = preview([2] * 10, 5, seed=1, n_weeks=3)
    assert answer.chances == (0.0, 0.0, 1.0)
    assert answer.weeks == {50: 3, 85: 3, 95: 3}
    assert answer.done_in == {50: (2, 4, 6), 85: (2, 4, 6), 95: (2, 4, 6)}


def test_one_set_of_trials_answers_each_as_it_would_alone():
    shared = Trials(HISTORY, 3)
    together = [shared.first_weeks(n) for n in (40, 3, 17)]
    assert together == [Trials(HISTORY, 3).first_weeks(n) for n in (40, 3, 17)]
    assert preview(HISTORY, 17, seed=3) == preview(HISTORY, 17, seed=3)


def test_too_little_history_is_a_reason_and_no_number():
    assert "10 whole weeks" in preview([3] * 9, 5, seed=0).why_none
    assert "Nothing was finished" in preview([0] * 30, 5, seed=0).why_none
    nothing_left = preview([1] * 10, 0, seed=0)
    assert nothing_left.weeks == {50: 0, 85: 0, 95: 0}
    assert nothing_left.chances == ()


def test_what_lies_beyond_ten_years_has_no_date():
    weeks = preview([0] * 9 + [1], 1_000, seed=0).weeks
    assert weeks == {50: None, 85: None, 95: None}
    assert last_day_of(None, dt.date(2026, 11, 22)) is None


def test_backtest_leaves_out_what_is_not_known_yet():
    even = backtest([2] * 30, 4, seed=0)
    assert (even.n, even.hits) == (14, {50: 14, 85: 14, 95: 14})  # weeks 15 to 28; from 29 on four are never done
    slower = backtest([4] * 15 + [1] * 15, 4, seed=0, n_history=10)
    assert slower.share(50) < 0.8  # forecasts of the fast weeks are too early in the slow ones


@pytest.mark.parametrize("slash", ["", "/"])
def test_preview_over_the_api(client, viewer, slash):
    url = f"/api/v1/forecasts/preview{slash}"
    sent = {"weeks": [2] * 10, "n": 5, "seed": 1, "n_weeks": 3, "today": "2026-11-22"}
    assert client.post(url, sent, content_type="application/json").status_code == 401
    client.force_login(viewer)
    answer = client.post(url, sent, content_type="application/json").json()
    assert answer["p85"] == {"week": 3, "ends_on": "2026-12-13"}
    assert [one["chance"] for one in answer["chances"]] == [0, 0, 1]
    assert answer["done_in"][1] == {"week": 2, "ends_on": "2026-12-06", "p50": 4, "p85": 4, "p95": 4}
    few = client.post(url, {"weeks": [2] * 9, "n": 5}, content_type="application/json").json()
    assert few["p50"] is None
    assert "10 whole weeks" in few["reason"]
    bad = client.post(url, {"weeks": [-1], "n": "x"}, content_type="application/json")
    assert bad.status_code == 400
    assert {"n"} < set(bad.json()["fields"])


@pytest.mark.long
def test_forecasts_of_the_next_twenty_merges_on_a_real_history(capsys):
    folder = os.environ.get("PORTAL_REAL_DATA")
    if not folder:
        pytest.skip("PORTAL_REAL_DATA is not set")
    with Path(folder, "throughput_growthbook", "weekly_throughput.csv").open() as file:
        weeks = [int(row["merged"]) for row in csv.DictReader(file)][1:-1]  # the first and the last are partial
    for label, n_history in (("all weeks before", None), ("the 26 weeks before", 26)):
        found = backtest(weeks, 20, seed=1, n_history=n_history)
        with capsys.disabled():
            shares = ", ".join(f"P{percent} {100 * found.share(percent):.0f} %" for percent in found.hits)
            print(f"\nthe next 20 items, {found.n} forecasts, history: {label}: actual dates on or before {shares}")
        assert found.n > 100
        assert found.share(85) >= 0.80
