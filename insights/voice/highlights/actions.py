"""Highlighting words of a text, taking a highlight back, and following the text when it is edited."""

from typing import Any

from django.db import transaction

from insights.voice.feedback.public import Feedback
from insights.voice.highlights.models import Highlight
from insights.voice.texts.public import Anchor, anchor_at, find_quote, follow_edit
from portal.audit.public import record, state_of
from portal.people.public import require
from portal.shell.public import BadInput, NotFound, is_storable

_GONE = "These words are not in the text any more. Somebody may have edited it: reload the page and choose again."


@transaction.atomic
def add_highlight(
    feedback: Feedback, *, actor: Any, quote: str, start: int | None = None, note: str = ""
) -> tuple[Highlight, bool]:
    """Highlight words of a text; returns the highlight, and whether it is new.

    start: where the words begin, in code points; without it, or where the text has moved since, they are looked for.
    """
    require(actor, "highlights.create", feedback)
    current = Feedback.objects.select_for_update(of=["self"]).filter(pk=feedback.pk).first()
    if current is None:
        raise NotFound()
    anchor = _read_anchor(current.text, quote, start)
    note = _read_note(note)
    known = Highlight.objects.dressed().filter(feedback=current, start=anchor.start, quote=anchor.quote).first()
    if known:
        return known, False
    highlight = Highlight(feedback=current, created_by_id=actor.pk, note=note)
    highlight.set_anchor(anchor)
    highlight.save()
    record(actor, "highlight.added", highlight, after={"feedback_id": current.pk})
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
    record(actor, "highlight.deleted", highlight, before=state_of(highlight))
    highlight.delete()


def follow_feedback(thing: Any, before: str, after: str) -> None:
    """Move the highlights of a text that was edited; one of whose words too little is left keeps them, without a place.

    Called in the transaction of the edit, with the row of the text locked.
    """
    if not isinstance(thing, Feedback):
        return
    highlights = list(Highlight.objects.select_for_update().filter(feedback=thing).order_by("pk"))
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
    # First all places are given free, so that highlights that swap theirs do not meet.
    Highlight.objects.filter(feedback=thing).update(start=None)
    Highlight.objects.bulk_update(highlights, ["quote", "original", "prefix", "suffix", "start"])


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
