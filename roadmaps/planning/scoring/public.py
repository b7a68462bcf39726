"""What other rooms of roadmaps may use of scoring."""

from roadmaps.planning.scoring.access import get_model, get_score, get_scored
from roadmaps.planning.scoring.actions import confirm_scores, score_initiative, score_several, undo_changes
from roadmaps.planning.scoring.agreeing import kendall_tau
from roadmaps.planning.scoring.efforts import own_as_if
from roadmaps.planning.scoring.flips import MOST_RIVALS, Flip, find_flips
from roadmaps.planning.scoring.formats import say_number
from roadmaps.planning.scoring.formulas import uses_each_once
from roadmaps.planning.scoring.models import Score, ScoreChange, ScoringModel
from roadmaps.planning.scoring.orders import RANKED_STAGES, Moved, OrderNews, news_of_orders, order_moved
from roadmaps.planning.scoring.reading import given_of, sheets_of
from roadmaps.planning.scoring.showing import ScoreShown, say_score, say_value, show_score
from roadmaps.planning.scoring.simulating import MOST_ROWS, N_TRIALS, Standing, simulate
from roadmaps.planning.scoring.totals import waiting_of

__all__ = [
    "MOST_RIVALS",
    "MOST_ROWS",
    "N_TRIALS",
    "RANKED_STAGES",
    "Flip",
    "Moved",
    "OrderNews",
    "Score",
    "ScoreChange",
    "ScoreShown",
    "ScoringModel",
    "Standing",
    "confirm_scores",
    "find_flips",
    "get_model",
    "get_score",
    "get_scored",
    "given_of",
    "kendall_tau",
    "news_of_orders",
    "order_moved",
    "own_as_if",
    "say_number",
    "say_score",
    "say_value",
    "score_initiative",
    "score_several",
    "sheets_of",
    "show_score",
    "simulate",
    "undo_changes",
    "uses_each_once",
    "waiting_of",
]
