"""What was marked in the words of one person: handed out to them. It is erased with the texts that it quotes."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import F, Q

from insights.events.public import IdSpace
from insights.voice.conversations.public import Participant
from insights.voice.highlights.models import Highlight


def export_person(space: IdSpace, distinct_ids: Sequence[str]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the highlights of a person's feedback, and of what they said in conversations."""
    theirs = {"person__id_space": space, "person__distinct_id__in": list(distinct_ids)}
    said = Q(feedback__person__id_space=space, feedback__person__distinct_id__in=list(distinct_ids))
    for talk, speaker in Participant.objects.filter(**theirs).values_list("conversation", "speaker"):
        if speaker:
            said |= Q(conversation=talk, speaker__iexact=speaker)
    names = ("id", "feedback_id", "conversation_id", "part", "speaker", "quote", "original", "note", "created_at")
    rows = Highlight.objects.filter(said).order_by("pk").annotate(by=F("created_by__name"))
    yield "highlights", list(rows.values(*names, "by"))
