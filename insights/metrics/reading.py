"""From the answers of a definition's questions to one number a period: exactly what `ask` says. Pure."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from insights.metrics.contracts import Definition, Point


def read_points(definition: Definition, answers: Iterable[dict[str, Any]], today: date) -> list[Point]:
    """Return the points of all answers, oldest first; periods that have not begun are left out."""
    read = {"trend": _trend, "funnel": _funnel, "retention": _retention}[definition.kind]
    found = [point for answer in answers for point in read(definition, answer)]
    return sorted((point for point in found if point.starts_on <= today), key=lambda point: point.starts_on)


def _day(label: Any) -> date:
    return date.fromisoformat(str(label)[:10])


def _trend(definition: Definition, answer: dict[str, Any]) -> Iterable[Point]:
    values = answer["series"][0]["values"]
    for label, value, is_partial in zip(answer["labels"], values, answer["partial"], strict=True):
        yield Point(_day(label), value, is_partial=is_partial)


def _funnel(definition: Definition, answer: dict[str, Any]) -> Iterable[Point]:
    series = answer["series"][0]
    columns = zip(
        answer["labels"], series["values"], series["converted"], series["began"], answer["partial"], strict=True
    )
    for label, rate, n_success, n_total, is_partial in columns:
        yield Point(_day(label), rate, n_success, n_total, is_partial)


def _retention(definition: Definition, answer: dict[str, Any]) -> Iterable[Point]:
    column = definition.column or 1
    for row in answer["cohorts"]:
        if column < len(row["values"]):
            rate, n_success, n_total = row["rates"][column]["rate"], row["values"][column], row["size"]
            yield Point(_day(row["label"]), rate, n_success, n_total, row["partial"][column])
