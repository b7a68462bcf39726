"""Tables of goals: statements of where a product goes, cycles, objectives, and their key results."""

from roadmaps.goals.models.cycle import Cycle
from roadmaps.goals.models.key_result import CheckIn, KeyResult, TypedValue
from roadmaps.goals.models.objective import Objective
from roadmaps.goals.models.statement import Statement, StatementReading, StatementVersion

__all__ = [
    "CheckIn",
    "Cycle",
    "KeyResult",
    "Objective",
    "Statement",
    "StatementReading",
    "StatementVersion",
    "TypedValue",
]
