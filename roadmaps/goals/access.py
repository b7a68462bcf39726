"""May this user read or change a goal, a cycle, a vision or a strategy?"""

from typing import Any

from portal.people.public import Product, Role, allow, get_product, get_visible, require
from portal.shell.public import NotFound
from roadmaps.goals.models import Cycle, KeyResult, Objective, Statement

allow("cycles.edit", Role.OPS, is_team_bound=False)
allow("objectives.create", Role.PRODUCT_MANAGER)
allow("objectives.edit", Role.PRODUCT_MANAGER)
allow("statements.write", Role.PRODUCT_MANAGER)


def get_cycle(user: Any, pk: int, write: bool = False) -> Cycle:
    """Return a cycle; with `write`, for somebody who may change it."""
    return get_visible(Cycle.objects.all(), user, "cycles.edit" if write else "", pk=pk)


def get_objective(user: Any, pk: int, write: bool = False) -> Objective:
    """Return an objective that the user may see; with `write`, may change too."""
    return get_visible(Objective.objects.of_rows(), user, "objectives.edit" if write else "", pk=pk)


def get_key_result(user: Any, pk: int, write: bool = False) -> KeyResult:
    """Return a key result whose objective the user may see; with `write`, may change too."""
    found = KeyResult.objects.visible_to(user).of_rows().filter(pk=pk).first()
    if found is None:
        raise NotFound()
    if write:
        require(user, "objectives.edit", found.objective)
    return found


def get_statement(user: Any, slug: str, kind: str) -> tuple[Product, Statement | None]:
    """Return a product and its vision or strategy; None where none is written yet.

    One that is there but not shared with the user is NotFound, so that nobody learns of it.
    """
    product = get_product(user, slug)
    statements = Statement.objects.select_related("product", "team", "owner", "current__written_by")
    found = statements.filter(product=product, kind=kind).first()
    if found is not None and not Statement.objects.visible_to(user).filter(pk=found.pk).exists():
        raise NotFound()
    return product, found
