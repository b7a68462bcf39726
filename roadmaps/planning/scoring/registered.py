"""What scoring hangs into the shell and on initiatives: panels, Home, search, "used by", the night, the demo."""

from typing import Any

from insights.cohorts.public import Cohort
from insights.metrics.public import Metric
from portal.people.public import can
from portal.shell.public import Command, DemoSeed, HomePanel, NightStep, SearchHit, SearchRows, UsedBy, registry
from roadmaps.planning.initiatives.public import InitiativeListener, InitiativePanel
from roadmaps.planning.scoring import demo
from roadmaps.planning.scoring.efforts import follow_effort
from roadmaps.planning.scoring.models import Round, Score
from roadmaps.planning.scoring.models.round import RoundQuerySet
from roadmaps.planning.scoring.night import refresh_at_night
from roadmaps.planning.scoring.showing import show_scores
from roadmaps.planning.scoring.telling import remind_scorers


def _find_rounds(user: Any, text: str) -> RoundQuerySet:
    return Round.objects.visible_to(user).matching(text).order_by("-created_at", "pk")


def _show_round(values: dict[str, Any]) -> SearchHit:
    address = Round(pk=values["pk"]).get_absolute_url()
    return SearchHit("Scoring round", values["title"], address, f"{values['product__name']} · {values['model__name']}")


def _using(thing: Any, user: Any) -> Any:
    kind = "cohort" if isinstance(thing, Cohort) else "metric" if isinstance(thing, Metric) else ""
    if not kind:
        return None
    return Score.objects.visible_to(user).filter(bindings__kind=kind, bindings__thing_id=thing.pk)


def _show(values: dict[str, Any]) -> SearchHit:
    address = f"/scoring/initiatives/{values['initiative_id']}/{values['model__slug']}/"
    return SearchHit("Score", values["initiative__title"], address, values["model__name"])


registry.add(
    SearchRows("Scoring rounds", _find_rounds, ("pk", "title", "product__name", "model__name"), _show_round, order=46)
)
registry.add(
    Command(
        "Open a blind scoring round", "scoring:round-new", can_see=lambda user: can(user, "rounds.create"), order=46
    )
)
registry.add(Command("Scoring models", "scoring:model-list", order=47, detail="How initiatives are scored"))
registry.add(UsedBy("Score", _using, ("initiative_id", "model__slug", "initiative__title", "model__name"), _show))
registry.add(InitiativeListener("scoring", follow_effort, order=40))
registry.add(InitiativePanel("scores", "Scores", "roadmaps/planning/scoring_panel.html", show_scores, order=30))
registry.add(NightStep("scores", "Read measured inputs of scores", refresh_at_night, order=55))
registry.add(NightStep("rounds", "Remind who is asked to score", remind_scorers, order=91))
registry.add(HomePanel("rounds", "roadmaps/planning/_rounds_home.html", lambda request: {}, order=82))
registry.add(DemoSeed("scores", demo.seed_scores, order=78))
