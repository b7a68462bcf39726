"""The parts of an answer about paths: places and edges by step, and the flow that a drawing shows."""

from typing import Any

from insights.questions.grouped import OTHER
from insights.questions.paths_found import FoundPaths, Shown
from insights.questions.rates import rate_of

MOST_DRAWN = 6  # names of a step that a drawing has room for, beside "other"


def name_of(found: FoundPaths, place: int | None) -> str | None:
    """Return the name of an event by its place; None is "other"."""
    return None if place is None else found.names[place]


def _label(step: int, name: str | None) -> str:
    return f"{step + 1}. {OTHER if name is None else name}"


def count_places(found: FoundPaths, shown: Shown) -> list[dict[str, Any]]:
    """Return for each step the events that are shown there, most people first, and the rest as "other"."""
    steps = []
    by_step, ended_by_step = found.events_shown(found.events, shown), found.events_shown(found.ended, shown)
    for step in range(found.question.steps):
        counts, ended = by_step[step].as_dict(), ended_by_step[step].as_dict()
        places = sorted(set(shown[step]) & counts.keys(), key=lambda place: (-counts[place], place))
        for place in [*places, *([found.n_names] if found.n_names in counts else [])]:
            name = None if place == found.n_names else found.names[place]
            steps.append(
                {
                    "name": _label(step, name),
                    "step": step + 1,
                    "event": name,
                    "count": counts[place],
                    "ended": ended.get(place, 0),
                }
            )
    return steps


def build_edges(found: FoundPaths, places: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the most frequent edges, then of each step those that are not among them, together as "other"."""
    by_size = sorted(found.rest.as_dict().items(), key=lambda item: (found.edge_of(item[0])[0], -item[1], item[0]))
    there = {(place["step"], place["event"]): place["count"] for place in places}
    shown = []
    for number, count in [*found.shown.items(), *by_size]:
        step, start, to = found.edge_of(number)
        names = (name_of(found, start), name_of(found, to))
        near = (step + 2, names[1]) if found.question.is_backward else (step + 1, names[0])
        shown.append(
            {
                "from": _label(step, names[0]),
                "to": _label(step + 1, names[1]),
                "step": step + 1,
                "from_event": names[0],
                "to_event": names[1],
                "count": count,
                "rate": rate_of(count, there.get(near, 0)),
                "median_s": found.median_s.get(number),
            }
        )
    return shown


def build_flow(found: FoundPaths) -> dict[str, Any]:
    """Return the same paths with so few names a step that a drawing can be read; the rest is "other" by name."""
    shown = [found.commonest(step, MOST_DRAWN) for step in range(found.question.steps)]
    counts = found.edges_shown(shown).as_dict()
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
    return {"places": count_places(found, shown), "edges": links}
