"""Saved insights for questions that take their number, and those to pick from while a question is built."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from insights.explore.builder.drafts import Draft
from insights.explore.models import Insight
from insights.questions.public import SavedInsight, can_be_series, named_insights

MOST_CHOICES = 200


def find_insights(numbers: Sequence[int], user: Any) -> dict[int, SavedInsight]:
    """Return the insights with these numbers that a user may see."""
    found = Insight.objects.visible_to(user).filter(pk__in=numbers)
    return {one.pk: SavedInsight(one.pk, one.title, one.version, one.get_absolute_url(), one.question) for one in found}


def insight_choices(draft: Draft, product_ids: Sequence[int], user: Any) -> dict[str, str]:
    """Return the titles, by number, of the insights that can be a series of a draft, and of those that it names.

    Asked of the database only where a row of the draft is for one.
    """
    series = draft.get("series")
    if not isinstance(series, list) or not any(isinstance(one, dict) and "insight" in one for one in series):
        return {}
    named = set(named_insights(draft))
    insights = Insight.objects.visible_to(user).filter(
        Q(pk__in=named) | Q(product__in=product_ids, question__kind="trend")
    )
    fitting = (one for one in insights.order_by("title", "pk") if one.pk in named or can_be_series(one.question, draft))
    return {str(one.pk): one.title for one, _ in zip(fitting, range(MOST_CHOICES), strict=False)}
