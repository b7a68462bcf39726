"""Incidents: list, page and what is done about one; and the days off that alerts leave out."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from insights.alerts import actions, showing
from insights.alerts.access import get_day_off, get_incident
from insights.alerts.filters import IncidentListFilter
from insights.alerts.forms import DayOffForm, ResolveForm, SnoozeForm
from insights.alerts.models import Alert, DayOff, Incident
from portal.audit.public import history_of
from portal.people.public import can, require
from portal.shell.public import BadInput, Conflict, answer_list, render_page

SORTS = {"opened": "opened_at", "alert": "alert__name", "state": "state", "product": "alert__product__name"}
COLUMNS = {
    "alert": lambda one: one.alert.name,
    "what was seen": lambda one: one.sentence,
    "product": lambda one: one.alert.product.name,
    "state": lambda one: one.get_state_display(),
    "opened": lambda one: one.opened_at,
    "resolved": lambda one: one.resolved_at,
    "note": lambda one: one.note,
}


@require_GET
def incident_list(request: HttpRequest) -> HttpResponse:
    """Show the incidents of the alerts that this user may read."""
    incidents = Incident.objects.visible_to(request.user).select_related("alert__product", "alert__owner")
    found = IncidentListFilter(request.GET, queryset=incidents, user=request.user)
    return answer_list(request, "insights/alerts/incident_list.html", found, COLUMNS, SORTS, "-opened")


@require_GET
def incident_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an incident: what was seen, what was done, and what can be done."""
    incident = get_incident(request.user, pk)
    return _show(request, incident)


def _show(request: HttpRequest, incident: Incident, status: int = 200, **forms: Any) -> HttpResponse:
    user = request.user
    alert = Alert.objects.with_subjects().get(pk=incident.alert_id)
    words = showing.words_of(alert)
    shows_numbers = showing.shows_numbers(alert, user)
    start = {"until": showing.default_snooze(timezone.now(), user.time_zone)}
    context = {
        "incident": incident,
        "alert": alert,
        "words": words,
        "view": showing.show_readings(alert, words) if shows_numbers else None,
        "shows_numbers": shows_numbers,
        "history": history_of(incident),
        "can_edit": can(user, "alerts.edit", incident),
        "snooze": forms.get("snooze") or SnoozeForm(zone=user.time_zone, initial=start),
        "resolve": forms.get("resolve") or ResolveForm(),
    }
    return render_page(request, "insights/alerts/incident_page.html", context, status=status)


@require_POST
def incident_acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that one is at it."""
    incident = get_incident(request.user, pk, write=True)
    if actions.acknowledge_incident(incident, actor=request.user):
        messages.success(request, "Acknowledged: the others see that you are at it.")
    return redirect(incident)


@require_POST
def incident_snooze(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave an incident alone for a while."""
    incident = get_incident(request.user, pk, write=True)
    form = SnoozeForm(request.POST, zone=request.user.time_zone)
    if form.is_valid():
        try:
            if actions.snooze_incident(incident, form.cleaned_data["until"], actor=request.user):
                messages.success(request, "Snoozed. You are reminded then if it is still there.")
            return redirect(incident)
        except BadInput as error:
            form.add_error("until", error.fields["until"])
    return _show(request, incident, 422, snooze=form)


@require_POST
def incident_resolve(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an incident, with a note."""
    incident = get_incident(request.user, pk, write=True)
    form = ResolveForm(request.POST)
    if not form.is_valid():
        return _show(request, incident, 422, resolve=form)
    if actions.resolve_incident(incident, actor=request.user, **form.cleaned_data):
        drawn = " The note is drawn on the product's charts." if incident.annotation_id else ""
        messages.success(request, f"Resolved.{drawn}")
    return redirect(incident)


@require_http_methods(["GET", "POST"])
def day_off_list(request: HttpRequest) -> HttpResponse:
    """Show the days that alerts leave out, and add one."""
    if request.method == "POST":
        require(request.user, "days_off.edit")
    form = DayOffForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            one = actions.add_day_off(actor=request.user, **form.cleaned_data)
            messages.success(request, f"{one.name} is noted: alerts leave that day out.")
            return redirect("alerts:day-off-list")
        except Conflict as error:
            form.add_error("day", error.message)
    days = list(DayOff.objects.visible_to(request.user).select_related("product")[:500])
    for one in days:
        one.can_remove = can(request.user, "days_off.edit", one)
    context = {"form": form, "days": days, "can_edit": can(request.user, "days_off.edit")}
    status = 422 if form.is_bound else 200
    return render_page(request, "insights/alerts/day_off_list.html", context, status=status)


@require_POST
def day_off_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a day out of the list."""
    one = get_day_off(request.user, pk, write=True)
    actions.remove_day_off(one, actor=request.user)
    messages.success(request, f"{one.name} is judged like any other day from now on.")
    return redirect("alerts:day-off-list")
