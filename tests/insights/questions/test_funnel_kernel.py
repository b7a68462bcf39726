"""The kernel's ways against the exact path, unit by unit, on small random lines full of equal moments."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.questions.funnel_exact import best_attempt
from insights.questions.funnel_kernel import find_attempts

SPAN = 12
_moments = st.integers(0, SPAN + 6)


def _lines(masks):
    return st.lists(st.tuples(st.integers(0, 3), _moments, masks), max_size=24)


def assert_same(lines, n_steps, order, window, spacing=1, exclusions=()):
    rows = [(unit * spacing, ts, mask) for unit, ts, mask in lines if mask or order == "strict"]
    columns = [np.array([row[place] for row in rows], np.int64) for place in range(3)]
    found = find_attempts(*columns, n_steps=n_steps, order=order, window=window, span=SPAN, exclusions=exclusions)
    mine = {
        unit: tuple(times[:reach])
        for unit, reach, times in zip(found.units.tolist(), found.reach.tolist(), found.times.tolist(), strict=True)
    }
    expected = {}
    for unit in {row[0] for row in rows}:
        events = sorted(row[1:] for row in rows if row[0] == unit)
        own = [event for event in events if event[0] <= SPAN + window]
        attempt = best_attempt(own, n_steps, order, window, 0, SPAN, exclusions)
        if attempt:
            expected[unit] = attempt
    assert mine == expected


@settings(max_examples=400, derandomize=True, database=None)
@given(st.data(), st.sampled_from(["ordered", "strict", "any"]), st.integers(1, 4), st.integers(0, 6))
def test_kernel_equals_the_exact_path(data, order, n_steps, window):
    single = st.integers(0, n_steps - 1).map(lambda step: 1 << step)
    masks = data.draw(st.sampled_from([single, st.integers(0, (1 << n_steps) - 1)]))
    lines = [row for row in data.draw(_lines(masks)) if row[1] <= SPAN + window]
    assert_same(lines, n_steps, order, window, spacing=data.draw(st.sampled_from([1, 1 << 58])))


@settings(max_examples=200, derandomize=True, database=None)
@given(st.data(), st.sampled_from(["ordered", "strict", "any"]), st.integers(1, 4), st.integers(0, 6))
def test_kernel_equals_the_exact_path_without_equal_moments(data, order, n_steps, window):
    lines = data.draw(_lines(st.integers(0, (1 << n_steps) - 1)))
    alone = {(unit, ts): (unit, ts, mask) for unit, ts, mask in lines if ts <= SPAN + window}
    assert_same(list(alone.values()), n_steps, order, window)


@settings(max_examples=400, derandomize=True, database=None)
@given(st.data(), st.sampled_from(["ordered", "strict", "any"]), st.integers(2, 4), st.integers(0, 8))
def test_kernel_equals_the_exact_path_with_exclusions(data, order, n_steps, window):
    places = st.lists(st.integers(1, n_steps), min_size=2, max_size=2, unique=True).map(sorted)
    exclusions = [tuple(pair) for pair in data.draw(st.lists(places, min_size=1, max_size=2))]
    n_bits = n_steps + len(exclusions)
    single = st.integers(0, n_bits - 1).map(lambda bit: 1 << bit)
    masks = data.draw(st.sampled_from([single, st.integers(0, (1 << n_bits) - 1)]))
    lines = [row for row in data.draw(_lines(masks)) if row[1] <= SPAN + window]
    if data.draw(st.booleans()):
        lines = list({(unit, ts): (unit, ts, mask) for unit, ts, mask in lines}.values())
    assert_same(lines, n_steps, order, window, exclusions=exclusions)


@settings(max_examples=200, derandomize=True, database=None)
@given(st.data(), st.sampled_from(["ordered", "strict", "any"]), st.integers(1, 4), st.integers(0, 8))
def test_an_exclusion_that_never_happens_changes_nothing(data, order, n_steps, window):
    lines = data.draw(_lines(st.integers(0, (1 << n_steps) - 1)))
    for unit in range(4):
        own = sorted((ts, mask) for owner, ts, mask in lines if owner == unit and ts <= SPAN + window)
        plain = best_attempt(own, n_steps, order, window, 0, SPAN)
        assert best_attempt(own, n_steps, order, window, 0, SPAN, [(1, n_steps + 1)]) == plain
