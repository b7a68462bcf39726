"""The door to imports: those of one's teams, and all for ops."""

from typing import Any

from insights.imports.kinds import get_kind
from insights.imports.models import Import
from portal.people.public import Product
from portal.shell.public import NotAllowed, NotFound


def get_import(user: Any, pk: int, write: bool = False) -> Import:
    """Return an import of the user's teams; with `write`, of a kind that they may import."""
    batch = Import.objects.visible_to(user).dressed().filter(pk=pk).first()
    if batch is None:
        raise NotFound()
    if write:
        require_import(user, batch.kind, batch.product)
    return batch


def require_import(user: Any, kind: str, product: Product | None = None) -> None:
    """Raise NotAllowed unless the user may import this kind of things into a product, or into any."""
    if not get_kind(kind).may(user, product):
        raise NotAllowed()


def products_for(user: Any, kind: str) -> list[Product]:
    """Return the products into which a user may import this kind of things."""
    return [product for product in user.visible_products if get_kind(kind).may(user, product)]
