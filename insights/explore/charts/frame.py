"""What all figures share: axes, colours by name of their custom property, notes, direct labels.

Colours are written as "var(--chart-1)", with "@0.3" for their opacity or "~0.3" for a mix with the surface; the page's
script resolves them when it draws, so that one figure serves light and dark.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from insights.explore.charts.reading import Reading
from insights.explore.contracts import Note

N_COLOURS = 8
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "x", "star")
_LABEL_PX_PER_LETTER = 6.6
_LABEL_LETTERS = 22
_BETWEEN = " · "  # the values of a breakdown

End = tuple[int | None, str, Any, float]


def colour(number: int, opacity: float = 1.0) -> str:
    """Return the colour of the n-th series, counted from 0."""
    name = f"var(--chart-{number % N_COLOURS + 1})"
    return name if opacity == 1.0 else f"{name}@{opacity}"


def base_layout(**extra: Any) -> dict[str, Any]:
    """Return the layout that every figure starts from."""
    layout: dict[str, Any] = {
        "font": {"family": "var(--font)", "size": 12, "color": "var(--text-muted)"},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 48, "r": 16, "t": 24, "b": 40, "pad": 4},
        "showlegend": False,
        "hovermode": "closest",
        "hoverlabel": {
            "bgcolor": "var(--surface)",
            "bordercolor": "var(--border-control)",
            "font": {"family": "var(--font)", "size": 12, "color": "var(--text)"},
            "align": "left",
            "namelength": -1,
        },
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": "var(--text-muted)", "activecolor": "var(--accent)"},
        "dragmode": "zoom",
        "autosize": True,
    }
    return {**layout, **extra}


_TICKS = {"month": "%b %Y", "quarter": "Q%q %Y", "year": "%Y"}
_HOVER = {
    "hour": "%-d %b %Y, %H:%M",
    "day": "%A, %-d %b %Y",
    "week": "week of %-d %b %Y",
    "month": "%B %Y",
    "quarter": "Q%q %Y",
    "year": "%Y",
}


def label_axis(reading: Reading) -> dict[str, Any]:
    """Return the axis of the labels: time where they are days, categories otherwise."""
    axis: dict[str, Any] = {
        "showgrid": False,
        "zeroline": False,
        "linecolor": "var(--border)",
        "tickcolor": "var(--border)",
        "ticks": "outside",
        "ticklen": 4,
        "automargin": "height",
    }
    if not reading.is_time:
        return {**axis, "type": "category", "fixedrange": True, **_category_ticks(reading)}
    axis |= {"type": "date", "hoverformat": _HOVER.get(reading.interval, "%-d %b %Y"), "nticks": 10}
    if reading.interval in _TICKS:
        axis["tickformat"] = _TICKS[reading.interval]
    else:
        axis["tickformatstops"] = [
            {"dtickrange": [None, 86_400_000 - 1], "value": "%H:%M\n%-d %b"},
            {"dtickrange": [86_400_000, "M1"], "value": "%-d %b\n%Y"},
            {"dtickrange": ["M1", None], "value": "%b\n%Y"},
        ]
    if len(reading.labels) <= 8:
        texts = [text.removeprefix("week of ") for text in reading.texts]
        if len({label[:4] for label in reading.labels}) == 1 and reading.interval in ("day", "week"):
            texts = [text.removesuffix(f" {reading.labels[0][:4]}") for text in texts]
        axis |= {"tickmode": "array", "tickvals": reading.labels, "ticktext": texts}
    return axis


def _category_ticks(reading: Reading) -> dict[str, Any]:
    """Return the ticks of an axis without time: every text where they are few, else numbers with a title."""
    found: dict[str, Any] = {"tickangle": 0}
    if reading.kind == "funnel":  # the beginning of a stretch says enough
        every = max(1, -(-len(reading.labels) // 8))
        texts = [text.partition(" to ")[0] for text in reading.texts[::every]]
        words = "time from the first step to the last"
        return found | {
            "tickmode": "array",
            "tickvals": reading.labels[::every],
            "ticktext": texts,
            "title": {"text": words, "standoff": 4},
        }
    if len(reading.labels) <= 8:
        return found | {"tickmode": "array", "tickvals": reading.labels, "ticktext": reading.texts}
    words = f"{reading.interval}s" + (" after the start" if reading.kind == "retention" else "")
    found |= {"nticks": 12, "title": {"text": words, "standoff": 4}}
    reached = [place for line in reading.lines for place, value in enumerate(line.values) if value]
    end = max(reached, default=0) + 1
    return found | ({"range": [-0.5, end + 0.5]} if end < 0.6 * len(reading.labels) else {})  # the rest is zeros


def value_axis(*, top: float, has_zero_line: bool = False, suffix: str = "") -> dict[str, Any]:
    """Return the axis of the numbers up to `top`: hairlines, from zero; "1.5k" for thousands, but no "80m" for 0.08."""
    return {
        "gridcolor": "var(--border)",
        "gridwidth": 1,
        "zeroline": has_zero_line,
        "zerolinecolor": "var(--border-control)",
        "zerolinewidth": 1,
        "rangemode": "tozero",
        "fixedrange": True,
        "ticksuffix": suffix,
        "separatethousands": True,
        "tickformat": "" if suffix else "~s" if top >= 1000 else "~g",
        "nticks": 6,
        "automargin": "width",
    }


def shorten(text: str, letters: int = _LABEL_LETTERS) -> str:
    """Return a text that fits a label; of the values of a breakdown each keeps its beginning, which tells them apart.

    >>> shorten("enterprise · burndown · member"), shorten("a name of more than twenty-two letters")
    ('ente… · burn… · member', 'a name of more than t…')
    """
    parts, rooms = text.split(_BETWEEN), [len(part) for part in text.split(_BETWEEN)]
    least = 4 if len(parts) > 1 else 2
    while sum(rooms) + len(_BETWEEN) * (len(parts) - 1) > letters and max(rooms) > least:
        rooms[rooms.index(max(rooms))] -= 1
    kept = [part if len(part) <= n else part[: n - 1].rstrip() + "…" for part, n in zip(parts, rooms, strict=True)]
    return _BETWEEN.join(kept)


def label_margin(names: list[str]) -> int:
    """Return the room in pixels that direct labels need at the right."""
    widths = (sum(1.3 if letter.isupper() else 1 for letter in shorten(name)) for name in names)
    return round(max(widths, default=0) * _LABEL_PX_PER_LETTER) + 20


def spread(places: list[float], gap: float, low: float, high: float) -> list[float]:
    """Return the places pushed apart to at least `gap`, in the same order of size, kept inside [low, high].

    >>> spread([1.0, 1.0], 1.0, 0.0, 10.0)
    [1.0, 2.0]
    """
    order = sorted(range(len(places)), key=lambda number: places[number])
    found = list(places)
    floor = low
    for number in order:
        found[number] = max(found[number], floor)
        floor = found[number] + gap
    ceiling = high
    for number in reversed(order):
        found[number] = min(found[number], ceiling)
        ceiling = found[number] - gap
    return found


def end_labels(ends: list[End], top: float, bottom: float = 0.0) -> list[dict[str, Any]]:
    """Return the names beside the ends of lines: (series number or None, name, x, y) each, kept apart.

    Only as many as fit, the topmost first; hovering names the others.
    """
    gap = (top - bottom) * 0.065 or 1.0
    shown = sorted(ends, key=lambda end: -end[3])[:14]
    places = spread([end[3] for end in shown], gap, bottom, max(top, bottom + gap * len(shown)))
    return [
        {
            "x": 1,
            "xref": "paper",
            "xanchor": "left",
            "xshift": 6,
            "y": place,
            "yref": "y",
            "text": escape(shorten(name)),
            "showarrow": False,
            "font": {"color": "var(--text-muted)" if number is None else colour(number), "size": 12},
            "align": "left",
            "hovertext": escape(name) if len(name) > _LABEL_LETTERS else None,
        }
        for (number, name, _, _), place in zip(shown, places, strict=True)
    ]


def escape(text: str) -> str:
    """Return a text in which Plotly finds no markup and no place holder of its own."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("%{", "%\u200b{")


def _reach(days: Sequence[str]) -> tuple[str, str]:
    """Return the first and the last day of a time axis, the newest interval included."""
    first, last = days[0][:10], date.fromisoformat(days[-1][:10])
    before = date.fromisoformat(days[-2][:10]) if len(days) > 1 else last
    return first, max(last, last + (last - before) - timedelta(days=1)).isoformat()


def draw_notes(layout: dict[str, Any], notes: list[Note], days: Sequence[str]) -> None:
    """Draw thin verticals (bands for ranges) with the number that explains each below the chart.

    `days` are the places of the time axis; what lies outside of them is not drawn: it would stretch the axis.
    """
    shapes = layout.setdefault("shapes", [])
    labels = layout.setdefault("annotations", [])
    first, last = _reach(days) if days else ("", "")
    for number, note in enumerate(notes, 1):
        if str(note.starts_on) > last or str(note.ends_on or note.starts_on) < first:
            continue
        if note.ends_on and note.ends_on != note.starts_on:
            shapes.append(
                {
                    "type": "rect",
                    "x0": note.starts_on,
                    "x1": note.ends_on,
                    "y0": 0,
                    "y1": 1,
                    "yref": "paper",
                    "line": {"width": 0},
                    "fillcolor": "var(--text-muted)@0.12",
                    "layer": "below",
                }
            )
        else:
            line = {"color": "var(--text-muted)", "width": 1}
            shapes.append(
                {
                    "type": "line",
                    "x0": note.starts_on,
                    "x1": note.starts_on,
                    "y0": 0,
                    "y1": 1,
                    "yref": "paper",
                    "line": line,
                }
            )
        # Above the plot; beside its line where a legend is there.
        place = {"yanchor": "top", "xanchor": "left"} if layout.get("showlegend") else {"yanchor": "bottom"}
        labels.append(
            {
                "x": note.starts_on,
                "y": 1,
                "yref": "paper",
                **place,
                "text": str(note.number or number),
                "showarrow": False,
                "font": {"color": "var(--text-muted)", "size": 11},
                "hovertext": escape(note.text),
            }
        )


def legend() -> dict[str, Any]:
    """Return a legend above the plot, for figures whose marks have no end to label."""
    return {
        "orientation": "h",
        "x": 0,
        "xanchor": "left",
        "y": 1.02,
        "yanchor": "bottom",
        "font": {"color": "var(--text)", "size": 12},
        "itemclick": False,
        "itemdoubleclick": False,
        "traceorder": "normal",
    }
