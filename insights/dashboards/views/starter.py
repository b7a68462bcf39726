"""The starter dashboard: from a product's or a source's own catalogue, in one click."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from insights.dashboards.actions.starters import make_starter

_NAMED_BY = ("dashboard", "source", "product")


@require_POST
def starter_create(request: HttpRequest) -> HttpResponse:
    """Make a starter dashboard of `product` or `source`, or fill the empty `dashboard`; all are slugs."""
    made = make_starter(request.user, **{name: request.POST.get(name, "") for name in _NAMED_BY})
    messages.success(request, "Here is a start. The tiles are computed now, and every night from now on.")
    return redirect(made)
