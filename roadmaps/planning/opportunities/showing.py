"""Opportunities in lists and files, and all that the page of one shows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from insights.voice.findings.public import ShownEvidence, show_evidence
from portal.people.public import can
from portal.shell.public import Panel, SearchHit, find_uses, panels_for, registry, render_markdown
from roadmaps.planning.opportunities.contracts import Demand, OpportunityPanel, ProofKind
from roadmaps.planning.opportunities.models import Decision, Evidence, Opportunity
from roadmaps.planning.opportunities.sizes import read_demand

SORTS = {
    "changed": "updated_at",
    "title": "title",
    "product": "product__name",
    "state": "state",
    "evidence": "n_evidence",
    "created": "created_at",
}
MOST_EVIDENCE = 100


def with_counts(rows: Any) -> Any:
    """Add to opportunities how many pieces of evidence each has."""
    counted = Evidence.objects.filter(opportunity=OuterRef("pk")).order_by().values("opportunity")
    return rows.annotate(n_evidence=Coalesce(Subquery(counted.annotate(n=Count("pk")).values("n")), 0))


def dress(rows: list[Opportunity], user: Any) -> None:
    """Give each opportunity of a page its demand, in one statement, and whether the reader may change it."""
    demand = read_demand([row.pk for row in rows])
    for row in rows:
        row.demand = demand.get(row.pk, Demand())
        row.may_edit = can(user, "opportunities.edit", row)


COLUMNS: dict[str, Callable[[Opportunity], Any]] = {
    "id": lambda row: row.pk,
    "title": lambda row: row.title,
    "problem": lambda row: row.problem,
    "who has it": lambda row: row.who,
    "product": lambda row: row.product.name,
    "team": lambda row: row.team.name,
    "state": lambda row: row.get_state_display(),
    "owner": lambda row: str(row.owner or ""),
    "pieces of evidence": lambda row: row.n_evidence,
    "written on": lambda row: row.created_at.date(),
}


@dataclass(frozen=True)
class ProofPage:
    """What shows an opportunity to be real, the weightiest first; n_hidden: quotes that are not for the reader."""

    evidence: list[ShownEvidence]
    n_hidden: int
    n_more: int
    may_edit: bool


@dataclass(frozen=True)
class OpportunityPage:
    """One opportunity with all that its page shows at once; other pieces are asked for once it stands."""

    problem: Any
    demand: Demand
    n_words: int
    n_things: int
    decisions: list[Decision]
    panels: list[OpportunityPanel]
    blocks: list[tuple[Panel, Any]]
    uses: list[SearchHit]
    may_edit: bool
    may_delete: bool


def build_page(opportunity: Opportunity, user: Any) -> OpportunityPage:
    """Return what the page of an opportunity shows to a reader."""
    may_edit = can(user, "opportunities.edit", opportunity)
    counts = opportunity.evidence.aggregate(n_words=Count("pk", filter=Q(thing_id=None)), n_things=Count("thing_id"))
    return OpportunityPage(
        problem=render_markdown(opportunity.problem) if opportunity.problem else "",
        demand=read_demand([opportunity.pk]).get(opportunity.pk, Demand()) if any(counts.values()) else Demand(),
        **counts,
        decisions=list(opportunity.decisions.select_related("by")[:50]),
        panels=registry.all(OpportunityPanel),
        blocks=panels_for(opportunity, user),
        uses=find_uses(opportunity, user),
        may_edit=may_edit,
        may_delete=may_edit and not any(counts.values()) and not opportunity.initiatives.exists(),
    )


def read_proof(opportunity: Opportunity, user: Any, *, is_words: bool) -> ProofPage:
    """Return what shows an opportunity to be real, as a reader may see it: what people said, or all else."""
    of_it = opportunity.evidence.filter(thing_id__isnull=is_words)
    rows = list(of_it.order_by("-weight", "-pk")[: MOST_EVIDENCE + 1])
    shown = show_evidence(rows[:MOST_EVIDENCE], user, *registry.all(ProofKind))
    # Words that may not be read are not there, but for their number; of other things the title and note stay.
    seen = [row for row in shown if row.thing is not None or row.evidence.thing_id is not None]
    n_more = max(0, of_it.count() - MOST_EVIDENCE) if len(rows) > MOST_EVIDENCE else 0
    return ProofPage(seen, len(shown) - len(seen), n_more, can(user, "opportunities.edit", opportunity))
