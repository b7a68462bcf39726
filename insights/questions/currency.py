"""Whether an answer is still what asking again would give."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from insights.events.public import aware, changed_since
from insights.questions.access import list_sources
from insights.questions.calendar import earlier_period
from insights.questions.contracts import Question, walk_filters
from insights.questions.keys import question_key
from insights.questions.kinds import KINDS
from portal.people.public import SYSTEM

Span = tuple[datetime | None, datetime | None]


def time_span(question: Question) -> Span:
    """Return the times of the events on which the answer depends; None is open, as for "first ever"."""
    spans = [KINDS[question.kind].span(question)]
    if question.compare:
        interval = getattr(question, "interval", None) or "day"
        earlier = earlier_period(question.period, interval, question.compare, question.week_start)
        spans.append(KINDS[question.kind].span(question.at(earlier)))
    sinces, untils = zip(*spans, strict=True)
    return (
        None if None in sinces else aware(min(since for since in sinces if since)),
        None if None in untils else aware(max(until for until in untils if until)),
    )


def uses_traits(question: Question) -> bool:
    """Say whether traits of people or accounts change the answer."""
    filters = [*question.filters, *(item for spec in question.event_specs() for item in spec.filters)]
    owners = {item.of for item in walk_filters(tuple(filters))} | {item.of for item in question.breakdown}
    return question.unit == "account" or bool(owners & {"person", "account", "cohort"})


def is_answer_current(question: Question, answered: Mapping[str, Any] | int) -> bool:
    """Say whether a stored answer still holds.

    `answered` is the answer's facts, or only its data version. With facts the question's key must be equal too: a
    relative range moves on, and a bucket that is over by now is no longer partial.
    """
    version = answered if isinstance(answered, int) else answered["data_version"]
    if not isinstance(answered, int) and answered["key"] != question_key(question):
        return False
    ids = [source.pk for source in list_sources(question, SYSTEM)]
    return not changed_since(ids, version, *time_span(question), uses_traits=uses_traits(question))
