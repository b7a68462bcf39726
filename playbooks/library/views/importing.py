"""Pages that take playbooks in from files, and hand them out as files."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from playbooks.library.access import get_playbook
from playbooks.library.files.exporting import as_archive, as_file
from playbooks.library.files.importing import ImportPlan, plan_import, run_import
from playbooks.library.files.reading import MOST_BYTES, read_upload
from playbooks.library.forms import ImportForm
from playbooks.library.models import LibraryRules, Playbook
from playbooks.library.views.reading import FOLDER
from portal.people.public import require
from portal.shell.public import BadInput, Conflict, TooMuch, render_page, show_faults


@require_http_methods(["GET", "POST"])
def playbook_import(request: HttpRequest) -> HttpResponse:
    """Try files, then take them in."""
    require(request.user, "playbooks.import")
    has_four_eyes = LibraryRules.current().has_four_eyes
    form = ImportForm(request.POST or None, request.FILES or None, has_four_eyes=has_four_eyes)
    plan, status = None, 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            plan = _import(request, form.cleaned_data)
            status = 200
        except BadInput as fault:
            show_faults(form, fault)
        except (TooMuch, Conflict) as fault:
            form.add_error("file", fault.message)
    if plan is not None and request.POST.get("act") == "run" and not plan.n_faults:
        messages.success(request, _said(plan))
        return redirect("library:playbook-list")
    context = {"form": form, "plan": plan, "is_done": plan is not None and request.POST.get("act") == "run"}
    context["most_mb"] = MOST_BYTES // 1_000_000
    return render_page(request, f"{FOLDER}/import.html", context, status=status)


def _import(request: HttpRequest, values: dict[str, Any]) -> ImportPlan:
    file = values["file"]
    if file.size > MOST_BYTES:
        raise TooMuch(f"This is larger than {MOST_BYTES // 1_000_000} MB. Import it in smaller pieces.")
    files = read_upload(file.name, file.read())
    if request.POST.get("act") != "run":
        return plan_import(files, actor=request.user)
    return run_import(files, values["team"], actor=request.user, publishes=values.get("publishes", False))


def _said(plan: ImportPlan) -> str:
    return f"{plan.n_new} new, {plan.n_changed} changed, {plan.n_same} as before; {plan.n_published} published."


@require_GET
def playbook_export(request: HttpRequest) -> HttpResponse:
    """Hand out all playbooks that the reader may read, as a ZIP archive of Markdown files."""
    playbooks = Playbook.objects.visible_to(request.user).select_related("face").prefetch_related("face__steps")
    response = HttpResponse(as_archive(playbooks.order_by("slug").iterator(200)), content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="playbooks.zip"'
    return response


@require_GET
def playbook_markdown(request: HttpRequest, slug: str) -> HttpResponse:
    """Hand out a playbook as a Markdown file."""
    playbook = get_playbook(request.user, slug)
    response = HttpResponse(as_file(playbook), content_type="text/markdown; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{playbook.slug}.md"'
    return response
