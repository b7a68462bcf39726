"""Small charts as pictures for mails, drawn with matplotlib in the worker: light theme, the colours of the pages.

Equal charts are drawn once, whoever they are for.
"""

import hashlib
import io
import json
import warnings
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from portal.messages.contracts import DigestChart
from portal.messages.mails import plain_line
from portal.messages.models import Drawing

# The pages' --chart-1 to --chart-8 in light: told apart by the colour-blind, 4.2:1 on white or more.
COLOURS = ("#2f5bd8", "#c75b00", "#00857a", "#b0368c", "#6b7400", "#7a4fd0", "#8a5a2b", "#5a6477")
_TEXT, _BORDER = "#566072", "#d9dde5"
WIDTH, HEIGHT = 480, 190  # between a phone's mail and a desk's; drawn at two and a half times as many pixels
MOST_SERIES = 5
_STYLE_VERSION = 3
_NOTE_USE_EVERY = timedelta(days=1)


def drawing_key(chart: DigestChart) -> str:
    """Return the name under which a chart's picture is kept: equal pictures, equal names."""
    seen = {name: value for name, value in asdict(chart).items() if name not in ("alt", "url", "title")}
    text = json.dumps([_STYLE_VERSION, seen], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def ensure_drawings(charts: Iterable[DigestChart], now: datetime) -> dict[str, bytes]:
    """Return the pictures of charts by key, drawing those that nobody has drawn yet."""
    wanted = {drawing_key(chart): chart for chart in charts}
    if not wanted:
        return {}
    found = {one.key: one for one in Drawing.objects.filter(key__in=wanted)}
    stale = [one.pk for one in found.values() if one.used_at < now - _NOTE_USE_EVERY]
    if stale:
        Drawing.objects.filter(pk__in=stale).update(used_at=now)
    pictures = {key: bytes(one.png) for key, one in found.items()}
    for key, chart in wanted.items():
        if key not in pictures:
            pictures[key] = draw(chart)
            Drawing.objects.bulk_create([Drawing(key=key, png=pictures[key], used_at=now)], ignore_conflicts=True)
    return pictures


def draw(chart: DigestChart) -> bytes:
    """Return a chart as PNG."""
    import matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    # Names are data: "$" begins no formula here, and a letter without a glyph is a box, not an error.
    with matplotlib.rc_context({"text.parse_math": False, "font.size": 10.5}), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        figure = Figure(figsize=(WIDTH / 72, HEIGHT / 72), dpi=180, facecolor="#ffffff")
        FigureCanvasAgg(figure)
        axes = figure.add_axes((0.09, 0.13, 0.62 if _has_labels(chart) else 0.89, 0.82))
        (_bars if chart.kind == "bar" else _lines)(axes, chart)
        _dress(axes, chart)
        written = io.BytesIO()
        figure.savefig(written, format="png", metadata={"Software": None})
    return written.getvalue()


def _has_labels(chart: DigestChart) -> bool:
    return len(chart.series) > 1


def _numbers(values: Iterable[float | None]) -> list[float]:
    return [float("nan") if value is None else float(value) for value in values]


def _lines(axes: Any, chart: DigestChart) -> None:
    n_whole = len(chart.labels) - chart.n_partial
    if chart.low and chart.high:
        axes.fill_between(
            range(len(chart.low)), _numbers(chart.low), _numbers(chart.high), color=COLOURS[0], alpha=0.15, linewidth=0
        )
    for number, series in enumerate(chart.series[:MOST_SERIES]):
        values, colour = _numbers(series.values), COLOURS[number % len(COLOURS)]
        marker = "." if number >= 4 else ""
        axes.plot(range(n_whole), values[:n_whole], color=colour, linewidth=2, marker=marker, solid_capstyle="round")
        if chart.n_partial and n_whole:
            tail = range(n_whole - 1, len(values))
            axes.plot(tail, values[n_whole - 1 :], color=colour, linewidth=2, linestyle=(0, (2, 1.5)))
    _label_ends(axes, chart)
    top, bottom = _reach(chart)
    axes.set_ylim(min(0.0, bottom), top * 1.08 or 1)


def _reach(chart: DigestChart) -> tuple[float, float]:
    known = [value for one in chart.series[:MOST_SERIES] for value in (*one.values, *chart.high) if value is not None]
    return (max(known, default=1) or 1, min(known, default=0))


def _label_ends(axes: Any, chart: DigestChart) -> None:
    if not _has_labels(chart):
        return
    top, _ = _reach(chart)
    ends = []
    for number, series in enumerate(chart.series[:MOST_SERIES]):
        known = [value for value in series.values if value is not None]
        if known:
            ends.append((known[-1], number, plain_line(series.name, 24)))
    gap, floor = top * 0.14, float("-inf")
    for place, number, name in sorted(ends):
        at = max(place, floor)
        floor = at + gap
        axes.annotate(
            name,
            (len(chart.labels) - 1, at),
            xytext=(6, 0),
            textcoords="offset points",
            color=COLOURS[number % len(COLOURS)],
            va="center",
            annotation_clip=False,
        )


def _bars(axes: Any, chart: DigestChart) -> None:
    n_whole, places = len(chart.labels) - chart.n_partial, range(len(chart.labels))
    up, down = [0.0] * len(chart.labels), [0.0] * len(chart.labels)
    for number, series in enumerate(chart.series[:MOST_SERIES]):
        values = [value or 0.0 for value in series.values]
        base = [up[place] if values[place] >= 0 else down[place] for place in places]
        drawn = axes.bar(places, values, bottom=base, color=COLOURS[number % len(COLOURS)], width=0.8, linewidth=0)
        for place in places:
            (up if values[place] >= 0 else down)[place] += values[place]
            if place >= n_whole:
                drawn[place].set(hatch="////", edgecolor="#ffffff", alpha=0.75)
    axes.axhline(0, color=_TEXT, linewidth=0.8)
    if _has_labels(chart):
        for number, series in enumerate(chart.series[:MOST_SERIES]):
            name, colour = plain_line(series.name, 24), COLOURS[number % len(COLOURS)]
            axes.text(1.02, 0.92 - 0.13 * number, name, transform=axes.transAxes, color=colour, va="center")


def _dress(axes: Any, chart: DigestChart) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(_BORDER)
    axes.grid(axis="y", color=_BORDER, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(length=0, colors=_TEXT)
    are_whole = all(float(value).is_integer() for one in chart.series for value in one.values if value is not None)
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=are_whole))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _tick(value)))
    n_labels = len(chart.labels)
    shown = sorted({0, n_labels // 2, n_labels - 1})
    axes.set_xticks(list(shown), [plain_line(chart.labels[place], 16) for place in shown])
    axes.set_xlim(-0.6 if chart.kind == "bar" else -0.2, n_labels - 1 + (0.6 if chart.kind == "bar" else 0.2))
    if ticks := axes.get_xticklabels():
        ticks[0].set_horizontalalignment("left")
        ticks[-1].set_horizontalalignment("right" if len(ticks) > 1 else "left")


def _tick(value: float) -> str:
    """Return a number of the axis: "1.5k" for thousands.

    >>> _tick(1500), _tick(0.25), _tick(-20)
    ('1.5k', '0.25', '-20')
    """
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:.3g}{letter}"
    return f"{value:.3g}"
