"""Pages of highlights: the list, making one, changing its note, taking it back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from insights.voice.feedback.public import get_feedback, show_all
from insights.voice.highlights.access import get_highlight
from insights.voice.highlights.actions import add_highlight, delete_highlight, update_highlight
from insights.voice.highlights.filters import HighlightListFilter
from insights.voice.highlights.forms import HighlightForm, NoteForm
from insights.voice.highlights.models import Highlight
from portal.people.public import is_insider, require
from portal.shell.public import answer_form, answer_list, render_page

SORTS = {
    "made": "created_at",
    "said": "feedback__said_on",
    "product": "feedback__product__name",
    "by": "created_by__name",
}


@require_GET
def highlight_list(request: HttpRequest) -> HttpResponse:
    """List the highlights of the texts that the user may read."""
    user = request.user
    found = HighlightListFilter(request.GET, Highlight.objects.visible_to(user).dressed(), user=user)

    def dress(rows: list[Highlight]) -> None:
        show_all([row.feedback for row in rows], user)
        for row in rows:
            row.shown_quote = row.quote_for(user)

    return answer_list(
        request, "insights/voice/highlight_list.html", found, _columns_for(user), SORTS, "-made", dress=dress
    )


def _columns_for(user: Any) -> dict[str, Any]:
    def inside(read: Any) -> Any:
        return lambda row: read(row) if is_insider(user, row.team_id) else ""

    return {
        "id": lambda row: row.pk,
        "quote": lambda row: row.quote_for(user),
        "note": inside(lambda row: row.note),
        "feedback": lambda row: row.feedback_id,
        "product": lambda row: row.feedback.product.name,
        "said on": lambda row: row.feedback.said_on,
        "person": inside(lambda row: row.feedback.person.distinct_id if row.feedback.person else ""),
        "account": inside(lambda row: row.feedback.account.account_id if row.feedback.account else ""),
        "words are in the text": lambda row: "no" if row.is_lost else "yes",
        "highlighted by": lambda row: str(row.created_by or ""),
        "highlighted": lambda row: row.created_at,
    }


@require_http_methods(["GET", "POST"])
def highlight_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Highlight words of a piece of feedback."""
    feedback = get_feedback(request.user, pk)
    require(request.user, "highlights.create", feedback)
    form = HighlightForm(request.POST or None)
    if form.is_valid():
        highlight, is_new = add_highlight(feedback, actor=request.user, **form.cleaned_data)
        messages.success(request, "Highlighted." if is_new else "These words are highlighted already.")
        return redirect(highlight)
    context = {"form": form, "feedback": feedback}
    status = 422 if form.is_bound else 200
    return render_page(request, "insights/voice/highlight_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def highlight_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the note of a highlight."""
    highlight = get_highlight(request.user, pk, write=True)
    form = NoteForm(request.POST or None, initial={"note": highlight.note})

    def save(**values: Any) -> Highlight:
        return update_highlight(highlight, actor=request.user, **values)

    context = {"highlight": highlight, "feedback": highlight.feedback}
    return answer_form(request, "insights/voice/highlight_form.html", form, save, "Saved.", **context)


@require_http_methods(["GET", "POST"])
def highlight_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then take a highlight back."""
    highlight = get_highlight(request.user, pk, write=True)
    if request.method == "POST":
        delete_highlight(highlight, actor=request.user)
        return redirect(highlight.feedback)
    return render(request, "insights/voice/highlight_delete.html", {"highlight": highlight})
