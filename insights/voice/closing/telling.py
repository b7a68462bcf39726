"""Telling people: one draft at a time, by mail or by hand, or not; obeying what they agreed to and how often."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from insights.contacts.public import Ask, check_askable, claim_ask, note_asks, release_ask
from insights.voice.closing.drafting import LONGEST_LETTER, LONGEST_SUBJECT, address_of, names_of
from insights.voice.closing.models import StatusChange, Telling
from insights.voice.closing.stopping import stop_path
from insights.voice.themes.public import Asker
from portal.audit.public import record, state_of
from portal.messages.public import Delivery, send_letter
from portal.operations.public import enqueue_on_commit
from portal.people.public import SYSTEM, require
from portal.shell.public import BadInput, Conflict, NotFound, PortalError, is_storable, refuse_stale

MESSAGE = "message"
LONGEST_NOTE = 300
_State = Telling.State
_NO_ADDRESS = "No mail address of theirs is known. Write one down on their page, or tell them by hand."
_NO_PERSON = "Nobody known asked for this account. Tell somebody there by hand."


@transaction.atomic
def change_telling(telling: Telling, *, actor: Any, version: int, subject: str, text: str) -> Telling:
    """Change the words of a draft."""
    current = _waiting(telling, actor, version)
    faults = {}
    for name, value, most in (("subject", subject, LONGEST_SUBJECT), ("text", text, LONGEST_LETTER)):
        if not value.strip() or len(value) > most or not is_storable(value):
            faults[name] = [f"Write something, in at most {most:,} readable characters."]
    if faults:
        raise BadInput(fields=faults)
    current.subject, current.text = " ".join(subject.split()), text.replace("\r\n", "\n").strip()
    _save(current)
    record(actor, "telling.changed", current, after={"version": current.version})
    return current


@transaction.atomic
def send_telling(telling: Telling, *, actor: Any, version: int | None = None) -> Telling:
    """Send a draft by mail; refused with the reason where the person may not be written to now.

    It is one ask of theirs: of two messages at once, one goes.
    """
    current = _waiting(telling, actor, version)
    if current.person is None:
        raise Conflict(_NO_PERSON)
    asker = Asker(current.person.resolved_no, None, 0, 0, None)
    named = names_of([asker], current.change.product)[0].get(current.person.resolved_no)
    address = address_of(named)
    if not address:
        raise Conflict(_NO_ADDRESS)
    about = current.change.title[: Ask.MAX_ABOUT]
    claim_ask(current.person, kind=MESSAGE, about=about, actor=actor, key=current.ask_key)
    current.n_sent += 1
    send_letter(address, current.subject, current.text, key=current.key, stop_url=stop_path(current))
    current.state, current.way, current.told_by_id, current.note = _State.SENDING, Telling.Way.MAIL, actor.pk, ""
    _save(current)
    record(actor, "telling.sent", current, after={"change": current.change_id})
    return current


@transaction.atomic
def note_told(telling: Telling, *, actor: Any, version: int, note: str, told_on: dt.date | None = None) -> Telling:
    """Note that somebody was told by hand: on the telephone, in their ticket, at their desk."""
    current = _waiting(telling, actor, version)
    note, today = " ".join(note.split()), timezone.localdate()
    faults = {}
    if not note or len(note) > LONGEST_NOTE or not is_storable(note):
        faults["note"] = [f"Say how, in at most {LONGEST_NOTE} readable characters."]
    first = timezone.localdate(current.change.made_at)
    if told_on is not None and not first <= told_on <= today:
        faults["told_on"] = ["Choose a day from the status on, up to today."]
    if faults:
        raise BadInput(fields=faults)
    at = timezone.now()
    if told_on is not None and told_on < today:
        at = max(timezone.make_aware(dt.datetime.combine(told_on, dt.time(12))), current.change.made_at)
    current.state, current.way, current.note = _State.TOLD, Telling.Way.HAND, note
    current.told_at, current.told_by_id = at, actor.pk
    _save(current)
    if current.person is not None:
        keys = {current.person_id: current.ask_key}
        about = current.change.title[: Ask.MAX_ABOUT]
        note_asks({current.person_id: at}, kind=MESSAGE, about=about, actor=actor, keys=keys)
    record(actor, "telling.told_by_hand", current, after={"change": current.change_id})
    return current


@transaction.atomic
def leave_out(telling: Telling, *, actor: Any, version: int, note: str) -> Telling:
    """Decide that somebody is not told; those who want no messages do not count in the share."""
    current = _waiting(telling, actor, version)
    note = " ".join(note.split())
    if not note or len(note) > LONGEST_NOTE or not is_storable(note):
        raise BadInput(fields={"note": [f"Say why, in at most {LONGEST_NOTE} readable characters."]})
    why = check_askable([current.person_id], MESSAGE).get(current.person_id) if current.person_id else None
    is_theirs = why is not None and why.code in ("opted_out", "consent_ended")
    current.state, current.note = _State.LEFT_OUT, note
    current.left_out = Telling.LeftOut.MAY_NOT if is_theirs else Telling.LeftOut.OTHER
    _save(current)
    record(actor, "telling.left_out", current, after={"change": current.change_id, "left_out": current.left_out})
    return current


@transaction.atomic
def take_back(telling: Telling, *, actor: Any, version: int) -> Telling:
    """Let somebody be told again who was left out, or noted as told by hand; a mail that went cannot be taken back."""
    require(actor, "closing.tell", telling.change)
    current = _locked(telling)
    refuse_stale(current, version)
    was_by_hand = current.state == _State.TOLD and current.way == Telling.Way.HAND
    if not was_by_hand and current.state != _State.LEFT_OUT:
        raise Conflict("It is on its way or was sent, or nobody decided about it yet.")
    if not current.change.is_current and current.left_out == Telling.LeftOut.REPLACED:
        raise Conflict("A newer status is told instead.")
    if was_by_hand:
        _release(current, actor)
    before = state_of(current)
    current.state, current.way, current.left_out, current.note = _State.DRAFT, "", "", ""
    current.told_at = current.told_by = None
    _save(current)
    record(actor, "telling.taken_back", current, before={"state": before["state"]}, after={"state": current.state})
    return current


@transaction.atomic
def ask_to_send_all(change: StatusChange, *, actor: Any) -> None:
    """Have a worker send every draft of a status to whom it may be sent; the others stay, each with the reason."""
    require(actor, "closing.tell", change)
    if not change.tellings.filter(state=_State.DRAFT).exists():
        raise Conflict("There is nobody left to send it to.")
    record(
        actor, "status.telling_asked", change, after={"n_drafts": change.tellings.filter(state=_State.DRAFT).count()}
    )
    enqueue_on_commit("voice.send_tellings", change_id=change.pk, actor_id=actor.pk)


def send_all(change: StatusChange, *, actor: Any) -> int:
    """Send the drafts of a status one by one, each in its own transaction; who may not be written to is passed over."""
    n_sent = 0
    drafts = change.tellings.filter(state=_State.DRAFT).exclude(person=None)
    for pk in drafts.order_by("-importance", "pk").values_list("pk", flat=True):
        telling = Telling.objects.dressed().filter(pk=pk).first()
        if telling is None:
            continue
        try:
            send_telling(telling, actor=actor)
        except PortalError:  # who may not be written to now stays a draft, with the reason on the page
            continue
        n_sent += 1
    return n_sent


def settle_letters(limit: int = 1_000) -> int:
    """Note what became of letters on their way; returns how many are settled. Safe to run twice, and at once."""
    n_settled = 0
    for telling in Telling.objects.filter(state=_State.SENDING).order_by("pk")[:limit]:
        delivery = Delivery.objects.filter(key=telling.key).first()
        if delivery is None or not delivery.is_live:
            n_settled += _settle(telling, delivery)
    return n_settled


@transaction.atomic
def _settle(telling: Telling, delivery: Delivery | None) -> int:
    mine = Telling.objects.filter(pk=telling.pk, state=_State.SENDING, n_sent=telling.n_sent)
    if delivery is not None and delivery.state == Delivery.State.SENT:
        return mine.update(state=_State.TOLD, told_at=delivery.finished_at or timezone.now())
    sentence = delivery.result if delivery is not None else "The letter was dropped before it was sent."
    if not mine.update(state=_State.FAILED, note=sentence[:LONGEST_NOTE]):
        return 0
    if delivery is None or delivery.state != Delivery.State.UNKNOWN:  # else it may have arrived
        _release(telling, SYSTEM)
    return 1


def _release(telling: Telling, actor: Any) -> None:
    """Take the ask back that did not take place."""
    ask = Ask.objects.filter(key=telling.ask_key).select_related("person__id_space__product__team").first()
    if ask is not None:
        release_ask(ask, actor=actor)


def _waiting(telling: Telling, actor: Any, version: int | None) -> Telling:
    """Return a telling that somebody has to tell still, locked, as the actor saw it."""
    require(actor, "closing.tell", telling.change)
    current = _locked(telling)
    if version is not None:
        refuse_stale(current, version)
    if not current.is_waiting:
        raise Conflict(f"Somebody was quicker: it is “{current.get_state_display().lower()}” now. Reload the page.")
    return current


def _locked(telling: Telling) -> Telling:
    current = Telling.objects.select_for_update(of=["self"]).dressed().filter(pk=telling.pk).first()
    if current is None:
        raise NotFound()
    return current


def _save(telling: Telling) -> None:
    telling.version += 1
    telling.save()
