"""What other rooms may use of people: models to point at, and the door to "may this user?"."""

from portal.people.access import (
    ANYBODY,
    SYSTEM,
    allow,
    can,
    can_see,
    get_product,
    get_team,
    get_visible,
    is_insider,
    require,
)
from portal.people.actions import add_member, create_product, create_team
from portal.people.contracts import ReadAlong, Role
from portal.people.models import (
    Membership,
    Product,
    Team,
    TeamOwned,
    TeamOwnedQuerySet,
    User,
    Visibility,
    validate_time_zone,
)
from portal.people.owners import OwnerField, possible_owners
from portal.people.queries import get_current_product, product_to_write
from portal.people.zones import zone_choices

__all__ = [
    "ANYBODY",
    "SYSTEM",
    "Membership",
    "OwnerField",
    "Product",
    "ReadAlong",
    "Role",
    "Team",
    "TeamOwned",
    "TeamOwnedQuerySet",
    "User",
    "Visibility",
    "add_member",
    "allow",
    "can",
    "can_see",
    "create_product",
    "create_team",
    "get_current_product",
    "get_product",
    "get_team",
    "get_visible",
    "is_insider",
    "possible_owners",
    "product_to_write",
    "require",
    "validate_time_zone",
    "zone_choices",
]
