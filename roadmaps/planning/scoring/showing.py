"""Scores as pages show them: numbers in words, what they rest on, what is old."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from portal.people.public import can
from roadmaps.planning.initiatives.public import Initiative
from roadmaps.planning.scoring.contracts import STALE_AFTER_DAYS, Definition, Given, Input
from roadmaps.planning.scoring.formats import say_number
from roadmaps.planning.scoring.models import Score, ScoringModel
from roadmaps.planning.scoring.reading import given_of
from roadmaps.planning.scoring.working import capped


@dataclass(frozen=True)
class InputShown:
    """One input of a score as it is shown: its value in words, what counts of it, how it is known."""

    asked: Input
    given: Given | None
    said: str
    range: str
    counts: str
    is_old: bool

    @property
    def has_moved(self) -> bool:
        """Say whether a measured value moved since somebody looked at it."""
        return self.given is not None and self.given.has_moved

    @property
    def moved(self) -> str:
        """Return by how much a measured value moved, as "+24 %"."""
        moved = self.given.moved if self.given else None
        return "" if moved is None else f"{moved:+.0%}".replace("%", " %")


@dataclass(frozen=True)
class ScoreShown:
    """A score as it is shown."""

    model: ScoringModel
    score: Score | None
    value: str
    range: str
    inputs: tuple[InputShown, ...]
    weakest: str
    is_capped: bool
    staleness: tuple[str, ...]


def say_value(asked: Input, value: float) -> str:
    """Return a value of an input in words: the label of a step that is only a label, else the number."""
    rung = next((one for one in asked.rungs if one.value == value), None)
    if rung is not None and rung.says and rung.says[0].isupper():
        return rung.says
    return say_number(value)


def say_score(definition: Definition, value: float | None) -> str:
    """Return a score in words: its label where the model sorts into labels, else the number."""
    if value is None:
        return say_number(None)
    return say_value(definition.inputs[0], value) if definition.is_label else say_number(value)


def say_range(low: float | None, high: float | None, value: float | None) -> str:
    """Return a range as "2 to 8"; nothing where there is none."""
    if low is None or high is None or low == high == value:
        return ""
    return f"{say_number(low)} to {say_number(high)}"


def show_inputs(definition: Definition, given: dict[str, Given], today: date) -> tuple[InputShown, ...]:
    """Return the inputs of a model with what was said of each."""
    most_sure = capped(definition, given)
    shown = []
    for asked in definition.inputs:
        one = given.get(asked.key)
        if one is None:
            shown.append(InputShown(asked, None, say_number(None), "", "", is_old=False))
            continue
        most = most_sure.get(asked.key)
        counts = say_number(most) if most is not None and one.likely > most else ""
        said_range = say_range(one.low, one.high, one.likely)
        is_old = one.is_old(today) and not one.bound
        shown.append(InputShown(asked, one, say_value(asked, one.likely), said_range, counts, is_old))
    return tuple(shown)


def show_score(model: ScoringModel, score: Score | None, *, today: date) -> ScoreShown:
    """Return a score as pages show it; of nothing said where there is none."""
    definition = model.definition
    inputs = show_inputs(definition, given_of(score, definition) if score else {}, today)
    if score is None:
        return ScoreShown(model, None, say_number(None), "", inputs, "", is_capped=False, staleness=())
    staleness = []
    if score.oldest_on is not None and (today - score.oldest_on).days > STALE_AFTER_DAYS:
        staleness.append(f"an input is {(today - score.oldest_on).days} days old")
    if score.has_moved:
        moved = ", ".join(f"{one.asked.label.lower()} {one.moved}" for one in inputs if one.has_moved)
        staleness.append(f"moved since somebody looked: {moved}" if moved else "a measured input moved")
    return ScoreShown(
        model=model,
        score=score,
        value=say_score(definition, score.value),
        range="" if definition.is_label else say_range(score.least, score.most, score.value),
        inputs=inputs,
        weakest=score.weakest,
        is_capped=score.is_capped,
        staleness=tuple(staleness),
    )


def show_scores(initiative: Initiative, request: HttpRequest) -> dict[str, Any] | None:
    """Return the scores of an initiative for its page: of every model that scored it, and of those in use."""
    models = list(ScoringModel.objects.select_related("current").exclude(current=None))
    scores = {one.model_id: one for one in Score.objects.filter(initiative=initiative).select_related("scored_by")}
    today = timezone.localdate()
    rows = [
        show_score(model, scores.get(model.pk), today=today)
        for model in models
        if model.pk in scores or not model.is_archived
    ]
    rows.sort(key=lambda row: (row.score is None, row.model.position))
    return {"rows": rows, "may_score": can(request.user, "scores.edit", initiative)} if rows else None
