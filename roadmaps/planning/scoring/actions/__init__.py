"""Writes of scoring: models, scores, blind rounds."""

from roadmaps.planning.scoring.actions.models import (
    archive_model,
    create_model,
    restore_model,
    update_model,
    write_version,
)
from roadmaps.planning.scoring.actions.rounds import (
    add_remark,
    cancel_round,
    hand_in,
    open_round,
    reveal_round,
    settle_item,
    take_back,
)
from roadmaps.planning.scoring.actions.scores import (
    confirm_scores,
    delete_score,
    score_initiative,
    score_several,
    undo_changes,
)

__all__ = [
    "add_remark",
    "archive_model",
    "cancel_round",
    "confirm_scores",
    "create_model",
    "delete_score",
    "hand_in",
    "open_round",
    "restore_model",
    "reveal_round",
    "score_initiative",
    "score_several",
    "settle_item",
    "take_back",
    "undo_changes",
    "update_model",
    "write_version",
]
