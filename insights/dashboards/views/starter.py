"""The starter dashboard: from a product's or a source's own catalogue, in one click."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from insights.dashboards import actions
from insights.dashboards.access import get_dashboard
from insights.events.public import get_source
from portal.people.public import get_product
from portal.shell.public import BadInput


@require_POST
def starter_create(request: HttpRequest) -> HttpResponse:
    """Make a starter dashboard of `product` or `source`, or fill the empty `dashboard`; all are slugs."""
    sent = request.POST
    if sent.get("dashboard"):
        dashboard = get_dashboard(request.user, sent["dashboard"], write=True)
        made = actions.create_starter(dashboard.product, actor=request.user, dashboard=dashboard)
    elif sent.get("source"):
        source = get_source(request.user, sent["source"])
        made = actions.create_starter(source.product, actor=request.user, source=source)
    elif sent.get("product"):
        made = actions.create_starter(get_product(request.user, sent["product"]), actor=request.user)
    else:
        raise BadInput("Name a product, a source or a dashboard.")
    messages.success(request, "Here is a start. The tiles are computed now, and every night from now on.")
    return redirect(made)
