"""What this room hangs into the shell: navigation, search, commands."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from insights.explore import demo
from insights.explore.models import Insight
from insights.explore.providing import find_insights
from insights.questions.public import InsightProvider, asks_about, how_mentioned, mention_of_insight
from portal.shell.public import Command, DemoSeed, NavItem, SearchHit, SearchProvider, UsedBy, registry


def _find(user: Any, text: str, limit: int) -> Iterable[SearchHit]:
    insights = Insight.objects.visible_to(user).matching(text).select_related("product")
    for insight in insights.order_by("-updated_at")[:limit]:
        yield SearchHit("Insight", insight.title, reverse("explore:insight", args=[insight.pk]), insight.product.name)


def _using(thing: Any, user: Any) -> Any:
    asks = asks_about(thing, "question")
    return None if asks is None else Insight.objects.visible_to(user).filter(asks)


def _show(insight: dict[str, Any]) -> SearchHit:
    return SearchHit("Insight", insight["title"], reverse("explore:insight", args=[insight["pk"]]))


how_mentioned.register(Insight, lambda insight: mention_of_insight(insight.pk))
registry.add(InsightProvider("insights", find_insights))
registry.add(UsedBy("Insight", _using, ("pk", "title"), _show))
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
registry.add(DemoSeed("saved insights", demo.seed_insights, order=46))
