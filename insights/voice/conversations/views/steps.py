"""Next steps of a conversation: added, changed, ticked off, taken back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from insights.voice.conversations.access import get_conversation, get_next_step
from insights.voice.conversations.forms import NextStepForm, start_of_step
from insights.voice.conversations.models import NextStep
from insights.voice.conversations.queries import my_next_steps, steps_of
from insights.voice.conversations.steps import add_next_step, delete_next_step, tick_next_step, update_next_step
from portal.people.public import can, is_insider
from portal.shell.public import NotFound, answer_form, render_page

_FORM = "insights/voice/conversation_step.html"


@require_GET
def conversation_steps(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the next steps of a conversation and the form to add one, as a piece of its page."""
    user, conversation = request.user, get_conversation(request.user, pk)
    if not is_insider(user, conversation.team_id):
        raise NotFound()
    may_edit = can(user, "conversations.edit", conversation)
    context = {
        "conversation": conversation,
        "steps": steps_of(conversation, timezone.localdate()),
        "form": NextStepForm(conversation=conversation, user=user, auto_id="step_%s") if may_edit else None,
    }
    return render_page(request, "insights/voice/conversation_steps.html", context, fragment="steps")


@require_GET
def my_steps(request: HttpRequest) -> HttpResponse:
    """Show what the reader promised and has not done, as a piece of Home."""
    rows, has_more = my_next_steps(request.user, timezone.localdate())
    context = {"rows": rows, "has_more": has_more}
    return render_page(request, "insights/voice/conversation_my_steps.html", context, fragment="steps")


@require_http_methods(["GET", "POST"])
def step_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a next step of a conversation down."""
    conversation = get_conversation(request.user, pk, write=True)
    form = NextStepForm(request.POST or None, conversation=conversation, user=request.user)

    def save(*, version: int | None, **values: Any) -> NextStep:
        return add_next_step(conversation, actor=request.user, **values)

    return answer_form(request, _FORM, form, save, "Noted.", conversation=conversation)


@require_http_methods(["GET", "POST"])
def step_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a next step."""
    step = get_next_step(request.user, pk, write=True)
    form = NextStepForm(
        request.POST or None, initial=start_of_step(step), conversation=step.conversation, user=request.user, step=step
    )

    def save(*, version: int | None, **values: Any) -> NextStep:
        return update_next_step(step, actor=request.user, version=version or 0, **values)

    context = {"conversation": step.conversation, "fresh": lambda: start_of_step(get_next_step(request.user, pk))}
    return answer_form(request, _FORM, form, save, "Saved.", step=step, **context)


@require_POST
def step_tick(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a next step is done, or that it is not."""
    step = get_next_step(request.user, pk, write=True)
    tick_next_step(step, actor=request.user, is_done=request.POST.get("is_done") == "yes", now=timezone.now())
    if request.POST.get("back") == "home":
        messages.success(request, "Done. It stays on the page of its conversation.")
        return redirect("shell:home")
    return redirect(step)


@require_http_methods(["GET", "POST"])
def step_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then take a next step back."""
    step = get_next_step(request.user, pk, write=True)
    if request.method == "POST":
        delete_next_step(step, actor=request.user)
        return redirect(step.conversation)
    return render(request, "insights/voice/conversation_step_delete.html", {"step": step})
