"""What may come in: bodies of a stated size, JSON that every store can hold, addresses without zero characters."""

import math
import re
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from portal.shell.errors import BadInput, PortalError, TooMuch
from portal.shell.views import answer_error

MAX_JSON_DEPTH = 100
# PostgreSQL holds no zero character, UTF-8 no half of a pair.
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")
_SLACK_BYTES = 1_000_000  # form encoding makes a text longer than it is
UNREADABLE = "This holds a character that cannot be stored, an infinite number, or lists in lists without end."


def own_body_limit(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a view that checks the size of its bodies itself, such as an upload."""
    view.has_own_body_limit = True  # type: ignore[attr-defined]  # a mark, read by the middleware below
    return view


def _takes_large_bodies(request: HttpRequest, view: Any) -> bool:
    handler = getattr(view, "actions", {}).get(request.method.lower(), "") if request.method else ""
    target = getattr(getattr(view, "cls", None), handler, view) if handler else view
    if not getattr(target, "has_own_body_limit", False):
        return False
    # The CSRF check reads a form's whole body, files too, before the view is asked: that is for people alone.
    return getattr(view, "csrf_exempt", False) or request.user.is_authenticated


class IncomingMiddleware:
    """Refuse what no view should have to look at, before anything reads the body."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return self._refuse(request, BadInput("This address holds a character that no address has."))
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Refuse a body that is larger than forms and API calls are, unless the view has a limit of its own."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE + _SLACK_BYTES
        if not length.isascii() or not length.isdecimal() or int(length) <= limit or _takes_large_bodies(request, view):
            return None
        return self._refuse(
            request, TooMuch(f"This is larger than {limit // 1_000_000} MB. Send it in smaller pieces.")
        )

    def _refuse(self, request: HttpRequest, error: PortalError) -> HttpResponse:
        return answer_error(request, error)


def _pieces(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value
        yield from value.values()
    else:
        yield from value


def is_storable(value: Any) -> bool:
    """Say whether a JSON value can be kept and sent back: its texts, its numbers, its depth.

    >>> is_storable({"a": ["b", 1.5]}), is_storable({"a": "\\x00"}), is_storable([float("inf")])
    (True, False, False)
    """
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > MAX_JSON_DEPTH:
            return False
        deeper: list[Any] = []
        for item in level:
            if isinstance(item, (dict, list, tuple)):
                deeper.extend(_pieces(item))
            elif (isinstance(item, str) and _UNWRITABLE.search(item)) or (
                isinstance(item, float) and not math.isfinite(item)
            ):
                return False
        level = deeper
    return True


class StrictJSONParser(JSONParser):
    """The API's JSON: what could not be stored or answered is a fault of the request, not of ours."""

    def parse(self, stream, media_type=None, parser_context=None):
        """Return the value of a body."""
        try:
            value = super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError(UNREADABLE) from error
        if not is_storable(value):
            raise ParseError(UNREADABLE)
        return value
