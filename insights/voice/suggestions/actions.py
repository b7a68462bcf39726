"""Saying yes or no to a suggestion; remembered, and learned from."""

from typing import Any

from django.db import transaction

from insights.voice.feedback.public import Feedback
from insights.voice.suggestions.jobs import ask_to_learn
from insights.voice.suggestions.models import Learning, Verdict
from insights.voice.themes.public import Theme
from portal.audit.public import record
from portal.people.public import Product, require
from portal.shell.public import BadInput


@transaction.atomic
def judge(
    feedback: Feedback, theme: Theme, is_accepted: bool, *, actor: Any, confidence: float | None = None
) -> Verdict:
    """Note what somebody said of a suggested theme; the last word counts."""
    require(actor, "suggestions.judge", feedback)
    if theme.product_id != feedback.product_id:
        raise BadInput(fields={"theme": ["This theme is of another product than the feedback."]})
    values = {"is_accepted": is_accepted, "confidence": confidence, "created_by_id": actor.pk}
    verdict, _ = Verdict.objects.update_or_create(feedback=feedback, theme=theme, defaults=values)
    verb = "suggestion.accepted" if is_accepted else "suggestion.rejected"
    record(actor, verb, verdict, after={"feedback_id": feedback.pk, "theme_id": theme.pk})
    return verdict


@transaction.atomic
def withdraw_verdict(verdict: Verdict, *, actor: Any) -> None:
    """Take a yes or no back: the theme may be suggested again."""
    require(actor, "suggestions.judge", verdict.feedback)
    values = {"feedback_id": verdict.feedback_id, "theme_id": verdict.theme_id, "is_accepted": verdict.is_accepted}
    record(actor, "suggestion.withdrawn", verdict, before=values)
    verdict.delete()


@transaction.atomic
def learn_again(product: Product, *, actor: Any) -> Learning:
    """Have a worker learn from what is linked now."""
    require(actor, "suggestions.learn", product)
    learning = ask_to_learn(product)
    record(actor, "learning.asked", learning)
    return learning
