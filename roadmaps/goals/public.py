"""What other rooms of roadmaps may use of goals."""

from roadmaps.goals.access import get_objective
from roadmaps.goals.actions.texts import checked, line, number
from roadmaps.goals.models import Cycle, KeyResult, Objective, Statement
from roadmaps.goals.models.objective import visible_objectives
from roadmaps.goals.showing import KeyResultShown, show_key_results

__all__ = [
    "Cycle",
    "KeyResult",
    "KeyResultShown",
    "Objective",
    "Statement",
    "checked",
    "get_objective",
    "line",
    "number",
    "show_key_results",
    "visible_objectives",
]
