"""Paths: what people do after an event, or on the way to one, step by step through a session."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from insights.questions.calendar import EPOCH
from insights.questions.contracts import EventSpec, PathsQuestion, Window
from insights.questions.kinds.contracts import Kind
from insights.questions.reading import ObjectReader
from insights.questions.running import Groups, Run
from insights.questions.specs import read_event_spec
from insights.questions.sql import Statement

if TYPE_CHECKING:
    from insights.questions.paths_found import FoundPaths

MAX_STEPS, MAX_EDGES = 10, 200
_LONGEST_GAP = {"second": 604_800, "minute": 10_080, "hour": 168, "day": 7}


def _read(reader: ObjectReader) -> dict[str, Any]:
    given = {key: reader.take(key) for key in ("start", "end")}
    points = {
        key: read_event_spec(value, reader.at(key), reader.faults) for key, value in given.items() if value is not None
    }
    if not points:
        reader.fault("start", "Name the event that paths start with, or in “end” the one that they lead to.")
    elif len(points) == 2:
        reader.fault("end", "Paths have a start or an end, not both. Leave one of them out.")
    return {
        "start": points.get("start"),
        "end": points.get("end"),
        "steps": reader.whole_number("steps", 5, least=2, most=MAX_STEPS),
        "edges": reader.whole_number("edges", 50, least=1, most=MAX_EDGES),
        "repeats": reader.flag("repeats"),
        "session_gap": _read_gap(reader),
    }


def _read_gap(reader: ObjectReader) -> Window:
    if reader.take("session_gap") is None:
        return Window(30, "minute")
    inner = ObjectReader(reader.value["session_gap"], reader.at("session_gap"), reader.faults)
    unit = inner.choice("unit", tuple(_LONGEST_GAP), "minute")
    value = inner.whole_number("value", 30, least=1, most=_LONGEST_GAP[unit])
    inner.finish()
    return Window(value, unit)


def _find(question: PathsQuestion, run: Run) -> "FoundPaths":
    import numpy as np

    from insights.questions.paths_found import FoundPaths
    from insights.questions.paths_kernel import find_paths

    since, until = run.buckets.since, run.buckets.until
    statement = Statement()
    found = run.arrays(statement, _events_sql(statement, question, run), since, until)
    units, times, marks = (np.ma.getdata(found[name]) for name in ("u", "t", "c"))  # none of them is ever NULL
    codes = np.unique(np.flatnonzero(np.bincount(marks)) >> 1) if len(marks) else np.empty(0, np.int64)
    words = run.snapshot.names_of(codes.tolist())
    forced = run.forced[0].top if 0 in run.forced else None
    extra = {end for text in forced or () for end in json.loads(text)[1:]}
    names = sorted(extra | set(words.values()))
    places = {name: place for place, name in enumerate(names)}
    place_of = np.zeros(
        2 * (int(codes.max()) + 1) if len(codes) else 1, np.int32
    )  # by mark: twice the code, or one more
    place_of[2 * codes] = place_of[2 * codes + 1] = [places[words[code]] for code in codes.tolist()]
    paths = find_paths(
        units,
        times,
        place_of[marks],
        (marks & 1) == 1,
        n_steps=question.steps,
        gap=question.session_gap.microseconds,
        span=(until - since) // timedelta(microseconds=1),
        is_backward=question.is_backward,
        repeats=question.repeats,
        check=run.check_time,
    )
    return FoundPaths(question, paths, names, forced)


def _events_sql(statement: Statement, question: PathsQuestion, run: Run) -> str:
    """Return the events to follow: unit u, time t, and twice the event's code c, one more for starts (or ends)."""
    since, until = run.buckets.since, run.buckets.until
    rows = run.event_rows(statement)
    fits = " and ".join(rows.matches(question.point)) or "true"
    origin = statement.bind((since - EPOCH) // timedelta(microseconds=1))
    columns = {
        "u": rows.unit(),
        "t": f"(epoch_us(e.ts) - {origin})::bigint",
        "c": f"(e.event_code::integer * 2 + case when {fits} then 1 else 0 end)",
    }
    where = [*rows.between(since, until), *rows.holds(question.filters)]
    if question.unit == "account":
        where.append(f"{rows.unit()} is not null")
    if question.point != EventSpec(None):
        where.append(_near_points(statement, question, run))
        rows.joins["points"] = f"join points on points.u = {rows.unit()}"
    return rows.select(columns, where)


def _near_points(statement: Statement, question: PathsQuestion, run: Run) -> str:
    """Name the units that have a start (or end); return the condition that leaves out what no path of theirs holds."""
    since, until = run.buckets.since, run.buckets.until
    points = run.event_rows(statement)
    where = [*points.matches(question.point), *points.between(since, until), *points.holds(question.filters)]
    bound = "max(e.ts)" if question.is_backward else "min(e.ts)"
    columns = {"u": points.unit(), "bound": bound}
    statement.cte("points", points.select(columns, where, "group by 1"), is_materialized=True)
    return "e.ts <= points.bound" if question.is_backward else "e.ts >= points.bound"


def _answer(question: PathsQuestion, run: Run) -> dict[str, Any]:
    from insights.questions.paths_shapes import build_edges, build_flow, count_places, name_of

    found = _find(question, run)
    named = [found.edge_of(number) for number in found.shown]
    run.groups[0] = Groups(
        tuple(json.dumps([step, name_of(found, start), name_of(found, to)]) for step, start, to in named), True
    )
    places = count_places(found, found.shown_places)
    edges = build_edges(found, places)
    return {
        "n_steps": question.steps,
        "n_people": int(found.units[-1]) + 1 if len(found.units) else 0,
        "n_paths": len(found.paths.units),
        "nodes": list(dict.fromkeys(place["name"] for place in places)),
        "edges": edges,
        "places": places,
        "flow": build_flow(found) if found.forced is None else None,
    }


def _behind(question: PathsQuestion, cell: ObjectReader) -> Callable[[Run], list[int]]:
    last = question.steps if cell.has("event") else question.steps - 1
    step = cell.whole_number("step", 1, least=1, most=last)
    if cell.has("event"):
        event, is_end = _read_name(cell, "event"), cell.flag("ended")
        return lambda run: _people_at(_find(question, run), step - 1, event, is_end)
    start, to = _read_name(cell, "from_event"), _read_name(cell, "to_event")
    return lambda run: _people_along(_find(question, run), step - 1, start, to)


def _read_name(cell: ObjectReader, key: str) -> str | None:
    """Read the name of an event as the answer has it; null means "other"."""
    if cell.has(key) and cell.take(key) is None:
        return None
    return cell.text(key)


def _place(found: "FoundPaths", name: str | None) -> int | None:
    """Return the place of a name, that of "other" for None; None for a name that no event has."""
    if name is None:
        return found.n_names
    return found.names.index(name) if name in found.names else None


def _people_at(found: "FoundPaths", step: int, event: str | None, is_end: bool) -> list[int]:
    counted, place = found.ended if is_end else found.events, _place(found, event)
    if place is None:
        return []
    if event is None:
        return _numbers(found, found.events_shown(counted, found.shown_places)[step].units_of(place))
    return _numbers(found, counted.units_of(step * found.size + place))


def _people_along(found: "FoundPaths", step: int, start: str | None, to: str | None) -> list[int]:
    counted, ends = found.rest if None in (start, to) else found.edges, (_place(found, start), _place(found, to))
    if ends[0] is None or ends[1] is None:
        return []
    return _numbers(found, counted.units_of((step * found.size + ends[0]) * found.size + ends[1]))


def _numbers(found: "FoundPaths", units: Any) -> list[int]:
    return [int(number) for number in found.owners[units]]


KIND = Kind(
    name="paths",
    title="Paths",
    purpose="What people do next after an event, or what leads up to one, step by step.",
    question=PathsQuestion,
    read=_read,
    answer=_answer,
    behind=_behind,
)
