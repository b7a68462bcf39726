"""May this user read or change a conversation, or a next step that came out of it?"""

from typing import Any

from insights.voice.conversations.models import Conversation, NextStep
from portal.people.public import Product, Role, allow, can, get_visible, require
from portal.shell.public import NotFound

allow("conversations.create", Role.PRODUCT_MANAGER)
allow("conversations.edit", Role.PRODUCT_MANAGER)


def get_conversation(user: Any, pk: int, write: bool = False) -> Conversation:
    """Return a conversation that the user may see; with `write`, may change too."""
    return get_visible(Conversation.objects.dressed(), user, "conversations.edit" if write else "", pk=pk)


def get_next_step(user: Any, pk: int, write: bool = False) -> NextStep:
    """Return a next step of a conversation that the user sees whole; with `write`, may change too."""
    step = NextStep.objects.visible_to(user).dressed().filter(pk=pk).first()
    if step is None:
        raise NotFound()
    if write:
        require(user, "conversations.edit", step)
    return step


def products_to_talk_about(user: Any) -> list[Product]:
    """Return the products whose conversations a user may write down: those of their teams, all for ops."""
    return [product for product in user.visible_products if can(user, "conversations.create", product)]
