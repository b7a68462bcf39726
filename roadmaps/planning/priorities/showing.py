"""Rows of the Prioritise page: each with its score, its place, and the words of its file."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from portal.people.public import can
from roadmaps.planning.initiatives.public import Initiative
from roadmaps.planning.priorities.contracts import MoveShown, Order
from roadmaps.planning.scoring.public import Moved, Score, ScoreChange, ScoringModel, say_number, say_value, show_score


def dress_rows(page: list[Initiative], model: ScoringModel, order: Order, user: Any, *, today: date) -> None:
    """Give the rows of a page what they show: their score, its inputs, their place; one query for all."""
    scores = {one.initiative_id: one for one in Score.objects.filter(model=model, initiative__in=page)}
    for one in page:
        one.shown = show_score(model, scores.get(one.pk), today=today)
        one.place = order.places.get(one.pk)
        one.may_edit = can(user, "scores.edit", one)


def columns_of(model: ScoringModel, order: Order) -> dict[str, Callable[[Any], Any]]:
    """Return the columns of the file: the rank among all of the filters, the score, each input and how it is known."""
    read = _Given(model)
    columns: dict[str, Callable[[Any], Any]] = {
        "rank": lambda row: _place(order, row, "rank"),
        "initiative id": lambda row: row.pk,
        "initiative": lambda row: row.title,
        "product": lambda row: row.product.name,
        "team": lambda row: row.team.name,
        "stage": lambda row: row.get_stage_display(),
        "score": lambda row: "" if row.score_value is None else row.score_value,
        "least": lambda row: read.of(row).get("", {}).get("least", ""),
        "most": lambda row: read.of(row).get("", {}).get("most", ""),
        "rests on": lambda row: row.score_weakest or "",
    }
    for asked in model.definition.inputs:
        columns |= read.columns(asked.key, asked.label.lower())
    columns["person-months"] = lambda row: "" if row.effort_months is None else row.effort_months
    columns["person-months so far"] = lambda row: _place(order, row, "effort_so_far")
    columns["fits"] = lambda row: {True: "yes", False: "no"}.get(_place(order, row, "is_in"), "")
    return columns


def _place(order: Order, row: Initiative, name: str) -> Any:
    place = order.places.get(row.pk)
    return "" if place is None else getattr(place, name)


class _Given:
    """What was said of each initiative under a model: read once, when a file asks for its first row."""

    def __init__(self, model: ScoringModel):
        self.model = model
        self.found: dict[int, dict[str, Any]] | None = None

    def of(self, row: Initiative) -> dict[str, Any]:
        """Return an initiative's inputs as they are stored, and its ends under ""."""
        if self.found is None:
            names = ("initiative_id", "given", "least", "most")
            rows = Score.objects.filter(model=self.model).values_list(*names)
            self.found = {key: {**given, "": {"least": low, "most": high}} for key, given, low, high in rows}
        return self.found.get(row.pk, {})

    def columns(self, key: str, label: str) -> dict[str, Callable[[Any], Any]]:
        """Return an input's columns."""

        def reader(name: str) -> Callable[[Any], Any]:
            return lambda row: self.of(row).get(key, {}).get(name, "")

        words = {"likely": label, "low": f"{label} low", "high": f"{label} high", "label": f"{label} is",
                 "source": f"{label} from", "on": f"{label} as of"}  # fmt: skip
        return {title: reader(name) for name, title in words.items()}


def say_moves(found: Moved) -> list[MoveShown]:
    """Return what moved in sentences: from where to where, and because of which numbers or of whom."""
    shown = []
    for move in found.moves:
        thing = found.names[move.key]
        if move.rank_before is None:
            text = f"came in at {move.rank_after}"
        elif move.rank_after is None:
            text = f"left the order, from {move.rank_before}"
        else:
            text = f"{'rose' if move.is_up else 'fell'} from {move.rank_before} to {move.rank_after}"
        because = []
        for cause in move.causes:
            values = f"{say_value(cause.input, cause.before)} to {say_value(cause.input, cause.after)}"
            effect = ""
            if cause.effect:
                size = say_number(abs(cause.effect))
                effect = f", which alone {f'adds {size} to' if cause.effect > 0 else f'takes {size} off'} its score"
            because.append(f"because its {cause.input.label.lower()} went from {values}{effect}")
        if move.passed_by:
            names = " and ".join(f"“{found.names[one]}”" for one in move.passed_by)
            because.append(f"because {names} passed it")
        elif not because and move.rank_before and move.rank_after:
            because.append("because others left their places, or came in before it")
        shown.append(MoveShown(thing.title, thing.get_absolute_url(), text, tuple(because), move.rank_after))
    return shown


@dataclass(frozen=True)
class Done:
    """What was changed last and can be taken back."""

    batch: str
    text: str


def say_done(batch: UUID | str, user: Any) -> Done | None:
    """Return what a press of this user changed, in words, as long as it can be taken back."""
    try:
        number = batch if isinstance(batch, UUID) else UUID(str(batch)[:36])
    except ValueError:
        return None
    changes = ScoreChange.objects.visible_to(user).filter(batch=number, by_id=user.pk, undone_at=None)
    rows = list(changes.select_related("score__initiative")[:2])
    if not rows:
        return None
    if len(rows) == 1:
        return Done(str(number), f"“{rows[0].score.initiative}” is scored anew.")
    return Done(str(number), "Several initiatives are scored anew.")
