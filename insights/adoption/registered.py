"""What adoption hangs into the shell: search, commands, who uses what, and the demo's features."""

from typing import Any

from django.urls import reverse

from insights.adoption import demo
from insights.adoption.models import Feature
from insights.questions.public import asks_about
from portal.shell.public import Command, DemoSeed, NavItem, SearchHit, SearchRows, UsedBy, registry


def _find(user: Any, text: str) -> Any:
    return Feature.objects.visible_to(user).matching(text).order_by("product__name", "name", "pk")


def _using(thing: Any, user: Any) -> Any:
    asks = asks_about(thing, "events")
    return None if asks is None else Feature.objects.visible_to(user).filter(asks)


def _show(feature: dict[str, Any]) -> SearchHit:
    address = reverse("adoption:feature-edit", args=[feature["pk"]])
    return SearchHit("Feature", feature["name"], address, feature.get("product__name", ""))


registry.add(SearchRows("Features", _find, ("pk", "name", "product__name"), _show, order=35))
registry.add(UsedBy("Feature", _using, ("pk", "name"), _show))
registry.add(NavItem("Insights", "Adoption", "adoption:adoption", order=26, keys="g f", icon="people", under="Explore"))
registry.add(Command("Adoption of features", "adoption:adoption", order=22, detail="Who uses what, and who stays"))
registry.add(DemoSeed("features", demo.seed_features, order=40))
