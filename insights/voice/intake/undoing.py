"""Taking an import of feedback back: its pieces, their links, and the themes that were made for them alone."""

from collections.abc import Callable
from typing import Any

from insights.imports.public import Import, Kept, Worked
from insights.voice.feedback.public import Feedback, FeedbackWork, forget_files
from insights.voice.intake.models import ImportedTheme
from insights.voice.themes.public import ThemeLink
from portal.audit.public import record
from portal.shell.public import registry

_CHUNK = 1000
_SHOWN = 20


def _pieces(batch: Import) -> Any:
    return Feedback.objects.filter(imported_in=batch)


def _worked_ids(batch: Import) -> dict[int, str]:
    """Return the pieces of an import that people worked on since, and what they did."""
    found: dict[int, str] = {}
    for work in registry.all(FeedbackWork):
        for pk in work.find(_pieces(batch)):
            found.setdefault(pk, work.words)
    return found


def find_worked(batch: Import) -> Worked:
    """Return how many pieces people worked on since the import, and the first of them."""
    found = _worked_ids(batch)
    first = Feedback.objects.filter(pk__in=sorted(found)[:_SHOWN]).order_by("pk")
    shown = (Kept(piece.shared_excerpt, piece.get_absolute_url(), found[piece.pk]) for piece in first)
    return Worked(len(found), tuple(shown))


def undo_feedback(batch: Import, *, actor: Any, keeps_worked: bool, progress: Callable[..., None]) -> int:
    """Delete what an import brought, but for what people worked on where that is kept; return how many were kept."""
    kept = set(_worked_ids(batch)) if keeps_worked else set()
    ids = [pk for pk in _pieces(batch).order_by("pk").values_list("pk", flat=True) if pk not in kept]
    for start in range(0, len(ids), _CHUNK):
        progress("Taking it back", start, len(ids))
        pieces = Feedback.objects.filter(pk__in=ids[start : start + _CHUNK])
        forget_files(pieces)
        pieces.delete()
    if not kept:
        ThemeLink.objects.filter(imported_in=batch).delete()
    _remove_themes(batch, actor)
    return len(kept)


def _remove_themes(batch: Import, actor: Any) -> None:
    """Remove the themes that were made for these pieces and that nothing else uses; the deepest first."""
    made = ImportedTheme.objects.filter(batch=batch).select_related("theme").order_by("-pk")
    for row in made:
        theme = row.theme
        is_used = theme.links.exists() or theme.children.exists() or theme.merged.exists()
        if is_used or theme.version > 1 or theme.merged_into_id is not None:
            continue
        record(actor, "theme.deleted", theme, before={"name": theme.name}, note="Its import was undone.")
        row.delete()
        theme.delete()
