"""The map line by line, as a file holds it."""

from collections.abc import Callable, Iterator
from typing import Any

from roadmaps.plan.goal_map.reading import GoalMap


def list_rows(found: GoalMap) -> Iterator[dict[str, Any]]:
    """Yield a line for each initiative below each opportunity below each goal, then what hangs on nothing."""
    vision = found.vision_words
    for goal in found.tree.goals:
        line = {"vision": vision, "goal": goal.leaf.title, "cycle": goal.leaf.note}
        measured = [
            key_result.metric.name for key_result, one in goal.numbers if key_result.metric and not one.is_hidden
        ]
        line["metrics"] = ", ".join(dict.fromkeys(measured))
        if not goal.branches:
            yield line
        for branch in goal.branches:
            title = branch.leaf.title if branch.leaf else ""
            for leaf in branch.initiatives:
                yield {**line, "opportunity": title, "initiative": leaf.title, "stage": leaf.note}
    for leaf in found.tree.loose.aimless:
        yield {"initiative": leaf.title, "stage": leaf.note}
    for leaf in found.tree.loose.waiting:
        yield {"opportunity": leaf.title}


def _read(name: str) -> Callable[[dict[str, Any]], Any]:
    return lambda row: row.get(name, "")


COLUMNS = {name: _read(name) for name in ("vision", "goal", "cycle", "metrics", "opportunity", "initiative", "stage")}
