"""The effort of an initiative as its scores count it: there is one effort of it, wherever it was typed."""

from dataclasses import replace
from typing import Any

from django.utils import timezone

from roadmaps.planning.initiatives.public import Initiative
from roadmaps.planning.scoring.contracts import Definition, Given
from roadmaps.planning.scoring.kinds import LEAST_EFFORT
from roadmaps.planning.scoring.models import Score
from roadmaps.planning.scoring.reading import given_of
from roadmaps.planning.scoring.totals import fill_score, renew_totals
from roadmaps.planning.scoring.working import work_out

EFFORTS = frozenset({"effort_low", "effort_months", "effort_high"})
SOURCE = "The initiative's effort"


def effort_of(initiative: Initiative) -> Given | None:
    """Return an initiative's effort as an input, half a month at least; None where nobody said any."""
    ends = initiative.effort_low, initiative.effort_months, initiative.effort_high
    if initiative.effort_months is None:
        return None
    low, likely, high = (None if one is None else max(LEAST_EFFORT, one) for one in ends)
    if low == likely == high or (low is None and high is None):
        low = high = None
    else:
        low, high = likely if low is None else low, likely if high is None else high
    return Given(likely, low, high, label="guessed", source=SOURCE, on=timezone.localdate())


def follow_effort(initiative: Initiative, before: dict[str, Any], actor: Any) -> None:
    """Let the scores of an initiative follow its effort, in the transaction that changed it."""
    if not EFFORTS & before.keys():
        return
    effort = effort_of(initiative)
    rows = Score.objects.select_for_update(of=("self",)).select_related("model__current")
    for score in rows.filter(initiative=initiative).order_by("pk"):
        definition = score.model.definition
        given = given_of(score, definition)
        for asked in definition.inputs:
            if asked.role != "effort":
                continue
            said = given.pop(asked.key, None)
            if effort is not None:
                known = {"label": said.label, "source": said.source} if said else {}
                given[asked.key] = replace(effort, **known, by=actor.pk)
            fill_score(score, definition, given)
            score.version += 1
            score.save()
            renew_totals(score.model, {initiative.pk})


def own_as_if(score: Score, definition: Definition, months: float | None) -> float | None:
    """Return what a score would be by itself if its initiative had another effort, in person-months."""
    given = given_of(score, definition)
    for asked in definition.inputs:
        if asked.role == "effort":
            said = given.pop(asked.key, None)
            if months is not None:
                given[asked.key] = Given(max(LEAST_EFFORT, months), label=said.label if said else "guessed")
    return work_out(definition, given).value
