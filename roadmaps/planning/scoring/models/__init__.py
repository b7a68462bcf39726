"""Tables of scoring: models in versions, scores of initiatives, blind rounds, and orders as they were."""

from roadmaps.planning.scoring.models.model import ModelVersion, ScoringModel
from roadmaps.planning.scoring.models.order import KeptOrder
from roadmaps.planning.scoring.models.round import Ballot, Remark, Round, RoundItem, Scorer
from roadmaps.planning.scoring.models.score import Binding, Score, ScoreChange

__all__ = [
    "Ballot",
    "Binding",
    "KeptOrder",
    "ModelVersion",
    "Remark",
    "Round",
    "RoundItem",
    "Score",
    "ScoreChange",
    "Scorer",
    "ScoringModel",
]
