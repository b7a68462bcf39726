"""The page behind a letter's link: who got it says that they want no more; no session, no login, no script."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from insights.voice.closing.stopping import find_reader, stop_messages
from portal.shell.public import PortalError, open_to_anybody, render_open

_TEMPLATE = "insights/voice/told_stop.html"


def _say_gone(request: HttpRequest, fault: PortalError) -> HttpResponse:
    return render_open(request, _TEMPLATE, {"state": "gone"}, 404)


def _public(view: Callable[..., dict[str, Any]]) -> Any:
    """Make a view public that returns what its page shows."""

    @wraps(view)
    def shown(request: HttpRequest, token: str) -> HttpResponse:
        return render_open(request, _TEMPLATE, view(request, token))

    return open_to_anybody(require_http_methods(["GET", "HEAD", "POST"])(shown), _say_gone)


@_public
def stop(request: HttpRequest, token: str) -> dict[str, Any]:
    """Ask, then note that somebody wants no more messages; mail programs post at once."""
    reader = find_reader(token)
    if request.method != "POST":
        return {"state": "ask"}
    stop_messages(reader)
    return {"state": "done"}
