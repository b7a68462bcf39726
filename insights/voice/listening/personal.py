"""What calls say of one person: handed out to them, and erased with them."""

from collections.abc import Iterator, Sequence
from typing import Any

from insights.events.public import IdSpace
from insights.voice.listening.models import Call, CallSuggestion


def erase_person(space: IdSpace, distinct_ids: Sequence[str], actor: Any) -> dict[str, int]:
    """Delete the calls with a person and their places in lists; can be done twice."""
    of_person = {"person__id_space": space, "person__distinct_id__in": list(distinct_ids)}
    n_calls, _ = Call.objects.filter(**of_person).delete()
    n_places, _ = CallSuggestion.objects.filter(**of_person).delete()
    return {noun: n for noun, n in (("calls", n_calls), ("suggested calls", n_places)) if n}


def export_person(space: IdSpace, distinct_ids: Sequence[str]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the calls that were planned with a person, and why."""
    of_person = {"person__id_space": space, "person__distinct_id__in": list(distinct_ids)}
    names = ("person__distinct_id", "name", "product__name", "state", "planned_on", "planned_at", "minutes", "reasons")
    rows = Call.objects.filter(**of_person).order_by("pk").values(*names, "note", "created_at")
    suggested = CallSuggestion.objects.filter(**of_person).order_by("pk")
    yield "calls", list(rows)
    yield (
        "suggested-calls",
        list(suggested.values("person__distinct_id", "name", "product__name", "segment", "reasons")),
    )


def names_given(space: IdSpace, distinct_ids: Sequence[str]) -> Any:
    """Return the names under which calls with a person were planned."""
    calls = Call.objects.filter(person__id_space=space, person__distinct_id__in=list(distinct_ids))
    return calls.exclude(name="").values("name")
