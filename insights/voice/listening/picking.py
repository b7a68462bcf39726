"""Whom to call next: who is worth it, who may be asked, and in which order it is fair."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from insights.cohorts.public import Cohort
from insights.contacts.public import (
    AskKind,
    Contact,
    accounts_of_people,
    check_askable,
    group_accounts,
    name_speakers,
    people_of_groups,
    source_ids_of,
)
from insights.events.public import Account, DistinctId
from insights.voice.conversations.public import Participant
from insights.voice.listening.contracts import SegmentClocks
from insights.voice.listening.fairness import Candidate, Share, by_segment, order_fairly, sample, say_share
from insights.voice.listening.models import Call, CallList, CallReason, CallSuggestion
from insights.voice.listening.queries import read_segments
from portal.audit.public import record
from portal.people.public import Product, require

FROM_A_REASON = 300  # people drawn of each cohort
FROM_CONTACTS = 300
FROM_UNHEARD = 300
MOST_LISTED = 60
ACTIVE_DAYS = 30
UNHEARD_WEIGHT, NEVER_WEIGHT = 2, 1


@transaction.atomic
def make_list(product: Product, *, actor: Any, today: date | None = None) -> CallList:
    """Make the list of whom to call next for a product anew; equal data of one day make an equal list."""
    require(actor, "calls.edit", CallList(product=product))
    today = today or timezone.localdate()
    Product.objects.select_for_update(no_key=True).get(pk=product.pk)
    clocks = read_segments(product, today=today)
    shares = [Share(row.name, row.n_accounts, _lately(row), row in clocks.unheard) for row in clocks.rows]
    why = _who_is_worth_it(product, clocks, today)
    rows = _persons_of(why)
    resting = check_askable(list(rows), AskKind.CALL)
    talked = _talked(rows)
    recent = {no for no, day in talked.items() if (today - day).days < settings.ASK_LIMIT_DAYS}
    free = {no: row for no, row in rows.items() if no not in resting and no not in recent}
    chosen, accounts = _choose(product, free, why, talked, shares, clocks.meaning, today)
    made = _store(product, clocks, shares, len(rows), len(resting), len(recent - set(resting)))
    _write_rows(made, product, chosen, free, accounts, why, talked, shares, today)
    record(actor, "call_list.made", made, after={"n_suggestions": len(chosen)})
    return made


def _lately(row: Any) -> int:
    return row.clock.n_conversations + row.clock.n_this_week


def _who_is_worth_it(product: Product, clocks: SegmentClocks, today: date) -> dict[int, list[CallReason]]:
    """Return ids with their reasons: of the cohorts, of the contacts, of segments that nobody hears."""
    why: dict[int, list[CallReason]] = {}
    reasons = CallReason.objects.filter(product=product, cohort__archived_at=None)
    for reason in reasons.select_related("cohort__current"):
        for no in _members(product, reason.cohort, today):
            why.setdefault(no, []).append(reason)
    contacts = Contact.objects.filter(person__id_space__product=product).order_by()
    for no in sample(list(contacts.values_list("person", flat=True)), day=today, most=FROM_CONTACTS):
        why.setdefault(no, [])
    since = datetime.combine(today - timedelta(days=ACTIVE_DAYS), time(), UTC)
    names = [row.name for row in clocks.unheard]
    more = {"active_from": since, "day": today.isoformat(), "most": FROM_UNHEARD}
    for no in people_of_groups(product, clocks.meaning, names, **more):
        why.setdefault(no, [])
    return why


def _members(product: Product, cohort: Cohort, today: date) -> list[int]:
    """Return some members of a cohort, drawn by the day; of accounts, those who are written down to work there."""
    if cohort.current is None:
        return []
    numbers = cohort.current.numbers.tolist()
    if cohort.unit == Cohort.Unit.ACCOUNT:
        contacts = Contact.objects.filter(account__in=numbers, person__id_space__product=product)
        numbers = list(contacts.order_by().values_list("person", flat=True))
    return sample(numbers, day=today, most=FROM_A_REASON)


def _persons_of(why: dict[int, list[CallReason]]) -> dict[int, DistinctId]:
    """Return the persons behind some ids by their own number; the reasons of joined ids are the person's."""
    ids = dict(DistinctId.objects.filter(no__in=list(why)).values_list("no", "person_no"))
    for no, person in ids.items():
        if person is not None:
            known = why.setdefault(person, [])
            known += [reason for reason in why.pop(no) if reason not in known]
    numbers = {person or no for no, person in ids.items()}
    for no in set(why) - numbers:
        del why[no]
    return {row.no: row for row in DistinctId.objects.filter(no__in=numbers).select_related("id_space")}


