"""May this user read or change feedback? What others of the company read of it is masked."""

from typing import Any

from insights.voice.feedback.models import Attachment, Feedback
from portal.people.public import Product, Role, allow, can, get_visible, is_insider
from portal.shell.public import NotFound

allow("feedback.create", Role.PRODUCT_MANAGER)
allow("feedback.edit", Role.PRODUCT_MANAGER)


def get_feedback(user: Any, pk: int, write: bool = False) -> Feedback:
    """Return a piece of feedback that the user may see; with `write`, may change too."""
    return get_visible(Feedback.objects.dressed().with_files(), user, "feedback.edit" if write else "", pk=pk)


def products_to_add_to(user: Any) -> list[Product]:
    """Return the products whose feedback a user may write down: those of their teams, all for ops."""
    return [product for product in user.visible_products if can(user, "feedback.create", product)]


def get_attachment(user: Any, pk: int, write: bool = False) -> Attachment:
    """Return a file of a piece that the user sees whole: what is in it cannot be masked."""
    found = Attachment.objects.select_related("feedback__team", "feedback__product").filter(pk=pk).first()
    if found is None or not is_insider(user, found.feedback.team_id):
        raise NotFound()
    get_feedback(user, found.feedback_id, write=write)
    return found
