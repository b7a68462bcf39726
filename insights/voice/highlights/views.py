"""Pages of highlights: the list, making one, changing its note, taking it back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from insights.voice.conversations.public import get_conversation
from insights.voice.feedback.public import get_feedback
from insights.voice.highlights.access import get_highlight
from insights.voice.highlights.actions import add_highlight, delete_highlight, update_highlight
from insights.voice.highlights.filters import HighlightListFilter
from insights.voice.highlights.forms import HighlightForm, NoteForm
from insights.voice.highlights.models import Highlight, Piece
from insights.voice.highlights.showing import SORTS, columns_for, show_pieces
from portal.people.public import require
from portal.shell.public import answer_form, answer_list, render_page


@require_GET
def highlight_list(request: HttpRequest) -> HttpResponse:
    """List the highlights of the texts that the user may read."""
    user = request.user
    found = HighlightListFilter(
        request.GET, Highlight.objects.visible_to(user).dressed().with_said_on().with_sources(), user=user
    )

    def dress(rows: list[Highlight]) -> None:
        for row in rows:
            row.piece.source_ids = row.source_ids
        show_pieces([row.piece for row in rows], user)
        for row in rows:
            row.shown_quote = row.quote_for(user)

    return answer_list(
        request, "insights/voice/highlight_list.html", found, columns_for(user), SORTS, "-made", dress=dress
    )


@require_http_methods(["GET", "POST"])
def highlight_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Highlight words of a piece of feedback."""
    return _answer_new(request, get_feedback(request.user, pk))


@require_http_methods(["GET", "POST"])
def conversation_highlight_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Highlight words of a conversation: of its transcript or its notes."""
    return _answer_new(request, get_conversation(request.user, pk))


def _answer_new(request: HttpRequest, piece: Piece) -> HttpResponse:
    require(request.user, "highlights.create", piece)
    form = HighlightForm(request.POST or None, piece=piece)
    if form.is_valid():
        highlight, is_new = add_highlight(piece, actor=request.user, **form.cleaned_data)
        messages.success(request, "Highlighted." if is_new else "These words are highlighted already.")
        return redirect(highlight)
    show_pieces([piece], request.user, has_names=False)
    status = 422 if form.is_bound else 200
    return render_page(request, "insights/voice/highlight_form.html", {"form": form, "piece": piece}, status=status)


@require_http_methods(["GET", "POST"])
def highlight_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the note of a highlight."""
    highlight = get_highlight(request.user, pk, write=True)
    form = NoteForm(request.POST or None, initial={"note": highlight.note})

    def save(**values: Any) -> Highlight:
        return update_highlight(highlight, actor=request.user, **values)

    show_pieces([highlight.piece], request.user, has_names=False)
    context = {"highlight": highlight, "piece": highlight.piece}
    return answer_form(request, "insights/voice/highlight_form.html", form, save, "Saved.", **context)


@require_http_methods(["GET", "POST"])
def highlight_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then take a highlight back."""
    highlight = get_highlight(request.user, pk, write=True)
    if request.method == "POST":
        delete_highlight(highlight, actor=request.user)
        return redirect(highlight.piece)
    show_pieces([highlight.piece], request.user, has_names=False)
    return render(request, "insights/voice/highlight_delete.html", {"highlight": highlight})