def _talked(rows: Iterable[int]) -> dict[int, date]:
    """Return the day of the newest conversation of some persons, by whichever of their ids."""
    took_part = Participant.objects.filter(person__isnull=False).order_by()
    wanted = set(rows)
    found: dict[int, date] = {}
    newest = took_part.values_list("person", "person__person_no").annotate(on=Max("conversation__held_on"))
    for own, person, on in newest:
        no = person or own
        if no in wanted:
            found[no] = max(on, found.get(no, on))
    return found


def _choose(
    product: Product,
    free: dict[int, DistinctId],
    why: dict[int, list[CallReason]],
    talked: dict[int, date],
    shares: list[Share],
    meaning: str,
    today: date,
) -> tuple[list[Candidate], dict[int, int]]:
    accounts = accounts_of_people(list(free), source_ids_of([product.pk]))
    since = datetime.combine(today - timedelta(days=ACTIVE_DAYS), time(), UTC)
    groups = group_accounts(product, meaning, active_from=since, numbers=set(accounts.values()))
    known = by_segment(shares)
    candidates = []
    for no in free:
        account = accounts.get(no)
        segment = groups.of.get(account, "") if account is not None else ""
        weight = sum(reason.weight for reason in why[no]) + (NEVER_WEIGHT if no not in talked else 0)
        if segment in known and known[segment].is_unheard:
            weight += UNHEARD_WEIGHT
        days = (today - talked[no]).days if no in talked else None
        candidates.append(Candidate(no, account, segment, weight, days))
    return order_fairly(candidates, shares, day=today, most=MOST_LISTED), accounts


def _store(product: Product, clocks: SegmentClocks, shares: list[Share], *counts: int) -> CallList:
    values = dict(zip(("n_looked_at", "n_resting", "n_talked"), counts, strict=True))
    segments = [{"name": one.name, "accounts": one.n_accounts, "conversations": one.n_conversations} for one in shares]
    values |= {"made_at": timezone.now(), "meaning": clocks.meaning, "segments": segments}
    return CallList.objects.update_or_create(product=product, defaults=values)[0]


def _write_rows(
    made: CallList,
    product: Product,
    chosen: list[Candidate],
    free: dict[int, DistinctId],
    accounts: dict[int, int],
    why: dict[int, list[CallReason]],
    talked: dict[int, date],
    shares: list[Share],
    today: date,
) -> None:
    """Put the list in the place of the one before it, with names as they are known now."""
    companies = Account.objects.filter(no__in={one.account_no for one in chosen if one.account_no is not None})
    people = [free[one.person_no] for one in chosen]
    named, shown = name_speakers(people, companies, source_ids_of([product.pk])) if chosen else ({}, {})
    known = by_segment(shares)
    made.suggestions.all().delete()
    CallSuggestion.objects.bulk_create(
        CallSuggestion(
            call_list=made,
            product=product,
            place=place,
            person=free[one.person_no],
            account_id=one.account_no,
            name=named[one.person_no].label if one.person_no in named else free[one.person_no].distinct_id,
            account_name=shown[one.account_no].label if one.account_no in shown else "",
            segment=one.segment,
            reasons=say_reasons(why[one.person_no], one, known.get(one.segment), shares),
        )
        for place, one in enumerate(chosen, start=1)
    )


def say_reasons(
    reasons: list[CallReason], one: Candidate, share: Share | None, shares: list[Share]
) -> list[dict[str, str]]:
    """Return why somebody is worth a call, in words, what people chose first."""
    found = []
    for reason in sorted(reasons, key=lambda reason: (-reason.weight, reason.pk)):
        label = "" if reason.why == CallReason.Why.OTHER else f"{reason.get_why_display()}: "
        found.append({"code": str(reason.why), "words": f"{label}“{reason.cohort.name}”"})
    if share is not None and share.name:
        if share.is_unheard:
            found.append({"code": "unheard", "words": f"Nobody hears “{share.name}”"})
        elif words := say_share(share, shares):
            found.append({"code": "underheard", "words": f"“{share.name}” is {words}"})
    if one.days_since is None:
        found.append({"code": "never", "words": "Nobody talked with them yet"})
    else:
        found.append({"code": "talked", "words": f"Last talked with {one.days_since} days ago"})
    return found


def not_planned(product: Product) -> Any:
    """Return the suggestions of a product's list with whom nobody plans a call."""
    planned = Call.objects.planned().filter(product=product)
    rows = CallSuggestion.objects.filter(product=product).exclude(person__in=planned.values("person"))
    return rows.select_related("person__contact", "account__record", "product")
