"""What surveys know of one person: handed out to them, erased, and told in their story."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import transaction

from insights.events.public import IdSpace
from insights.voice.surveys.asking import letter_key
from insights.voice.surveys.models import Answer, Invitation
from portal.messages.public import drop_letters


def export_person(space: IdSpace, distinct_ids: Sequence[str]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield what a person was asked by surveys, and what they answered; their words come with feedback."""
    of_person = {"person__id_space": space, "person__distinct_id__in": list(distinct_ids)}
    names = ("survey__name", "survey__question", "way", "asked_at", "reminded_at", "answered_at", "declined_at")
    yield "survey_invitations", list(Invitation.objects.filter(**of_person).order_by("pk").values(*names))
    names = ("survey__name", "survey__question", "score", "no_answer", "feedback", "answered_at", "via", "plan")
    yield "survey_answers", list(Answer.objects.filter(**of_person).order_by("pk").values(*names, "segment"))


@transaction.atomic
def erase_person(space: IdSpace, distinct_ids: Sequence[str], actor: Any) -> dict[str, int]:
    """Delete what a person answered, their invitations and the letters to them; can be done twice.

    The events that were made of their answers are the store's to erase; their words are feedback's.
    """
    of_person = {"person__id_space": space, "person__distinct_id__in": list(distinct_ids)}
    invitations = Invitation.objects.filter(**of_person)
    drop_letters(letter_key(pk, time) for pk in invitations.values_list("pk", flat=True) for time in ("first", "again"))
    n_answers, _ = Answer.objects.filter(**of_person).delete()
    n_invitations, _ = invitations.delete()
    counts = (("answers to surveys", n_answers), ("invitations to surveys", n_invitations))
    return {noun: count for noun, count in counts if count}
