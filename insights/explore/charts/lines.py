"""Lines, stacked areas, bars and the number's sparkline: figures with one mark per label."""

from typing import Any

from insights.explore.charts import frame
from insights.explore.charts.reading import Line, Reading, draw_few, read_answer
from insights.explore.charts.words import ADDITIVE_MEASURES, say_number
from insights.explore.contracts import Note

Figure = dict[str, Any]


def _hover(line: Line) -> str:
    # No <b>: Plotly would write it as a style attribute, which the Content-Security-Policy refuses.
    name = frame.escape(line.name) + (" (%{customdata[2]})" if line.is_before else "")
    return f"{f'%{{customdata[0]}} {line.unit}'.rstrip()} · {name}<extra></extra>"


def _custom(line: Line, reading: Reading) -> list[list[str]]:
    found = []
    for place, value in enumerate(line.values):
        words = say_number(value)
        if line.is_rest:
            found.append([words, ""])
            continue
        if line.is_before:
            when = reading.labels_before[place] if place < len(reading.labels_before) else "before"
            found.append([words, "", when])
            continue
        if place < len(reading.partial) and reading.partial[place]:
            words += " so far"
        found.append([words, f"{line.series_no}-{place}"])
    return found


def _isolated(values: list[float | None]) -> list[bool]:
    padded = [None, *values, None]
    return [
        value is not None and padded[place] is None and padded[place + 2] is None for place, value in enumerate(values)
    ]


def _line_traces(line: Line, reading: Reading) -> list[Figure]:
    n_whole = reading.n_whole
    custom = _custom(line, reading)
    colour = frame.colour(line.series_no, 0.65 if line.is_before else 1.0)
    common = {"type": "scatter", "name": frame.escape(line.name), "connectgaps": False, "hovertemplate": _hover(line)}
    if line.is_before:
        stroke = {"color": colour, "width": 2, "dash": "dot"}
        x = reading.labels[: len(line.values)]
        common["showlegend"] = False
        return [{**common, "mode": "lines", "x": x, "y": line.values[: len(x)], "customdata": custom, "line": stroke}]
    has_marks = line.series_no >= 4
    symbol = frame.SYMBOLS[line.series_no % len(frame.SYMBOLS)] if has_marks else "circle"
    sizes = [7 if has_marks or alone else 0 for alone in _isolated(line.values)]
    traces: list[Figure] = [
        {
            **common,
            "mode": "lines+markers",
            "x": reading.labels[:n_whole],
            "y": line.values[:n_whole],
            "customdata": custom[:n_whole],
            "line": {"color": colour, "width": 2.25},
            "marker": {"color": colour, "size": sizes[:n_whole], "symbol": symbol, "line": {"width": 0}},
        }
    ]
    if n_whole < len(reading.labels):
        tail = max(n_whole - 1, 0)
        traces += [
            {
                "type": "scatter",
                "mode": "lines",
                "x": reading.labels[tail:],
                "y": line.values[tail:],
                "hoverinfo": "skip",
                "showlegend": False,
                "line": {"color": colour, "width": 2.25, "dash": "dash"},
            },
            {
                **common,
                "mode": "markers",
                "showlegend": False,
                "cliponaxis": False,
                "x": reading.labels[n_whole:],
                "y": line.values[n_whole:],
                "customdata": custom[n_whole:],
                "marker": {
                    "color": "var(--surface)",
                    "size": 7,
                    "symbol": symbol,
                    "line": {"color": colour, "width": 2},
                },
            },
        ]
    return traces


def _top(reading: Reading) -> float:
    return max((value for line in reading.lines for value in line.values if value is not None), default=0) or 1


def _bottom(reading: Reading) -> float:
    return min((value for line in reading.lines for value in line.values if value is not None and value < 0), default=0)


def _ends(reading: Reading) -> list[frame.End]:
    found: list[frame.End] = []
    for line in reading.lines:
        known = [place for place, value in enumerate(line.values) if value is not None]
        if known and not line.is_before:
            found.append((line.series_no, line.name, reading.labels[known[-1]], float(line.values[known[-1]] or 0)))
    return found


def build_line(answer: dict[str, Any], notes: list[Note]) -> Figure:
    """Draw one line a series: labels at the ends, open tails dashed, the compared period dotted, gaps open."""
    reading = draw_few(read_answer(answer))
    traces = [trace for line in reading.lines for trace in _line_traces(line, reading)]
    names = [line.name for line in reading.lines]
    is_rate = reading.is_share or reading.kind in ("retention", "funnel")
    top, bottom = _top(reading), _bottom(reading)
    layout = frame.base_layout(
        xaxis=frame.label_axis(reading),
        yaxis=frame.value_axis(top=max(top, -bottom), suffix=" %" if is_rate else ""),
        hovermode="x unified" if len(reading.lines) <= 12 else "closest",
        annotations=frame.end_labels(_ends(reading), top, bottom),
    )
    if len(reading.lines) == 1:  # the title names it
        names, layout["annotations"] = [], []
    layout["yaxis"]["range"] = [bottom * 1.08, top * 1.08]
    if reading.is_time and len(reading.labels) > 1:
        layout["xaxis"]["range"] = [reading.labels[0], reading.labels[-1]]
    layout["margin"]["r"] = frame.label_margin(names)
    if reading.is_time:
        frame.draw_notes(layout, notes, reading.labels)
    return {"data": traces, "layout": layout}


