"""What adoption hangs into the shell: search, commands, who uses an event, and the demo's features."""

from collections.abc import Iterable
from typing import Any

from insights.adoption import demo
from insights.adoption.models import Feature
from insights.catalogue.public import CatalogueEvent
from insights.questions.public import does_mention
from portal.shell.public import Command, DemoSeed, SearchHit, SearchProvider, UsedBy, registry


def _find(user: Any, text: str, limit: int) -> Iterable[SearchHit]:
    for feature in Feature.objects.visible_to(user).matching(text).select_related("product")[:limit]:
        yield SearchHit("Feature", feature.name, feature.get_absolute_url(), feature.product.name)


def _using(thing: Any, user: Any) -> Iterable[SearchHit]:
    if not isinstance(thing, CatalogueEvent):
        return
    for feature in Feature.objects.visible_to(user).filter(product=thing.product_id).order_by("name"):
        if does_mention(feature.events, thing):
            yield SearchHit("Feature", feature.name, feature.get_absolute_url())


registry.add(SearchProvider("Features", _find, order=35))
registry.add(UsedBy("features", _using))
registry.add(Command("Adoption of features", "adoption:adoption", order=22, detail="Who uses what, and who stays"))
registry.add(DemoSeed("features", demo.seed_features, order=40))
