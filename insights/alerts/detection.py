"""Whether a bucket of a series is worth telling. Pure; knows no Django."""

from collections.abc import Sequence

from insights.alerts.contracts import LEAST_HISTORY, WEEK_BACK, Band, Condition, Point, Replay, Verdict
from insights.alerts.past import Past

_REFIT_EVERY = {"hour": 24}  # buckets that one fitted past serves; elsewhere each bucket has its own
_NOUNS = {"hour": "hours", "day": "days", "week": "weeks", "month": "months"}


def need_history(interval: str, n_usable: int) -> str:
    """Say how much history there is and how much is needed."""
    noun, need = _NOUNS[interval], LEAST_HISTORY[interval]
    size = f"{need // 24} days of hours" if interval == "hour" else f"{need} {noun}"
    has = f"{n_usable // 24} days of hours" if interval == "hour" else f"{n_usable} {noun}"
    return f"Not enough history yet: {has} of {size} that are needed."


def judge_series(
    points: Sequence[Point],
    condition: Condition,
    interval: str,
    *,
    first: int,
    is_count: bool = True,
    before: Sequence[Verdict] = (),
) -> Replay:
    """Judge the buckets from `first` on, each by nothing but the buckets before it.

    Parameters: points — oldest first, one a bucket without gaps; first — place of the first bucket to judge; before —
    what was found of the buckets just before it.
    """
    known = list(points)
    verdicts: list[Verdict] = list(before)
    past: Past | None = None
    fitted_at = first
    for place in range(first, len(known)):
        point = known[place]
        verdict = _skip(point)
        if verdict is None and condition.kind == "unlike":
            if past is None or place - fitted_at >= _REFIT_EVERY.get(interval, 1):
                past, fitted_at = Past(known[:place], interval, is_count=is_count), place
            verdict = _judge_unlike(known, place, condition, past, fitted_at, verdicts)
        elif verdict is None:
            verdict = _judge_plain(known, place, condition, interval)
        if condition.kind == "unlike" and verdict.state in ("breach", "waiting"):
            known[place] = point.breached()
        verdicts.append(verdict)
    verdicts = verdicts[len(before) :]
    return Replay(tuple(verdicts), find_occurrences(verdicts), *_count_skipped(verdicts))


def _count_skipped(verdicts: Sequence[Verdict]) -> tuple[int, dict[str, int]]:
    reasons: dict[str, int] = {}
    for verdict in verdicts:
        if verdict.state == "skipped":
            reasons[verdict.reason] = reasons.get(verdict.reason, 0) + 1
    return sum(reasons.values()), reasons


def find_occurrences(verdicts: Sequence[Verdict]) -> tuple[tuple[str, str, str], ...]:
    """Return the runs of breaches to one side; a bucket that was not judged neither ends nor makes one."""
    found: list[tuple[str, str, str]] = []
    is_running = False
    for verdict in verdicts:
        if verdict.is_breach:
            if is_running and found[-1][2] == verdict.side:
                found[-1] = (found[-1][0], verdict.label, verdict.side)
            else:
                found.append((verdict.label, verdict.label, verdict.side))
            is_running = True
        elif verdict.state != "skipped":
            is_running = False
    return tuple(found)


def _skip(point: Point) -> Verdict | None:
    """Return why a bucket is not judged, or None."""
    if point.is_partial:
        reason = "It is not over yet."
    elif not point.is_complete:
        reason = "Its data is not all there."
    elif point.is_off:
        reason = "It is a day off."
    elif point.value is None:
        reason = "It has no value."
    else:
        return None
    return Verdict(point.label, "skipped", point.value, reason=reason)


def _judge_plain(points: Sequence[Point], place: int, condition: Condition, interval: str) -> Verdict:
    point = points[place]
    value = float(point.value or 0.0)
    if condition.kind == "threshold":
        is_breach = value > condition.value if condition.side == "above" else value < condition.value
        side = ("up" if condition.side == "above" else "down") if is_breach else ""
        return Verdict(point.label, "breach" if is_breach else "ok", value, side, reference=condition.value)
    back = WEEK_BACK.get(interval, 1) if condition.against == "week" else 1
    before = points[place - back] if place >= back else None
    if before is None or not before.is_usable or not before.value:
        reason = "There is nothing to compare it with: the earlier value is missing, zero or incomplete."
        return Verdict(point.label, "skipped", value, reason=reason)
    moved = value - before.value
    is_far = abs(moved) > abs(before.value) * condition.percent / 100 and abs(moved) >= condition.least
    side = "up" if moved > 0 else "down"
    is_breach = is_far and condition.side in ("either", side)
    return Verdict(
        point.label, "breach" if is_breach else "ok", value, side if is_breach else "", reference=before.value
    )


def _side_of(value: float, band: Band) -> str:
    return "up" if value > band.high else "down" if value < band.low else ""


def _judge_unlike(
    points: Sequence[Point], place: int, condition: Condition, past: Past, fitted_at: int, before: Sequence[Verdict]
) -> Verdict:
    point = points[place]
    value = float(point.value or 0.0)
    if not past.is_enough:
        return Verdict(point.label, "skipped", value, reason=need_history(past.interval, past.n_usable))
    far, off, back = past.expect(points[fitted_at:place], condition.sense, point.n_total)
    last = next((verdict for verdict in reversed(before) if verdict.state != "skipped"), None)
    side = _side_of(value, back if last is not None and last.is_breach else off)
    if last is not None and last.is_breach and last.side != side:
        side = _side_of(value, off)
    if not side or condition.side not in ("either", side):
        return Verdict(point.label, "ok", value, band=off)
    is_second = last is not None and last.state in ("breach", "waiting") and last.side == side
    is_breach = bool(_side_of(value, far)) or is_second
    return Verdict(point.label, "breach" if is_breach else "waiting", value, side, band=off)
