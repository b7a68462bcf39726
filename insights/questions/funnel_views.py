"""What a funnel's attempts come to: counts by step, conversion over time, and how long converting takes."""

from typing import Any

from insights.questions.funnel_contracts import FunnelQuestion
from insights.questions.grouped import Line
from insights.questions.rates import rate_of
from insights.questions.running import Run

MAX_BINS = 24
_HOUR, _DAY = 3600, 86_400
BIN_WIDTHS = (
    *(1, 2, 5, 10, 15, 30),
    *(60 * n for n in (1, 2, 5, 10, 15, 30)),
    *(_HOUR * n for n in (1, 2, 3, 6, 12)),
    *(_DAY * n for n in (1, 2, 7, 14, 28)),
)
_SECOND_US = 1_000_000
Parts = list[tuple[Line, Any]]  # each group shown, and its attempts


def answer_steps(question: FunnelQuestion, parts: Parts) -> dict[str, Any]:
    """Return how many reached each step, and how long it took them from the one before."""
    return {"steps": [step for line, found in parts for step in _steps(question, line, found)]}


def answer_over_time(question: FunnelQuestion, run: Run, parts: Parts) -> dict[str, Any]:
    """Return, for each bucket, what the funnel of that bucket alone comes to: began, converted, and the rate.

    A bucket is partial until its last attempt can no longer convert.
    """
    import numpy as np

    n = len(run.buckets)
    series = []
    for line, found in parts:
        began = np.bincount(found.buckets, minlength=n).tolist()
        converted = np.bincount(found.buckets[found.reach == len(question.required)], minlength=n).tolist()
        rates = [rate_of(done, all_of_them) for done, all_of_them in zip(converted, began, strict=True)]
        series.append(
            {
                "name": "conversion",
                "index": 0,
                **line.labels(),
                "values": [rate["rate"] for rate in rates],
                "rates": rates,
                "began": began,
                "converted": converted,
            }
        )
    partial = run.buckets.partial(question.now - question.settling)
    return {"interval": question.interval, "labels": list(run.buckets.labels), "partial": partial, "series": series}


def times_to_convert(question: FunnelQuestion, attempts: Any) -> Any:
    """Return the microseconds from the first step to the last of those who converted."""
    done = attempts.times[attempts.reach == len(question.required)]
    return done[:, -1] - done[:, 0]


def answer_histogram(question: FunnelQuestion, run: Run, parts: Parts) -> dict[str, Any]:
    """Return how many converted within each stretch of time, counted from 0; a label is a stretch's first second."""
    import numpy as np

    taken = [times_to_convert(question, found) for _, found in parts]
    longest = max((int(took.max()) for took in taken if len(took)), default=-1)
    run.bin_s = run.bin_s or pick_width(longest)
    width = run.bin_s * _SECOND_US
    n = longest // width + 1
    series = []
    for (line, _), took in zip(parts, taken, strict=True):
        middle = {"average_s": None, "median_s": None}
        if len(took):
            middle = {"average_s": float(np.mean(took)) / 1e6, "median_s": float(np.median(took)) / 1e6}
        values = np.bincount(took // width, minlength=n).tolist()
        series.append({"name": "converted", "index": 0, **line.labels(), "values": values, **middle})
    return {"bin_s": run.bin_s, "labels": [place * run.bin_s for place in range(n)], "series": series}


def pick_width(longest_us: int) -> int:
    """Return the narrowest width of a bin in seconds, out of round ones, with which few bins hold all times.

    >>> pick_width(0), pick_width(24_000_000), pick_width(5 * 86_400_000_000)
    (1, 2, 21600)
    """
    return next((width for width in BIN_WIDTHS if longest_us // (width * _SECOND_US) < MAX_BINS), BIN_WIDTHS[-1])


def who_did(question: FunnelQuestion, attempts: Any, number: int) -> Any:
    """Say which attempts have step `number` of those shown."""
    step = question.shown[number - 1]
    if not step.is_optional:
        return attempts.reach >= question.n_required(number)
    return attempts.optional[:, number - 1 - question.n_required(number)] >= 0


def who_left_out(question: FunnelQuestion, attempts: Any, number: int) -> Any:
    """Say which attempts got to the required step before step `number` and not to that step."""
    n_before = question.n_required(number - 1)
    if not question.shown[number - 1].is_optional:
        return attempts.reach == n_before
    return (attempts.reach >= _n_around(question, n_before)) & ~who_did(question, attempts, number)


def _n_around(question: FunnelQuestion, n_before: int) -> int:
    """Return how many required steps one must have for an optional step after so many to be looked for."""
    return 1 if question.order == "any" else n_before


def _steps(question: FunnelQuestion, line: Line, attempts: Any) -> list[dict[str, Any]]:
    import numpy as np

    reach, times, n = attempts.reach, attempts.times, len(question.required)
    counts = [int((reach > step).sum()) for step in range(n)]
    found = []
    for number, spec in enumerate(question.shown, 1):
        is_there = who_did(question, attempts, number)
        count, n_before = int(is_there.sum()), question.n_required(number - 1)
        before = _n_around(question, n_before) if spec.is_optional else n_before
        average = median = None
        if before and count:
            ends = attempts.optional[:, number - 1 - n_before] if spec.is_optional else times[:, before]
            took = (ends - times[:, before - 1])[is_there] / 1_000_000
            average, median = float(np.mean(took)), float(np.median(took))
        n_previous = counts[max(before - 1, 0)]
        first, previous = rate_of(count, counts[0]), rate_of(count, n_previous)
        found.append(
            {
                "name": f"{number} of {n}" if question.order == "any" and not spec.is_optional else spec.name,
                "step": number,
                **({"optional": True} if spec.is_optional else {}),
                **line.labels(),
                "count": count,
                "dropped": n_previous - count if before else 0,
                "from_first": first["rate"],
                "from_previous": previous["rate"],
                "rates": {"from_first": first, "from_previous": previous},
                "average_s": average,
                "median_s": median,
            }
        )
    return found
