"""May this user see or change how long what customers said is kept?"""

from typing import Any

from insights.voice.retention.models import RetentionRule
from portal.people.public import Product, Role, allow, can, require
from portal.shell.public import NotFound

EDIT = "retention.edit"
allow(EDIT, Role.OPS)


def get_rule(user: Any, pk: int, write: bool = False) -> RetentionRule:
    """Return a rule of the user's teams; with `write`, one that they may change."""
    rule = RetentionRule.objects.visible_to(user).dressed().filter(pk=pk).first()
    if rule is None:
        raise NotFound()
    if write:
        require(user, EDIT, rule.product)
    return rule


def products_to_rule(user: Any) -> list[Product]:
    """Return the products for which a user may say how long things are kept."""
    return [product for product in user.visible_products if can(user, EDIT, product)]