def adds_up(reading: Reading) -> bool:
    """Say whether the series are parts of a whole, so that their sum means something."""
    return all(line.measure in ADDITIVE_MEASURES for line in reading.lines)


def stacks(answer: dict[str, Any], chart: str) -> bool:
    """Say whether an area or bar chart of the answer puts the series on top of each other, as parts of a whole."""
    reading = read_answer(answer)
    return adds_up(reading) and (chart == "area" or _bar_mode(reading) == "stack")


def build_area(answer: dict[str, Any], notes: list[Note]) -> Figure:
    """Stack the series; a bucket that is not over lies under a hatched band."""
    reading = read_answer(answer)
    reading = draw_few(reading, together=adds_up(reading))
    now = [line for line in reading.lines if not line.is_before]
    traces, ends, sums = [], [], [0.0] * len(reading.labels)
    for line in now:
        colour = "var(--text-muted)" if line.is_rest else frame.colour(line.series_no)
        traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "stackgroup": "all",
                "name": frame.escape(line.name),
                "x": reading.labels,
                "y": [value or 0 for value in line.values],
                "customdata": _custom(line, reading),
                "hovertemplate": _hover(line),
                "line": {"color": colour, "width": 1.5},
                "fillcolor": f"{colour}@0.45",
            }
        )
        last = float(line.values[-1] or 0) if line.values else 0.0
        ends.append((None if line.is_rest else line.series_no, line.name, "", (sums[-1] if sums else 0.0) + last / 2))
        sums = [total + (value or 0) for total, value in zip(sums, line.values, strict=True)]
    top = max(sums, default=0) or 1
    layout = frame.base_layout(
        xaxis=frame.label_axis(reading),
        yaxis=frame.value_axis(top=top, has_zero_line=True),
        hovermode="x unified" if len(now) <= 12 else "closest",
        annotations=frame.end_labels(ends, top),
    )
    if len(now) == 1:
        layout["annotations"] = []
    layout["yaxis"]["range"] = [0, top * 1.08]
    layout["margin"]["r"] = frame.label_margin([line.name for line in now] if len(now) > 1 else [])
    if 0 < reading.n_whole < len(reading.labels):
        band = {"type": "rect", "x0": reading.labels[reading.n_whole - 1], "x1": reading.labels[-1]}
        edge = {"color": "var(--text-muted)", "width": 1, "dash": "dash"}
        layout["shapes"] = [
            {**band, "y0": 0, "y1": 1, "yref": "paper", "line": edge, "fillcolor": "var(--surface)@0.45"}
        ]
    frame.draw_notes(layout, notes, reading.labels)
    return {"data": traces, "layout": layout}


def _bar_mode(reading: Reading) -> str:
    if reading.kind == "lifecycle":
        return "relative"
    is_broken_down = any(line.breakdown is not None for line in reading.lines)
    return "stack" if is_broken_down and adds_up(reading) else "group"


_LIFECYCLE_COLOURS = {"new": 0, "returning": 2, "resurrecting": 5, "dormant": 7}


def build_bar(answer: dict[str, Any], notes: list[Note]) -> Figure:
    """Draw bars from a zero line; buckets that are not over are hatched, the compared period is pale."""
    reading = read_answer(answer)
    is_lifecycle = reading.kind == "lifecycle"
    mode = _bar_mode(reading)
    reading = draw_few(reading, together=mode == "stack")
    traces = []
    for line in reading.lines:
        if line.is_before and mode != "group":  # a stack is about one period; the table has the other
            continue
        number = _LIFECYCLE_COLOURS[line.name] if is_lifecycle else line.series_no
        colour = "var(--text-muted)" if line.is_rest else frame.colour(number, 0.45 if line.is_before else 1.0)
        flags = [flag and not line.is_before for flag in reading.partial]
        traces.append(
            {
                "type": "bar",
                "name": frame.escape(line.name) + (" (before)" if line.is_before else ""),
                "x": reading.labels,
                "y": line.values[: len(reading.labels)],
                "customdata": _custom(line, reading),
                "hovertemplate": _hover(line),
                "marker": {
                    "color": colour,
                    "line": {"color": "var(--surface)", "width": 0.5},
                    "pattern": {"shape": ["/" if flag else "" for flag in flags], "fgcolor": colour, "size": 6},
                },
            }
        )
    layout = frame.base_layout(
        xaxis=frame.label_axis(reading),
        yaxis=frame.value_axis(top=_top(reading), has_zero_line=True, suffix=" %" if reading.is_share else ""),
        barmode=mode,
        bargap=0.25,
        hovermode="x unified" if len(traces) <= 12 else "closest",
    )
    if len(traces) > 1:
        layout |= {"showlegend": True, "legend": frame.legend()}
        layout["margin"]["t"] = 48
    if reading.is_time:
        frame.draw_notes(layout, notes, reading.labels)
    return {"data": traces, "layout": layout}


def build_number(answer: dict[str, Any], notes: list[Note]) -> Figure:
    """Draw the sparkline of the first series, without axes; the number itself is the page's."""
    reading = read_answer(answer)
    line = reading.lines[0] if reading.lines else None
    traces = _line_traces(line, reading) if line else []
    hidden = {"visible": False, "fixedrange": True}
    layout = frame.base_layout(xaxis=hidden, yaxis={**hidden, "rangemode": "tozero"})
    layout["margin"] = {"l": 4, "r": 4, "t": 4, "b": 4}
    return {"data": traces, "layout": layout}
