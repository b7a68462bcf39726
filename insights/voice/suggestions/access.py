"""May this user see or decide on what is suggested? Insiders of the product's team may: it quotes what people said."""

from typing import Any

from insights.voice.suggestions.models import ThemeProposal, Verdict
from portal.people.public import Role, allow, require
from portal.shell.public import NotFound

allow("suggestions.judge", Role.PRODUCT_MANAGER)
allow("suggestions.learn", Role.PRODUCT_MANAGER)


def get_proposal(user: Any, pk: int, write: bool = False) -> ThemeProposal:
    """Return a proposed theme of the user's teams; with `write`, that they may decide on."""
    rows = ThemeProposal.objects.visible_to(user).select_related("product__team", "theme", "decided_by")
    proposal = rows.filter(pk=pk).first()
    if proposal is None:
        raise NotFound()
    if write:
        require(user, "themes.create", proposal)
    return proposal


def get_verdict(user: Any, pk: int, write: bool = False) -> Verdict:
    """Return a verdict on a piece and a theme that the user may read."""
    verdict = Verdict.objects.visible_to(user).select_related("feedback", "theme").filter(pk=pk).first()
    if verdict is None:
        raise NotFound()
    if write:
        require(user, "suggestions.judge", verdict.feedback)
    return verdict
