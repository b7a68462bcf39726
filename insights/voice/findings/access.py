"""May this user read or change a finding, or its evidence?"""

from typing import Any

from insights.voice.findings.models import Evidence, Finding
from portal.people.public import Role, allow, get_visible, require
from portal.shell.public import NotFound

allow("findings.create", Role.PRODUCT_MANAGER)
allow("findings.edit", Role.PRODUCT_MANAGER)


def get_finding(user: Any, pk: int, write: bool = False) -> Finding:
    """Return a finding that the user may see; with `write`, may change too."""
    return get_visible(Finding.objects.dressed().with_cause(), user, "findings.edit" if write else "", pk=pk)


def get_evidence(user: Any, pk: int, write: bool = False) -> Evidence:
    """Return evidence of a finding that the user may see; with `write`, may change too."""
    rows = Evidence.objects.visible_to(user).select_related("finding__product", "finding__team", "finding__owner")
    evidence = rows.filter(pk=pk).first()
    if evidence is None:
        raise NotFound()
    if write:
        require(user, "findings.edit", evidence.finding)
    return evidence
