"""The list of feedback, one piece's page, and what can be done to it."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from insights.voice.feedback.access import get_feedback, products_to_add_to
from insights.voice.feedback.actions import delete_feedback, update_feedback
from insights.voice.feedback.filters import FeedbackListFilter
from insights.voice.feedback.forms import FeedbackChangeForm, start_of
from insights.voice.feedback.models import Feedback
from insights.voice.feedback.queries import build_feedback_page
from insights.voice.feedback.showing import columns_for, show_all
from portal.audit.public import history_of
from portal.shell.public import answer_form, answer_list, render_page

MOST_SAID = 8
SORTS = {
    "said": "said_on",
    "kind": "kind",
    "channel": "channel__name",
    "product": "product__name",
    "added": "created_at",
}


@require_GET
def feedback_list(request: HttpRequest) -> HttpResponse:
    """List the feedback that the user may read."""
    user = request.user
    found = FeedbackListFilter(
        request.GET, queryset=Feedback.objects.visible_to(user).dressed().with_sources(), user=user
    )
    return answer_list(
        request,
        "insights/voice/feedback_list.html",
        found,
        columns_for(user),
        SORTS,
        "-said",
        dress=partial(show_all, user=user),
        may_add=bool(products_to_add_to(user)),
    )


@require_GET
def feedback_said(request: HttpRequest) -> HttpResponse:
    """Show the newest of what a person or an account's people said, as a piece of their page."""
    user = request.user
    feedback = Feedback.objects.visible_to(user).inside_of(user).select_related("channel", "product")
    found = FeedbackListFilter(request.GET, queryset=feedback, user=user)
    asked = {name: request.GET[name] for name in ("person", "account") if request.GET.get(name)}
    rows = list(found.qs.order_by("-said_on", "-pk")[: MOST_SAID + 1]) if asked else []
    context = {"rows": rows[:MOST_SAID], "has_more": len(rows) > MOST_SAID, "query": urlencode(asked)}
    return render_page(request, "insights/voice/feedback_said.html", context, fragment="said")


@require_GET
def feedback_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a piece of feedback: what was said, by whom, where, and what came of it."""
    page = build_feedback_page(get_feedback(request.user, pk), request.user)
    return render_page(request, "insights/voice/feedback_page.html", {"page": page, "feedback": page.feedback})


@require_GET
def feedback_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what was changed of a piece of feedback, as a piece of its page."""
    feedback = get_feedback(request.user, pk)
    context = {"feedback": feedback, "history": history_of(feedback)}
    return render_page(request, "insights/voice/feedback_history.html", context, fragment="history")


@require_http_methods(["GET", "POST"])
def feedback_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a piece of feedback."""
    feedback = get_feedback(request.user, pk, write=True)
    form = FeedbackChangeForm(request.POST or None, initial=start_of(feedback), feedback=feedback)
    save = partial(_update, feedback, request.user)
    context = {"feedback": feedback, "fresh": lambda: start_of(get_feedback(request.user, pk))}
    return answer_form(request, "insights/voice/feedback_form.html", form, save, "Saved.", **context)


@require_http_methods(["GET", "POST"])
def feedback_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then delete a piece of feedback."""
    feedback = get_feedback(request.user, pk, write=True)
    if request.method == "POST":
        delete_feedback(feedback, actor=request.user)
        return redirect("feedback:feedback-list")
    return render(request, "insights/voice/feedback_delete.html", {"feedback": feedback})


def _update(feedback, actor, *, version=None, **values):
    return update_feedback(feedback, actor=actor, today=timezone.localdate(), version=version or 0, **values)
