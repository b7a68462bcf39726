"""Alerts: list, page, form with its dry run, and what can be done with one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from insights.alerts import actions, showing
from insights.alerts.access import get_alert, get_dry_run
from insights.alerts.choosing import find_subject, key_of
from insights.alerts.filters import AlertListFilter
from insights.alerts.forms import AlertForm
from insights.alerts.models import Alert, DryRun
from insights.alerts.words import say_condition
from portal.audit.public import history_of
from portal.people.public import can
from portal.shell.public import BadInput, Conflict, NotAllowed, answer_list, render_page

ROOM = [("Insights", ""), ("Alerts", "/alerts/")]
SORTS = {
    "name": "name",
    "watches": "subject_title",
    "product": "product__name",
    "owner": "owner__name",
    "fired": "n_incidents",
    "checked": "checked_at",
}
COLUMNS = {
    "name": lambda one: one.name,
    "watches": lambda one: one.subject_title,
    "tells when it": lambda one: say_condition(one.rule),
    "product": lambda one: one.product.name,
    "owner": lambda one: str(one.owner or ""),
    "state": lambda one: one.state,
    "fired": lambda one: one.n_incidents,
    "checked": lambda one: one.checked_at,
}


@require_GET
def alert_list(request: HttpRequest) -> HttpResponse:
    """Show what needs somebody, and the alerts that this user may read."""
    alerts = Alert.objects.visible_to(request.user).with_subjects().with_marks()
    found = AlertListFilter(request.GET, queryset=alerts, user=request.user)
    more = {
        "incidents": list(showing.incidents_in_need(request.user)[:6]),
        "can_create": can(request.user, "alerts.create"),
    }
    return answer_list(request, "insights/alerts/alert_list.html", found, COLUMNS, SORTS, "name", **more)


@require_GET
def alert_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an alert: its condition, what its checks saw, its incidents, who is told, its history."""
    alert = get_alert(request.user, pk)
    words = showing.words_of(alert)
    shows_numbers = showing.shows_numbers(alert, request.user)
    context = {
        "alert": alert,
        "words": words,
        "view": showing.show_readings(alert, words) if shows_numbers else None,
        "shows_numbers": shows_numbers,
        "doubts": showing.doubts_about(alert),
        "incidents": list(alert.incidents.select_related("acknowledged_by", "resolved_by")[:20]),
        "history": history_of(alert),
        "can_edit": can(request.user, "alerts.edit", alert),
    }
    return render_page(request, "insights/alerts/alert_page.html", context)


@require_http_methods(["GET", "POST"])
def alert_new(request: HttpRequest) -> HttpResponse:
    """Make an alert, tried first on the last 90 days."""
    if not can(request.user, "alerts.create"):
        raise NotAllowed("You can read alerts. To make one, you need the role product manager.")
    run = _dry_run(request)
    key = request.GET.get("subject", "")
    initial = {
        "name": request.GET.get("name", "")[:120],
        "subject": key,
        "kind": "late" if key.startswith("source:") else "unlike",
        "owner": request.user,
        "people": [request.user.pk],
        "visibility": "company",
        "grace_min": 30,
        **(run.draft if run else {}),
    }
    form = AlertForm(
        request.POST or None, user=request.user, initial=initial, extra=_extra(initial["subject"] or key, request)
    )
    return _answer(request, form, None, run)


@require_http_methods(["GET", "POST"])
def alert_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an alert, tried first on the last 90 days."""
    alert = get_alert(request.user, pk, write=True)
    run = _dry_run(request)
    key = key_of(alert)
    is_rate = showing.is_rate_of(alert)
    initial = {**AlertForm.initial_of(alert, key, is_rate), **(run.draft if run else {})}
    extra = (key, alert.subject_title) if key else None
    told = [*alert.told_ids, alert.owner_id]
    form = AlertForm(request.POST or None, user=request.user, initial=initial, extra=extra, told=told)
    return _answer(request, form, alert, run)


def _dry_run(request: HttpRequest) -> DryRun | None:
    tried = request.GET.get("try", "")
    return get_dry_run(request.user, int(tried)) if tried.isascii() and tried.isdigit() and len(tried) < 18 else None


def _extra(key: str, request: HttpRequest) -> tuple[str, str] | None:
    """Return a choice that the list may not hold, such as a tile."""
    key = request.POST.get("subject", key) or key
    if not key:
        return None
    try:
        return key, find_subject(key, request.user).title
    except BadInput:
        return None


def _answer(request: HttpRequest, form: AlertForm, alert: Alert | None, run: DryRun | None) -> HttpResponse:
    fault = ""
    if request.method == "POST" and form.is_valid():
        try:
            return _try_out(request, form, alert) if "try" in request.POST else _save(request, form, alert)
        except BadInput as error:
            for name, texts in error.fields.items():
                form.add_error(name if name in form.fields else None, texts)
        except Conflict as error:
            fault = error.message
    context = {
        "form": form,
        "alert": alert,
        "fault": fault,
        "dry_run": showing.show_dry_run(run) if run else None,
        "cancel": alert.get_absolute_url() if alert else reverse("alerts:alert-list"),
    }
    status = 422 if form.is_bound else 200
    return render_page(request, "insights/alerts/alert_form.html", context, fragment="tried", status=status)


def _try_out(request: HttpRequest, form: AlertForm, alert: Alert | None) -> HttpResponse:
    draft = {name: request.POST.get(name, "") for name in form.fields if name not in ("people", "webhooks", "revision")}
    draft |= {name: request.POST.getlist(name) for name in ("people", "webhooks")}
    run = actions.ask_dry_run(form.found, form.condition, actor=request.user, draft=draft, alert=alert)
    address = reverse("alerts:alert-edit", args=[alert.pk]) if alert else reverse("alerts:alert-new")
    return redirect(f"{address}?try={run.pk}#tried")


def _save(request: HttpRequest, form: AlertForm, alert: Alert | None) -> HttpResponse:
    values = form.values()
    if alert is None:
        made = actions.create_alert(form.found, form.condition, actor=request.user, **values)
        messages.success(request, f"“{made}” is saved. It tells what happens from now on.")
    else:
        revision = form.cleaned_data["revision"] or 0
        made = actions.update_alert(
            alert, actor=request.user, revision=revision, subject=form.found, condition=form.condition, **values
        )
        messages.success(request, f"“{made}” is saved.")
    return redirect(made)


@require_POST
def alert_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Check an alert now."""
    alert = get_alert(request.user, pk, write=True)
    actions.check_now(alert, actor=request.user)
    messages.success(request, "A worker checks it now. Reload the page in a moment.")
    return redirect(alert)


def _switch(request: HttpRequest, pk: int, act: Any, said: str) -> HttpResponse:
    alert = get_alert(request.user, pk, write=True)
    if act(alert, actor=request.user):
        messages.success(request, said.format(alert))
    return redirect(alert)


@require_POST
def alert_pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop checking an alert."""
    return _switch(request, pk, actions.pause_alert, "“{}” is paused until you resume it.")


@require_POST
def alert_resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a paused alert go on."""
    return _switch(request, pk, actions.resume_alert, "“{}” is on watch again. What happened meanwhile is not told.")


@require_POST
def alert_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an alert away."""
    return _switch(request, pk, actions.archive_alert, "“{}” is archived. You can restore it.")


@require_POST
def alert_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring an alert back."""
    return _switch(request, pk, actions.restore_alert, "“{}” is restored.")
