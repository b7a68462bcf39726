"""Annotations of a dashboard: the list, and writing, changing and deleting one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from insights.dashboards import actions
from insights.dashboards.access import get_annotation, get_dashboard
from insights.dashboards.forms import AnnotationForm
from insights.dashboards.models import Annotation
from insights.dashboards.queries import number_annotations
from insights.dashboards.views.parts import ROOM, trail_of
from portal.people.public import can, require
from portal.shell.public import render_page


def _fields(form: AnnotationForm) -> dict:
    return {name: form.cleaned_data[name] for name in ("text", "starts_on", "ends_on")}


@require_http_methods(["GET", "POST"])
def annotation_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what is drawn on a dashboard's charts, and add to it."""
    dashboard = get_dashboard(request.user, slug)
    form = AnnotationForm(request.POST or None, dashboard=dashboard, product=dashboard.product)
    if request.method == "POST":
        require(request.user, "dashboards.edit", dashboard)
        if form.is_valid():
            is_own = form.cleaned_data["place"] == "dashboard"
            place = {"dashboard": dashboard} if is_own else {"product": dashboard.product}
            actions.create_annotation(actor=request.user, **_fields(form), **place)
            messages.success(request, "Drawn on the charts from now on.")
            return redirect("dashboards:annotation-list", slug=slug)
    context = {
        "form": form,
        "dashboard": dashboard,
        "annotations": number_annotations(Annotation.objects.shown_on(dashboard)),
        "can_edit": can(request.user, "dashboards.edit", dashboard),
        "trail": trail_of(dashboard),
    }
    status = 422 if form.is_bound else 200
    return render_page(request, "insights/dashboards/annotation_list.html", context, status=status)


def _home_of(annotation: Annotation) -> tuple[str, list]:
    if annotation.dashboard_id:
        return annotation.dashboard.get_absolute_url(), trail_of(annotation.dashboard)
    return str(ROOM[-1][1]), ROOM


@require_http_methods(["GET", "POST"])
def annotation_edit(request: HttpRequest, annotation_id: int) -> HttpResponse:
    """Change an annotation."""
    annotation = get_annotation(request.user, annotation_id, write=True)
    form = AnnotationForm.of(annotation, request.POST or None)
    back, trail = _home_of(annotation)
    if request.method == "POST" and form.is_valid():
        actions.update_annotation(annotation, actor=request.user, **_fields(form), **_place(annotation, form))
        messages.success(request, "Saved.")
        return redirect(back)
    context = {"form": form, "annotation": annotation, "trail": trail, "cancel": back}
    status = 422 if form.is_bound else 200
    return render_page(request, "insights/dashboards/annotation_form.html", context, status=status)


def _place(annotation: Annotation, form: AnnotationForm) -> dict:
    if form.cleaned_data["place"] == "product" and annotation.dashboard_id:
        return {"product": annotation.dashboard.product, "dashboard": None}
    return {}


@require_POST
def annotation_delete(request: HttpRequest, annotation_id: int) -> HttpResponse:
    """Delete an annotation."""
    annotation = get_annotation(request.user, annotation_id, write=True)
    back, _ = _home_of(annotation)
    actions.delete_annotation(annotation, actor=request.user)
    messages.success(request, f"“{annotation}” is deleted.")
    return redirect(back)
