"""What a learning reads of the database: pieces with their themes, what was refused, and what waits unlinked."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q
from django.db.models.functions import Left

from insights.voice.feedback.public import Feedback
from insights.voice.highlights.public import Highlight
from insights.voice.suggestions.models import Verdict
from insights.voice.themes.public import Theme, ThemeLink, resolve_themes
from portal.people.public import Product

LONGEST = 2_000  # letters of a text that are looked at
MOST_PIECES = 100_000  # the newest, for finding alike ones
MOST_UNLINKED = 20_000  # the newest, for new themes


@dataclass(frozen=True)
class Marked:
    """Texts that people linked, each with its live themes; and texts of which people said what they are not about."""

    texts: list[str]
    labels: list[frozenset[int]]
    refused: dict[int, list[int]]


def read_marked(product: Product, most: int) -> Marked:
    """Return the newest pieces and highlights that are linked to themes, and refusals of suggestions.

    A piece is about all that it or its highlights are linked to; the words of a highlight are an example by themselves.
    """
    live = resolve_themes(product)
    links = ThemeLink.objects.filter(theme__product=product).order_by("-pk")
    of_piece: dict[int, set[int]] = {}
    of_quote: dict[int, set[int]] = {}
    for theme, piece, quote, quoted in links.values_list(
        "theme_id", "feedback_id", "highlight_id", "highlight__feedback_id"
    ).iterator(chunk_size=5_000):
        whole = piece if piece is not None else quoted
        if whole is not None:  # else words of something that is no feedback
            of_piece.setdefault(whole, set()).add(live[theme])
        if quote is not None:
            of_quote.setdefault(quote, set()).add(live[theme])
        if len(of_piece) + len(of_quote) > most:
            break
    examples = [(text, frozenset(of_piece[pk])) for pk, text in _texts(Feedback, "text", list(of_piece)).items()]
    examples += [(text, frozenset(of_quote[pk])) for pk, text in _texts(Highlight, "quote", list(of_quote)).items()]
    refused: dict[int, list[int]] = {}
    places: dict[int, int] = {}
    texts = [text for text, _ in examples[:most]]
    n_examples = len(texts)
    noes = Verdict.objects.filter(feedback__product=product, is_accepted=False).order_by("-pk")
    rows = noes.values_list("feedback_id", "theme_id", Left("feedback__text", LONGEST))[:most]
    for piece, theme, said in rows:
        if live.get(theme) in of_piece.get(piece, ()):
            continue  # linked all the same, later
        if piece not in places:
            places[piece] = len(texts)
            texts.append(said)
        refused.setdefault(live.get(theme, theme), []).append(places[piece])
    return Marked(texts, [label for _, label in examples[:n_examples]], refused)


def _texts(model: Any, field: str, pks: list[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for start in range(0, len(pks), 5_000):
        rows = model.objects.filter(pk__in=pks[start : start + 5_000])
        found |= dict(rows.order_by("-pk").values_list("pk", Left(field, LONGEST)))
    return found


def read_pieces(product: Product) -> tuple[list[int], list[str], list[bool]]:
    """Return (ids, texts, whether each waits without a theme) of the product's newest pieces; of wholes the parts."""
    links = ThemeLink.objects.filter(Q(feedback=OuterRef("pk")) | Q(highlight__feedback=OuterRef("pk")))
    waits = Q(state=Feedback.State.NEW) & ~Exists(links)
    rows = Feedback.objects.filter(product=product, pieces=None).order_by("-said_on", "-pk")
    ids, texts, waiting = [], [], []
    found = rows.values_list("pk", waits, Left("text", LONGEST))[:MOST_PIECES]
    for pk, is_waiting, said in found.iterator(chunk_size=5_000):
        ids.append(pk)
        texts.append(said)
        waiting.append(is_waiting)
    return ids, texts, waiting


@dataclass(frozen=True)
class Stamp:
    """What a learning would stand on now: equal stamps, equal learning."""

    text: str
    n_marks: int
    n_pieces: int = 0


def read_stamp(product: Product) -> Stamp:
    """Return what tells whether there is something new to learn, in a few cheap statements."""
    links = ThemeLink.objects.filter(theme__product=product).aggregate(n=Count("pk"), last=Max("pk"))
    noes = Verdict.objects.filter(feedback__product=product, is_accepted=False).aggregate(n=Count("pk"), last=Max("pk"))
    pieces = Feedback.objects.filter(product=product).aggregate(n=Count("pk"), last=Max("pk"))
    themes = Theme.objects.filter(product=product).aggregate(n=Count("pk"), merged=Count(F("merged_into")))
    parts = [f"{value}" for one in (links, noes, pieces, themes) for value in one.values()]
    return Stamp("/".join(parts), links["n"] + noes["n"], min(pieces["n"], MOST_PIECES))
