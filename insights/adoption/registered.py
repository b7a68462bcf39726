"""What adoption hangs into the shell: search, commands, who uses what, and the demo's features."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from insights.adoption import demo
from insights.adoption.models import Feature
from insights.questions.public import asks_about
from portal.shell.public import Command, DemoSeed, NavItem, SearchHit, SearchProvider, UsedBy, registry


def _find(user: Any, text: str, limit: int) -> Iterable[SearchHit]:
    for feature in Feature.objects.visible_to(user).matching(text).select_related("product")[:limit]:
        yield SearchHit("Feature", feature.name, feature.get_absolute_url(), feature.product.name)


def _using(thing: Any, user: Any) -> Any:
    asks = asks_about(thing, "events")
    return None if asks is None else Feature.objects.visible_to(user).filter(asks)


def _show(feature: dict[str, Any]) -> SearchHit:
    return SearchHit("Feature", feature["name"], reverse("adoption:feature-edit", args=[feature["pk"]]))


registry.add(SearchProvider("Features", _find, order=35))
registry.add(UsedBy("Feature", _using, ("pk", "name"), _show))
registry.add(NavItem("Insights", "Adoption", "adoption:adoption", order=26, keys="g f", icon="people", under="Explore"))
registry.add(Command("Adoption of features", "adoption:adoption", order=22, detail="Who uses what, and who stays"))
registry.add(DemoSeed("features", demo.seed_features, order=40))
