"""Asks: whom the company asked something, when and for what, so that nobody is asked too often.

One door claims an ask (`claim_ask`, `claim_asks`), and one query says who may not be asked now (`check_askable`).
"""

import datetime as dt
import zoneinfo
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from insights.contacts.access import may_write
from insights.contacts.contracts import NotNow
from insights.contacts.models import Ask, AskKind, Consent, OptOut
from insights.events.public import DistinctId
from portal.audit.public import record
from portal.shell.public import BadInput, Conflict, NotAllowed, is_storable

_AT_ONCE = 2_000
_PURPOSES = {
    AskKind.SURVEY: (Consent.Purpose.SURVEY,),
    AskKind.CALL: (Consent.Purpose.INTERVIEW, Consent.Purpose.CONTACT),
    AskKind.MESSAGE: (Consent.Purpose.CONTACT,),
}


def today_of(now: dt.datetime | None = None) -> dt.date:
    """Return the day by which the limit counts: that of the workspace's zone, the same for everybody."""
    return timezone.localdate(now, zoneinfo.ZoneInfo(settings.WORKSPACE_TIME_ZONE))


def check_askable(person_nos: Iterable[int], kind: str, now: dt.datetime | None = None) -> dict[int, NotNow]:
    """Return those of some persons (numbers of any of their ids) who may not be asked in this way now, and why.

    Whoever is missing may be asked: they opted out of nothing, no consent of theirs to it has ended, and they were not
    asked for ASK_LIMIT_DAYS days, in whatever way. Four queries for every two thousand.
    """
    found: dict[int, NotNow] = {}
    wanted = sorted(set(person_nos))
    for start in range(0, len(wanted), _AT_ONCE):
        numbers = wanted[start : start + _AT_ONCE]
        asked = dict(DistinctId.objects.filter(no__in=numbers).values_list("no", "person_no"))
        owners = {no: person or no for no, person in asked.items()}
        why = _why_not(set(owners.values()), kind, today_of(now))
        found |= {no: why[owner] for no, owner in owners.items() if owner in why}
    return found


@transaction.atomic
def claim_ask(row: DistinctId, *, kind: str, about: str, actor: Any, key: str = "", now: Any = None) -> Ask:
    """Claim the right to ask one person; of two at once one gets it, the other a Conflict that says why.

    A key that has its ask already is answered with that one, so a task can be run twice.
    """
    known = Ask.objects.filter(key=key).first() if key else None
    claimed, refused = claim_asks([row.no], kind=kind, about=about, actor=actor, keys={row.no: key}, now=now)
    if why := refused.get(row.no):
        raise Conflict(why.reason)
    if claimed[row.no] != known:
        record(actor, "ask.claimed", claimed[row.no], after={"kind": kind})
    return claimed[row.no]


@transaction.atomic
def claim_asks(
    person_nos: Collection[int],
    *,
    kind: str,
    about: str,
    actor: Any,
    keys: Mapping[int, str] | None = None,
    now: dt.datetime | None = None,
) -> tuple[dict[int, Ask], dict[int, NotNow]]:
    """Claim asks of many persons at once: (ask by number given, why not by number given); the caller keeps the trail.

    Of two ids of one person one gets the ask. Rows of the persons are locked, always in the same order.
    """
    about, keys = _checked(kind, about), {no: key for no, key in (keys or {}).items() if key}
    rows = _ids(person_nos, actor)
    owners = sorted({row.resolved_no for row in rows})
    locked = DistinctId.objects.filter(no__in=owners).order_by("no").select_for_update(no_key=True)
    list(locked.values_list("no", flat=True))
    known = {ask.key: ask for ask in Ask.objects.filter(key__in=list(keys.values()))} if keys else {}
    claimed = {row.no: known[keys[row.no]] for row in rows if keys.get(row.no) in known}
    open_rows = [row for row in rows if row.no not in claimed]
    at, day = now or timezone.now(), today_of(now)
    why = _why_not({row.resolved_no for row in open_rows}, kind, day)
    refused, made, taken = {}, [], set()
    for row in open_rows:
        if row.resolved_no in why:
            refused[row.no] = why[row.resolved_no]
        elif row.resolved_no in taken:
            refused[row.no] = _lately(day, kind, about)
        else:
            taken.add(row.resolved_no)
            key = keys.get(row.no)
            made.append(Ask(person=row, kind=kind, about=about, key=key, asked_at=at, asked_by_id=actor.pk))
    for ask in Ask.objects.bulk_create(made):
        claimed[ask.person_id] = ask
    return claimed, refused


@transaction.atomic
def note_asks(asked: Mapping[int, dt.datetime], *, kind: str, about: str, actor: Any, keys: Mapping[int, str]) -> int:
    """Note that persons were asked elsewhere, as an import tells; what happened counts, whatever the limit says.

    `asked` are times by number of an id; a key that is there already is left as it is. Returns how many are new.
    """
    about = _checked(kind, about)
    rows = _ids(asked, actor)
    before = Ask.objects.filter(key__in=list(keys.values())).count()
    made = [
        Ask(person=row, kind=kind, about=about, key=keys[row.no], asked_at=asked[row.no], asked_by_id=actor.pk)
        for row in rows
    ]
    Ask.objects.bulk_create(made, ignore_conflicts=True)
    return Ask.objects.filter(key__in=list(keys.values())).count() - before


