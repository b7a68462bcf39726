"""Who may open the addresses of adoption and of features."""

from insights.adoption.models import Feature
from tests.house.access_table import Row, from_role, signed_in


def _feature(world, visibility="company"):
    fields = {"product": world.product, "team": world.team, "events": [{"event": "opened", "filters": []}]}
    return {"pk": Feature.objects.create(name="Reports", visibility=visibility, **fields).pk}


def _hidden_feature(world):
    return _feature(world, "team")


def _product(world):
    return {"slug": world.product.slug}


ROWS = [
    Row("adoption:adoption", signed_in(200)),
    Row("adoption:feature-list", signed_in(200)),
    Row("adoption:feature-new", {**from_role("product_manager", 200, else_=403), "outsider": 403}, _product),
    Row("adoption:feature-edit", {**from_role("product_manager", 200, else_=403), "outsider": 403}, _feature),
    Row("adoption:feature-edit", {**from_role("product_manager", 200, else_=403), "outsider": 404}, _hidden_feature),
    Row("adoption:feature-delete", {**from_role("product_manager", 200, else_=403), "outsider": 403}, _feature),
    Row("api:feature-list", signed_in(200, anonymous=401)),
    Row("api:feature-detail", signed_in(200, anonymous=401), _feature),
    Row("api:feature-detail", {**signed_in(200, anonymous=401), "outsider": 404}, _hidden_feature),
]
