"""May this user read or change a feature?"""

from insights.adoption.models import Feature
from portal.people.public import Role, allow, get_visible

allow("features.create", Role.PRODUCT_MANAGER)
allow("features.edit", Role.PRODUCT_MANAGER)


def get_feature(user, pk: int, write: bool = False) -> Feature:
    """Return a feature that the user may see; with `write`, may change too."""
    features = Feature.objects.select_related("product", "team", "owner")
    return get_visible(features, user, "features.edit" if write else "", pk=pk)
