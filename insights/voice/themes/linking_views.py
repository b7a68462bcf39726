"""The themes of one piece of feedback or conversation, as a piece of its page; linking, weighing, taking back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from insights.voice.conversations.public import get_conversation
from insights.voice.feedback.public import Feedback, get_feedback
from insights.voice.highlights.public import Piece, piece_field, show_pieces
from insights.voice.themes.access import get_link
from insights.voice.themes.actions import create_theme
from insights.voice.themes.forms import LinkForm, theme_choices
from insights.voice.themes.linking import link_theme, unlink_theme, weigh_link
from insights.voice.themes.models import Importance, Theme, ThemeLink
from insights.voice.themes.queries import read_tree
from portal.people.public import can, is_insider, require
from portal.shell.public import BadInput, render_page


def _form(request: HttpRequest, piece: Piece) -> LinkForm:
    choices = theme_choices(*read_tree(piece.product))
    return LinkForm(request.POST or None, choices=choices, piece=piece, auto_id="link_%s")


def address_to_link(piece: Piece) -> str:
    """Return where words of a piece, or all of it, are linked to a theme."""
    name = "link-new" if isinstance(piece, Feedback) else "conversation-link-new"
    return reverse(f"themes:{name}", args=[piece.pk])


@require_GET
def feedback_themes(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the themes of a piece of feedback, and the form to link another."""
    return _answer_themes(request, get_feedback(request.user, pk))


@require_GET
def conversation_themes(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the themes of what was said in a conversation, and the form to link another."""
    return _answer_themes(request, get_conversation(request.user, pk))


def _answer_themes(request: HttpRequest, piece: Piece) -> HttpResponse:
    user = request.user
    links = ThemeLink.objects.visible_to(user).of_piece(piece)
    rows = list(links.select_related("theme", "highlight").order_by("theme__name", "pk"))
    for link in rows:
        if link.highlight_id:
            setattr(link.highlight, piece_field(piece), piece)
        link.quote = link.highlight.quote_for(user) if link.highlight_id else ""
    may_link = is_insider(user, piece.team_id) and can(user, "themes.link", piece)
    show_pieces([piece], user, has_names=False)
    context = {
        "piece": piece,
        "rows": rows,
        "form": _form(request, piece) if may_link else None,
        "url": address_to_link(piece),
        "weights": Importance.choices,
    }
    return render_page(request, "insights/voice/piece_themes.html", context, fragment="themes")


@require_http_methods(["GET", "POST"])
def link_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Link a piece of feedback, or words of it, to a theme."""
    return _answer_link(request, get_feedback(request.user, pk))


@require_http_methods(["GET", "POST"])
def conversation_link_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Link words of a conversation to a theme."""
    return _answer_link(request, get_conversation(request.user, pk))


def _answer_link(request: HttpRequest, piece: Piece) -> HttpResponse:
    require(request.user, "themes.link", piece)
    form = _form(request, piece)
    if form.is_valid():
        link, is_new = _link(request.user, piece, **form.cleaned_data)
        messages.success(
            request, f"Linked to “{link.theme}”." if is_new else f"It was linked to “{link.theme}” before."
        )
        return redirect(piece)
    show_pieces([piece], request.user, has_names=False)
    status = 422 if form.is_bound else 200
    return render_page(request, "insights/voice/link_form.html", {"form": form, "piece": piece}, status=status)


def _link(actor: Any, piece: Piece, *, theme: int | None, new_theme: str, **values: Any):
    if theme is None:
        found = create_theme(piece.product, name=new_theme, actor=actor)
    else:
        themes = Theme.objects.visible_to(actor).filter(product=piece.product_id)
        found = themes.select_related("product", "team").filter(pk=theme).first()
        if found is None:
            raise BadInput(fields={"theme": ["Choose a theme of the list."]})
    return link_theme(found, piece, actor=actor, **values)


@require_POST
def link_weigh(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how much it matters."""
    link = get_link(request.user, pk, write=True)
    text = request.POST.get("importance", "")
    weigh_link(link, actor=request.user, importance=int(text) if text in ("1", "2", "3") else 0)
    return redirect(link.piece)


@require_POST
def link_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a link back."""
    link = get_link(request.user, pk, write=True)
    piece, name = link.piece, link.theme.name
    unlink_theme(link, actor=request.user)
    messages.success(request, f"Not linked to “{name}” any more.")
    return redirect(piece)
