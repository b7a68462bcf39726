"""One story of a person or an account: what they did, what they said and what we answered, the newest first.

Each room tells its part. A place in the story is "<time>~<n>": moments up to that time, without the first n that lie
exactly on it.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from insights.contacts.public import Consent
from insights.events.public import Account, DistinctId
from insights.persons.access import Scope
from insights.persons.contracts import Moment, StoryTeller, Subject
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
    told.sort(key=lambda moment: moment.at, reverse=True)  # a stable sort: equal ones stay in the order of the tellers
    page = told[skip : skip + PAGE_SIZE]
    has_more = len(told) > skip + PAGE_SIZE
    return Story(tuple(page), _place_after(told, skip + len(page)) if has_more else None)


def _place_after(told: Sequence[Moment], n_shown: int) -> str:
    """Return the place after so many moments of those told."""
    last = told[n_shown - 1].at
    n_before = sum(moment.at == last for moment in told[:n_shown])
    return f"{last.astimezone(dt.UTC).replace(tzinfo=None).isoformat()}Z~{n_before}"


def tell_consents(subject: Subject, user: Any, until: dt.datetime | None, most: int) -> list[Moment]:
    """Return when a person agreed to something, and when they withdrew it; whose they are says the page."""
    if subject.is_account or not subject.sees_written:
        return []
    zone = timezone.get_current_timezone()
    found = []
    for consent in Consent.objects.filter(person__in=subject.numbers):
        given = dt.datetime.combine(consent.given_on, dt.time(), zone)
        purpose = consent.get_purpose_display().lower()
        found.append(
            Moment(given, "said", "Consent", f"Agreed to {purpose}", detail=consent.proof[:80], has_time=False)
        )
        if consent.withdrawn_at is not None:
            found.append(Moment(consent.withdrawn_at, "said", "Consent", f"Withdrew the consent to {purpose}"))
    found.sort(key=lambda moment: moment.at, reverse=True)
    return [moment for moment in found if until is None or moment.at <= until][:most]
