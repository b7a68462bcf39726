"""May this user read or change a prototype, or see who tried it?"""

from typing import Any

from portal.people.public import Product, Role, allow, can, get_visible, require
from portal.shell.public import NotFound
from roadmaps.planning.prototypes.models import Prototype, PrototypeTest

allow("prototypes.create", Role.PRODUCT_MANAGER)
allow("prototypes.edit", Role.PRODUCT_MANAGER)


def get_prototype(user: Any, pk: int, write: bool = False) -> Prototype:
    """Return a prototype that the user may see; with `write`, may change too."""
    return get_visible(Prototype.objects.of_rows(), user, "prototypes.edit" if write else "", pk=pk)


def get_test(user: Any, pk: int, write: bool = False) -> PrototypeTest:
    """Return a test of a prototype that the user sees whole; with `write`, may change too."""
    rows = PrototypeTest.objects.visible_to(user).select_related(
        "prototype__product__team", "prototype__team", "person"
    )
    test = rows.filter(pk=pk).first()
    if test is None:
        raise NotFound()
    if write:
        require(user, "prototypes.edit", test.prototype)
    return test


def products_to_try(user: Any) -> list[Product]:
    """Return the products for which a user may make prototypes."""
    return [product for product in user.visible_products if can(user, "prototypes.create", product)]
