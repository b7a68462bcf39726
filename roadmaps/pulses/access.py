"""May this user make, send or read an alignment pulse?"""

from typing import Any

from portal.people.public import Product, Role, allow, can, get_visible
from roadmaps.pulses.models import Pulse

allow("pulses.create", Role.PRODUCT_MANAGER)
allow("pulses.edit", Role.PRODUCT_MANAGER)


def get_pulse(user: Any, pk: int, write: bool = False) -> Pulse:
    """Return a pulse that the user may see; with `write`, may change too."""
    return get_visible(Pulse.objects.dressed(), user, "pulses.edit" if write else "", pk=pk)


def products_to_ask_about(user: Any) -> list[Product]:
    """Return the products about which a user may ask."""
    return [product for product in user.visible_products if can(user, "pulses.create", product)]
