"""Erasing a person: they took part no more, and their words go.

Of a conversation with them alone the texts go, of one with others what they said and where they are named.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from django.db import transaction

from insights.contacts.public import name_speakers, source_ids_of
from insights.events.public import IdSpace
from insights.persons.contracts import MentionKeeper
from insights.voice.conversations.actions import lock_conversation
from insights.voice.conversations.contracts import PARTS, TRANSCRIPT
from insights.voice.conversations.models import Conversation, NextStep, Participant
from insights.voice.conversations.speech import cut_out, places_of_names, places_of_speaker
from insights.voice.texts.public import Place, follow_text, forget_text, mask
from portal.shell.public import NotFound

ERASED = "[erased]"


def erase_person(space: IdSpace, distinct_ids: Sequence[str], actor: Any) -> dict[str, int]:
    """Take a person out of every conversation; can be done twice."""
    theirs = Participant.objects.filter(person__id_space=space, person__distinct_id__in=list(distinct_ids))
    pks = sorted(set(theirs.values_list("conversation", flat=True)))
    for pk in pks:
        # One that was deleted meanwhile has nothing of theirs any more.
        with suppress(NotFound), transaction.atomic():
            _erase_from(lock_conversation(pk), list(distinct_ids))
    return {"conversations": len(pks)}


def names_given(space: IdSpace, distinct_ids: Sequence[str]) -> Any:
    """Return how a person is called as one who took part, by who wrote it down and in transcripts."""
    theirs = Participant.objects.filter(person__id_space=space, person__distinct_id__in=list(distinct_ids))
    return theirs.values("name", "speaker")


def _took_part(space: IdSpace, distinct_ids: Sequence[str]) -> Any:
    theirs = Participant.objects.filter(person__id_space=space, person__distinct_id__in=list(distinct_ids))
    return Conversation.objects.filter(pk__in=theirs.values("conversation"))


def _watch(conversation: Conversation) -> Callable[[Conversation], None]:
    """Let highlights follow once a name is taken out of the texts that they stand on."""
    before = {part: conversation.text_of(part) for part in PARTS}

    def follow(cleaned: Conversation) -> None:
        for part, text in before.items():
            follow_text(cleaned, text, cleaned.text_of(part), part)

    return follow


CONVERSATION_MENTIONS = MentionKeeper(Conversation._meta.label_lower, watch=_watch, sees_to=_took_part)


def _erase_from(conversation: Conversation, ids: list[str]) -> None:
    rows = list(Participant.objects.filter(conversation=conversation).select_related("person"))
    mine = [row for row in rows if row.person and row.person.distinct_id in ids]
    others = [row for row in rows if row not in mine]
    before = {part: conversation.text_of(part) for part in PARTS}
    if others:
        names, first_names = _names_of(conversation, mine, others, ids)
        gone = {part: places_of_names(text, names, first_names) for part, text in before.items()}
        for row in mine:
            gone[TRANSCRIPT] += places_of_speaker(before[TRANSCRIPT], row.speaker)
        conversation.transcript = cut_out(before[TRANSCRIPT], gone[TRANSCRIPT], ERASED)
        for name in ("title", "notes", "guide"):
            setattr(conversation, name, _without(getattr(conversation, name), names, first_names))
        _erase_from_steps(conversation, names, first_names)
    else:
        gone = {part: [Place(0, len(text))] for part, text in before.items()}
        conversation.title = f"{conversation.get_kind_display()} conversation"
        conversation.notes = conversation.transcript = conversation.recording_url = conversation.guide = ""
        conversation.next_steps.all().delete()
    conversation.masked_title, conversation.masked_notes = mask(conversation.title), mask(conversation.notes)
    conversation.version += 1  # a form that was opened before must not bring the words back
    conversation.save()
    Participant.objects.filter(pk__in=[row.pk for row in mine]).delete()
    after = Conversation.objects.get(pk=conversation.pk)
    for part, text in before.items():
        forget_text(after, text, after.text_of(part), gone[part], part)


def _names_of(
    conversation: Conversation, mine: list[Participant], others: list[Participant], ids: list[str]
) -> tuple[list[str], list[str]]:
    """Return what somebody is called, and those first names that nobody else of the conversation has."""
    named = name_speakers((row.person for row in mine), [], source_ids_of([conversation.product_id]))[0]
    labels = {one.label for one in named.values()} | {one.detail for one in named.values()}
    names = {*(row.name for row in mine), *(row.speaker for row in mine), *labels, *ids} - {""}
    people = {*(row.name for row in mine), *(row.speaker for row in mine), *labels} - {*ids, ""}
    kept = {word.casefold() for row in others for word in (row.name + " " + row.speaker).split()}
    kept |= {word.casefold() for user in conversation.led_by.all() for word in str(user).split()}
    first_names = {name.split()[0] for name in people}
    first_names = {one for one in first_names if len(one) > 2 and one.isalpha() and one.casefold() not in kept}
    return sorted(names), sorted(first_names)


def _without(text: str, names: list[str], first_names: list[str]) -> str:
    return cut_out(text, places_of_names(text, names, first_names), ERASED)


def _erase_from_steps(conversation: Conversation, names: list[str], first_names: list[str]) -> None:
    for step in NextStep.objects.select_for_update().filter(conversation=conversation):
        text = _without(step.text, names, first_names)[:500]
        if text != step.text:
            step.text, step.version = text, step.version + 1
            step.save()
