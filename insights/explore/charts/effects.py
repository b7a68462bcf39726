"""What goes with it: the difference that an event of the first days goes with, each with its interval."""

from collections.abc import Iterator
from typing import Any

from insights.explore.charts import frame
from insights.explore.charts.reading import question_of
from insights.explore.charts.words import say_number, say_rate
from insights.explore.contracts import Cell, Column, Table
from insights.questions.words import say_units

_MOST = 15
_STATES = {"goes_with": "Holds up", "not_confirmed": "Not confirmed", "too_few": "Too few to compare"}
_TOO_FEW = "too few to compare: fewer than 20 in a half did it, or did not"


def shown_effects(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the events that a drawing shows: those that hold up, the largest difference first."""
    return [one for one in answer["events"] if one["state"] == "goes_with"][:_MOST]


def say_found(answer: dict[str, Any]) -> list[str]:
    """Return what a reader must know before believing any of it."""
    n = sum(one["state"] == "goes_with" for one in answer["events"])
    tested, no_cause = say_number(answer["n_tested"]), "those who do more of everything also stay more"
    if not n:
        return [f"Whatever is found here goes with it, and does not cause it: {no_cause}."]
    return [
        f"Goes with, not caused by: {no_cause}.",
        f"{n} of {tested} events hold up: found in one half of the {say_number(answer['n'])} "
        f"{say_units(question_of(answer))} (false discovery rate 5 %), there again in the other half, whose difference "
        "is shown.",
    ]


def say_nothing(answer: dict[str, Any]) -> tuple[str, ...]:
    """Return what stands in the drawing's place where no event holds up, () where one does."""
    if shown_effects(answer):
        return ()
    if not answer["n_tested"]:
        n, units = say_number(answer["n"]), say_units(question_of(answer))
        return (
            "There are too few to compare.",
            f"An event can be compared where at least 20 of each half of the {n} {units} did it and 20 did not. Choose "
            "a longer period.",
        )
    return (
        "No event holds up.",
        f"What {say_number(answer['n_tested'])} events go with in one half is not there again in the other, or too "
        "small to tell from chance. A longer period sees smaller differences; the table has each event.",
    )


def build_effects(answer: dict[str, Any]) -> dict[str, Any]:
    """Draw a mark for each event that holds up: the difference of the shares, with its interval."""
    events = shown_effects(answer)
    effects = [100 * one["effect"] for one in events]
    trace = {
        "type": "scatter",
        "mode": "markers",
        "name": "difference",
        "x": effects,
        "y": [frame.escape(frame.shorten(one["event"], 28)) for one in events],
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [100 * one["high"] - effect for one, effect in zip(events, effects, strict=True)],
            "arrayminus": [effect - 100 * one["low"] for one, effect in zip(events, effects, strict=True)],
            "color": "var(--text-muted)",
            "thickness": 1.5,
        },
        "marker": {"color": frame.colour(0), "size": 10},
        "customdata": [[_hover(one), f"{place}-did"] for place, one in enumerate(events)],
        "hovertemplate": "%{customdata[0]}<extra></extra>",
    }
    layout = frame.base_layout(
        xaxis={
            "ticksuffix": " pp",
            "zeroline": True,
            "zerolinecolor": "var(--text-muted)",
            "fixedrange": True,
            "title": {"text": "difference in percentage points"},
        },
        yaxis={"autorange": "reversed", "automargin": "width", "fixedrange": True, "ticks": ""},
    )
    return {"data": [trace] if events else [], "layout": layout}


def _hover(one: dict[str, Any]) -> str:
    did, others = one["did"], one["others"]
    return "<br>".join(
        [
            frame.escape(one["event"]),
            f"did it: {say_rate(did['rate'])} of {say_number(did['n'])} later",
            f"did not: {say_rate(others['rate'])} of {say_number(others['n'])} later",
            f"difference {_say_points(one['effect'])} ({_say_points(one['low'])} to {_say_points(one['high'])})",
        ]
    )


def _say_points(value: float | None) -> str:
    return "" if value is None else f"{100 * value:+.1f} pp".replace("-", "\u2212")


def effect_table(answer: dict[str, Any]) -> Table:
    """Return a row an event: what holds up first, then by size."""
    units = say_units(question_of(answer))
    columns = [
        Column(f"In the first {answer['days']} days"),
        Column("Goes with it"),
        Column("Difference", "percentage points", is_number=True),
        Column("95 % interval", "", is_number=True),
        Column("Did it", units, is_number=True),
        Column("Of them later", "%", is_number=True),
        Column("Did not", units, is_number=True),
        Column("Of them later", "%", is_number=True),
        Column("Found by chance", "corrected p", is_number=True),
    ]
    rows = [_row(one, place) for place, one in enumerate(answer["events"])]
    earlier = {one["event"]: one for one in (answer.get("compare") or {}).get("events") or []}
    if answer.get("compare"):
        columns.append(Column("Difference (before)", "percentage points", is_number=True))
        for row, one in zip(rows, answer["events"], strict=True):
            row.append(_points(earlier.get(one["event"], {}).get("effect")))
    return Table(columns, rows)


def _row(one: dict[str, Any], place: int) -> list[Cell]:
    did, others, q = one["did"], one["others"], one["q"]
    interval = f"{_say_points(one['low'])} to {_say_points(one['high'])}" if one["low"] is not None else ""
    chance = "" if q is None else "under 0.001" if q < 0.001 else f"{q:.3f}"
    return [
        Cell(one["event"], one["event"]),
        Cell(one["state"], _STATES[one["state"]], is_number=False),
        _points(one["effect"]),
        Cell(interval or None, interval),
        Cell(did["n"], say_number(did["n"]), point=f"{place}-did"),
        Cell(did["rate"], say_rate(did["rate"]), point=f"{place}-did-later", form="rate"),
        Cell(others["n"], say_number(others["n"]), point=f"{place}-others"),
        Cell(others["rate"], say_rate(others["rate"]), point=f"{place}-others-later", form="rate"),
        Cell(q, chance, why_empty=_TOO_FEW if q is None else ""),
    ]


def _points(effect: float | None) -> Cell:
    points = None if effect is None else 100 * effect
    return Cell(points, _say_points(effect), why_empty=_TOO_FEW if effect is None else "")


def effect_cells(answer: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the cell that `list_people` understands for each point of chart and table."""
    for place, one in enumerate(answer["events"]):
        for who, more in (("did", {}), ("others", {"others": True})):
            yield f"{place}-{who}", {"event": one["event"], **more}
            yield f"{place}-{who}-later", {"event": one["event"], **more, "later": True}
