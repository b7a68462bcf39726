"""What outcomes hang into the shell: navigation, Home, search, the panel of an initiative, the night, the demo."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from insights.metrics.public import Metric
from portal.people.public import can
from portal.shell.public import (
    Command,
    DemoSeed,
    HomePanel,
    NavItem,
    NightStep,
    SearchHit,
    SearchRows,
    UsedBy,
    registry,
)
from roadmaps.outcomes import demo
from roadmaps.outcomes.actions.bets import OUT, hear_release, lock_bets
from roadmaps.outcomes.calibration import calibration_of
from roadmaps.outcomes.health import warn_of_trends
from roadmaps.outcomes.measuring import measure_due
from roadmaps.outcomes.models import Bet, OutcomeReview
from roadmaps.outcomes.models.bet import BetQuerySet
from roadmaps.outcomes.showing import show_bets
from roadmaps.outcomes.words import say_advice
from roadmaps.plan.board.public import HealthWarning
from roadmaps.planning.initiatives.public import Initiative, InitiativeListener, InitiativePanel, Stage
from roadmaps.planning.releases.public import ReleaseListener


def _find_lessons(user: Any, text: str) -> QuerySet:
    return OutcomeReview.objects.visible_to(user).answered().matching(text).order_by("-reviewed_at", "pk")


def _show_lesson(values: dict[str, Any]) -> SearchHit:
    address = OutcomeReview(pk=values["pk"]).get_absolute_url()
    return SearchHit("Lesson", values["initiative__title"], address, values["initiative__team__name"])


def _home(request: HttpRequest) -> dict[str, Any] | None:
    """Let who may answer reviews see theirs; Home asks for them once it stands."""
    return {} if can(request.user, "outcome_reviews.answer") else None


def _panel(initiative: Initiative, request: HttpRequest) -> dict[str, Any]:
    """Return an initiative's bets, and whether one may be written."""
    user = request.user
    bets = show_bets(Bet.objects.of_rows().filter(initiative=initiative).order_by("pk"), user)
    may_write = can(user, "bets.write", initiative) and initiative.stage not in (*OUT, Stage.DROPPED)
    advice = ""
    if may_write and not bets:
        known = calibration_of(initiative.team_id)
        advice = say_advice(known) if known.suggested else ""
    review = OutcomeReview.objects.filter(initiative=initiative).first()
    return {"initiative": initiative, "bets": bets, "may_write": may_write, "advice": advice, "review": review}


def _using(thing: Any, user: Any) -> BetQuerySet | None:
    return Bet.objects.visible_to(user).filter(metric=thing) if isinstance(thing, Metric) else None


def _show(values: dict[str, Any]) -> SearchHit:
    return SearchHit("Bet", values["initiative__title"], Bet(pk=values["pk"]).get_absolute_url())


registry.add(
    NavItem("Roadmaps", "Outcomes", "outcomes:portfolio", order=50, keys="g b", icon="goals", also=("/outcomes/",))
)
registry.add(
    SearchRows("Lessons", _find_lessons, ("pk", "initiative__title", "initiative__team__name"), _show_lesson, order=48)
)
registry.add(Command("How good our bets were", "outcomes:calibration", order=45, detail="Calibration by team"))
registry.add(Command("What we learned", "outcomes:review-list", order=46, detail="The archive of outcome reviews"))
registry.add(HomePanel("outcomes", "roadmaps/outcomes/_home_panel.html", _home, order=83))
registry.add(UsedBy("Bet", _using, ("pk", "initiative__title"), _show))
registry.add(InitiativePanel("bets", "What it should do", "roadmaps/outcomes/_bets_panel.html", _panel, order=60))
registry.add(InitiativeListener("outcomes", lock_bets))
registry.add(ReleaseListener("outcomes", hear_release, order=40))
registry.add(HealthWarning("metric trend", warn_of_trends))
registry.add(NightStep("outcomes", "Measure what releases did", measure_due, order=70))
registry.add(DemoSeed("outcomes", demo.seed_outcomes, order=88))
