"""What tests know of one person: handed out to them, and taken from them."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F

from insights.events.public import IdSpace
from roadmaps.planning.prototypes.models import PrototypeTest


def export_person(space: IdSpace, distinct_ids: Sequence[str]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the prototypes that a person tried, with what was noted of them."""
    theirs = PrototypeTest.objects.filter(person__id_space=space, person__distinct_id__in=list(distinct_ids))
    yield "prototype_tests", list(theirs.order_by("pk").values("prototype__title", "held_on", "notes", "sus"))


@transaction.atomic
def erase_person(space: IdSpace, distinct_ids: Sequence[str], actor: Any) -> dict[str, int]:
    """Take a person and the notes on them out of their tests; how tasks went stays, as nobody's. Can be done twice."""
    theirs = PrototypeTest.objects.filter(person__id_space=space, person__distinct_id__in=list(distinct_ids))
    n_tests = theirs.update(person=None, notes="", version=F("version") + 1)
    return {"tests of prototypes": n_tests} if n_tests else {}
