"""Middleware of every request: its id, and the portal's errors as page, fragment or JSON."""

import uuid

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from portal.shell.errors import PortalError
from portal.shell.request_context import Origin, working_for


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
    """Turn a PortalError into an answer of the kind that was asked for."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, PortalError):
            return None
        if request.path.startswith("/api/"):
            body = {"code": error.code, "message": error.message, "fields": error.fields, "request_id": request.id}
            return JsonResponse(body, status=error.status)
        template = "errors/fragment.html" if request.htmx and not request.htmx.boosted else "errors/error.html"
        return render(request, template, {"error": error, "request_id": request.id}, status=error.status)
