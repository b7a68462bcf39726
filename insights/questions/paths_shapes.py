"""The parts of an answer about paths: places and edges by step, and the flow that a drawing shows."""

from typing import Any

from insights.questions.grouped import OTHER
from insights.questions.paths_found import FoundPaths, passages_of
from insights.questions.paths_kernel import count_units, medians
from insights.questions.rates import rate_of

MOST_DRAWN = 6  # names of a step that a drawing has room for, beside "other"


def name_of(found: FoundPaths, place: int | None) -> str | None:
    """Return the name of an event by its place; None is "other"."""
    return None if place is None else found.names[place]


def _label(step: int, name: str | None) -> str:
    return f"{step + 1}. {OTHER if name is None else name}"


def count_places(found: FoundPaths, events: Any, shown: list[list[int]]) -> list[dict[str, Any]]:
    """Return for each step the events that are shown there, most people first, and the rest as "other"."""
    steps = []
    for column in range(found.question.steps):
        there = events[:, column]
        counts, ended = (
            _as_dict(count_units(there[is_meant], found.units[is_meant]))
            for is_meant in (there >= 0, (there >= 0) & found.stops[:, column])
        )
        places = sorted(set(shown[column]) & counts.keys(), key=lambda place: (-counts[place], place))
        for place in [*places, *([found.n_names] if found.n_names in counts else [])]:
            name = None if place == found.n_names else found.names[place]
            steps.append(
                {
                    "name": _label(column, name),
                    "step": column + 1,
                    "event": name,
                    "count": counts[place],
                    "ended": ended.get(place, 0),
                }
            )
    return steps


def build_edges(found: FoundPaths, places: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the most frequent edges, then of each step those that are not among them, together as "other"."""
    edges, _, took = found.passages
    rest, rows, rest_took = found.rest
    n_rest = _as_dict(count_units(rest, found.units[rows]))
    took_by = medians(edges, took) | medians(rest, rest_took)
    by_size = sorted(n_rest.items(), key=lambda item: (found.edge_of(item[0])[0], -item[1], item[0]))
    there = {(place["step"], place["event"]): place["count"] for place in places}
    shown = []
    for number, count in [*found.shown.items(), *by_size]:
        step, start, to = found.edge_of(number)
        names = (name_of(found, start), name_of(found, to))
        near = (step + 2, names[1]) if found.question.is_backward else (step + 1, names[0])
        median = took_by.get(number)
        shown.append(
            {
                "from": _label(step, names[0]),
                "to": _label(step + 1, names[1]),
                "step": step + 1,
                "from_event": names[0],
                "to_event": names[1],
                "count": count,
                "rate": rate_of(count, there.get(near, 0)),
                "median_s": None if median is None else median / 1_000_000,
            }
        )
    return shown


def _as_dict(pairs: tuple[Any, Any]) -> dict[int, int]:
    return dict(zip(*(part.tolist() for part in pairs), strict=True))


def build_flow(found: FoundPaths) -> dict[str, Any]:
    """Return the same paths with so few names a step that a drawing can be read; the rest is "other" by name."""
    shown = [list(found.column_counts(column, MOST_DRAWN)) for column in range(found.question.steps)]
    events = found.relabelled(shown)
    edges, rows, _ = passages_of(events, found.paths.times, found.n_names)
    counts = _as_dict(count_units(edges, found.units[rows]))
    links = []
    for number in sorted(counts, key=lambda number: (-counts[number], number)):
        step, start, to = found.edge_of(number)
        links.append(
            {
                "step": step + 1,
                "from_event": name_of(found, start),
                "to_event": name_of(found, to),
                "count": counts[number],
            }
        )
    return {"places": count_places(found, events, shown), "edges": links}
