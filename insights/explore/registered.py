"""What this room hangs into the shell: navigation, search, commands."""

from typing import Any

from django.urls import reverse

from insights.explore import demo
from insights.explore.models import Insight
from insights.explore.providing import find_insights
from insights.questions.public import InsightProvider, asks_about, how_mentioned, mention_of_insight
from portal.shell.public import Command, DemoSeed, NavItem, SearchHit, SearchRows, UsedBy, registry


def _find(user: Any, text: str) -> Any:
    return Insight.objects.visible_to(user).matching(text).order_by("-updated_at", "-pk")


def _using(thing: Any, user: Any) -> Any:
    asks = asks_about(thing, "question")
    return None if asks is None else Insight.objects.visible_to(user).filter(asks)


def _show(insight: dict[str, Any]) -> SearchHit:
    address = reverse("explore:insight", args=[insight["pk"]])
    return SearchHit("Insight", insight["title"], address, insight.get("product__name", ""))


how_mentioned.register(Insight, lambda insight: mention_of_insight(insight.pk))
registry.add(InsightProvider("insights", find_insights))
registry.add(UsedBy("Insight", _using, ("pk", "title"), _show))
registry.add(NavItem("Insights", "Explore", "explore:explore", order=20, keys="g e", icon="explore"))
registry.add(
    NavItem("Insights", "Saved insights", "explore:insights", order=25, keys="g i", icon="insight", under="Explore")
)
registry.add(SearchRows("Saved insights", _find, ("pk", "title", "product__name"), _show, order=20))
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
