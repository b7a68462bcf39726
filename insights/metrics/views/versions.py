"""A version of a metric's definition: what it asks, its line beside the other one, and what is decided about it."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from insights.metrics.access import get_version
from insights.metrics.version_page import build_version_page
from portal.shell.public import render_page


@require_GET
def version_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a version: what it asks, its line beside the one in force over 90 days, and all that would move."""
    version = get_version(request.user, pk)
    page = build_version_page(version, user=request.user, now=timezone.now())
    return render_page(request, "insights/metrics/version_page.html", {"version": version, "page": page})
