"""From those who speak to all: pinned against statsmodels and the formula by hand, and its laws for all inputs."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from insights.voice.demand.weighting import Stratum, find_loudest, post_stratify


@st.composite
def strata(draw):
    n_accounts = draw(st.integers(1, 500))
    n_spoke = draw(st.integers(0, n_accounts))
    return Stratum("s", n_accounts, n_spoke, draw(st.integers(0, n_spoke)))


def test_the_estimate_is_the_formula_on_the_screen():
    rows = [Stratum("large", 40, 20, 15), Stratum("small", 360, 30, 3), Stratum("silent", 100, 0, 0)]
    found = post_stratify(rows)
    weights, shares = (40 / 400, 360 / 400), (15 / 20, 3 / 30)
    rate = sum(weight * share for weight, share in zip(weights, shares, strict=True))
    limits = [proportion_confint(k, n, method="wilson") for k, n in ((15, 20), (3, 30))]
    below = math.sqrt(sum((w * (p - low)) ** 2 for w, p, (low, _) in zip(weights, shares, limits, strict=True)))
    above = math.sqrt(sum((w * (high - p)) ** 2 for w, p, (_, high) in zip(weights, shares, limits, strict=True)))
    assert found.rate == pytest.approx(rate) == pytest.approx(0.165)
    assert (found.low, found.high) == pytest.approx((rate - below, rate + above))
    assert (found.n_covered, found.n_accounts, found.n_asking) == (400, 500, 66)
    assert (found.at_least, found.at_most) == pytest.approx((0.132, 0.332))  # 66 of 500, and 166 of 500
    raw = 18 / 50
    assert raw > found.high  # the large ones are loud: as it was said, it looks twice as wanted as it is


def test_nobody_and_everybody_asking_still_have_a_width():
    for k in (0, 8):
        found = post_stratify([Stratum("a", 100, 8, k)])
        assert found.high - found.low > 0.2


def test_too_few_or_impossible():
    assert post_stratify([Stratum("a", 100, 4, 2)]) is None
    assert post_stratify([]) is None
    with pytest.raises(ValueError, match="some speak"):
        post_stratify([Stratum("a", 3, 5, 2)])


@settings(max_examples=60)
@given(st.lists(strata(), max_size=5))
def test_laws(rows):
    found = post_stratify(rows)
    if sum(row.n_spoke for row in rows) < 5:
        assert found is None
        return
    assert 0 <= found.low <= found.rate <= found.high <= 1
    assert 0 <= found.at_least <= found.at_most <= 1 + 1e-9
    parts = [row.n_asked / row.n_spoke for row in rows if row.n_spoke]
    assert min(parts) - 1e-9 <= found.rate <= max(parts) + 1e-9
    if len(parts) == 1:  # of one segment it is that segment's own Wilson interval
        (only,) = (row for row in rows if row.n_spoke)
        assert (found.low, found.high) == pytest.approx((only.share.low, only.share.high))


def test_the_loudest_are_the_same_for_equals_and_nobody_is_no_share():
    found = find_loudest({5: 2, 3: 2, 9: 7, 1: 1, 2: 1, 4: 1, 6: 1})
    assert found.accounts == ((9, 7), (3, 2), (5, 2), (1, 1), (2, 1))
    assert (found.n_said, found.n_pieces, found.share) == (13, 15, pytest.approx(13 / 15))
    assert find_loudest({}).share is None
