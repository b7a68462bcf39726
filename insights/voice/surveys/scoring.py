"""The scores of surveys from counts of answers; pure.

Sources: definitions of the voice of the customer; Wilson (1927) by `insights.questions.rates`.
"""

import math
from collections.abc import Mapping

from insights.questions.rates import MIN_N, wilson_interval
from insights.voice.surveys.contracts import CES, CSAT, NPS, SCALES, Response, Scored

Z95 = 1.96


def score_answers(kind: str, counts: Mapping[int, int], n_none: int = 0) -> Scored:
    """Return what answers come to: counts of each answer of the scale, and of those that were no answer.

    >>> scored = score_answers("nps", {10: 5, 8: 3, 2: 2})
    >>> scored.value, round(scored.high - scored.value, 1)
    (30.0, 48.4)
    >>> score_answers("csat", {5: 2, 1: 1}).reason
    'too_few'
    """
    scale = SCALES[kind]
    n = sum(counts.values())
    positive = sum(counts.get(score, 0) for score in scale.positive)
    negative = sum(counts.get(score, 0) for score in scale.negative)
    shape = {"n_positive": positive, "n_negative": negative, "n_neutral": n - positive - negative, "n_none": n_none}
    if n < MIN_N:
        return Scored(n, **shape, reason="too_few")
    share = positive / n
    share_low, share_high = wilson_interval(positive, n)
    value, low, high = 100 * share, 100 * share_low, 100 * share_high
    if kind == NPS:
        value, low, high = _nps(share, negative / n, n)
    elif kind == CES:
        value, low, high = _mean(counts, n)
    return Scored(n, **shape, value=value, low=low, high=high, share=share, share_low=share_low, share_high=share_high)


def _nps(p: float, d: float, n: int) -> tuple[float, float, float]:
    margin = Z95 * 100 * math.sqrt(max(0.0, p + d - (p - d) ** 2) / n)
    value = 100 * (p - d)
    return value, max(-100.0, value - margin), min(100.0, value + margin)


def _mean(counts: Mapping[int, int], n: int) -> tuple[float, float, float]:
    scale = SCALES[CES]
    mean = sum(score * count for score, count in counts.items()) / n
    spread = math.sqrt(sum(count * (score - mean) ** 2 for score, count in counts.items()) / (n - 1))
    margin = Z95 * spread / math.sqrt(n)
    return mean, max(float(scale.low), mean - margin), min(float(scale.high), mean + margin)


def rate_response(n_asked: int, n_answered: int, n_others: int = 0) -> Response:
    """Return the response rate with its interval; of fewer than five who were asked, the counts alone.

    >>> rate_response(4, 2).rate is None, rate_response(10, 8).rate
    (True, 0.8)
    """
    if n_asked < MIN_N:
        return Response(n_asked, n_answered, n_others=n_others)
    low, high = wilson_interval(n_answered, n_asked)
    return Response(n_asked, n_answered, n_answered / n_asked, low, high, n_others)


def say_score(kind: str, value: float | None) -> str:
    """Return a score as it is written: points with their sign, a share in percent, a mean with one more digit.

    >>> say_score("nps", 34.26), say_score("csat", 81.0), say_score("ces", 5.254)
    ('34', '81 %', '5.25')
    """
    if value is None:
        return "\u2013"
    if kind == CES:
        return f"{value:.2f}"
    text = f"{round(value):d}".replace("-", "\u2212")
    return f"{text} %" if kind == CSAT else text


def say_interval(kind: str, scored: Scored) -> str:
    """Return the interval of a score in words, or why there is none.

    >>> say_interval("csat", score_answers("csat", {5: 80, 2: 20}))
    '71 % to 87 %, 95 % sure'
    """
    if scored.value is None:
        return f"too few to say (n = {scored.n:,})"
    return f"{say_score(kind, scored.low)} to {say_score(kind, scored.high)}, 95 % sure"
