"""One story of a person or an account: what they did, what they said and what we answered, the newest first.

Each room tells its part. A place in the story is "<time>~<n>": moments up to that time, without the first n that lie
exactly on it.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Value
from django.db.models.functions import JSONObject
from django.utils import timezone

from insights.contacts.public import Ask, AskKind, Consent
from insights.events.public import Account, DistinctId
from insights.persons.access import Scope
from insights.persons.contracts import Moment, StoryRows, StoryTeller, Subject
from insights.persons.timeline import parse_place
from portal.shell.public import BadInput, registry

PAGE_SIZE = 20
MOST_SKIPPED = 1_000


@dataclass(frozen=True)
class Story:
    """A page of a story; `older` is where the next one begins, None at the end."""

    moments: tuple[Moment, ...]
    older: str | None


def subject_of_person(scope: Scope, ids: Sequence[DistinctId]) -> Subject:
    """Return a person as the tellers need them."""
    numbers = tuple(row.no for row in ids)
    return Subject(False, ids[0].resolved_no, numbers, scope.space.pk, tuple(scope.source_ids), scope.sees_written)


def subject_of_account(scope: Scope, account: Account) -> Subject:
    """Return an account as the tellers need it."""
    return Subject(True, account.no, (), scope.space.pk, tuple(scope.source_ids), scope.sees_written)


def read_story(subject: Subject, user: Any, before: str = "") -> Story:
    """Return a page of the story of a person or an account, from a place on."""
    place = parse_place(before)
    until, skip = place if place else (None, 0)
    if not 0 <= skip <= MOST_SKIPPED:
        raise BadInput(fields={"before": ["Use the value that the page before gave."]})
    most = skip + PAGE_SIZE + 1
    told: list[Moment] = []
    for teller in registry.all(StoryTeller):
        told += teller.tell(subject, user, until, most)
    told += _tell_rows(subject, user, until, most)
    told.sort(key=lambda moment: moment.at, reverse=True)  # a stable sort: equal ones stay in the order of the tellers
    page = told[skip : skip + PAGE_SIZE]
    has_more = len(told) > skip + PAGE_SIZE
    return Story(tuple(page), _place_after(told, skip + len(page)) if has_more else None)


def _place_after(told: Sequence[Moment], n_shown: int) -> str:
    """Return the place after so many moments of those told."""
    last = told[n_shown - 1].at
    n_before = sum(moment.at == last for moment in told[:n_shown])
    return f"{last.astimezone(dt.UTC).replace(tzinfo=None).isoformat()}Z~{n_before}"


def _tell_rows(subject: Subject, user: Any, until: dt.datetime | None, most: int) -> list[Moment]:
    """Return the moments of all rooms that tell rows of a table, in one statement."""
    pieces: dict[str, StoryRows] = {piece.name: piece for piece in registry.all(StoryRows)}
    asked = [(piece, rows) for piece in pieces.values() if (rows := piece.find(subject, user, until, most)) is not None]
    if not asked:
        return []
    first, *others = (
        rows.values_list(Value(piece.name), JSONObject(**{name: name for name in piece.fields}))
        for piece, rows in asked
    )
    told = [moment for name, values in first.union(*others, all=True) for moment in pieces[name].show(values)]
    told.sort(key=lambda moment: (moment.at, moment.text), reverse=True)
    return [moment for moment in told if until is None or moment.at <= until]


def find_consents(subject: Subject, user: Any, until: dt.datetime | None, most: int) -> Any:
    """Return the consents of a person; whose they are says the page."""
    if subject.is_account or not subject.sees_written:
        return None
    return Consent.objects.filter(person__in=subject.numbers).order_by()


CONSENT_FIELDS = ("purpose", "given_on", "withdrawn_at", "proof")


def show_consent(values: dict[str, Any]) -> list[Moment]:
    """Return when a person agreed to something, and when they withdrew it."""
    given = dt.datetime.combine(dt.date.fromisoformat(values["given_on"]), dt.time(), timezone.get_current_timezone())
    purpose = Consent.Purpose(values["purpose"]).label.lower()
    told = [Moment(given, "said", "Consent", f"Agreed to {purpose}", detail=values["proof"][:80], has_time=False)]
    if values["withdrawn_at"] is not None:
        at = dt.datetime.fromisoformat(values["withdrawn_at"])
        told.append(Moment(at, "said", "Consent", f"Withdrew the consent to {purpose}"))
    return told


def find_asks(subject: Subject, user: Any, until: dt.datetime | None, most: int) -> Any:
    """Return when we asked a person something, by a survey, a call or a message."""
    if subject.is_account or not subject.sees_written:
        return None
    asks = Ask.objects.filter(person__in=subject.numbers)
    return (asks if until is None else asks.filter(asked_at__lte=until)).order_by("-asked_at", "-pk")[:most]


ASK_FIELDS = ("asked_at", "kind", "about", "asked_by__name")


def show_ask(values: dict[str, Any]) -> list[Moment]:
    """Return one ask."""
    at, by = dt.datetime.fromisoformat(values["asked_at"]), values["asked_by__name"]
    kind = str(AskKind(values["kind"]).label)
    return [Moment(at, "we", kind, f"Asked: {values['about']}", detail=f"by {by}" if by else "")]
