"""The one set of initiatives behind every view: of today, or as of a past day; filtered as the address asks."""

from datetime import date
from typing import Any

from django.db.models import BigIntegerField, Case, F, QuerySet, Value, When
from django.db.models.functions import Cast

from portal.shell.public import words_in
from roadmaps.goals.public import visible_objectives
from roadmaps.plan.board.state import State
from roadmaps.planning.initiatives.public import Initiative, Stage, initiatives_on

STAGES = dict(Stage.choices)
CLOSED = (Stage.DONE, Stage.DROPPED)
# What a lane stands for, by the column that its number or word is in.
LANE_COLUMNS = {
    "goal": "goal_no",
    "team": "team_id",
    "product": "product_id",
    "owner": "owner_id",
    "stage": "stage",
}
_ONLY_TODAY = {
    "health": "Health is known for today alone: take the day or this filter away.",
    "release": "What is in a release is known for today alone: take the day or this filter away.",
}


def refuse_in_past(state: State) -> dict[str, str]:
    """Return a sentence for each filter that a past day cannot be asked."""
    if state.day is None:
        return {}
    if state.view == "calendar":
        return {"day": "Which releases were planned on a past day is not kept: take the day away, or another view."}
    return {name: words for name, words in _ONLY_TODAY.items() if getattr(state, name)}


def rows_of(state: State, user: Any) -> QuerySet:
    """Return the initiatives that a state asks for and its reader may see, unordered.

    Each row has what `Initiative` and `InitiativeVersion` share, `no` (its number for ever), and `goal_no`: its goal's
    number where the reader may see that goal.
    """
    seen_goal = Case(
        When(objective__in=visible_objectives(user), then=F("objective_id")),
        default=Value(None),
        output_field=BigIntegerField(),
    )
    if state.day is not None:
        rows = initiatives_on(state.day, user).annotate(no=F("number"), goal_no=seen_goal)
    else:
        rows = Initiative.objects.visible_to(user).annotate(no=Cast("pk", BigIntegerField()), goal_no=seen_goal)
    return _narrowed(rows, state).order_by()


def _narrowed(rows: QuerySet, state: State) -> QuerySet:
    if state.q:
        columns = ("title",) if state.day else ("title", "summary", "reference")
        rows = rows.filter(words_in(state.q, *columns))
    if state.stage and state.stage != "all":
        rows = rows.filter(stage=state.stage)
    elif not state.stage and not state.done:
        rows = rows.exclude(stage__in=CLOSED)
    for name, column in (("product", "product__slug"), ("team", "team__slug"), ("horizon", "horizon")):
        if value := getattr(state, name):
            rows = rows.filter(**{column: value})
    for name, column in (("goal", "goal_no"), ("owner", "owner_id")):
        if value := getattr(state, name):
            rows = rows.filter(**({f"{column}__isnull": True} if value == "none" else {column: int(value)}))
    if state.health:
        rows = rows.filter(health__tone=state.health)
    if state.release:
        inside = {"releases__isnull": True} if state.release == "none" else {"releases": int(state.release)}
        rows = rows.filter(**inside)
    return rows


def dated(rows: QuerySet, first: date, end: date) -> QuerySet:
    """Keep what lies in the days from a first up to and without an end; one date alone is a day."""
    begun = rows.annotate(
        begins=Case(When(starts_on=None, then=F("ends_on")), default=F("starts_on")),
        over=Case(When(ends_on=None, then=F("starts_on")), default=F("ends_on")),
    )
    return begun.filter(begins__lt=end, over__gte=first)


def dress(rows: QuerySet, state: State) -> QuerySet:
    """Read with each row what a card shows of it."""
    rows = rows.select_related("product", "team", "owner", "objective__cycle")
    if state.day:
        return rows.select_related("initiative").defer("initiative__summary")
    return rows.select_related("health").defer("summary")
