"""Home, search, the keyboard overview and the error pages."""

import sys

from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET
from redis.exceptions import RedisError

from portal.shell.errors import ERROR_PAGES, PortalError
from portal.shell.keyboard import list_keys
from portal.shell.pages import page_of_form, render_page, wants_fragment, wants_json
from portal.shell.registry import HomePanel, registry
from portal.shell.search import LONGEST_TEXT, find_places, find_similar, find_things

# The database or the cache does not answer: not a fault of the code, and worth trying again.
AWAY = (OperationalError, InterfaceError, RedisError)


@require_GET
def home_page(request: HttpRequest) -> HttpResponse:
    """Show the panels that rooms have registered for Home."""
    panels = [
        (panel.template, context) for panel in registry.all(HomePanel) if (context := panel.build(request)) is not None
    ]
    return render_page(request, "portal/shell/home.html", {"panels": panels})


@require_GET
def search_page(request: HttpRequest) -> HttpResponse:
    """Show all that the text in the address finds."""
    text = request.GET.get("q", "").strip()[:LONGEST_TEXT]
    groups = [*find_places(request.user, text, 10), *find_things(request.user, text, 25)] if text else []
    n_hits = sum(len(group.hits) for group in groups)
    similar = [] if groups else find_similar(request.user, text, 10)
    context = {"text": text, "groups": groups, "n_hits": n_hits, "similar": similar}
    return render_page(request, "portal/shell/search.html", context, fragment="results")


@require_GET
def palette_piece(request: HttpRequest) -> HttpResponse:
    """Return the options of the command palette: pages and commands first, then things."""
    text = request.GET.get("q", "").strip()[:LONGEST_TEXT]
    groups = [*find_places(request.user, text, 30 if not text else 6), *find_things(request.user, text, 6)]
    similar = [] if groups else find_similar(request.user, text, 6)
    return render(request, "portal/shell/palette_options.html", {"text": text, "groups": groups, "similar": similar})


@require_GET
def keyboard_page(request: HttpRequest) -> HttpResponse:
    """Show which keys do what."""
    context = {"groups": list_keys(request.user), "is_dialog": wants_fragment(request)}
    return render_page(request, "portal/shell/keyboard.html", context, fragment="overview")


def answer_error(request: HttpRequest, error: PortalError) -> HttpResponse:
    """Answer an error in the kind that was asked for: JSON for programs, a fragment for htmx, else a page."""
    request_id = getattr(request, "id", "")
    if wants_json(request):
        body = {"code": error.code, "message": error.message, "fields": error.fields, "request_id": request_id}
        return JsonResponse(body, status=error.status)
    # What the message says already is not listed again.
    faults = [(name, one) for name, said in error.fields.items() for one in said if one != error.message]
    context = {"error": error, "faults": faults, "request_id": request_id, "advice": ERROR_PAGES.get(error.status)}
    is_piece = hasattr(request, "htmx") and wants_fragment(request)
    return render(request, "errors/fragment.html" if is_piece else "errors/error.html", context, status=error.status)


def plain_error(status: int) -> PortalError:
    """Return the error of a status with the words of its page."""
    error = PortalError(ERROR_PAGES[status].text)
    error.status, error.code = status, ERROR_PAGES[status].code
    return error


@login_not_required
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that cannot be read."""
    return answer_error(request, plain_error(400))


@login_not_required
def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer somebody who may not do this."""
    return answer_error(request, plain_error(403))


@login_not_required
def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer an address that leads nowhere."""
    return answer_error(request, plain_error(404))


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a fault of ours without the database, the session or the frame: any of them may be the fault."""
    request_id = getattr(request, "id", "")
    status = 503 if isinstance(sys.exc_info()[1], AWAY) else 500
    page = ERROR_PAGES[status]
    if wants_json(request):
        body = {"code": page.code, "message": page.text, "fields": {}, "request_id": request_id}
        response = JsonResponse(body, status=status)
    else:
        context = {"request_id": request_id, "advice": page, "status": status}
        response = HttpResponse(render_to_string("errors/500.html", context), status=status)
    if status == 503:
        response["Retry-After"] = "30"
    return response


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Explain a form that was refused for safety."""
    if wants_json(request):
        return answer_error(request, plain_error(403))
    context = {"request_id": request.id, "form_url": page_of_form(request)}
    return render(request, "errors/csrf.html", context, status=403)
