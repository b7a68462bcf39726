"""A person in every edition and every list: handed out to them, and erased."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import transaction

from insights.cohorts.lists import pack_ids, unpack_ids
from insights.cohorts.models import Cohort, CohortEdition, CohortList
from insights.events.public import DistinctId, IdSpace


def export_person(space: IdSpace, distinct_ids: Sequence[str]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the cohorts whose editions count a person, and those of whose uploaded lists name them."""
    numbers = list(DistinctId.objects.filter(id_space=space, distinct_id__in=distinct_ids).values_list("no", flat=True))
    cohorts = Cohort.objects.filter(products__sources__id_space=space, unit=Cohort.Unit.PERSON).distinct()
    editions = CohortEdition.objects.filter(cohort__in=cohorts).select_related("cohort").order_by("pk")
    counted = (one for one in editions.iterator(chunk_size=20) if any(no in one.numbers for no in numbers))
    yield "cohorts", [{"cohort": one.cohort.name, "counted_on": one.counted_on} for one in counted]
    lists = CohortList.objects.filter(cohort__in=cohorts).select_related("cohort").order_by("pk")
    named = ((one.cohort.name, set(unpack_ids(one.ids)) & set(distinct_ids)) for one in lists)
    yield "cohort_uploads", [{"cohort": name, "ids": sorted(ids)} for name, ids in named if ids]


def erase_person(space: IdSpace, distinct_ids: Sequence[str], actor: Any) -> dict[str, int]:
    """Take a person's numbers out of every edition, and the ids out of every list; can be done twice."""
    numbers = list(DistinctId.objects.filter(id_space=space, distinct_id__in=distinct_ids).values_list("no", flat=True))
    cohorts = Cohort.objects.filter(products__sources__id_space=space, unit=Cohort.Unit.PERSON).distinct()
    n_lists = _erase_from_lists(set(distinct_ids), cohorts)
    n_editions = 0
    for cohort in cohorts.order_by("pk"):
        for pk in list(cohort.editions.values_list("pk", flat=True)):
            n_editions += _erase_from_edition(pk, numbers)
    return {"cohort editions": n_editions, "uploaded ids": n_lists}


@transaction.atomic
def _erase_from_edition(pk: int, numbers: Sequence[int]) -> int:
    import numpy as np

    edition = CohortEdition.objects.select_for_update().filter(pk=pk).first()
    if edition is None:
        return 0
    members = edition.numbers
    left = members[~np.isin(members, np.asarray(numbers, np.int64))]
    if len(left) == len(members):
        return 0
    edition.set_numbers(left)
    edition.revision += 1
    edition.save()
    return 1


def _erase_from_lists(texts: set[str], cohorts: Any) -> int:
    n_gone = 0
    for pk in list(CohortList.objects.filter(cohort__in=cohorts).values_list("pk", flat=True)):
        with transaction.atomic():
            listed = CohortList.objects.select_for_update().filter(pk=pk).first()
            if listed is None:
                continue
            ids = unpack_ids(listed.ids)
            left = [text for text in ids if text not in texts]
            if len(left) < len(ids):
                listed.ids, listed.n_ids = pack_ids(left), len(left)
                listed.save(update_fields=["ids", "n_ids"])
                n_gone += len(ids) - len(left)
    return n_gone
