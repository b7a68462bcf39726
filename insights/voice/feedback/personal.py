"""What one person said: handed out to them, and erased, and with it all that was marked in it."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db import transaction

from insights.events.public import IdSpace
from insights.persons.contracts import MentionKeeper
from insights.voice.feedback.attachments import forget_files
from insights.voice.feedback.models import Attachment, Feedback
from insights.voice.texts.public import follow_text


def erase_person(space: IdSpace, distinct_ids: Sequence[str], actor: Any) -> dict[str, int]:
    """Delete what a person said; can be done twice."""
    theirs = Feedback.objects.filter(person__id_space=space, person__distinct_id__in=list(distinct_ids))
    with transaction.atomic():
        n_files = forget_files(theirs)
        _, counts = theirs.delete()
    found = {"pieces of feedback": counts.get(Feedback._meta.label, 0)}
    return {**found, "files of feedback": n_files} if n_files else found


def names_given(space: IdSpace, distinct_ids: Sequence[str]) -> Any:
    """Return the names under which a person's pieces came."""
    theirs = Feedback.objects.filter(person__id_space=space, person__distinct_id__in=list(distinct_ids))
    return theirs.exclude(author="").values("author")


def _watch(feedback: Feedback) -> Callable[[Feedback], None]:
    """Let highlights follow once a name is taken out of the text that they stand on."""
    return lambda cleaned: follow_text(cleaned, feedback.text, cleaned.text)


FEEDBACK_MENTIONS = MentionKeeper(Feedback._meta.label_lower, watch=_watch)


def export_person(space: IdSpace, distinct_ids: Sequence[str]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield what a person said, piece by piece."""
    theirs = Feedback.objects.filter(person__id_space=space, person__distinct_id__in=list(distinct_ids))
    names = ("id", "title", "text", "kind", "channel__name", "product__name", "said_on", "language", "author", "origin")
    yield "feedback", list(theirs.order_by("pk").values(*names, "origin_id", "origin_url", "created_at"))
    files = Attachment.objects.filter(feedback__in=theirs).order_by("pk")
    yield "feedback_files", list(files.values("id", "feedback_id", "name", "kind", "n_bytes", "created_at"))
