"""Paths: a flow from step to step, and a table of its edges and of what paths ended with."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from insights.explore.charts import frame
from insights.explore.charts.reading import question_of
from insights.explore.charts.words import say_number, say_rate
from insights.explore.contracts import Cell, Column, Note, Table
from insights.questions.words import say_units
from portal.shell.contracts import say_duration

Place = dict[str, Any]
_LETTERS = 20
_REST = "other"
_UNSEEN, _NO_COLOUR = 1e-6, "rgba(0,0,0,0)"
TOO_FEW = "too few to say (fewer than 5)"


def is_backward(answer: dict[str, Any]) -> bool:
    """Say whether the paths lead up to an event."""
    return bool(question_of(answer).get("end"))


def _stop_word(answer: dict[str, Any]) -> str:
    return "began here" if is_backward(answer) else "ended here"


def _edge_key(edge: dict[str, Any]) -> tuple[Any, ...]:
    return edge["step"], edge["from_event"], edge["to_event"]


def path_cells(answer: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (point, cell) for each edge, place and end of the paths."""
    for number, edge in enumerate(answer["edges"]):
        yield f"edge-{number}", {key: edge[key] for key in ("step", "from_event", "to_event")}
    for number, place in enumerate(answer["places"]):
        cell = {"step": place["step"], "event": place["event"]}
        yield f"place-{number}", cell
        yield f"stop-{number}", {**cell, "ended": True}


def path_table(answer: dict[str, Any]) -> Table:
    """Return a row for each edge, step by step, most people first, and one for those whose paths stop at a place."""
    units, stop = say_units(question_of(answer)), _stop_word(answer)
    is_before = is_backward(answer)
    near = "to_event" if is_before else "from_event"
    known = {(place["step"], place["event"]): (number, place) for number, place in enumerate(answer["places"])}
    columns = [
        Column("Steps"),
        Column("From"),
        Column("To"),
        Column(units.capitalize(), is_number=True),
        Column("Out of", units, is_number=True),
        Column("Share", "%", is_number=True),
        Column("Median time", "", is_number=True),
    ]
    before = (answer.get("compare") or {}).get("edges")
    if before is not None:
        columns.append(Column(f"{units.capitalize()} (before)", is_number=True))
    counts_before = {_edge_key(edge): edge["count"] for edge in before or []}
    rows = []  # (how far from where the paths start or end, whether it tells of stops, cells)
    for number, edge in enumerate(answer["edges"]):
        rate = edge["rate"]["rate"]
        row = [
            Cell(edge["step"], f"{edge['step']} → {edge['step'] + 1}"),
            _name_cell(edge["from_event"]),
            _name_cell(edge["to_event"]),
            Cell(edge["count"], say_number(edge["count"]), point=f"edge-{number}"),
            _out_of(known.get((edge["step"] + is_before, edge[near]))),
            Cell(rate, say_rate(rate), why_empty=TOO_FEW if rate is None else "", form="rate"),
            Cell(edge["median_s"], say_duration(edge["median_s"]), form="seconds"),
        ]
        if before is not None:
            count = counts_before.get(_edge_key(edge), 0)
            row.append(Cell(count, say_number(count)))
        rows.append((answer["n_steps"] - edge["step"] - 1 if is_before else edge["step"] - 1, False, row))
    for number, place in enumerate(answer["places"]):
        if place["ended"]:
            distance = answer["n_steps"] - place["step"] if is_before else place["step"] - 1
            rows.append((distance, True, _stop_row(place, number, stop, len(columns))))
    return Table(columns, [row for _, _, row in sorted(rows, key=lambda item: item[:2])])


def _name_cell(name: str | None) -> Cell:
    return Cell(_REST if name is None else name, _REST if name is None else name, is_number=False)


def _out_of(known: tuple[int, Place] | None) -> Cell:
    if known is None:
        return Cell(None, "", why_empty="nobody was there in this period")
    number, place = known
    return Cell(place["count"], say_number(place["count"]), point=f"place-{number}")


