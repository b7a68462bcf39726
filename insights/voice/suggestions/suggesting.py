"""What is suggested for one piece: themes, pieces like it, and who may have said it."""

import re
from typing import Any

from insights.events.public import Account, DistinctId
from insights.voice.feedback.public import Feedback, text_for
from insights.voice.suggestions.contracts import Facts, KnownSpeaker, SimilarPiece, SuggestedTheme, Suggestions
from insights.voice.suggestions.embedding import embed
from insights.voice.suggestions.keeping import Learned, find_learned
from insights.voice.suggestions.models import Learning, Verdict
from insights.voice.suggestions.naming import score_names
from insights.voice.texts.public import excerpt
from insights.voice.themes.public import Theme, ThemeLink
from portal.people.public import Product

MOST_THEMES, MOST_SIMILAR = 3, 5
LEAST_CONFIDENCE = 0.08
LEAST_LIKENESS = 0.12
_ID = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}|\b(?=\w*[a-z])\w+(?:[-_]\w+)*\b", re.IGNORECASE)
_MOST_IDS = 200

_BY_NAME = "By the words of the themes' names: too little is linked yet to learn from."
_NO_THEMES = "This product has no themes yet, so there is nothing to suggest."
_LEARNED = "Learned from {n:,} links and quotes; {share} of first suggestions were right where it was tested."


def suggest(feedback: Feedback, user: Any) -> Suggestions:
    """Return what is suggested for a piece to a reader who sees it whole; nothing that they said no to."""
    learning = Learning.objects.filter(product=feedback.product_id).first()
    learned = find_learned(learning)
    themes = _open_themes(feedback, user)
    found, basis = suggest_themes(feedback.text, themes, learned)
    if found and learned is not None and learned.classifier is not None and found[0].confidence is not None:
        basis = _LEARNED.format(n=learning.n_examples, share=f"{100 * learned.classifier.accuracy:.0f} %")
    return Suggestions(
        basis=basis,
        is_learned=bool(found) and found[0].confidence is not None,
        themes=tuple(found),
        similar=tuple(find_similar(feedback, user, learned)),
        speakers=tuple(find_named(feedback)),
    )


def _open_themes(feedback: Feedback, user: Any) -> dict[int, Theme]:
    """Return the live themes that may be suggested: not linked already, not refused."""
    refused = Verdict.objects.filter(feedback=feedback, is_accepted=False).values("theme")
    linked = ThemeLink.objects.filter(feedback=feedback).values("theme")
    live = Theme.objects.visible_to(user).filter(product=feedback.product_id).live().select_related("parent")
    return {theme.pk: theme for theme in live.exclude(pk__in=refused).exclude(pk__in=linked)}


def suggest_themes(text: str, themes: dict[int, Theme], learned: Learned | None) -> tuple[list[SuggestedTheme], str]:
    """Return up to three themes for a text, the surest first, and what that stands on.

    What was learned comes first; where it has nothing to say, names of themes are compared.
    """
    if not themes:
        return [], _NO_THEMES
    found: list[SuggestedTheme] = []
    if learned is not None and learned.classifier is not None:
        found = [
            SuggestedTheme(theme, themes[theme].name, _path(themes[theme]), sureness)
            for theme, sureness in rank_themes(text, learned)
            if theme in themes and sureness >= LEAST_CONFIDENCE
        ][:MOST_THEMES]
    if len(found) < MOST_THEMES:
        known = {one.theme_id for one in found}
        names = {pk: theme.name for pk, theme in themes.items() if pk not in known}
        by_name = score_names(text, names)
        found += [
            SuggestedTheme(pk, themes[pk].name, _path(themes[pk]), None, words)
            for pk, _, words in by_name[: MOST_THEMES - len(found)]
        ]
    return found, _BY_NAME


def rank_themes(text: str, learned: Learned) -> list[tuple[int, float]]:
    """Return all themes that were learned with their confidence for a text, the surest first."""
    rows = learned.space.rows_of([text]) if learned.space is not None else embed([text])
    sure = learned.classifier.confidences(rows)[0]
    return [(int(learned.classifier.themes[at]), float(sure[at])) for at in (-sure).argsort(kind="stable")]


def _path(theme: Theme) -> str:
    return theme.parent.name if theme.parent else ""


def find_similar(feedback: Feedback, user: Any, learned: Learned | None) -> list[SimilarPiece]:
    """Return pieces that say something alike, of those that the reader may see, the nearest first."""
    if learned is None:
        return []
    text = feedback.text
    row = learned.piece_space.rows_of([text]) if learned.piece_space is not None else embed([text])
    near = {pk: score for pk, score in learned.index.search(row, 4 * MOST_SIMILAR) if score >= LEAST_LIKENESS}
    near.pop(feedback.pk, None)
    rows = Feedback.objects.visible_to(user).filter(pk__in=near).exclude(split_from=feedback.pk)
    pieces = sorted(rows.exclude(pk=feedback.split_from_id), key=lambda one: (-near[one.pk], one.pk))[:MOST_SIMILAR]
    themes: dict[int, list[str]] = {}
    links = ThemeLink.objects.visible_to(user).filter(feedback__in=pieces).order_by("theme__name")
    for pk, name in links.values_list("feedback_id", "theme__name"):
        themes.setdefault(pk, []).append(name)
    return [
        SimilarPiece(
            one.pk, round(near[one.pk], 3), excerpt(text_for(one, user)), one.language, tuple(themes.get(one.pk, ()))
        )
        for one in pieces
    ]


def find_named(feedback: Feedback) -> list[KnownSpeaker]:
    """Return persons and accounts of the product whose ids stand in a piece that names nobody yet."""
    if feedback.person_id is not None and feedback.account_id is not None:
        return []
    typed = dict.fromkeys(_ID.findall(f"{feedback.author}\n{feedback.text[:5_000]}"))
    ids = list(typed)[:_MOST_IDS]
    space = {"id_space__product": feedback.product_id}
    found: list[KnownSpeaker] = []
    if feedback.person_id is None:
        persons = DistinctId.objects.filter(**space, distinct_id__in=ids).order_by("no")[:2]
        found += [KnownSpeaker("person", one.resolved_no, one.distinct_id) for one in persons]
    if feedback.account_id is None:
        accounts = Account.objects.filter(**space, account_id__in=ids).order_by("no")[:2]
        found += [KnownSpeaker("account", one.no, one.account_id) for one in accounts]
    return found


def read_facts(product: Product) -> Facts:
    """Return what a product's suggestions stand on."""
    one = Learning.objects.filter(product=product).first()
    if one is None:
        return Facts()
    is_running = one.state in (Learning.State.WAITING, Learning.State.RUNNING)
    return Facts(
        one.learned_at, one.n_examples, one.n_themes, one.n_pieces, one.quality, is_running, one.step, one.error
    )
