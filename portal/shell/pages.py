"""HTTP helpers of every page: one way to render a page or its fragment."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def render_page(
    request: HttpRequest, template: str, context: dict, *, fragment: str = "", status: int = 200
) -> HttpResponse:
    """Render a page, or only its named partial when htmx asked for a piece of it."""
    is_fragment = fragment and request.htmx and not request.htmx.boosted
    response = render(request, f"{template}#{fragment}" if is_fragment else template, context, status=status)
    response["Vary"] = ", ".join(filter(None, [response.get("Vary", ""), "HX-Request"]))
    return response
