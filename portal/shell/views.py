"""Home, search and the error pages."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from portal.shell.pages import render_page
from portal.shell.registry import HomePanel, registry


@require_GET
def home_page(request: HttpRequest) -> HttpResponse:
    """Show the panels that rooms have registered for Home."""
    panels = [
        (panel.template, context) for panel in registry.all(HomePanel) if (context := panel.build(request)) is not None
    ]
    return render_page(request, "portal/shell/home.html", {"panels": panels})


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Explain a form that was refused for safety."""
    return render(request, "errors/csrf.html", {"request_id": request.id}, status=403)
