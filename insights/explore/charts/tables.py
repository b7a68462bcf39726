"""Tables with the same numbers as the chart, for reading, for keyboards and for CSV."""

from collections.abc import Callable
from typing import Any

from insights.explore.charts.cohorts import cell_rate, row_name
from insights.explore.charts.effects import effect_table
from insights.explore.charts.features import feature_table
from insights.explore.charts.flows import path_table
from insights.explore.charts.reading import (
    elements_before,
    partial_cells,
    question_of,
    read_answer,
    same_as,
)
from insights.explore.charts.steps import n_lost, rate_of, say_interval, say_step, step_groups
from insights.explore.charts.words import say_breakdown, say_number, say_rate
from insights.explore.contracts import Cell, Column, Table
from insights.questions.words import say_units
from portal.shell.contracts import say_duration

TOO_FEW = "too few to say (fewer than 5)"
NO_DATA = "nothing to measure here"


def chart_table(answer: dict[str, Any]) -> Table:
    """Return the numbers of an answer: rows are labels, steps or cohorts."""
    return _TABLES[answer["kind"]](answer)


def _by_label(answer: dict[str, Any]) -> Table:
    reading = read_answer(answer)
    head = {"stickiness": "Active on", "funnel": "Time taken", "retention": "Interval"}.get(
        reading.kind, reading.interval.capitalize() or "Interval"
    )
    columns = [Column("Period" if head == "All" else head)]
    columns += [
        Column(line.name + (" (before)" if line.is_before else ""), line.unit, is_number=True) for line in reading.lines
    ]
    rows = []
    for place, text in enumerate(reading.texts):
        row = [Cell(reading.labels[place], text, is_partial=reading.partial[place])]
        for line in reading.lines:
            value = line.values[place] if place < len(line.values) else None
            point = "" if line.is_before else f"{line.series_no}-{place}"
            row.append(Cell(value, say_number(value), point=point, why_empty="" if value is not None else NO_DATA))
        rows.append(row)
    return Table(columns, rows)


def _over_time(answer: dict[str, Any]) -> Table:
    """Return conversion by bucket: who began, who converted, and the rate."""
    reading, units = read_answer(answer), say_units(question_of(answer))
    columns = [Column(reading.interval.capitalize())]
    series = answer["series"]
    before = elements_before(answer, "series")
    for line in (line for line in reading.lines if not line.is_before):
        name = f"{line.name}: " if line.breakdown is not None else ""
        columns += [
            Column(f"{name}Began", units, is_number=True),
            Column(f"{name}Converted", units, is_number=True),
            Column(f"{name}Conversion", "%", is_number=True),
        ]
        if before:
            columns.append(Column(f"{name}Conversion (before)", "%", is_number=True))
    rows = []
    for place, text in enumerate(reading.texts):
        row = [Cell(reading.labels[place], text, is_partial=reading.partial[place])]
        for number, one in enumerate(series):
            began, converted, rate = (one[key][place] for key in ("began", "converted", "values"))
            row += [
                Cell(began, say_number(began), point=f"{number}-{place}-began"),
                Cell(converted, say_number(converted), point=f"{number}-{place}"),
                _share(rate),
            ]
            if before:
                rates = before.get(same_as(one), {}).get("values") or []
                row.append(_share(rates[place] if place < len(rates) else None))
        rows.append(row)
    return Table(columns, rows)


def _share(rate: float | None) -> Cell:
    return Cell(rate, say_rate(rate), why_empty=TOO_FEW if rate is None else "", form="rate")


