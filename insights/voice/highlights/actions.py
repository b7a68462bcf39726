"""Highlighting words of a text, taking a highlight back, and following the text when it is edited."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from insights.voice.conversations.public import PARTS, TRANSCRIPT, Conversation, speaker_at
from insights.voice.feedback.public import Feedback
from insights.voice.highlights.contracts import HighlightUser
from insights.voice.highlights.models import Highlight, Piece, piece_field, text_of
from insights.voice.texts.public import Anchor, Place, anchor_at, find_quote, follow_edit
from portal.audit.public import record, state_of
from portal.people.public import SYSTEM, require
from portal.shell.public import BadInput, NotFound, is_storable, registry

_GONE = "These words are not in the text any more. Somebody may have edited it: reload the page and choose again."


@transaction.atomic
def add_highlight(
    piece: Piece, *, actor: Any, quote: str, start: int | None = None, part: str = "", note: str = ""
) -> tuple[Highlight, bool]:
    """Highlight words of a piece of feedback or a conversation; returns the highlight, and whether it is new.

    start: where the words begin, in code points; without it, or where the text has moved since, they are looked for.
    part: of a conversation, the text that is meant; without it, the transcript, else the notes.
    """
    require(actor, "highlights.create", piece)
    current = type(piece).objects.select_for_update(of=["self"]).filter(pk=piece.pk).first()
    if current is None:
        raise NotFound()
    part, anchor = _find(current, quote, start, part)
    note = _read_note(note)
    same = Highlight.objects.of_piece(current).filter(part=part, start=anchor.start, quote=anchor.quote)
    if known := same.dressed().first():
        return known, False
    highlight = Highlight(created_by_id=actor.pk, note=note, part=part, **{piece_field(current): current})
    highlight.set_anchor(anchor)
    highlight.speaker = _speaker(current, part, highlight.start)
    highlight.save()
    record(actor, "highlight.added", highlight, after={f"{piece_field(current)}_id": current.pk})
    return highlight, True


@transaction.atomic
def update_highlight(highlight: Highlight, *, actor: Any, note: str) -> Highlight:
    """Change the note of a highlight."""
    require(actor, "highlights.edit", highlight)
    current = Highlight.objects.select_for_update(of=["self"]).dressed().filter(pk=highlight.pk).first()
    if current is None:
        raise NotFound()
    before = state_of(current)
    current.note = _read_note(note)
    current.save(update_fields=["note", "updated_at"])
    record(actor, "highlight.changed", current, before=before, after=state_of(current))
    return current


@transaction.atomic
def delete_highlight(highlight: Highlight, *, actor: Any) -> None:
    """Take a highlight back; the text stays."""
    require(actor, "highlights.edit", highlight)
    current = Highlight.objects.select_for_update(of=["self"]).dressed().filter(pk=highlight.pk).first()
    if current is None:
        raise NotFound()
    record(actor, "highlight.deleted", current, before=state_of(current))
    _delete(current, actor)


def _delete(highlight: Highlight, actor: Any) -> None:
    """Delete a locked highlight, once all that other rooms hung on it is taken back."""
    for user in registry.all(HighlightUser):
        user.release(highlight, actor)
    highlight.delete()


def follow_text(thing: Any, part: str, before: str, after: str) -> None:
    """Move the highlights of a text that was edited; one of whose words too little is left keeps them, without a place.

    Called in the transaction of the edit, with the row of the text locked.
    """
    if not isinstance(thing, Feedback | Conversation):
        return
    highlights = _locked(thing, part)
    taken: set[tuple[int | None, str]] = set()
    for highlight in highlights:
        place = follow_edit(before, after, highlight.anchor)
        if place is None:
            highlight.start = None
        else:
            highlight.set_anchor(anchor_at(after, place.start, place.end))
        if highlight.start is not None and (highlight.start, highlight.quote) in taken:
            highlight.start = None  # two quotes have become one: the first keeps the place
        taken.add((highlight.start, highlight.quote))
    _keep(thing, part, highlights)


def forget_text(thing: Any, part: str, before: str, after: str, gone: Sequence[Place]) -> None:
    """Delete the highlights that hold any of the words that went for good; the others move, without a word of them.

    Called in the transaction that takes the words out.
    """
    if not isinstance(thing, Feedback | Conversation):
        return
    kept = []
    for highlight in _locked(thing, part):
        end = (highlight.start or 0) + len(highlight.quote)
        is_hit = highlight.is_lost or any(one.start < end and one.end > highlight.start for one in gone)
        place = None if is_hit else follow_edit(before, after, highlight.anchor)
        if place is None or after[place.start : place.end] != highlight.quote:
            _delete(highlight, SYSTEM)
        else:
            highlight.set_anchor(anchor_at(after, place.start, place.end))
            highlight.original = ""
            kept.append(highlight)
    _keep(thing, part, kept)


def _locked(piece: Piece, part: str) -> list[Highlight]:
    found = Highlight.objects.select_for_update(of=["self"]).of_piece(piece).filter(part=part).order_by("pk")
    return list(found)


def _keep(piece: Piece, part: str, highlights: Sequence[Highlight]) -> None:
    """Save places that moved."""
    for highlight in highlights:
        if highlight.start is not None:
            highlight.speaker = _speaker(piece, part, highlight.start)
    # First all places are given free, so that highlights that swap theirs do not meet.
    Highlight.objects.of_piece(piece).filter(part=part).update(start=None)
    Highlight.objects.bulk_update(highlights, ["quote", "original", "prefix", "suffix", "start", "speaker"])


def _speaker(piece: Piece, part: str, start: int | None) -> str:
    return speaker_at(text_of(piece, part), start or 0) if part == TRANSCRIPT else ""


def _find(piece: Piece, quote: str, start: int | None, part: str) -> tuple[str, Anchor]:
    """Return in which text of a piece words stand, and where."""
    if isinstance(piece, Feedback):
        return "", _read_anchor(piece.text, quote, start)
    if part and part not in PARTS:
        raise BadInput(fields={"part": [f"Use one of: {', '.join(PARTS)}."]})
    parts = [part] if part else [one for one in PARTS if quote.strip() in piece.text_of(one)] or list(PARTS)
    return parts[0], _read_anchor(piece.text_of(parts[0]), quote, start)


def _read_anchor(text: str, quote: str, start: int | None) -> Anchor:
    words = quote.replace("\r\n", "\n").replace("\r", "\n")
    if not words.strip():
        raise BadInput(fields={"quote": ["Choose some words of the text."]})
    start = max(0, start or 0)
    if text[start : start + len(words)] != words:
        found = find_quote(text, Anchor(words.strip(), "", "", start))
        if found is None:
            raise BadInput(_GONE, fields={"quote": [_GONE]})
        start, words = found.start, words.strip()
    try:
        return anchor_at(text, start, start + len(words))
    except ValueError as error:
        raise BadInput(fields={"quote": [str(error)]}) from error


def _read_note(note: str) -> str:
    plain = " ".join(note.split())
    if len(plain) > 500 or not is_storable(plain):
        raise BadInput(fields={"note": ["Use at most 500 readable characters."]})
    return plain
