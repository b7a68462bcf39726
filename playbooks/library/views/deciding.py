"""Pages on which is decided about playbooks: review, publish, confirm, retire, restore, and the rules."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from playbooks.library import actions
from playbooks.library.access import get_playbook, get_playbook_to_decide
from playbooks.library.forms import DeclineForm, NoteForm, RetireForm, RulesForm
from playbooks.library.models import LibraryRules, Playbook
from playbooks.library.views.reading import FOLDER
from portal.people.public import require
from portal.shell.public import BadInput, Conflict, answer_form


def _do(request: HttpRequest, playbook: Playbook, act: Callable[[], Any], said: str) -> HttpResponse:
    """Do one thing with a playbook and go back to it, with what was done or why not."""
    try:
        act()
    except (BadInput, Conflict) as fault:
        messages.error(request, " ".join(fault.sentences))
        return redirect("library:draft-page", playbook.slug)
    messages.success(request, said)
    return redirect(playbook)


def _values(form: Any) -> dict[str, Any]:
    """Return what a small form says; where its number of the state is missing, it is that of none."""
    form.is_valid()
    return {**form.cleaned_data, "revision": form.cleaned_data.get("revision") or 0}


@require_POST
def review_send(request: HttpRequest, slug: str) -> HttpResponse:
    """Send a draft to review."""
    playbook = get_playbook(request.user, slug, write=True)
    values = _values(NoteForm(request.POST))
    said = "It is sent. Who decides about it was told."
    return _do(request, playbook, lambda: actions.send_to_review(playbook, actor=request.user, **values), said)


@require_POST
def review_take_back(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a draft out of review."""
    playbook = get_playbook(request.user, slug, write=True)
    said = "It is out of review. You can write on."
    return _do(request, playbook, lambda: actions.take_back(playbook, actor=request.user), said)


@require_POST
def review_decline(request: HttpRequest, slug: str) -> HttpResponse:
    """Give a draft back."""
    playbook = get_playbook_to_decide(request.user, slug)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Say why not yet: whoever wrote it will want to know.")
        return redirect("library:draft-page", slug)
    said = "It is given back. Who wrote it was told."
    values = form.cleaned_data
    return _do(request, playbook, lambda: actions.decline(playbook, actor=request.user, **values), said)


@require_POST
def publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Publish a draft."""
    playbook = get_playbook_to_decide(request.user, slug)
    values = _values(NoteForm(request.POST))
    said = "It is published."
    return _do(request, playbook, lambda: actions.publish(playbook, actor=request.user, **values), said)


@require_POST
def confirm(request: HttpRequest, slug: str) -> HttpResponse:
    """Say that a playbook is still right."""
    playbook = get_playbook(request.user, slug)
    actions.confirm(playbook, actor=request.user)
    messages.success(request, "Thank you. It holds, and is reviewed again after its usual time.")
    return redirect(playbook)


@require_http_methods(["GET", "POST"])
def retire(request: HttpRequest, slug: str) -> HttpResponse:
    """Retire a playbook, with what to use in its place."""
    playbook = get_playbook_to_decide(request.user, slug)
    form = RetireForm(request.POST or None, user=request.user, playbook=playbook)

    def save(**values: Any) -> Playbook:
        return actions.retire(playbook, actor=request.user, **values)

    return answer_form(request, f"{FOLDER}/retire.html", form, save, "“{}” is retired.", playbook=playbook)


@require_POST
def bring_back(request: HttpRequest, slug: str) -> HttpResponse:
    """Let a retired playbook hold again."""
    playbook = get_playbook_to_decide(request.user, slug)
    actions.bring_back(playbook, actor=request.user)
    messages.success(request, f"“{playbook}” holds again.")
    return redirect(playbook)


@require_POST
def restore(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Make an earlier version the draft of the next one."""
    playbook = get_playbook(request.user, slug, write=True)
    actions.restore(playbook, number, actor=request.user)
    messages.success(request, f"Version {number} is the draft now. Readers have it once it is published.")
    return redirect("library:draft-page", slug)


@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """Show and set the rules of the library."""
    require(request.user, "playbooks.rules")
    form = RulesForm(request.POST or None, initial={"has_four_eyes": LibraryRules.current().has_four_eyes})

    def save(**values: Any) -> str:
        actions.set_rules(actor=request.user, **values)
        return "library:rules"

    return answer_form(request, f"{FOLDER}/rules.html", form, save, "The rules are saved.")
