"""Who may open the addresses of the catalogue."""

from insights.catalogue.models import CatalogueEvent, CatalogueProperty
from tests.house.access_table import Row, signed_in


def an_event(world):
    event = CatalogueEvent.objects.get_or_create(product=world.product, name="opened")[0]
    return {"event_id": event.pk}


def a_property(world):
    return {"property_id": CatalogueProperty.objects.get_or_create(product=world.product, name="kind")[0].pk}


API = signed_in(200, anonymous=401)
EDITORS = {"anonymous": 302, "viewer": 403, "outsider": 403, "product_manager": 302, "ops": 302, "admin": 302}
SAID = {"description": "A report was opened.", "status": "expected"}

ROWS = [
    Row("catalogue:event-list", signed_in(200)),
    Row("catalogue:property-list", signed_in(200)),
    Row("catalogue:event-page", signed_in(200), an_event),
    Row("catalogue:event-page", EDITORS, an_event, method="post", data=SAID),
    Row("catalogue:property-page", signed_in(200), a_property),
    Row("catalogue:property-page", EDITORS, a_property, method="post", data=SAID),
    Row("api:event-name-list", API),
    Row("api:event-name-detail", API, lambda world: {"pk": an_event(world)["event_id"]}),
    Row("api:event-name-uses", API, lambda world: {"pk": an_event(world)["event_id"]}),
    Row("api:event-property-list", API),
    Row("api:event-property-detail", API, lambda world: {"pk": a_property(world)["property_id"]}),
    Row("api:event-property-uses", API, lambda world: {"pk": a_property(world)["property_id"]}),
]
