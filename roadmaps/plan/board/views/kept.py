"""Saved views: keeping the view that is open, and deleting one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.shell.public import BadInput
from roadmaps.plan.board.access import get_view
from roadmaps.plan.board.actions import delete_view, save_view
from roadmaps.plan.board.forms import ViewForm
from roadmaps.plan.board.models import SavedView
from roadmaps.plan.board.page import parse


@require_POST
def view_save(request: HttpRequest) -> HttpResponse:
    """Keep the view that the address asks for under a name."""
    state = parse(request.GET, timezone.localdate())
    form = ViewForm(request.POST, user=request.user)
    if not form.is_valid():
        raise BadInput("Give the view a name, and share it with a team of yours or with nobody.", fields=form.errors)
    view = save_view(actor=request.user, state=state, **form.cleaned_data)
    messages.success(request, f"“{view}” is kept under Saved views.")
    return redirect(view)


@require_GET
def view_list(request: HttpRequest) -> HttpResponse:
    """List the saved views that the reader may open."""
    views = SavedView.objects.visible_to(request.user).select_related("owner", "team")
    return render(request, "roadmaps/plan/board/view_list.html", {"views": views})


@require_http_methods(["GET", "POST"])
def view_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then delete a saved view of one's own."""
    view = get_view(request.user, pk, write=True)
    if request.method == "POST":
        delete_view(view, actor=request.user)
        return redirect("roadmap:view-list")
    return render(request, "roadmaps/plan/board/view_delete.html", {"view": view})
