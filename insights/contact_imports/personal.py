"""What imports wrote down of one person: handed out to them. It goes with the person's id."""

from collections.abc import Iterator, Sequence
from typing import Any

from insights.contact_imports.models import ImportedRow
from insights.events.public import IdSpace


def export_person(space: IdSpace, distinct_ids: Sequence[str]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield what imports wrote of a person, with what stood there before."""
    rows = ImportedRow.objects.filter(person__id_space=space, person__distinct_id__in=list(distinct_ids))
    names = ("batch_id", "batch__created_at", "person__distinct_id", "before", "after", "was_new")
    yield "imported_contacts", list(rows.order_by("pk").values(*names))
