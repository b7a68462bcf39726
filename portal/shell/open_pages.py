"""Pages that people outside open by a link: no login, no session, no script; all wrong links have the same answer."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from redis.exceptions import RedisError

from portal.shell.errors import NotFound, PortalError, TooOften

_MINUTE_S = 60
_HEADERS = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


@dataclass(frozen=True)
class OpenLimit:
    """How many forms and pages one address of the network may ask for in a minute; `name` counts for itself."""

    name: str
    most_forms: int
    most_pages: int

    def refuse(self, request: HttpRequest) -> None:
        """Raise TooOften beyond the limit; while the cache is away, nobody is counted."""
        is_form = request.method == "POST"
        minute = int(timezone.now().timestamp()) // _MINUTE_S
        key = f"{self.name}:{is_form}:{request.META.get('REMOTE_ADDR', '')}:{minute}"
        try:
            cache.add(key, 0, 2 * _MINUTE_S)
            n_asked = cache.incr(key)
        except (RedisError, ValueError, OSError):
            return
        if n_asked > (self.most_forms if is_form else self.most_pages):
            raise TooOften()


def render_open(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Render without the request: no user, no session and no cookie are touched."""
    context = {**context, "csp_nonce": request.csp_nonce}  # type: ignore[attr-defined]  # set by django-csp
    return HttpResponse(render_to_string(template, context), status=status)


def open_to_anybody(
    view: Callable[..., HttpResponse],
    say_fault: Callable[[HttpRequest, PortalError], HttpResponse],
    limit: Callable[[], OpenLimit] | None = None,
) -> Any:
    """Make a view public: what is wrong with its link, and who asks too often, is answered by `say_fault`."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if limit is not None:
                limit().refuse(request)
            response = view(request, *args, **kwargs)
        except (NotFound, TooOften) as fault:
            response = say_fault(request, fault)
        for name, value in _HEADERS.items():
            response[name] = value
        return response

    # The link is what opens it; without a session there is nothing for a forged request to use.
    return csrf_exempt(login_not_required(guarded))
