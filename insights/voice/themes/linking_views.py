"""The themes of one piece of feedback, as a piece of its page; linking, weighing, taking back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from insights.voice.feedback.public import Feedback, get_feedback
from insights.voice.themes.access import get_link
from insights.voice.themes.actions import create_theme
from insights.voice.themes.forms import LinkForm, theme_choices
from insights.voice.themes.linking import link_theme, unlink_theme, weigh_link
from insights.voice.themes.models import Importance, Theme, ThemeLink
from insights.voice.themes.queries import read_tree
from portal.people.public import can, is_insider, require
from portal.shell.public import BadInput, render_page


def _form(request: HttpRequest, feedback: Feedback) -> LinkForm:
    choices = theme_choices(*read_tree(feedback.product))
    return LinkForm(request.POST or None, choices=choices, auto_id="link_%s")


@require_GET
def feedback_themes(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the themes of a piece of feedback, and the form to link another."""
    feedback, user = get_feedback(request.user, pk), request.user
    links = ThemeLink.objects.visible_to(user).of_feedback(feedback).select_related("theme", "highlight__feedback")
    rows = list(links.order_by("theme__name", "pk"))
    for link in rows:
        link.quote = link.highlight.quote_for(user) if link.highlight_id else ""
    may_link = is_insider(user, feedback.team_id) and can(user, "themes.link", feedback)
    context = {
        "feedback": feedback,
        "rows": rows,
        "form": _form(request, feedback) if may_link else None,
        "weights": Importance.choices,
    }
    return render_page(request, "insights/voice/feedback_themes.html", context, fragment="themes")


@require_http_methods(["GET", "POST"])
def link_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Link a piece of feedback, or words of it, to a theme."""
    feedback = get_feedback(request.user, pk)
    require(request.user, "themes.link", feedback)
    form = _form(request, feedback)
    if form.is_valid():
        link, is_new = _link(request.user, feedback, **form.cleaned_data)
        messages.success(
            request, f"Linked to “{link.theme}”." if is_new else f"It was linked to “{link.theme}” before."
        )
        return redirect(feedback)
    status = 422 if form.is_bound else 200
    return render_page(request, "insights/voice/link_form.html", {"form": form, "feedback": feedback}, status=status)


def _link(actor: Any, feedback: Feedback, *, theme: int | None, new_theme: str, **values: Any):
    if theme is None:
        found = create_theme(feedback.product, name=new_theme, actor=actor)
    else:
        themes = Theme.objects.visible_to(actor).filter(product=feedback.product_id)
        found = themes.select_related("product", "team").filter(pk=theme).first()
        if found is None:
            raise BadInput(fields={"theme": ["Choose a theme of the list."]})
    return link_theme(found, feedback, actor=actor, **values)


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