def _funnel(answer: dict[str, Any]) -> Table:
    if "series" in answer:
        return _over_time(answer) if answer["view"] == "trend" else _by_label(answer)
    groups = step_groups(answer)
    is_broken_down = list(groups) != [""]
    units = say_units(question_of(answer))
    columns = [Column("Step")] + ([Column("Part")] if is_broken_down else [])
    columns += [
        Column("Came", units, is_number=True),
        Column("Of first", "%", is_number=True),
        Column("95 % interval", "", is_number=True),
        Column("Of previous", "%", is_number=True),
        Column("Did not come", units, is_number=True),
        Column("Median time", "", is_number=True),
        Column("Average time", "", is_number=True),
    ]
    earlier = answer.get("compare") or {}
    before = step_groups(earlier) if earlier.get("steps") else {}
    if before:
        columns += [Column("Came (before)", units, is_number=True), Column("Of first (before)", "%", is_number=True)]
    rows = []
    for number, (name, steps) in enumerate(groups.items()):
        for place, step in enumerate(steps):
            first, previous = rate_of(step), rate_of(step, "from_previous")
            row = [Cell(step["name"], say_step(step, place + 1))] + (
                [Cell(name, name, is_number=False)] if is_broken_down else []
            )
            row += [
                Cell(step["count"], say_number(step["count"]), point=f"{number}-{place}"),
                Cell(first, say_rate(first), why_empty=TOO_FEW if first is None else "", form="rate"),
                Cell(say_interval(step) or None, say_interval(step)),
                Cell(previous, say_rate(previous), why_empty=TOO_FEW if previous is None else "", form="rate"),
                _lost(steps, place, f"{number}-{place}"),
                Cell(step.get("median_s"), say_duration(step.get("median_s")), form="seconds"),
                Cell(step.get("average_s"), say_duration(step.get("average_s")), form="seconds"),
            ]
            if before:
                row += _step_before(before.get(name) or [], place)
            rows.append(row)
    return Table(columns, rows)


def _lost(steps: list[dict[str, Any]], place: int, point: str) -> Cell:
    if not place:
        return Cell(None, "", why_empty="the first step loses nobody")
    lost = n_lost(steps, place)
    return Cell(lost, say_number(lost), point=f"{point}-lost")


def _step_before(steps: list[dict[str, Any]], place: int) -> list[Cell]:
    step = steps[place] if place < len(steps) else {"count": 0, "from_first": None}
    rate = rate_of(step)
    why = TOO_FEW if rate is None else ""
    return [Cell(step["count"], say_number(step["count"])), Cell(rate, say_rate(rate), why_empty=why, form="rate")]


def _retention(answer: dict[str, Any]) -> Table:
    question = question_of(answer)
    interval = question.get("interval", "day")
    cohorts = answer["cohorts"]
    n_columns = max((len(cohort["values"]) for cohort in cohorts), default=0)
    columns = [Column(f"{interval.capitalize()} of first"), Column("Size", say_units(question), is_number=True)]
    columns += [Column(f"{interval.capitalize()} {column}", is_number=True) for column in range(n_columns)]
    rows = []
    for number, cohort in enumerate(cohorts):
        name = row_name(cohort, interval)
        row = [Cell(cohort["label"], name), Cell(cohort["size"], say_number(cohort["size"]))]
        flags = partial_cells(cohort)
        for column in range(n_columns):
            if column >= len(cohort["values"]):
                row.append(Cell(None, "", why_empty="not reached yet"))
                continue
            value, rate = cohort["values"][column], cell_rate(cohort, column)
            text = say_number(value) + (f" ({rate * 100:.0f} %)" if rate is not None and column else "")
            row.append(Cell(value, text, point=f"{number}-{column}", is_partial=flags[column]))
        rows.append(row)
    rows += _means(answer, "weighted by size") if len(cohorts) > 1 else []
    rows += _means(answer.get("compare") or {}, "the compared period")
    return Table(columns, rows)


def _means(answer: dict[str, Any], words: str) -> list[list[Cell]]:
    rows = []
    for mean in answer.get("means") or []:
        name = "Mean" if mean.get("breakdown") is None else f"Mean of {say_breakdown(mean['breakdown'])}"
        own = [cohort for cohort in answer["cohorts"] if cohort.get("breakdown") == mean.get("breakdown")]
        n_all = sum(cohort["size"] for cohort in own)
        cells = [_share(rate["rate"]) for rate in mean["values"]]
        rows.append([Cell(name, f"{name}, {words}"), Cell(n_all, say_number(n_all)), *cells])
    return rows


_TABLES: dict[str, Callable[[dict[str, Any]], Table]] = {
    "adoption": feature_table,
    "goes_with": effect_table,
    "metric": _by_label,
    "trend": _by_label,
    "stickiness": _by_label,
    "lifecycle": _by_label,
    "funnel": _funnel,
    "retention": _retention,
    "paths": path_table,
}
