"""The page of a cycle's goals in one read: the cycle, the filters, the tree, and what needs a word."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.people.public import Product, Team, can_see
from portal.shell.public import NotFound
from roadmaps.goals.models import Cycle, KeyResult, Objective
from roadmaps.goals.showing import GoalNode, KeyResultShown, build_tree, current_cycle, show_key_results

_MOST = 300  # objectives of a cycle on one page


@dataclass(frozen=True)
class GoalsPage:
    """A cycle's goals as its page shows them."""

    cycles: list[Cycle]
    cycle: Cycle | None
    teams: list[Team]
    team: str
    product: str
    text: str
    tree: list[GoalNode]
    n_objectives: int
    n_more: int
    n_waiting: int
    percent: int | None
    elapsed: int
    is_filtered: bool
    products: list[Product]

    def rows(self) -> Iterator[tuple[Objective, KeyResult | None, KeyResultShown | None]]:
        """Return the tree line by line, as a file holds it."""
        waiting = list(reversed(self.tree))
        while waiting:
            node = waiting.pop()
            waiting.extend(reversed(node.children))
            if not node.key_results:
                yield node.objective, None, None
            for key_result, shown in node.key_results:
                yield node.objective, key_result, shown


def _of_shown(name: str) -> Any:
    return lambda row: "" if row[2] is None or getattr(row[2], name) is None else getattr(row[2], name)


def _of_key_result(name: str) -> Any:
    return lambda row: "" if row[1] is None or row[2].is_hidden else getattr(row[1], name)


COLUMNS = {
    "objective id": lambda row: row[0].pk,
    "objective": lambda row: row[0].title,
    "serves": lambda row: row[0].parent_id or "",
    "team": lambda row: row[0].team.name,
    "product": lambda row: str(row[0].product or ""),
    "owner": lambda row: str(row[0].owner or ""),
    "state": lambda row: row[0].get_state_display(),
    "key result": lambda row: row[1].title if row[1] else "",
    "measured by": lambda row: "" if row[1] is None or row[2].is_hidden else str(row[1].metric or "typed"),
    "from": _of_key_result("baseline"),
    "to": _of_key_result("target"),
    "value": _of_shown("value"),
    "as of": _of_shown("on"),
    "percent of the way": _of_shown("percent"),
    "forecast": _of_shown("outlook"),
    "confidence": lambda row: row[2].check_in.get_confidence_display() if row[2] and row[2].check_in else "",
}


def read_goals(user: Any, asked: Any, *, today: date) -> GoalsPage:
    """Return a cycle's goals as far as the user may see them; constant in queries."""
    cycles = list(Cycle.objects.visible_to(user))
    cycle = _chosen_cycle(cycles, asked.get("cycle", ""), today)
    text = asked.get("q", "").strip()[:200].replace("\0", "")
    visible = Objective.objects.visible_to(user).filter(cycle=cycle) if cycle else Objective.objects.none()
    teams = list(Team.objects.filter(pk__in=visible.order_by().values("team")).order_by("name"))
    team = next((one for one in teams if one.slug == asked.get("team", "")), None)
    product = next((one for one in user.visible_products if one.slug == asked.get("product", "")), None)
    found = visible.filter(team=team) if team else visible
    found = found.filter(product=product) if product else found
    found = found.matching(text) if text else found
    objectives = list(found.of_rows().order_by("state", "title", "pk")[: _MOST + 1])
    shown = objectives[:_MOST]
    key_results = KeyResult.objects.filter(objective__in=[one.pk for one in shown]).of_rows()
    dressed = show_key_results(key_results, user=user, today=today)
    tree = build_tree(shown, dressed)
    for node in tree:
        parent = node.objective.parent
        node.serves = parent if parent is not None and can_see(user, parent) else None
    known = [one.bar for _, one in dressed if one.percent is not None]
    return GoalsPage(
        cycles=cycles,
        cycle=cycle,
        teams=teams,
        team=team.slug if team else "",
        product=product.slug if product else "",
        text=text,
        tree=tree,
        n_objectives=len(shown),
        n_more=len(objectives) - len(shown),
        n_waiting=sum(1 for _, one in dressed if one.needs_check_in),
        percent=round(sum(known) / len(known)) if known else None,
        elapsed=round(100 * cycle.elapsed_on(today)) if cycle else 0,
        is_filtered=bool(team or product or text),
        products=user.visible_products,
    )


def _chosen_cycle(cycles: list[Cycle], asked: str, today: date) -> Cycle | None:
    if not asked:
        return current_cycle(cycles, today)
    found = next((one for one in cycles if str(one.pk) == asked), None)
    if found is None:
        raise NotFound("There is no such cycle.")
    return found
