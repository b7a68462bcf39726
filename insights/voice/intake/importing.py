"""Feedback as a kind of import: what its columns become, how they are guessed, where to see what came."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.urls import reverse

from insights.imports.public import Import, ImportKind, Plan, Worked, guess_targets, plain_name
from insights.voice.intake.options import FeedbackOptions
from insights.voice.intake.presets import PRESETS, TARGETS
from insights.voice.intake.taking import FeedbackTaker
from insights.voice.intake.undoing import find_worked, undo_feedback
from insights.voice.texts.public import looks_like_html
from portal.people.public import Product, can

_LONG = 25  # letters of a usual answer in someone's own words
_FLAG_VALUES = frozenset({"0", "1", "yes", "no", "true", "false", "x"})


class FeedbackImport(ImportKind):
    """Files of feedback: exports of other tools, tables of surveys, notes of tests."""

    name = "feedback"
    title = "feedback"
    nouns = ("piece", "pieces")
    order = 10
    targets = TARGETS
    presets = PRESETS
    preview = (
        ("text", "What was said"),
        ("title", "Subject or question"),
        ("who", "Who"),
        ("said_on", "Said on"),
        ("about", "Kind, channel"),
        ("themes", "Themes"),
    )
    options_form = FeedbackOptions
    takes_second_file = True
    help = (
        "Tickets, reviews, answers to a survey: a row a piece, or a row a respondent with a column for each question. "
        "Exports of Zendesk, Intercom, Canny and Productboard are recognised."
    )

    def may(self, user: Any, product: Product | None = None) -> bool:
        """Say whether a user may write feedback of a product down."""
        return can(user, "feedback.create", product)

    def guess(self, columns: Sequence[str], samples: Mapping[str, Sequence[str]]) -> tuple[str, Plan]:
        """Guess by preset and names; where no column is named as the text, by what the columns hold."""
        preset, plan = guess_targets(TARGETS, PRESETS, columns, samples)
        targets, options = dict(plan.targets), dict(plan.options)
        free = [column for column in columns if column not in targets and _is_free(samples.get(column, ()))]
        if not preset and "text" not in targets.values() and free:
            if len(free) == 1:
                targets[free[0]] = "text"
            else:
                noted = [column for column in free if "note" in plain_name(column).split()]
                targets |= {noted[0]: "text"} if noted else dict.fromkeys(free, "question")
        if "question" in targets.values():
            targets |= dict.fromkeys((one for one in columns if one not in targets and _is_flag(samples[one])), "flag")
        words = [text for column, name in targets.items() if name in ("text", "question") for text in samples[column]]
        filled = [text for text in words if text.strip()]
        if not preset and filled and sum(map(looks_like_html, filled)) > len(filled) / 3:
            options["is_html"] = True
        if not preset and (apart := _guess_apart([c for c, name in targets.items() if name == "theme"], samples)):
            options["apart"] = apart
        return preset, Plan({column: targets[column] for column in columns if column in targets}, options)

    def faults(self, plan: Plan) -> list[str]:
        """Need words: one column, or one for each question."""
        if not plan.column("text") and not plan.columns("question"):
            return ["Say which column is what was said, or which columns are answers to questions."]
        if plan.options.get("row_is_person") and not plan.column("origin_id"):
            return ["Say which column is the id: each row's id is to be a person."]
        return []

    def taker(self, product: Product, plan: Plan, *, actor: Any, batch: Import | None) -> FeedbackTaker:
        """Return what looks at rows and writes pieces."""
        return FeedbackTaker(product, plan, actor=actor, batch=batch)

    def url_of(self, batch: Import) -> str:
        """Return the list of what came."""
        return f"{reverse('feedback:feedback-list')}?imported_in={batch.pk}"

    def worked(self, batch: Import) -> Worked:
        """Return the pieces that people worked on since."""
        return find_worked(batch)

    def undo(self, batch: Import, *, actor: Any, keeps_worked: bool, progress: Callable[..., None]) -> int:
        """Take the pieces back, with their links and the themes made for them."""
        return undo_feedback(batch, actor=actor, keeps_worked=keeps_worked, progress=progress)


def _is_free(values: Sequence[str]) -> bool:
    """Say whether a column holds answers in people's own words: long ones, hardly two alike."""
    filled = [value.strip() for value in values if value.strip()]
    if not filled or len(set(filled)) < 0.5 * len(filled):
        return False
    return sum(len(value) for value in filled) / len(filled) >= _LONG and any(" " in value for value in filled)


def _is_flag(values: Sequence[str]) -> bool:
    """Say whether a column says yes or no: one word in it and else nothing, or words for yes and no."""
    filled = {value.strip().lower() for value in values if value.strip()}
    return bool(filled) and len(values) > 1 and (len(filled) == 1 or filled <= _FLAG_VALUES) and not _is_same(values)


def _is_same(values: Sequence[str]) -> bool:
    return all(value.strip() for value in values) and len({value.strip() for value in values}) == 1


def _guess_apart(columns: Sequence[str], samples: Mapping[str, Sequence[str]]) -> str:
    """Return the sign between several themes of a cell, where most cells that hold one hold it between short words."""
    filled = [value for column in columns for value in samples[column] if value.strip()]
    for name, sign in (("semicolon", ";"), ("bar", "|"), ("comma", ",")):
        if filled and sum(sign in value for value in filled) > 0.2 * len(filled):
            return name
    return ""
