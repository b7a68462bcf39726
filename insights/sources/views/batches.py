"""One load: its progress while it runs, its counts after; cancel, undo, load again."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from insights.events.public import cancel_batch, get_batch, may_see_people
from insights.sources.actions import load_again, undo_load, upload_from
from insights.sources.keeping import kept_of
from portal.audit.public import history_of
from portal.people.public import can
from portal.shell.public import Conflict, offers_for, render_page


@require_GET
def batch_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a load; the page asks again while it runs."""
    batch = get_batch(request.user, pk)
    context = {
        "batch": batch,
        "source": batch.source,
        "percent": round(100 * batch.n_done / batch.n_total) if batch.n_done and batch.n_total else None,
        "absorbed": batch.absorbed.select_related("batch"),
        "may_load": can(request.user, "sources.load", batch.source),
        "may_see_rows": may_see_people(request.user, batch.source),
        "offers": offers_for(batch.source, request.user) if batch.state == batch.State.DONE else [],
        "history": history_of(batch, limit=20),
        "kept": kept_of(batch) if batch.is_over and batch.file_path else None,
        "keep_days": settings.UPLOAD_KEEP_DAYS,
    }
    return render_page(request, "insights/sources/batch_page.html", context, fragment="state")


@require_POST
def batch_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a load to stop."""
    batch = cancel_batch(get_batch(request.user, pk, write=True), actor=request.user)
    messages.success(request, "The load stops at its next step. Nothing of it is stored.")
    return redirect("sources:batch-page", pk=batch.pk)


@require_http_methods(["GET", "POST"])
def batch_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what an undo takes back, then do it."""
    batch = get_batch(request.user, pk, write=True)
    if batch.state != batch.State.DONE:
        raise Conflict("Only a load that is done can be undone.")
    if request.method == "POST":
        undo_load(batch, actor=request.user)
        messages.success(request, "The load is undone: its rows, traits and joins are gone from every number.")
        return redirect("sources:batch-page", pk=pk)
    absorbed = batch.absorbed.select_related("batch").filter(batch__state=batch.State.DONE)
    return render_page(request, "insights/sources/batch_undo.html", {"batch": batch, "absorbed": absorbed})


@require_POST
def batch_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Load the same file once more."""
    again = load_again(get_batch(request.user, pk, write=True), actor=request.user)
    return redirect("sources:batch-page", pk=again.pk)


@require_POST
def batch_map(request: HttpRequest, pk: int) -> HttpResponse:
    """Say anew which of its file's columns is what."""
    upload = upload_from(get_batch(request.user, pk, write=True), actor=request.user)
    return redirect("sources:upload-map", pk=upload.pk)
