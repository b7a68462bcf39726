"""Writing opportunities down, changing them, and the log of what was decided about them."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from insights.voice.findings.public import read_words
from portal.audit.public import record, state_of
from portal.people.public import Product, require
from portal.shell.public import BadInput, Conflict, NotFound, refuse_stale, refuse_unknown
from roadmaps.goals.public import line
from roadmaps.planning.opportunities.models import Decision, Opportunity

MOST_AT_ONCE = 500
LONGEST_WHY = 2_000
_FIELDS = frozenset({"title", "problem", "who", "state", "owner", "visibility"})
_LONGEST = {"problem": 20_000, "who": 300}


@transaction.atomic
def create_opportunity(product: Product, *, actor: Any, title: str, **values: Any) -> Opportunity:
    """Write an opportunity down; it belongs to the product's team."""
    refuse_unknown(values, _FIELDS)
    opportunity = Opportunity(product=product, team=product.team)
    require(actor, "opportunities.create", opportunity)
    values.setdefault("owner", actor if actor.pk else None)
    _fill(opportunity, {"title": title, **values})
    opportunity.save()
    record(actor, "opportunity.created", opportunity, after=state_of(opportunity))
    return opportunity


@transaction.atomic
def update_opportunity(
    opportunity: Opportunity, *, actor: Any, version: int | None = None, why: str = "", **changes: Any
) -> Opportunity:
    """Change an opportunity, with `version` only if nobody changed it since; another state is a decision."""
    refuse_unknown(changes, _FIELDS)
    current = lock_opportunity(opportunity)
    require(actor, "opportunities.edit", current)
    if version is not None:
        refuse_stale(current, version)
    before, was = state_of(current), current.get_state_display()
    _fill(current, changes)
    after = state_of(current)
    if before == after:
        return current
    current.version += 1
    current.save()
    record(actor, "opportunity.changed", current, before=before, after={**after, "version": current.version})
    if before["state"] != current.state:
        _keep_decision(current, f"{was} → {current.get_state_display()}", why, actor)
    return current


@transaction.atomic
def change_opportunities(
    opportunities: Sequence[Opportunity], *, actor: Any, why: str = "", **changes: Any
) -> list[Opportunity]:
    """Change several opportunities in the same way: all of them or none."""
    if len(opportunities) > MOST_AT_ONCE:
        raise BadInput(f"Change at most {MOST_AT_ONCE} opportunities at once.")
    ordered = sorted(opportunities, key=lambda one: one.pk)
    return [update_opportunity(one, actor=actor, why=why, **changes) for one in ordered]


@transaction.atomic
def decide(opportunity: Opportunity, *, actor: Any, what: str, why: str = "") -> Decision:
    """Note what was decided about an opportunity; such a line is never changed."""
    current = lock_opportunity(opportunity)
    require(actor, "opportunities.edit", current)
    return _keep_decision(current, read_words(line("what", what, 200), 200, "what"), why, actor)


@transaction.atomic
def delete_opportunity(opportunity: Opportunity, *, actor: Any) -> None:
    """Delete an opportunity on which nothing hangs; others are dropped, which keeps what was decided."""
    current = lock_opportunity(opportunity)
    require(actor, "opportunities.edit", current)
    if current.evidence.exists() or current.decisions.exists() or current.initiatives.exists():
        raise Conflict("Evidence, decisions or initiatives hang on it. Drop it instead: that keeps its story.")
    record(actor, "opportunity.deleted", current, before=state_of(current))
    current.delete()


def _keep_decision(opportunity: Opportunity, what: str, why: str, actor: Any) -> Decision:
    why = read_words(why.replace("\r\n", "\n"), LONGEST_WHY, "why")
    made = Decision.objects.create(opportunity=opportunity, what=what, why=why, by_id=actor.pk)
    record(actor, "opportunity.decided", opportunity, after={"decision": made.pk})
    return made


def lock_opportunity(opportunity: Opportunity) -> Opportunity:
    """Return an opportunity with its row locked until the transaction ends."""
    current = Opportunity.objects.of_rows().select_for_update(of=("self",)).filter(pk=opportunity.pk).first()
    if current is None:
        raise NotFound()
    return current


def _fill(opportunity: Opportunity, values: dict[str, Any]) -> None:
    for name, value in values.items():
        if name == "title":
            value = line(name, value, 200)
        elif name in _LONGEST:
            value = read_words(value.replace("\r\n", "\n"), _LONGEST[name], name)
        elif name == "state" and value not in Opportunity.State.values:
            raise BadInput(fields={name: [f"Use one of: {', '.join(Opportunity.State.values)}."]})
        setattr(opportunity, name, value)
