"""Health for machines, and the making of the demo workspace for people."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from portal.operations.health import check_parts
from portal.operations.panels import build_demo_panel
from portal.shell.pages import render_page


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that this process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether the parts that a page needs answer too."""
    parts = check_parts()
    return JsonResponse(parts, status=200 if set(parts.values()) == {"ok"} else 503)


@never_cache
@require_GET
def demo_progress(request: HttpRequest) -> HttpResponse:
    """Show how far the demo workspace is; once it is ready, Home has everything."""
    panel = build_demo_panel(request)
    if panel is None and request.htmx:
        response = HttpResponse()
        response["HX-Refresh"] = "true"
        return response
    if panel is None:
        return redirect("shell:home")
    return render_page(request, "portal/operations/demo_page.html", {"panel": panel}, fragment="progress")
