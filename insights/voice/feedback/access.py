"""May this user read or change feedback? What others of the company read of it is masked."""

from typing import Any

from insights.voice.feedback.models import Feedback
from portal.people.public import Product, Role, allow, can, get_visible

allow("feedback.create", Role.PRODUCT_MANAGER)
allow("feedback.edit", Role.PRODUCT_MANAGER)


def get_feedback(user: Any, pk: int, write: bool = False) -> Feedback:
    """Return a piece of feedback that the user may see; with `write`, may change too."""
    return get_visible(Feedback.objects.dressed(), user, "feedback.edit" if write else "", pk=pk)


def products_to_add_to(user: Any) -> list[Product]:
    """Return the products whose feedback a user may write down: those of their teams, all for ops."""
    return [product for product in user.visible_products if can(user, "feedback.create", product)]
