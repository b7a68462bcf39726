"""Pages on which playbooks are written: a new one, the next version of one, a look at how it will be read."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from playbooks.library import actions
from playbooks.library.access import get_playbook
from playbooks.library.actions.texts import LONGEST_BODY
from playbooks.library.forms import PlaybookForm, StepForms, start_of, start_of_steps, steps_in
from playbooks.library.models import Playbook
from playbooks.library.rendering import render_texts
from playbooks.library.views.reading import FOLDER
from portal.people.public import Team, can, require
from portal.shell.public import BadInput, Conflict, Stale, show_faults, show_theirs, tell_draft_saved

FORM = f"{FOLDER}/playbook_form.html"


def teams_to_write(user: Any) -> list[Team]:
    """Return the teams for which a user may write playbooks: their own; all of them for ops."""
    teams = Team.objects.all() if user.is_ops else Team.objects.filter(pk__in=user.team_ids)
    return list(teams) if can(user, "playbooks.create") else []


@require_http_methods(["GET", "POST"])
def playbook_new(request: HttpRequest) -> HttpResponse:
    """Begin a playbook."""
    user = request.user
    require(user, "playbooks.create")
    teams = teams_to_write(user)
    if not teams:
        messages.error(request, "A playbook belongs to a team. Ask an admin to put you into one.")
        return redirect("library:playbook-list")
    start = {"visibility": "company", "owner": user.pk, "title": request.GET.get("title", "")[:200]}
    form = PlaybookForm(request.POST or None, initial=start, user=user, teams=teams)
    rows = StepForms(request.POST or None, prefix="steps")

    def save(*, revision: int | None, **values: Any) -> Playbook:
        return actions.create_playbook(values.pop("team"), actor=user, steps=steps_in(rows), **values)

    return _answer(request, form, rows, save, None)


@require_http_methods(["GET", "POST"])
def playbook_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Write in the draft of the next version."""
    user, playbook = request.user, get_playbook(request.user, slug, write=True)
    if playbook.is_retired or (playbook.draft and playbook.draft.is_in_review):
        messages.error(request, "It is retired or in review: bring it back, or take it back, before you change it.")
        return redirect(playbook)
    form = PlaybookForm(request.POST or None, initial=start_of(playbook), user=user, playbook=playbook)
    rows = StepForms(request.POST or None, initial=start_of_steps(playbook), prefix="steps")

    def save(*, revision: int | None, **values: Any) -> Playbook:
        return actions.update_playbook(playbook, actor=user, revision=revision or 0, steps=steps_in(rows), **values)

    return _answer(request, form, rows, save, playbook)


def _answer(request: HttpRequest, form: Any, rows: Any, save: Any, playbook: Playbook | None) -> HttpResponse:
    """Answer the page of a playbook and its steps: save both by one action, or show both with what is wrong."""
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid() and rows.is_valid():
        try:
            saved = save(**form.cleaned_data)
        except BadInput as fault:
            show_faults(form, fault)
        except Conflict as conflict:
            status = 409
            if playbook is not None and isinstance(conflict, Stale):
                show_theirs(form, start_of(get_playbook(request.user, playbook.slug)))
            else:
                form.add_error(None, conflict.message)
        else:
            messages.success(request, f"The draft of “{form.cleaned_data['title']}” is saved.")
            return tell_draft_saved(request, redirect("library:draft-page", saved.slug))
    return render(request, FORM, {"form": form, "rows": rows, "playbook": playbook}, status=status)


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """Show a text as readers will see it, as a piece of the form."""
    require(request.user, "playbooks.create")
    (document,) = render_texts([request.POST.get("body", "")[:LONGEST_BODY]], request.user)
    return render(request, f"{FOLDER}/preview.html", {"document": document})


@require_http_methods(["GET", "POST"])
def draft_drop(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask, then throw a draft away."""
    playbook = get_playbook(request.user, slug, write=True)
    if request.method == "POST":
        actions.drop_draft(playbook, actor=request.user)
        messages.success(request, f"The draft of “{playbook}” is thrown away.")
        return redirect(playbook) if playbook.is_published else redirect("library:playbook-list")
    return render(request, f"{FOLDER}/draft_drop.html", {"playbook": playbook})