def _stop_row(place: Place, number: int, stop: str, width: int) -> list[Cell]:
    rate = place["ended"] / place["count"] if place["count"] >= 5 else None
    row = [
        Cell(place["step"], str(place["step"])),
        _name_cell(place["event"]),
        Cell(stop, stop, is_number=False),
        Cell(place["ended"], say_number(place["ended"]), point=f"stop-{number}"),
        _out_of((number, place)),
        Cell(rate, say_rate(rate), why_empty=TOO_FEW if rate is None else "", form="rate"),
        Cell(None, "", why_empty="a path that stops takes no time"),
    ]
    return row + [Cell(None, "", why_empty="of the newer period alone")] * (width - len(row))


def say_drawn(answer: dict[str, Any]) -> str:
    """Return what says that the drawing shows the commonest events of a step alone, "" where it shows all."""
    drawn = {(place["step"], place["event"]) for place in answer["flow"]["places"]}
    if all((place["step"], place["event"]) in drawn for place in answer["places"]):
        return ""
    return "The drawing shows the commonest events of each step, and the rest together as “other”. The table has more."


def most_in_a_step(answer: dict[str, Any]) -> int:
    """Return how many boxes stand under one another in the drawing's fullest column, that of ends included."""
    steps = [place["step"] for place in answer["flow"]["places"]]
    return max((steps.count(step) for step in set(steps)), default=0) + 1


def build_sankey(answer: dict[str, Any], notes: list[Note]) -> dict[str, Any]:
    """Draw a column a step, a box for each of its commonest events, and ribbons as wide as people went along.

    Those whose paths end (or begin) at a box go to (or come from) a grey box of their own, so that a box is as high as
    people were there.
    """
    units, places = say_units(question_of(answer)), answer["flow"]["places"]
    numbers = {(place["step"], place["event"]): number for number, place in enumerate(places)}
    tints = _tints(places)
    # "Other" of the drawing is more than "other" of the table: it leads to no list of people.
    named = [(number, edge) for number, edge in enumerate(answer["edges"]) if None not in _edge_key(edge)]
    points = {_edge_key(edge): f"edge-{number}" for number, edge in named}
    links = []
    for edge in answer["flow"]["edges"]:
        source, target = numbers[edge["step"], edge["from_event"]], numbers[edge["step"] + 1, edge["to_event"]]
        names = [frame.escape(places[number]["event"] or _REST) for number in (source, target)]
        words = f"{names[0]} → {names[1]}<br>{say_number(edge['count'])} {units}"
        tint = f"{tints[source]}@0.28"
        links.append(_Link(source, target, edge["count"], tint, words, points.get(_edge_key(edge), "")))
    stops, stop_links = _stops(answer, places, units)
    links += stop_links
    columns = [place["step"] for place in places] + stops
    if columns:  # Plotly writes the last column's names over the one before: an unseen column takes that place
        links.append(_Link(columns.index(max(columns)), len(columns), _UNSEEN, _NO_COLOUR, "", ""))
        columns.append(max(columns) + 1)
    trace = {
        "type": "sankey",
        "arrangement": "snap",
        "node": _nodes(answer, places, tints, units, stops)
        | {
            "x": [min(0.001 + (step - 1) / answer["n_steps"], 0.999) for step in columns],
            "y": _heights(columns, links),
        },
        "link": {
            "source": [link.source for link in links],
            "target": [link.target for link in links],
            "value": [link.value for link in links],
            "color": [link.tint for link in links],
            "customdata": [[link.words, link.point] for link in links],
            "hovertemplate": "%{customdata[0]}<extra></extra>",
        },
        "meta": {
            "columns": answer["n_steps"],
            "names": [frame.escape(place["event"] or _REST) for place in places]
            + [_stop_word(answer)] * len(stops)
            + [""],
            "counts": [say_number(place["count"]) for place in places] + [""] * (len(stops) + 1),
        },
        "textfont": {"color": "var(--text)", "size": 12},
    }
    layout = frame.base_layout(paper_bgcolor="var(--surface)")
    layout["margin"] |= {"l": 4, "r": 4, "t": 12, "b": 12}
    return {"data": [trace], "layout": layout}


