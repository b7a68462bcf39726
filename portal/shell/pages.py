"""HTTP helpers of every page: one way to render a page or its fragment."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def wants_fragment(request: HttpRequest) -> bool:
    """Say whether htmx asked for a piece: not for a whole page by a boosted link or the back button."""
    return bool(request.htmx) and not request.htmx.boosted and not request.htmx.history_restore_request


def render_page(
    request: HttpRequest, template: str, context: dict, *, fragment: str = "", status: int = 200
) -> HttpResponse:
    """Render a page, or only its named partial when htmx asked for a piece of it."""
    is_fragment = fragment and wants_fragment(request)
    response = render(request, f"{template}#{fragment}" if is_fragment else template, context, status=status)
    response["Vary"] = ", ".join(filter(None, [response.get("Vary", ""), "HX-Request"]))
    return response
