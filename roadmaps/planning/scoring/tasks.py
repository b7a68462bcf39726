"""Tasks of the scoring room."""

from celery import shared_task

from roadmaps.planning.scoring.models import ScoringModel
from roadmaps.planning.scoring.night import finish_rework
from roadmaps.planning.scoring.totals import renew_totals


@shared_task(name="planning.rework_scores")
def rework_scores(model_id: int) -> None:
    """Work a model's scores out by its newest version."""
    model = ScoringModel.objects.select_related("current").filter(pk=model_id).first()
    if model is not None and finish_rework(model):
        renew_totals(model)
