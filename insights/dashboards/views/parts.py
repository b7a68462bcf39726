"""What several pages of dashboards share: the trail, the scope, and where a form goes back to."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme

from insights.dashboards.models import Dashboard

ROOM = [
    ("Insights", reverse_lazy("dashboards:dashboard-list")),
    ("Dashboards", reverse_lazy("dashboards:dashboard-list")),
]


def trail_of(dashboard: Dashboard) -> list:
    """Return the breadcrumbs down to a dashboard."""
    return [*ROOM, (dashboard.title, dashboard.get_absolute_url())]


def go_back(request: HttpRequest, dashboard: Dashboard, anchor: str = "") -> HttpResponse:
    """Return to the page that a form says it stood on, else to the dashboard."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        return redirect(dashboard.get_absolute_url() + anchor)
    return HttpResponseRedirect(target.partition("#")[0] + anchor)


def offer_undo(request: HttpRequest, sentence: str, url: str, back: str) -> None:
    """Say what was done, with a button that undoes it (the page's one form for acts sends it)."""
    button = format_html(
        '{} <button class="button button--link" form="act" formaction="{}" name="next" value="{}">Undo</button>',
        sentence,
        url,
        back,
    )
    messages.success(request, button)