@transaction.atomic
def release_ask(ask: Ask, *, actor: Any) -> None:
    """Take an ask back that did not take place: the person may be asked again as if it had never been."""
    if not may_write(actor, ask.person.id_space):
        raise NotAllowed()
    record(actor, "ask.released", ask, before={"kind": ask.kind, "asked_at": ask.asked_at})
    ask.delete()


@transaction.atomic
def opt_out(row: DistinctId, *, actor: Any, kind: str = "", is_own: bool = False) -> OptOut:
    """Note that a person does not want to be asked any more, without a kind in any way; can be done twice."""
    if not may_write(actor, row.id_space):
        raise NotAllowed()
    if kind and kind not in AskKind.values:
        raise BadInput(fields={"kind": [f"Use one of: {', '.join(AskKind.values)}; empty is all of them."]})
    try:
        with transaction.atomic():
            made = OptOut.objects.create(person=row, kind=kind, is_own=is_own, created_by_id=actor.pk)
    except IntegrityError:  # said before
        return OptOut.objects.get(person=row, kind=kind)
    record(actor, "opt_out.noted", made, after={"kind": kind, "is_own": is_own})
    return made


@transaction.atomic
def opt_in(said: OptOut, *, actor: Any) -> None:
    """Take an opt-out back, since the person wants to be asked again."""
    if not may_write(actor, said.person.id_space):
        raise NotAllowed()
    record(actor, "opt_out.withdrawn", said, before={"kind": said.kind, "is_own": said.is_own})
    said.delete()


def _checked(kind: str, about: str) -> str:
    plain = " ".join(about.split())
    faults = {}
    if kind not in AskKind.values:
        faults["kind"] = [f"Use one of: {', '.join(AskKind.values)}."]
    if not plain or len(plain) > Ask.MAX_ABOUT or not is_storable(plain):
        faults["about"] = [f"Say for what, in at most {Ask.MAX_ABOUT} readable characters."]
    if faults:
        raise BadInput(fields=faults)
    return plain


def _ids(person_nos: Iterable[int], actor: Any) -> list[DistinctId]:
    """Return the ids of these numbers, in their order, if the actor may write down something of all of them."""
    rows = list(
        DistinctId.objects.filter(no__in=list(person_nos)).select_related("id_space__product__team").order_by("no")
    )
    if not all(may_write(actor, space) for space in {row.id_space_id: row.id_space for row in rows}.values()):
        raise NotAllowed()
    return rows


def _why_not(owners: Collection[int], kind: str, day: dt.date) -> dict[int, NotNow]:
    """Return why of each person (by their own number) who may not be asked on a day; what holds longest is said."""
    found = dict(_asked_lately(owners, day))
    found |= dict(_consent_ended(owners, kind, day))
    opted = OptOut.objects.filter(_of(owners), kind__in=["", kind]).values_list("person", "person__person_no")
    for own, person in opted:
        found[person or own] = NotNow("opted_out", "They asked not to be asked any more.")
    return found


def _of(owners: Collection[int]) -> Q:
    return Q(person__in=owners) | Q(person__person_no__in=owners)


def _asked_lately(owners: Collection[int], day: dt.date) -> Iterator[tuple[int, NotNow]]:
    zone = zoneinfo.ZoneInfo(settings.WORKSPACE_TIME_ZONE)
    first = day - dt.timedelta(days=settings.ASK_LIMIT_DAYS - 1)
    asks = Ask.objects.filter(_of(owners), asked_at__gte=dt.datetime.combine(first, dt.time(), zone))
    rows = asks.order_by("asked_at", "pk").values_list(
        "person", "person__person_no", "asked_at", "kind", "about"
    )  # the newest of a person comes last and stays
    for own, person, at, kind, about in rows:
        yield person or own, _lately(today_of(at), kind, about)


def _lately(on: dt.date, kind: str, about: str) -> NotNow:
    again = on + dt.timedelta(days=settings.ASK_LIMIT_DAYS)
    what = {"survey": "the survey", "call": "a call about", "message": "a message about"}[kind]
    said = f"Asked on {on:%-d %b %Y} ({what} “{about}”); again from {again:%-d %b %Y} on."
    return NotNow("asked_lately", said, again)


def _consent_ended(owners: Collection[int], kind: str, day: dt.date) -> Iterator[tuple[int, NotNow]]:
    """Yield who agreed to this once, and does not any more: withdrawn, or past the last day."""
    told = Consent.objects.filter(_of(owners), purpose__in=_PURPOSES[AskKind(kind)], given_on__lte=day)
    rows = told.values_list("person", "person__person_no", "expires_on", "withdrawn_at")
    consents = [(person or own, until, withdrawn) for own, person, until, withdrawn in rows]
    agree = {owner for owner, until, withdrawn in consents if withdrawn is None and (until is None or until >= day)}
    took_back = {owner for owner, _, withdrawn in consents if withdrawn is not None}
    for owner in {owner for owner, _, _ in consents} - agree:
        how = "They took back that they may be asked" if owner in took_back else "Their consent to be asked has expired"
        yield owner, NotNow("consent_ended", f"{how}. Write a new consent down before asking.")
