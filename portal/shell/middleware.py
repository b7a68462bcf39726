"""Middleware of every request: its id, and the portal's errors as page, fragment or JSON."""

import uuid
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from portal.shell.errors import PortalError
from portal.shell.pages import wants_fragment
from portal.shell.request_context import Origin, working_for
from portal.shell.views import answer_error, plain_error


def _door(path: str) -> str:
    if path.startswith("/api/"):
        return "api"
    return "admin" if path.startswith("/admin/") else "page"


class RequestIdMiddleware:
    """Give each request an id that logs, errors and the audit trail share."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.id = uuid.uuid4().hex[:16]
        origin = Origin(door=_door(request.path), address=request.META.get("REMOTE_ADDR", ""), request_id=request.id)
        with working_for(origin):
            response = self.get_response(request)
        response["X-Request-Id"] = request.id
        return response


class PortalErrorMiddleware:
    """Turn a PortalError into an answer of the kind that was asked for; keep htmx's own manners."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not response.streaming and not response.content:
            page = answer_error(request, plain_error(405))
            page["Allow"] = response["Allow"]
            response = page
        return _mind_htmx(request, response) if request.htmx else response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return answer_error(request, error) if isinstance(error, PortalError) else None


def _mind_htmx(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    # A login page must replace the page, not a piece of it.
    if response.status_code == 302 and response["Location"].startswith(resolve_url(settings.LOGIN_URL)):
        back = urlsplit(request.htmx.current_url_abs_path or "/").geturl()
        return HttpResponseClientRedirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back})}")
    said = [] if response.has_header("HX-Redirect") or response.status_code >= 300 else list(get_messages(request))
    if said and wants_fragment(request):
        kinds = {"success": "good", "error": "bad", "warning": "warn"}
        toasts = [{"text": str(one), "kind": kinds.get(one.level_tag, "info")} for one in said]
        trigger_client_event(response, "toast", {"value": toasts})
    return response
