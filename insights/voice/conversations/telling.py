"""What conversations tell of one person: to the story of the person or account, and to the person themselves."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from django.db.models import IntegerField
from django.db.models.functions import Coalesce
from django.utils import timezone

from insights.events.public import IdSpace
from insights.persons.contracts import Moment, Subject
from insights.voice.conversations.models import Conversation, Participant
from insights.voice.conversations.speech import places_of_speaker
from portal.shell.public import SearchHit


def tell_conversations(subject: Subject, user: Any, until: dt.datetime | None, most: int) -> Sequence[Moment]:
    """Return the conversations in which a person or an account's people took part, for those who read them."""
    zone = timezone.get_current_timezone()
    whose = {"account": subject.no} if subject.is_account else {"person__in": subject.numbers}
    theirs = Participant.objects.filter(**whose).values("conversation")
    held = Conversation.objects.visible_to(user).inside_of(user).filter(pk__in=theirs)
    if until is not None:
        held = held.filter(held_on__lte=until.astimezone(zone).date())
    return [
        Moment(
            at=dt.datetime.combine(one.held_on, dt.time(), zone),
            side="we",
            kind=f"{one.get_kind_display()} conversation",
            text=f"Talked: {one.title}",
            url=one.get_absolute_url(),
            has_time=False,
        )
        for one in held.order_by("-held_on", "-pk")[:most]
    ]


def export_person(space: IdSpace, distinct_ids: Sequence[str]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the conversations in which a person took part, with what they said in each; not what others said."""
    theirs = Participant.objects.filter(person__id_space=space, person__distinct_id__in=list(distinct_ids))
    rows = []
    for row in theirs.select_related("conversation").order_by("conversation__held_on", "pk"):
        one = row.conversation
        places = places_of_speaker(one.transcript, row.speaker) if row.speaker else []
        said = [one.transcript[place.start : place.end].strip() for place in places]
        about = {"id": one.pk, "held_on": one.held_on, "kind": one.kind, "name": row.name, "speaker": row.speaker}
        rows.append({**about, "recording_url": one.recording_url, "said": said})
    yield "conversations", rows


def recordings_of(person_nos: Collection[int], user: Any) -> dict[int, list[SearchHit]]:
    """Return the conversations with a recording or a transcript in which persons took part, as an insider sees them."""
    kept = Conversation.objects.inside_of(user).exclude(recording_url="", transcript="")
    owner = Coalesce("person__person_no", "person_id", output_field=IntegerField())
    rows = Participant.objects.annotate(owner_no=owner).filter(owner_no__in=list(person_nos), conversation__in=kept)
    found: dict[int, list[SearchHit]] = {}
    for row in rows.select_related("conversation").order_by("-conversation__held_on", "pk"):
        one = row.conversation
        what = "recording and transcript" if one.recording_url and one.transcript else ""
        what = what or ("recording" if one.recording_url else "transcript")
        found.setdefault(row.owner_no, []).append(SearchHit("Conversation", one.title, one.get_absolute_url(), what))
    return found
