"""Fields of the API that name what this room keeps; rooms of other packages import this module beside `public`."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from portal.people.models import Product
from portal.people.owners import possible_owners
from portal.shell.errors import BadInput


@extend_schema_field(OpenApiTypes.STR)
class ProductField(serializers.SlugRelatedField):
    """A product by its slug; one that the reader may not see is not there."""

    default_error_messages = {"does_not_exist": "There is no product “{value}”."}

    def __init__(self, **options) -> None:
        super().__init__(slug_field="slug", **options)

    def get_queryset(self):
        """Return the products that the reader may see."""
        return Product.objects.visible_to(self.context["request"].user).select_related("team")


def with_owner(values: dict[str, Any], team_id: int) -> dict[str, Any]:
    """Put the person in the place of the owner's number, of the people of a thing's team."""
    if values.get("owner") is not None:
        owner = possible_owners([team_id]).filter(pk=values["owner"]).first()
        if owner is None:
            raise BadInput(fields={"owner": ["Nobody of the product's team has this number."]})
        values["owner"] = owner
    return values
