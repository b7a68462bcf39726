"""The kinds of evidence that opportunities rest on beside those of findings: findings, themes and feedback."""

from collections.abc import Collection, Sequence
from typing import Any

from insights.voice.feedback.public import Feedback
from insights.voice.findings.public import EvidenceThing, Finding
from insights.voice.highlights.public import show_pieces
from insights.voice.texts.public import excerpt
from insights.voice.themes.public import Theme
from portal.people.public import Product
from portal.shell.public import registry
from roadmaps.planning.opportunities.contracts import FEEDBACK, FINDING, THEME, ProofKind

_LONGEST_WORDS = 280


def _findings(user: Any) -> Any:
    return Finding.objects.visible_to(user).exclude(state=Finding.State.WITHDRAWN)


def _as_finding(one: Finding) -> EvidenceThing:
    about = f"finding, {one.get_state_display().lower()}, confidence {one.short_confidence.lower()}"
    return EvidenceThing(one.pk, one.claim, one.get_absolute_url(), about)


def _find_finding(user: Any, thing_id: int, product: Product) -> Finding | None:
    return _findings(user).filter(pk=thing_id, product=product).first()


def _show_findings(ids: Collection[int], user: Any) -> dict[int, EvidenceThing]:
    return {one.pk: _as_finding(one) for one in Finding.objects.visible_to(user).filter(pk__in=ids)}


def _offer_findings(user: Any, product: Product, text: str, most: int) -> list[EvidenceThing]:
    rows = _findings(user).filter(product=product)
    rows = rows.matching(text) if text else rows
    return [_as_finding(one) for one in rows.order_by("-updated_at", "-pk")[:most]]


def _themes(user: Any) -> Any:
    return Theme.objects.visible_to(user)


def _as_theme(one: Theme) -> EvidenceThing:
    return EvidenceThing(one.pk, one.name, one.get_absolute_url(), "theme, with all that is linked to it")


def _find_theme(user: Any, thing_id: int, product: Product) -> Theme | None:
    return _themes(user).live().filter(pk=thing_id, product=product).first()


def _show_themes(ids: Collection[int], user: Any) -> dict[int, EvidenceThing]:
    return {one.pk: _as_theme(one) for one in _themes(user).filter(pk__in=ids)}


def _offer_themes(user: Any, product: Product, text: str, most: int) -> list[EvidenceThing]:
    rows = _themes(user).live().filter(product=product)
    rows = rows.matching(text) if text else rows
    return [_as_theme(one) for one in rows.order_by("name", "pk")[:most]]


def _as_feedback(rows: Sequence[Feedback], user: Any) -> list[EvidenceThing]:
    show_pieces(rows, user, has_names=False)
    return [
        EvidenceThing(
            id=one.pk,
            title=excerpt(one.shown.text, _LONGEST_WORDS),
            url=one.get_absolute_url(),
            about=one.channel.name,
            who=one.shown,
            said_on=one.said_on,
        )
        for one in rows
    ]


def _find_feedback(user: Any, thing_id: int, product: Product) -> Feedback | None:
    return Feedback.objects.visible_to(user).filter(pk=thing_id, product=product).first()


def _show_feedback(ids: Collection[int], user: Any) -> dict[int, EvidenceThing]:
    rows = list(Feedback.objects.visible_to(user).dressed().filter(pk__in=ids))
    return {thing.id: thing for thing in _as_feedback(rows, user)}


def _offer_feedback(user: Any, product: Product, text: str, most: int) -> list[EvidenceThing]:
    rows = Feedback.objects.visible_to(user).dressed().filter(product=product)
    rows = rows.matching(text, user) if text else rows
    return _as_feedback(list(rows.order_by("-said_on", "-pk")[:most]), user)


registry.add(ProofKind(FINDING, "Finding", "Findings", _find_finding, _show_findings, _offer_findings, order=5))
registry.add(ProofKind(THEME, "Theme", "Themes", _find_theme, _show_themes, _offer_themes, order=7))
registry.add(
    ProofKind(
        FEEDBACK, "Feedback", "Feedback", _find_feedback, _show_feedback, _offer_feedback, is_quote=True, order=15
    )
)
