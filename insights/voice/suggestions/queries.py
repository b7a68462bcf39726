"""What the page of new themes shows: proposals with quotes, and what they stand on."""

from dataclasses import dataclass
from typing import Any

from insights.voice.feedback.public import Feedback, show_all
from insights.voice.suggestions.contracts import Facts
from insights.voice.suggestions.models import ProposedPiece, ThemeProposal
from insights.voice.suggestions.suggesting import read_facts
from portal.people.public import Product, can

QUOTES = 3


@dataclass(frozen=True)
class ProposalRow:
    """A proposed theme with the pieces nearest to its middle."""

    proposal: ThemeProposal
    quotes: list[Feedback]


@dataclass(frozen=True)
class ProposalsPage:
    """The proposals of a product that are open, those decided last, and what they were found in."""

    rows: list[ProposalRow]
    decided: list[ThemeProposal]
    facts: Facts
    may_decide: bool


def read_proposals(product: Product, user: Any) -> ProposalsPage:
    """Return what the page of a product's proposals shows; a fixed number of queries."""
    seen = ThemeProposal.objects.visible_to(user).filter(product=product).select_related("theme", "decided_by")
    proposals = list(seen.open())
    nearest = ProposedPiece.objects.filter(proposal__in=proposals, position__lt=4 * QUOTES)
    quotes: dict[int, list[Feedback]] = {}
    for one in nearest.select_related("feedback").order_by("proposal", "position"):
        own = quotes.setdefault(one.proposal_id, [])
        # Of pieces that say the same one is enough.
        if len(own) < QUOTES and one.feedback.text not in {other.text for other in own}:
            own.append(one.feedback)
    show_all([one for own in quotes.values() for one in own], user, has_names=False)
    decided = seen.exclude(state=ThemeProposal.State.OPEN).exclude(name="").order_by("-decided_at", "-pk")
    return ProposalsPage(
        [ProposalRow(one, quotes.get(one.pk, [])) for one in proposals],
        list(decided[:20]),
        read_facts(product),
        can(user, "themes.create", product),
    )
