"""What this room hangs into the shell: navigation, search, commands."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from insights.catalogue.public import CatalogueEvent, CatalogueProperty
from insights.cohorts.public import Cohort
from insights.explore.models import Insight
from insights.questions.public import does_mention, named_cohorts
from portal.shell.public import Command, NavItem, SearchHit, SearchProvider, UsedBy, registry


def _find(user: Any, text: str, limit: int) -> Iterable[SearchHit]:
    insights = Insight.objects.visible_to(user).matching(text).select_related("product")
    for insight in insights.order_by("-updated_at")[:limit]:
        yield SearchHit("Insight", insight.title, reverse("explore:insight", args=[insight.pk]), insight.product.name)


def _using(thing: Any, user: Any) -> Iterable[SearchHit]:
    if isinstance(thing, Cohort):
        yield from _naming(thing, user)
        return
    if not isinstance(thing, (CatalogueEvent, CatalogueProperty)):
        return
    insights = Insight.objects.visible_to(user).filter(product=thing.product_id).order_by("title")
    for insight in insights:
        if does_mention(insight.question, thing):
            yield SearchHit("Insight", insight.title, reverse("explore:insight", args=[insight.pk]))


def _naming(cohort: Cohort, user: Any) -> Iterable[SearchHit]:
    insights = Insight.objects.visible_to(user).filter(question__icontains="cohort").order_by("title")
    for insight in insights:
        if cohort.names.intersection(named_cohorts(insight.question)):
            yield SearchHit("Insight", insight.title, reverse("explore:insight", args=[insight.pk]))


registry.add(UsedBy("insights", _using))
registry.add(NavItem("Insights", "Explore", "explore:explore", order=20, keys="g e", icon="explore"))
registry.add(
    NavItem("Insights", "Saved insights", "explore:insights", order=25, keys="g i", icon="insight", under="Explore")
)
registry.add(SearchProvider("Saved insights", _find, order=20))
registry.add(Command("Ask a question", "explore:explore", order=20, detail="Trend, funnel, retention …"))
registry.add(
    Command(
        "Find a saved insight",
        "explore:insights",
        order=21,
        detail="Questions that somebody kept",
    )
)
