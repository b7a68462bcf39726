"""What a rule of retention is due to do, and doing it: in pieces, each a transaction with its entry in the trail."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from insights.voice.conversations.public import (
    Conversation,
    delete_conversations,
    make_conversations_nameless,
    named_conversations,
)
from insights.voice.feedback.public import Feedback, delete_pieces, make_pieces_nameless, named_pieces
from insights.voice.retention.models import RetentionRule
from portal.audit.public import record
from portal.people.public import SYSTEM

_AT_ONCE = 200
SOON = timedelta(days=30)
_PIECES, _TALKS = "of feedback", "of conversations"
_GONE, _NAMELESS = "deleted", "left without who said it"
_About, _Effect = RetentionRule.About, RetentionRule.Effect
_WORK: dict[Any, Any] = {
    (_About.FEEDBACK, _Effect.DELETE): (delete_pieces, _PIECES, _GONE),
    (_About.FEEDBACK, _Effect.NAMELESS): (make_pieces_nameless, _PIECES, _NAMELESS),
    (_About.CONVERSATIONS, _Effect.DELETE): (delete_conversations, _TALKS, _GONE),
    (_About.CONVERSATIONS, _Effect.NAMELESS): (make_conversations_nameless, _TALKS, _NAMELESS),
}


def due(rule: RetentionRule, today: date) -> QuerySet:
    """Return what a rule is to be applied to: what was said too long ago, unless it was applied to it before."""
    days = {"product": rule.product_id}
    if rule.about == RetentionRule.About.CONVERSATIONS:
        rows = Conversation.objects.filter(held_on__lt=rule.oldest_kept(today), **days)
        return named_conversations(rows) if rule.effect == RetentionRule.Effect.NAMELESS else rows
    rows = Feedback.objects.filter(said_on__lt=rule.oldest_kept(today), **days)
    if rule.channel_id:
        rows = rows.filter(channel=rule.channel_id)
    else:
        own = RetentionRule.objects.filter(product=rule.product_id, about=rule.about).exclude(channel=None)
        rows = rows.exclude(channel__in=own.values("channel"))
    return named_pieces(rows) if rule.effect == RetentionRule.Effect.NAMELESS else rows


def preview(rule: RetentionRule, today: date) -> dict[str, int]:
    """Return to how many things a rule would be applied tonight, and how many more within 30 days."""
    n_now = due(rule, today).count()
    return {"n_now": n_now, "n_soon": due(rule, today + SOON).count() - n_now}


def apply_rule(rule: RetentionRule, today: date, check: Callable[[], None] = lambda: None) -> int:
    """Do what a rule says with all that is due; killed anywhere, the rest is done the next time. Returns how many."""
    n_all, after = 0, 0
    while rule.starts_on <= today:
        check()
        n_done, after = _apply_some(rule, today, after)
        n_all += n_done
        if not after:
            break
    return n_all


@transaction.atomic
def _apply_some(rule: RetentionRule, today: date, after: int) -> tuple[int, int]:
    """Return how many were done, and the last key that was looked at, 0 at the end."""
    # The rule may have been changed or taken back since the night began: then it does nothing more tonight.
    current = RetentionRule.objects.select_for_update(of=["self"]).filter(pk=rule.pk, version=rule.version).first()
    if current is None or current.starts_on > today:
        return 0, 0
    keys = list(due(current, today).filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:_AT_ONCE])
    if not keys:
        return 0, 0
    work, noun, said = _WORK[rule.about, rule.effect]
    n_done = work(keys)
    RetentionRule.objects.filter(pk=rule.pk).update(n_done=F("n_done") + n_done, applied_at=timezone.now())
    numbers = ", ".join(map(str, keys[:50])) + (" …" if len(keys) > 50 else "")
    record(SYSTEM, "retention.applied", current, note=f"{n_done:,} {noun} {said}: {numbers}.")
    return n_done, keys[-1]


def apply_all(night: Any) -> None:
    """Apply every rule; one that fails does not stop the others."""
    today = timezone.localdate(night.now)
    rules = list(RetentionRule.objects.dressed())
    n_all = 0
    for number, rule in enumerate(rules, start=1):
        n_all += apply_rule(rule, today, night.check_still_mine)
        night.progress(number, len(rules), f"{n_all:,} done")
