"""Pages that read playbooks: the list, one with its table of contents, its versions, two compared."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from playbooks.library.access import get_playbook, get_version, may_read_draft
from playbooks.library.filters import PlaybookListFilter
from playbooks.library.models import Playbook
from playbooks.library.showing import COLUMNS, SORTS, build_draft_page, build_page, compare_versions, show_text
from portal.audit.public import history_of
from portal.people.public import can
from portal.shell.public import NotAllowed, answer_list, render_page

FOLDER = "playbooks/library"


@require_GET
def playbook_list(request: HttpRequest) -> HttpResponse:
    """List the playbooks that the user may read."""
    user = request.user
    found = PlaybookListFilter(request.GET, Playbook.objects.visible_to(user).of_rows(), user=user)
    context = {
        "may_write": can(user, "playbooks.create") and (user.is_ops or bool(user.team_ids)),
        "may_import": can(user, "playbooks.import"),
        "may_set_rules": can(user, "playbooks.rules"),
    }
    return answer_list(request, f"{FOLDER}/playbook_list.html", found, COLUMNS, SORTS, "title", **context)


@require_GET
def playbook_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a playbook as it is published; one that never was, as its draft."""
    playbook = get_playbook(request.user, slug)
    if not playbook.is_published and may_read_draft(request.user, playbook):
        return redirect("library:draft-page", slug)
    context = {"playbook": playbook, "page": build_page(playbook, request.user)}
    return render_page(request, f"{FOLDER}/playbook_page.html", context)


@require_GET
def draft_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the draft of a playbook: as readers would see it, what changes by it, and what to do with it."""
    playbook = get_playbook(request.user, slug)
    if not may_read_draft(request.user, playbook):
        raise NotAllowed()
    if playbook.draft is None:
        return redirect(playbook)
    context = {"playbook": playbook, "page": build_draft_page(playbook, playbook.draft, request.user)}
    return render_page(request, f"{FOLDER}/draft_page.html", context)


@require_GET
def version_list(request: HttpRequest, slug: str) -> HttpResponse:
    """List every version that was published, to read, compare and restore."""
    playbook = get_playbook(request.user, slug)
    versions = playbook.versions.exclude(number=None).select_related("published_by").defer("body", "preamble")
    context = {
        "playbook": playbook,
        "versions": list(versions),
        "may_restore": can(request.user, "playbooks.edit", playbook) and not playbook.is_retired and not playbook.draft,
    }
    return render_page(request, f"{FOLDER}/version_list.html", context)


@require_GET
def version_page(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show a version as it was published."""
    playbook = get_playbook(request.user, slug)
    version = get_version(playbook, number)
    context = {"playbook": playbook, "version": version, "shown": show_text(version, request.user)}
    return render_page(request, f"{FOLDER}/version_page.html", context)


@require_GET
def compare(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what changed from one version to another."""
    playbook = get_playbook(request.user, slug)
    old, new = (get_version(playbook, request.GET.get(name, "")) for name in ("from", "to"))
    context = {"playbook": playbook, "old": old, "new": new, "changes": compare_versions(old, new)}
    return render_page(request, f"{FOLDER}/compare.html", context)


@require_GET
def playbook_history(request: HttpRequest, slug: str) -> HttpResponse:
    """Show every change of a playbook, as a piece of its page."""
    playbook = get_playbook(request.user, slug)
    context = {"playbook": playbook, "history": history_of(playbook)}
    return render_page(request, f"{FOLDER}/playbook_history.html", context, fragment="history")
