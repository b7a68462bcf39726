"""The kinds of evidence that rooms to the left have: quotes, saved insights from usage, and results of surveys."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Q

from insights.explore.public import Insight
from insights.voice.conversations.public import Conversation
from insights.voice.findings.contracts import EvidenceKind, EvidenceThing
from insights.voice.findings.picking import QUOTE
from insights.voice.highlights.public import Highlight, show_pieces
from insights.voice.surveys.public import Survey, say_interval, say_score, score_of_lists
from portal.people.public import Product
from portal.shell.public import registry


def _find_quote(user: Any, thing_id: int, product: Product) -> Highlight | None:
    of_product = Q(feedback__product=product) | Q(conversation__product=product)
    return Highlight.objects.visible_to(user).filter(of_product).dressed().filter(pk=thing_id).first()


def _as_quotes(highlights: Sequence[Highlight], user: Any) -> list[EvidenceThing]:
    show_pieces([one.piece for one in highlights], user, has_names=False)
    return [
        EvidenceThing(
            id=one.pk,
            title=one.quote_for(user),
            url=one.get_absolute_url(),
            about="conversation" if isinstance(one.piece, Conversation) else one.piece.channel.name,
            who=one.piece.shown,
            said_on=one.piece.said_on,
        )
        for one in highlights
    ]


def _show_quotes(ids: Collection[int], user: Any) -> dict[int, EvidenceThing]:
    found = Highlight.objects.visible_to(user).dressed().filter(pk__in=ids)
    return {thing.id: thing for thing in _as_quotes(list(found), user)}


def _offer_quotes(user: Any, product: Product, text: str, most: int) -> list[EvidenceThing]:
    rows = Highlight.objects.visible_to(user).dressed()
    rows = rows.matching(text, user) if text else rows
    of_product = Q(feedback__product=product) | Q(conversation__product=product)
    return _as_quotes(list(rows.filter(of_product).order_by("-pk")[:most]), user)


def _as_insight(insight: Insight) -> EvidenceThing:
    return EvidenceThing(insight.pk, insight.title, insight.get_absolute_url(), f"saved insight, {insight.kind}")


def _find_insight(user: Any, thing_id: int, product: Product) -> Insight | None:
    return Insight.objects.visible_to(user).filter(pk=thing_id, product=product).first()


def _show_insights(ids: Collection[int], user: Any) -> dict[int, EvidenceThing]:
    return {one.pk: _as_insight(one) for one in Insight.objects.visible_to(user).filter(pk__in=ids)}


def _offer_insights(user: Any, product: Product, text: str, most: int) -> list[EvidenceThing]:
    rows = Insight.objects.visible_to(user).filter(product=product)
    rows = rows.matching(text) if text else rows
    return [_as_insight(one) for one in rows.order_by("-updated_at", "-pk")[:most]]


def _kind_of(survey: Survey) -> str:
    return str(survey.get_kind_display()).partition(":")[0]


def _with_score(survey: Survey, scored: Any) -> str:
    """Return what people are asked to choose a survey by: its score as it is now."""
    if scored is None or scored.value is None:
        return f"{_kind_of(survey)}, {say_interval(survey.kind, scored) if scored else 'words alone'}"
    score = f"{_kind_of(survey)} {say_score(survey.kind, scored.value)}"
    return f"{score}, {say_interval(survey.kind, scored)}, n = {scored.n:,}"


def _asked(user: Any) -> Any:
    """Return the surveys that a reader may see and that people were asked."""
    return Survey.objects.visible_to(user).exclude(state=Survey.State.DRAFT)


def _find_survey(user: Any, thing_id: int, product: Product) -> Survey | None:
    return _asked(user).filter(pk=thing_id, product=product).first()


def _show_surveys(ids: Collection[int], user: Any) -> dict[int, EvidenceThing]:
    """Return surveys by name; what their score showed says the note: a page has no query to spare for it now."""
    found = _asked(user).filter(pk__in=ids)
    return {
        one.pk: EvidenceThing(one.pk, one.name, one.get_absolute_url(), f"survey, {_kind_of(one)}") for one in found
    }


def _offer_surveys(user: Any, product: Product, text: str, most: int) -> list[EvidenceThing]:
    rows = _asked(user).filter(product=product)
    found = list((rows.matching(text) if text else rows).order_by("-opened_at", "-pk")[:most])
    scores = score_of_lists(found)
    return [
        EvidenceThing(one.pk, one.name, one.get_absolute_url(), _with_score(one, scores.get(one.pk))) for one in found
    ]


registry.add(EvidenceKind(QUOTE, "Quote", "Quotes", _find_quote, _show_quotes, _offer_quotes, is_quote=True, order=10))
registry.add(
    EvidenceKind("insight", "Saved insight", "Saved insights", _find_insight, _show_insights, _offer_insights, order=20)
)
registry.add(EvidenceKind("survey", "Survey", "Surveys", _find_survey, _show_surveys, _offer_surveys, order=30))
