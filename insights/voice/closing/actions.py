"""Saying what becomes of a thing that people asked for, and drafting what they are told."""

import re
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from insights.voice.closing.access import get_kind, get_thing
from insights.voice.closing.drafting import LETTER, LONGEST_LETTER, LONGEST_SUBJECT, PLACES, write_drafts
from insights.voice.closing.models import Status, StatusChange, Telling
from portal.audit.public import record
from portal.people.public import require
from portal.shell.public import BadInput, Conflict, NotFound, is_storable

LONGEST_SAID = 2_000
_LOCK_CLASS = 7741  # first half of the advisory lock's key; the second is the thing's number
_PLACE = re.compile(r"\{[^{}\s]{0,40}\}")


@transaction.atomic
def set_status(
    kind: str,
    thing_id: int,
    *,
    status: str,
    actor: Any,
    said: str = "",
    subject: str = "",
    letter: str = "",
    is_told: bool = True,
    seen: int | None = None,
) -> StatusChange:
    """Say what becomes of a thing that people asked for, and draft a letter to each who did.

    seen: the number of the status that the actor saw, 0 for none; another one now is refused. Drafts of the status
    before that nobody sent are left out: a newer one is told instead.
    """
    thing = get_thing(actor, kind, thing_id, write=True)
    values = _checked(thing, status, said, subject, letter, is_told)
    _lock(kind, thing_id)
    before = StatusChange.objects.filter(kind=kind, thing_id=thing_id).current().first()
    if seen is not None and seen != (before.pk if before else 0):
        raise Conflict("Somebody else said what becomes of it in the meantime. Reload the page to see their status.")
    if before is not None:
        StatusChange.objects.filter(pk=before.pk).update(is_current=False)
        if is_told:
            waiting = before.tellings.filter(state__in=[Telling.State.DRAFT, Telling.State.FAILED])
            waiting.update(state=Telling.State.LEFT_OUT, left_out=Telling.LeftOut.REPLACED)
    change = StatusChange.objects.create(
        kind=kind,
        thing_id=thing_id,
        title=str(thing)[:200],
        product=thing.product,
        team_id=thing.team_id,
        made_by_id=actor.pk,
        made_at=timezone.now(),
        is_told=is_told,
        **values,
    )
    if is_told:
        write_drafts(change, thing, get_kind(kind).behind(thing), sender=actor)
    about = {"status": status, "is_told": is_told, "n_drafts": change.tellings.count()}
    record(actor, "status.set", change, before={"status": before.status} if before else None, after=about)
    return change


@transaction.atomic
def draft_missing(change: StatusChange, *, actor: Any) -> int:
    """Draft letters to those who asked since the status was set; returns how many."""
    require(actor, "closing.tell", change)
    current = _locked(change)
    if not current.is_current or not current.is_told:
        raise Conflict("There is a newer status, or nobody is to be told of this one. Reload the page.")
    thing = get_thing(actor, current.kind, current.thing_id, write=True)
    n_new = write_drafts(current, thing, get_kind(current.kind).behind(thing), sender=actor)
    if n_new:
        record(actor, "status.drafts_added", current, after={"n_drafts": n_new})
    return n_new


@transaction.atomic
def take_back_status(change: StatusChange, *, actor: Any) -> StatusChange | None:
    """Take a status back of which nobody was told; the one before counts again, and is returned."""
    require(actor, "closing.tell", change)
    _lock(change.kind, change.thing_id)
    current = _locked(change)
    if not current.is_current:
        raise Conflict("There is a newer status. Take that one back first.")
    if current.tellings.filter(state__in=[Telling.State.TOLD, Telling.State.SENDING]).exists():
        raise Conflict("Somebody was told of it already. Set another status, and tell them that.")
    record(actor, "status.taken_back", current, before={"status": current.status})
    before = StatusChange.objects.filter(kind=current.kind, thing_id=current.thing_id).exclude(pk=current.pk).first()
    was_told = current.is_told
    current.delete()
    if before is not None:
        StatusChange.objects.filter(pk=before.pk).update(is_current=True)
        if was_told:
            replaced = before.tellings.filter(left_out=Telling.LeftOut.REPLACED)
            replaced.update(state=Telling.State.DRAFT, left_out="")
    return before


def _lock(kind: str, thing_id: int) -> None:
    """Let one at a time set the status of a thing; the thing itself is another room's row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK_CLASS, f"{kind}:{thing_id}"])


def _locked(change: StatusChange) -> StatusChange:
    current = StatusChange.objects.select_for_update(of=["self"]).dressed().filter(pk=change.pk).first()
    if current is None:
        raise NotFound()
    return current


def _checked(thing: Any, status: str, said: str, subject: str, letter: str, is_told: bool) -> dict[str, str]:
    """Return what a status says, or refuse it by field."""
    faults: dict[str, list[str]] = {}
    subject, letter = (
        " ".join(subject.split()) or f"About what you told us: {thing}"[:LONGEST_SUBJECT],
        letter or LETTER,
    )
    if status not in Status.values:
        faults["status"] = [f"Use one of: {', '.join(Status.values)}."]
    if is_told and not said.strip():
        faults["said"] = ["Say what those who asked are to hear, or do not tell them."]
    for name, text, most in (
        ("said", said, LONGEST_SAID),
        ("subject", subject, LONGEST_SUBJECT),
        ("letter", letter, LONGEST_LETTER),
    ):
        if len(text) > most or not is_storable(text):
            faults[name] = [f"Use at most {most:,} readable characters."]
    if unknown := sorted(set(_PLACE.findall(letter)) - set(PLACES)):
        faults["letter"] = [f"There is no {unknown[0]}. Use {', '.join(PLACES)}."]
    elif is_told and "{said}" not in letter:
        faults["letter"] = ["Leave {said} in it: it stands for what those who asked are to hear."]
    if faults:
        raise BadInput(fields=faults)
    return {"status": status, "said": said.strip(), "subject": subject, "letter": letter.strip()}
