"""Reads about people for the frame and the pages."""

from dataclasses import dataclass

from django.http import HttpRequest

from portal.people.access import can, require
from portal.people.models import Product, User
from portal.shell.errors import NotFound

MOST_IN_SWITCHER = 50


@dataclass(frozen=True)
class ProductChoice:
    """The products that a person may switch between, their own teams' first, and the one they are on."""

    current: Product | None
    own: list[Product]
    others: list[Product]


def list_product_choices(user: User) -> ProductChoice | None:
    """Return the switcher's content, or None where there is no product to see."""
    products = user.visible_products[:MOST_IN_SWITCHER]
    if not products:
        return None
    current = next((product for product in products if product.pk == user.current_product_id), None)
    if current is None:
        current = get_current_product(user)
    own = [product for product in products if product.team_id in user.team_ids]
    return ProductChoice(current, own, [product for product in products if product not in own])


def get_current_product(user: User) -> Product | None:
    """Return the product that a person has chosen, if they may still see it."""
    if not user.current_product_id:
        return None
    return next((product for product in user.visible_products if product.pk == user.current_product_id), None)


def product_to_write(request: HttpRequest, action: str) -> Product:
    """Return the product that the address names, else the reader's own, else the first that they may write to."""
    user = request.user
    products = [one for one in user.visible_products if can(user, action, one)]
    asked, current = request.GET.get("product", ""), get_current_product(user)
    named = asked or (current.slug if current in products else "")
    found = next((one for one in products if one.slug == named or not named), None)
    if found is None:
        require(user, action, next(iter(user.visible_products), None))
        raise NotFound()
    return found


def build_switcher(request: HttpRequest) -> ProductChoice | None:
    """Return the switcher for the side bar; pages read the same choice as `request.product_choice`."""
    if not hasattr(request, "product_choice"):
        request.product_choice = list_product_choices(request.user)
    return request.product_choice
