"""Erasing a person: what they said goes with them, and with it all that was marked in it."""

from collections.abc import Sequence
from typing import Any

from insights.events.public import IdSpace
from insights.voice.feedback.models import Feedback


def erase_person(space: IdSpace, distinct_ids: Sequence[str], actor: Any) -> dict[str, int]:
    """Delete what a person said; can be done twice."""
    theirs = Feedback.objects.filter(person__id_space=space, person__distinct_id__in=list(distinct_ids))
    _, counts = theirs.delete()
    return {"pieces of feedback": counts.get(Feedback._meta.label, 0)}