@dataclass(frozen=True)
class _Link:
    """A ribbon: from one box to another, by their numbers."""

    source: int
    target: int
    value: float
    tint: str
    words: str
    point: str


def _tints(places: list[Place]) -> list[str]:
    """Return a colour for each place: one for each name, the commonest first; grey for the rest."""
    size: dict[str, int] = {}
    for place in places:
        if place["event"] is not None:
            size[place["event"]] = size.get(place["event"], 0) + place["count"]
    ranked = sorted(size, key=lambda name: (-size[name], name))
    tint = {name: frame.colour(number) for number, name in enumerate(ranked[: frame.N_COLOURS - 1])}
    return [tint.get(place["event"], frame.colour(frame.N_COLOURS - 1)) for place in places]


def _stops(answer: dict[str, Any], places: list[Place], units: str) -> tuple[list[int], list[_Link]]:
    """Return the columns of the boxes for paths that end (or begin) within the drawing, and the ribbons there."""
    step_on, outside = (-1, 0) if is_backward(answer) else (1, answer["n_steps"] + 1)
    known = {(place["step"], place["event"]): number for number, place in enumerate(answer["places"])}
    columns: list[int] = []
    links = []
    for number, place in enumerate(places):
        column = place["step"] + step_on
        if not place["ended"] or column == outside:
            continue
        if column not in columns:
            columns.append(column)
        box = len(places) + columns.index(column)
        ends = (box, number) if is_backward(answer) else (number, box)
        words = f"{frame.escape(place['event'] or _REST)}, {_stop_word(answer)}<br>{say_number(place['ended'])} {units}"
        named = known.get((place["step"], place["event"])) if place["event"] is not None else None
        point = "" if named is None else f"stop-{named}"
        links.append(_Link(*ends, place["ended"], "var(--text-muted)@0.14", words, point))
    return columns, links


def _nodes(
    answer: dict[str, Any], places: list[Place], tints: list[str], units: str, stops: list[int]
) -> dict[str, Any]:
    known = {(place["step"], place["event"]): f"place-{number}" for number, place in enumerate(answer["places"])}
    labels, custom = [], []
    for place in places:
        name = _REST if place["event"] is None else place["event"]
        labels.append(f"{frame.escape(frame.shorten(name, _LETTERS))}  {say_number(place['count'])}")
        words = f"{place['step']}. {frame.escape(name)}<br>{say_number(place['count'])} {units}"
        if place["ended"]:
            words += f"<br>{say_number(place['ended'])} {_stop_word(answer)}"
        point = "" if place["event"] is None else known.get((place["step"], place["event"]), "")
        custom.append([words, point])
    return {
        "label": labels + [_stop_word(answer)] * len(stops) + [""],
        "color": tints + ["var(--border-control)"] * len(stops) + [_NO_COLOUR],
        "customdata": custom + [[_stop_word(answer), ""]] * len(stops) + [["", ""]],
        "hovertemplate": "%{customdata[0]}<extra></extra>",
        "pad": 20,
        "thickness": 14,
        "line": {"width": 0},
    }


_PAD = 0.06  # of the height, between two boxes


def _heights(columns: list[int], links: list[_Link]) -> list[float]:
    """Return the middle of each box in its column, 0 on top: under one another, in the order given."""
    sums = [[0.0, 0.0] for _ in columns]
    for link in links:
        sums[link.source][0] += link.value
        sums[link.target][1] += link.value
    sizes = [max(both) for both in sums]
    totals: dict[int, float] = {}
    for column, size in zip(columns, sizes, strict=True):
        totals[column] = totals.get(column, 0.0) + size
    scales = [(1 - _PAD * (columns.count(column) - 1)) / max(total, 1) for column, total in totals.items()]
    scale = min(scales, default=1.0)
    passed: dict[int, float] = {}
    found = []
    for column, size in zip(columns, sizes, strict=True):
        top = passed.get(column, 0.0)
        found.append(min(max(0.001, top + size * scale / 2), 0.999))
        passed[column] = top + size * scale + _PAD
    return found
