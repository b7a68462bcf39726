"""May this user read or change an opportunity, or its evidence?"""

from typing import Any

from portal.people.public import Role, allow, get_visible, require
from portal.shell.public import NotFound
from roadmaps.planning.opportunities.models import Evidence, Opportunity

allow("opportunities.create", Role.PRODUCT_MANAGER)
allow("opportunities.edit", Role.PRODUCT_MANAGER)


def get_opportunity(user: Any, pk: int, write: bool = False) -> Opportunity:
    """Return an opportunity that the user may see; with `write`, may change too."""
    return get_visible(Opportunity.objects.of_rows(), user, "opportunities.edit" if write else "", pk=pk)


def get_evidence(user: Any, pk: int, write: bool = False) -> Evidence:
    """Return evidence of an opportunity that the user may see; with `write`, may change too."""
    rows = Evidence.objects.visible_to(user).select_related("opportunity__product", "opportunity__team")
    evidence = rows.filter(pk=pk).first()
    if evidence is None:
        raise NotFound()
    if write:
        require(user, "opportunities.edit", evidence.opportunity)
    return evidence
