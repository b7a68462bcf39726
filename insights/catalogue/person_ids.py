"""Properties whose values are ids of persons, such as whom a task was given to: personal, whatever their name."""

from collections.abc import Iterable

from insights.catalogue.counts import ValueCount
from insights.events.public import DistinctId, Source


def could_be_id(name: str, value: str) -> bool:
    """Say whether a value tells something if it is a person's id too: digits do only where the name speaks of ids.

    >>> could_be_id("seats", "12"), could_be_id("assignee_id", "12"), could_be_id("assignee", "ann")
    (False, True, True)
    """
    return not value.isdigit() or name.lower().rstrip("s").endswith("id")


def find_person_ids(source: Source, values: Iterable[ValueCount]) -> set[tuple[str, str]]:
    """Return (of, name) of the properties half of whose examples, or more, are ids of persons of a source's space."""
    examples: dict[tuple[str, str], set[str]] = {}
    for value in values:
        told = {one for one in value.examples if could_be_id(value.name, one)}
        examples.setdefault((value.of, value.name), set()).update(told)
    asked = set().union(*examples.values())
    ids = DistinctId.objects.filter(id_space=source.id_space_id, distinct_id__in=asked)
    known = set(ids.values_list("distinct_id", flat=True)) if asked else set()
    return {key for key, found in examples.items() if found and 2 * len(found & known) >= len(found)}
