"""The API's manners: cursor paging and one shape of error."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.pagination import CursorPagination
from rest_framework.response import Response
from rest_framework.views import exception_handler

from portal.shell.errors import PortalError
from portal.shell.request_context import current_origin


class CursorPage(CursorPagination):
    """Pages by cursor, newest first unless the view says otherwise; `page_size` up to 200."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering = "-pk"


def _plain(detail, path: str = "") -> dict[str, list[str]]:
    """Flatten nested field errors to {"path.to.field": [sentences]}."""
    if isinstance(detail, dict):
        pairs = detail.items()
    elif isinstance(detail, list) and any(isinstance(item, (dict, list)) for item in detail):
        pairs = enumerate(detail)
    else:
        return {path or "non_field": [str(item) for item in (detail if isinstance(detail, list) else [detail])]}
    found: dict[str, list[str]] = {}
    for key, value in pairs:
        found.update(_plain(value, f"{path}.{key}" if path else str(key)))
    return found


def handle_error(error: Exception, context: dict) -> Response | None:
    """Answer every error as {code, message, fields, request_id}."""
    request_id = current_origin().request_id
    if isinstance(error, PortalError):
        body = {"code": error.code, "message": error.message, "fields": error.fields, "request_id": request_id}
        return Response(body, status=error.status)
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    is_validation = isinstance(error, exceptions.ValidationError)
    response.data = {
        "code": "bad_input" if is_validation else error.default_code,
        "message": "Some fields cannot be used. Correct them and send again." if is_validation else str(error.detail),
        "fields": _plain(error.detail) if is_validation else {},
        "request_id": request_id,
    }
    return response
