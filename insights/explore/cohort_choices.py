"""The cohorts that can be picked while a question is built."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from insights.cohorts.public import Cohort
from insights.explore.builder.drafts import Draft
from insights.questions.public import named_cohorts

MOST_CHOICES = 200


def cohort_choices(draft: Draft, product_ids: Sequence[int], user: Any) -> dict[str, str]:
    """Return name and size by slug of the products' cohorts, and of those that the draft names already."""
    named = named_cohorts(draft)
    in_use = Q(products__in=product_ids, archived_at=None, kept_until=None)
    cohorts = Cohort.objects.visible_to(user).filter(in_use | Q(slug__in=named)).select_related("current")
    shown = cohorts.defer("current__members").distinct().order_by("name", "pk")[:MOST_CHOICES]
    return {cohort.slug: f"{cohort.name} ({cohort.size_words})" for cohort in shown}
