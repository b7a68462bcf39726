"""Funnel: who gets from step to step, and how long it takes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from insights.questions.calendar import cut
from insights.questions.cells import read_group, read_place
from insights.questions.contracts import INTERVALS, Window
from insights.questions.funnel_contracts import TWO_WEEKS, Exclusion, FunnelQuestion, Step, in_order_shown
from insights.questions.funnel_rows import fetch_events, fetch_grouped_events, fetch_groups
from insights.questions.funnel_views import (
    Parts,
    answer_histogram,
    answer_over_time,
    answer_steps,
    times_to_convert,
    who_did,
    who_left_out,
)
from insights.questions.grouped import Line
from insights.questions.kinds.contracts import Kind, Span, range_span
from insights.questions.reading import Faults, ObjectReader
from insights.questions.running import MAX_GROUPS, Groups, Run
from insights.questions.specs import read_event, read_filters

MAX_STEPS = 12
MAX_EXCLUSIONS = 10
_WINDOW_UNITS = ("second", "minute", "hour", "day", "week")
_LONGEST_WINDOW = {"second": 31_622_400, "minute": 527_040, "hour": 8784, "day": 366, "week": 53}
_ORDERS = ("ordered", "strict", "any")


def _read(reader: ObjectReader) -> dict[str, Any]:
    steps = reader.items("steps", lambda value, path: _read_step(value, path, reader.faults), least=1, most=MAX_STEPS)
    order = reader.choice("order", _ORDERS, "ordered")
    shown = in_order_shown(steps, order)
    if steps and all(step.is_optional for step in steps):
        reader.fault("steps", "Every step is optional. Let one at least be required.")
    elif steps and shown[0].is_optional:
        reader.fault("steps[0].optional", "An attempt begins with the first step, so it cannot be optional.")
    return {
        "steps": steps,
        **_read_view(reader, steps),
        "attribution": _read_attribution(reader, shown),
        "order": order,
        "window": _read_window(reader),
        "exclusions": _read_exclusions(reader, shown),
    }


def _read_step(value: Any, path: str, faults: Faults) -> Step:
    reader = ObjectReader(value, path, faults)
    step = Step(read_event(reader), read_filters(reader), reader.flag("optional"))
    reader.finish()
    return step


def _n_required(steps: tuple[Step, ...]) -> int:
    return sum(not step.is_optional for step in steps)


def _read_view(reader: ObjectReader, steps: tuple[Step, ...]) -> dict[str, Any]:
    view = reader.choice("view", ("steps", "trend", "histogram"), "steps")
    if view != "steps" and _n_required(steps) == 1:
        more = "Let another be required." if len(steps) > 1 else "Add a step."
        reader.fault("view", f"A funnel with one step has nobody to convert. {more}")
    if view == "trend":
        return {"view": view, "interval": reader.choice("interval", INTERVALS[:-1], "day")}
    if reader.take("interval") is not None:
        reader.fault("interval", "An interval goes with the view “trend”. Leave it out.")
    return {"view": view, "interval": None}


def _read_attribution(reader: ObjectReader, shown: tuple[Step, ...]) -> str | int:
    value = reader.take("attribution", "first")
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= len(shown):
        if shown[value - 1].is_optional:
            reader.fault("attribution", f"Step {value} is optional, so not everybody has a value there. Name another.")
        return value
    if isinstance(value, str) and value in ("first", "last", "all"):
        return value
    reader.fault("attribution", "Use one of: first, last, all, or the number of a step.")
    return "first"


def _read_exclusions(reader: ObjectReader, shown: tuple[Step, ...]) -> tuple[Exclusion, ...]:
    required = [number for number, step in enumerate(shown, 1) if not step.is_optional] or [1]
    last = max(required[-1], 2)

    def read_step(inner: ObjectReader, key: str, default: int, least: int, most: int) -> int:
        number = inner.whole_number(key, default, least=least, most=most)
        if 1 <= number <= len(shown) and shown[number - 1].is_optional:
            inner.fault(key, f"Step {number} is optional, so no attempt waits for it. Name another.")
        return number

    def read(value: Any, path: str) -> Exclusion:
        inner = ObjectReader(value, path, reader.faults)
        event, filters = read_event(inner), read_filters(inner)
        after = read_step(inner, "after", 1, 1, max(last - 1, 1))
        before = read_step(inner, "before", last, 2, last)
        if before <= after:
            inner.fault("before", f"This step must come after step {after}.")
        inner.finish()
        return Exclusion(event, filters, after, before)

    found = reader.items("exclusions", read, most=MAX_EXCLUSIONS)
    if found and len(required) == 1:
        more = "Let another be required." if len(shown) > 1 else "Add a step."
        reader.fault("exclusions", f"Between the steps of a funnel with one step lies nothing. {more}")
    return found


def _read_window(reader: ObjectReader) -> Window:
    if reader.take("window") is None:
        return TWO_WEEKS
    inner = ObjectReader(reader.value["window"], reader.at("window"), reader.faults)
    unit = inner.choice("unit", _WINDOW_UNITS, "day")
    value = inner.whole_number("value", 14, least=0, most=_LONGEST_WINDOW[unit])
    inner.finish()
    return Window(value, unit)


@dataclass(frozen=True)
class _Outcome:
    """Everybody's best attempt, the code of each one's group, and the groups' values in the order of their codes.

    With `is_alike` a unit has an attempt for each value.
    """

    attempts: Any
    codes: Any
    values: list[str | None]
    is_alike: bool = False


def _find(question: FunnelQuestion, run: Run) -> _Outcome:
    if question.breakdown and question.attribution == "all":
        return _find_alike(question, run)
    if not question.breakdown:
        events = fetch_events(question, run)
        return _Outcome(_attempts(question, run, events["u"], events), None, [])
    if question.attribution == "last":  # which any event may say
        events, values = rows, _ = fetch_grouped_events(question, run)
    else:
        events, (rows, values) = fetch_events(question, run), fetch_groups(question, run)
    attempts = _attempts(question, run, events["u"], events)
    return _Outcome(attempts, _attribute(question, attempts, rows, len(values) - 1), values)


def _attempts(question: FunnelQuestion, run: Run, units: Any, events: dict[str, Any]) -> Any:
    from insights.questions.funnel_kernel import find_attempts
    from insights.questions.funnel_optional import OptionalRule, find_optional, index_optional, rows_of_attempts

    since, edges = run.buckets.since, run.buckets.edges
    span = (run.buckets.until - since) // timedelta(microseconds=1)
    n, window, exclusions = len(question.required), question.window.microseconds, question.barred
    rows = (units, events["t"], events["m"])
    find = partial(
        find_attempts,
        n_steps=n,
        order=question.order,
        window=window,
        span=span,
        check=run.check_time,
        exclusions=exclusions,
        edges=[(edge - since) // timedelta(microseconds=1) for edge in edges[:-1]],
    )
    after = [question.n_required(number) for number, step in enumerate(question.shown, 1) if step.is_optional]
    if not after:
        return find(*rows)
    rule = OptionalRule(n, question.order, window, span, exclusions, after)
    # Sorting is most of it, and leaves Python's lock: so the other core sorts for the optional steps meanwhile.
    with ThreadPoolExecutor(max_workers=1) as pool:
        lines = pool.submit(index_optional, *rows, rule)
        found = find(*rows_of_attempts(*rows, rule))
        return replace(found, optional=find_optional(found, lines.result(), rule))


def _find_alike(question: FunnelQuestion, run: Run) -> _Outcome:
    """Find the attempts whose events all have the same value: as if asked for each value by itself."""
    import numpy as np

    events, values = fetch_grouped_events(question, run)
    pairs, numbers = np.unique(events["u"].astype(np.int64) * len(values) + events["g"], return_inverse=True)
    found = _attempts(question, run, numbers, events)
    owners = pairs[found.units]
    return _Outcome(replace(found, units=owners // len(values)), owners % len(values), values, is_alike=True)


def _attribute(question: FunnelQuestion, attempts: Any, rows: dict[str, Any], none: int) -> Any:
    """Return the code of each attempt's group: the smallest at the moment of the step that says it.

    Who did not reach a step that is asked for by number has none.
    """
    import numpy as np

    from insights.questions.funnel_kernel import codes_at

    found = np.full(len(attempts.units), none, np.int64)
    for step in range(len(question.required)):
        if question.attribution == "last":
            is_here = attempts.reach == step + 1
        else:
            wanted = 0 if question.attribution == "first" else question.n_required(int(question.attribution)) - 1
            is_here = attempts.reach > step if step == wanted else np.zeros(len(found), bool)
        if is_here.any():
            steps = (1 << len(question.required)) - 1 if question.order == "any" else 1 << step
            fits = (rows["m"] & steps) != 0
            own = attempts.take(is_here)
            found[is_here] = codes_at(own, step, rows["u"][fits], rows["t"][fits], rows["g"][fits])
    return found


def _parts(outcome: _Outcome, run: Run) -> Parts:
    """Return each group shown and its attempts."""
    import numpy as np

    attempts = outcome.attempts
    if outcome.codes is None:
        return [(Line("all", None, {}), attempts)]
    sizes = np.bincount(outcome.codes, minlength=len(outcome.values))
    none = len(outcome.values) - 1
    if 0 in run.forced:
        groups = run.forced[0]
    else:
        ranked = [code for code in np.argsort(-sizes[:none], kind="stable").tolist() if sizes[code]]
        top = tuple(str(outcome.values[code]) for code in ranked[:MAX_GROUPS])
        groups = Groups(top, len(ranked) > MAX_GROUPS)
    run.groups[0] = groups
    places = {value: code for code, value in enumerate(outcome.values)}
    shown = [places.get(value, -1) for value in groups.top]
    parts: Parts = [
        (Line("value", value, {}), attempts.take(outcome.codes == code))
        for value, code in zip(groups.top, shown, strict=True)
    ]
    if groups.has_other:
        others = attempts.take(~np.isin(outcome.codes, [*shown, none]))
        parts.append((Line("other", None, {}), others.once() if outcome.is_alike else others))
    if sizes[none]:
        parts.append((Line("none", None, {}), attempts.take(outcome.codes == none)))
    return parts


def _answer(question: FunnelQuestion, run: Run) -> dict[str, Any]:
    parts = _parts(_find(question, run), run)
    common = {"order": question.order, "view": question.view}
    if question.view == "trend":
        return {**common, **answer_over_time(question, run, parts)}
    if question.view == "histogram":
        return {**common, **answer_histogram(question, run, parts)}
    return {**common, **answer_steps(question, parts)}


def _read_stretch(cell: ObjectReader) -> tuple[int, int]:
    longest = 2 * _LONGEST_WINDOW["second"]
    start = cell.whole_number("from_s", 0, least=0, most=longest)
    return start, cell.whole_number("to_s", longest, least=start + 1, most=longest)


def _behind(question: FunnelQuestion, cell: ObjectReader) -> Callable[[Run], list[int]]:
    n_steps = len(question.steps)
    last = max(number for number, one in enumerate(question.shown, 1) if not one.is_optional)
    step = cell.whole_number("step", last if question.view == "histogram" else 1, least=1, most=n_steps)
    bucket = stretch = None
    if question.view == "trend":
        labels = cut(question.period, question.interval or "day", ZoneInfo(question.timezone)).labels
        bucket = read_place(cell, "label", labels)
    elif question.view == "histogram":
        stretch = _read_stretch(cell)
    is_dropped = cell.flag("dropped")
    if is_dropped and step == 1:
        cell.fault("dropped", "Nobody is dropped at the first step. Name a later one.")
    group = read_group(cell, question)

    def find(run: Run) -> list[int]:
        parts = _parts(_find(question, run), run)
        for line, found in parts:
            if line.group == group[0] and (line.group != "value" or line.value == group[1]):
                is_meant = (who_left_out if is_dropped else who_did)(question, found, step)
                if bucket is not None:
                    is_meant &= found.buckets == bucket
                if stretch is not None:
                    found = found.take(found.reach == len(question.required))
                    took = times_to_convert(question, found)
                    is_meant = (took >= stretch[0] * 1_000_000) & (took < stretch[1] * 1_000_000)
                return sorted(found.units[is_meant].tolist())
        return []

    return find


def _span(question: FunnelQuestion) -> Span:
    since, until = range_span(question)
    return since, until and until + timedelta(microseconds=question.window.microseconds)


KIND = Kind(
    name="funnel",
    title="Funnel",
    purpose="Who gets from step to step, where they are lost, and how long each step takes.",
    question=FunnelQuestion,
    read=_read,
    answer=_answer,
    span=_span,
    behind=_behind,
)
