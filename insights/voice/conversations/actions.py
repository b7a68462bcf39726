"""Writing conversations down, changing them, deleting them."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction

from insights.voice.conversations.contracts import LONGEST_TRANSCRIPT, NOTES, PARTS, TRANSCRIPT, ParticipantInput
from insights.voice.conversations.models import Conversation
from insights.voice.conversations.taking_part import set_participants
from insights.voice.texts.public import LANGUAGES, LONGEST_TEXT, clean_text, follow_text, mask
from portal.audit.public import record, state_of
from portal.people.public import Product, User, Visibility, possible_owners, require
from portal.shell.public import BadInput, NotFound, is_storable, refuse_stale, refuse_unknown

LONGEST_MINUTES = 24 * 60
_LENGTHS = {"title": 200, "recording_url": 1_000, "guide": 4_000}
_PLAIN = ("kind", "held_on", "minutes", "language", "visibility", "owner")
_FIELDS = frozenset({*_LENGTHS, *_PLAIN, "notes", "transcript", "led_by", "participants"})
_is_url = URLValidator(schemes=["http", "https"])


@transaction.atomic
def add_conversation(
    product: Product,
    *,
    actor: Any,
    today: date,
    title: str,
    held_on: date | None = None,
    owner: User | None = None,
    led_by: Sequence[User] | None = None,
    participants: Sequence[ParticipantInput] = (),
    **values: Any,
) -> Conversation:
    """Write a conversation down; it belongs to the product's team, and unless said otherwise the writer led it."""
    conversation = Conversation(product=product, team=product.team, owner=owner)
    if owner is None and actor.pk:
        conversation.owner_id = actor.pk
    require(actor, "conversations.create", conversation)
    _fill(conversation, {"title": title, "held_on": held_on or today, **values}, today)
    if led_by is None:
        led_by = [actor] if actor.pk else []
    _check_leaders(conversation, led_by, actor)
    conversation.save()
    conversation.led_by.set(led_by)
    set_participants(conversation, participants)
    after = {"product": product.name, "kind": conversation.kind, "n_participants": conversation.participants.count()}
    record(actor, "conversation.added", conversation, after=after)
    return conversation


@transaction.atomic
def update_conversation(
    conversation: Conversation, *, actor: Any, today: date, version: int, **changes: Any
) -> Conversation:
    """Change a conversation if nobody changed it since `version`; what stands on its texts moves with them."""
    require(actor, "conversations.edit", conversation)
    current = lock_conversation(conversation.pk)
    refuse_stale(current, version)
    before, texts = _state(current), {part: current.text_of(part) for part in PARTS}
    _fill(current, changes, today)
    if "led_by" in changes:
        _check_leaders(current, changes["led_by"], actor)
        current.led_by.set(changes["led_by"])
    current.version = version + 1
    current.save()
    if "participants" in changes or "transcript" in changes:
        set_participants(current, changes.get("participants"))
    current = Conversation.objects.dressed().get(pk=current.pk)
    for part, text in texts.items():
        follow_text(current, text, current.text_of(part), part)
    record(actor, "conversation.changed", current, before=before, after=_state(current))
    return current


@transaction.atomic
def delete_conversation(conversation: Conversation, *, actor: Any) -> None:
    """Delete a conversation with its next steps and all that was marked in it."""
    require(actor, "conversations.edit", conversation)
    record(actor, "conversation.deleted", conversation, before=state_of(conversation))
    conversation.delete()


def lock_conversation(pk: int) -> Conversation:
    """Return the row, locked until the transaction ends."""
    current = Conversation.objects.select_for_update(of=["self"]).select_related("product", "team").filter(pk=pk)
    found = current.first()
    if found is None:
        raise NotFound()
    return found


def _state(conversation: Conversation) -> dict[str, Any]:
    """Return what the trail compares: the row's fields, how many took part, and who led it."""
    more = {"n_participants": conversation.participants.count()}
    more["led_by"] = sorted(conversation.led_by.values_list("pk", flat=True))
    return {**state_of(conversation), **more}


def _fill(conversation: Conversation, values: dict[str, Any], today: date) -> None:
    """Set what was given, or say what is wrong with each field."""
    refuse_unknown(values.keys(), _FIELDS)
    for name in _PLAIN:
        if name in values:
            setattr(conversation, name, values[name])
    for name in ("title", "recording_url"):
        if name in values:
            setattr(conversation, name, " ".join(values[name].split()))
    faults: dict[str, list[str]] = {}
    for name, longest in (("guide", 4_000), (NOTES, LONGEST_TEXT), (TRANSCRIPT, LONGEST_TRANSCRIPT)):
        if name not in values:
            continue
        try:
            setattr(conversation, name, clean_text(values[name], name, longest=longest, may_be_empty=True))
        except BadInput as error:
            faults |= error.fields
    conversation.masked_title, conversation.masked_notes = mask(conversation.title), mask(conversation.notes)
    faults |= _faults(conversation, today)
    if faults:
        raise BadInput(fields=faults)
    conversation.__dict__.pop("notes_html", None)  # kept of the notes as they were


def _faults(conversation: Conversation, today: date) -> dict[str, list[str]]:
    faults = {}
    for name, length in _LENGTHS.items():
        value = getattr(conversation, name)
        if len(value) > length or not is_storable(value):
            faults[name] = [f"Use at most {length:,} readable characters."]
    if not conversation.title:
        faults["title"] = ["Give it a title, such as “Onboarding at Acme Works”."]
    if conversation.recording_url and "recording_url" not in faults:
        try:
            _is_url(conversation.recording_url)
        except ValidationError:
            faults["recording_url"] = ["Give a whole address, as https://example.com/recordings/12."]
    if conversation.kind not in Conversation.Kind.values:
        faults["kind"] = [f"Use one of: {', '.join(Conversation.Kind.values)}."]
    if conversation.language and conversation.language not in LANGUAGES:
        faults["language"] = ["Use a code of two letters such as en or de, of a language in the list."]
    if conversation.visibility not in Visibility.values:
        faults["visibility"] = [f"Use one of: {', '.join(Visibility.values)}."]
    if conversation.minutes is not None and not 1 <= conversation.minutes <= LONGEST_MINUTES:
        faults["minutes"] = ["Give whole minutes, between 1 and a day."]
    if conversation.held_on > today + timedelta(days=1):
        faults["held_on"] = ["This day is still to come."]
    return faults


def _check_leaders(conversation: Conversation, leaders: Sequence[User], actor: Any) -> None:
    """Refuse people who could not have led it; who led it already may stay."""
    known = set(conversation.led_by.values_list("pk", flat=True)) if conversation.pk else set()
    new = {one.pk for one in leaders} - known
    if new - set(possible_owners([conversation.team_id], actor.pk).filter(pk__in=new).values_list("pk", flat=True)):
        raise BadInput(fields={"led_by": ["Choose people of the product's team."]})
