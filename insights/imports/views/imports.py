"""The list of imports, one import with what it came to, what is wrong with its rows, and its undoing."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from insights.imports import actions
from insights.imports.access import get_import
from insights.imports.filters import ImportListFilter, ProblemFilter
from insights.imports.forms import UndoForm, words_of_counts
from insights.imports.kinds import get_kind, kinds_for
from insights.imports.models import Import, ImportProblem
from insights.imports.queries import problem_groups
from portal.audit.public import history_of
from portal.shell.public import Conflict, answer_list, render_page

SORTS = {"id": "pk", "file": "file_name", "state": "state", "new": "n_new", "product": "product__name"}
COLUMNS = {
    "id": lambda batch: batch.pk,
    "file": lambda batch: batch.file_name,
    "what": lambda batch: batch.kind,
    "product": lambda batch: batch.product.name,
    "state": lambda batch: batch.get_state_display(),
    "rows": lambda batch: batch.n_rows,
    "new": lambda batch: batch.n_new,
    "changed": lambda batch: batch.n_changed,
    "there already": lambda batch: batch.n_known,
    "refused": lambda batch: batch.n_refused,
    "by": lambda batch: str(batch.created_by or ""),
    "at": lambda batch: batch.created_at,
}
PROBLEM_COLUMNS = {
    "line": lambda problem: problem.row_no,
    "what became of it": lambda problem: "left out" if problem.is_refused else "taken without this value",
    "reason": lambda problem: problem.reason,
    "column": lambda problem: problem.column,
    "value": lambda problem: problem.value,
    "row": lambda problem: problem.raw,
}
PROBLEM_SORTS = {"line": "row_no", "reason": "reason"}


@require_GET
def import_list(request: HttpRequest) -> HttpResponse:
    """List the imports of the user's teams."""
    found = ImportListFilter(request.GET, queryset=Import.objects.visible_to(request.user).dressed(), user=request.user)
    kinds = kinds_for(request.user)
    return answer_list(request, "insights/imports/import_list.html", found, COLUMNS, SORTS, "-id", kinds=kinds)


@require_GET
def import_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an import: how far it is, what a check or a run came to, and what to do next."""
    batch = get_import(request.user, pk)
    kind = get_kind(batch.kind)
    may = kind.may(request.user, batch.product)
    if batch.state == Import.State.DRAFT and may:
        return redirect("imports:import-map", pk=pk)
    context = {
        "batch": batch,
        "kind": kind,
        "may": may,
        "step": 3,
        "percent": round(100 * batch.n_done / batch.n_total) if batch.n_done and batch.n_total else None,
        "counts": words_of_counts(batch, kind),
        "groups": problem_groups(batch) if not batch.is_busy else [],
        "url": kind.url_of(batch) if batch.state == Import.State.DONE else "",
        "history": history_of(batch, limit=20),
    }
    return render_page(request, "insights/imports/import_page.html", context, fragment="state")


@require_GET
def import_problems(request: HttpRequest, pk: int) -> HttpResponse:
    """List what is wrong with the rows of an import; as a file with the rows as they came."""
    batch = get_import(request.user, pk)
    found = ProblemFilter(request.GET, queryset=ImportProblem.objects.filter(batch=batch))
    context = {"batch": batch, "kind": get_kind(batch.kind)}
    template = "insights/imports/import_problems.html"
    return answer_list(request, template, found, PROBLEM_COLUMNS, PROBLEM_SORTS, "line", **context)


@require_POST
def import_run(request: HttpRequest, pk: int) -> HttpResponse:
    """Start an import, or its check."""
    batch = get_import(request.user, pk, write=True)
    ask = actions.check_import if request.POST.get("act") == "check" else actions.run_import
    return redirect(ask(batch, actor=request.user))


@require_POST
def import_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the work to stop."""
    batch = actions.cancel_import(get_import(request.user, pk, write=True), actor=request.user)
    messages.success(request, "It stops at its next step. Nothing of it is kept.")
    return redirect(batch)


@require_http_methods(["GET", "POST"])
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what an undo takes back and what people worked on since, then do it."""
    batch = get_import(request.user, pk, write=True)
    if not batch.has_brought:
        raise Conflict("Only an import that is done, and brought something, can be undone.")
    form = UndoForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.undo_import(batch, actor=request.user, keeps_worked=not form.cleaned_data["takes_worked"])
        return redirect(batch)
    kind = get_kind(batch.kind)
    context = {"batch": batch, "kind": kind, "form": UndoForm(), "worked": kind.worked(batch)}
    return render_page(request, "insights/imports/import_undo.html", context)


@require_POST
def import_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a file away that was not imported."""
    actions.delete_import(get_import(request.user, pk, write=True), actor=request.user)
    messages.success(request, "The file is thrown away. Nothing was imported.")
    return redirect("imports:import-list")
