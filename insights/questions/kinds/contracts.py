"""What a kind of question brings: how to read it, answer it, and who is behind its numbers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from insights.questions.calendar import MAX_BUCKETS, utc_span
from insights.questions.contracts import Question
from insights.questions.reading import ObjectReader
from insights.questions.running import Run

Span = tuple[datetime | None, datetime | None]


def range_span(question: Question) -> Span:
    """Return the question's own range, naive UTC."""
    return utc_span(question.period, ZoneInfo(question.timezone))


@dataclass(frozen=True)
class Kind:
    """One kind of question; `read` takes the kind's own keys, with `interval` among them where it has one.

    `span` says on the events of which times the answer depends; None is open, as for "first ever".
    `behind` reads a cell, such as {"series": 0, "label": "2024-01-01"}, and returns a function that finds the sorted
    numbers of the people or accounts counted there; None where numbers have no list of people.
    """

    name: str
    title: str
    purpose: str
    question: type[Question]
    read: Callable[[ObjectReader], dict[str, Any]]
    answer: Callable[[Any, Run], dict[str, Any]]
    span: Callable[[Any], Span] = range_span
    behind: Callable[[Any, ObjectReader], Callable[[Run], list[int]]] | None = None
    default_from: Callable[[dict[str, Any]], str] = lambda own: "-30d"
    most_buckets: int = MAX_BUCKETS
