"""What a public link opens, for whoever has it: no session, no cookie but the password's, no way further in."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from insights.sharing.models import PublicLink
from insights.sharing.public_boards import build_public_board, find_link, note_opening
from insights.sharing.tokens import is_pass, make_pass, try_password
from portal.shell.public import NotFound, PortalError

_COOKIE = "opens_dashboard"
_HEADERS = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


def _render(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    # Without the request: no user, no session and no CSRF cookie are touched.
    context = {**context, "csp_nonce": request.csp_nonce}  # type: ignore[attr-defined]  # set by django-csp
    return HttpResponse(render_to_string(f"insights/sharing/{template}", context), status=status)


def _open_door(view: Callable[..., HttpResponse]) -> Any:
    """Make a view public: whatever is wrong with its link is one and the same answer."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str) -> HttpResponse:
        try:
            response = view(request, token)
        except NotFound:
            response = _render(request, "shared_gone.html", {}, status=404)
        for name, value in _HEADERS.items():
            response[name] = value
        return response

    # Without a session there is nothing for a forged request to use.
    return csrf_exempt(login_not_required(guarded))


@_open_door
@require_http_methods(["GET", "HEAD", "POST"])
def shared_dashboard(request: HttpRequest, token: str) -> HttpResponse:
    """Show the stored numbers of a dashboard to who has its link, and its password where there is one."""
    link = find_link(token)
    if request.method == "POST" and link.has_password:
        return _try(request, link, token)
    if link.has_password and not is_pass(link, request.COOKIES.get(_COOKIE, "")):
        return _render(request, "shared_password.html", {"title": "This dashboard asks for a password"})
    return _show(request, link)


@_open_door
@require_safe
def shared_embed(request: HttpRequest, token: str) -> HttpResponse:
    """Show the same inside a frame of a wiki that a setting names."""
    link = find_link(token)
    if not link.is_embeddable or not settings.EMBED_HOSTS or link.has_password:
        raise NotFound()
    return csp_replace({"frame-ancestors": settings.EMBED_HOSTS})(_show)(request, link, is_frame=True)


shared_embed = xframe_options_exempt(shared_embed)  # the policy above says who may


def _show(request: HttpRequest, link: PublicLink, *, is_frame: bool = False) -> HttpResponse:
    now, zone = timezone.now(), settings.WORKSPACE_TIME_ZONE
    board = build_public_board(link, now)
    if request.method != "HEAD":
        note_opening(link, now)
    with timezone.override(ZoneInfo(zone)):  # whoever looks
        return _render(request, "shared_dashboard.html", {"board": board, "is_frame": is_frame, "zone": zone})


def _try(request: HttpRequest, link: PublicLink, token: str) -> HttpResponse:
    try:
        is_right = try_password(link, request.POST.get("password", "")[:128], request.META.get("REMOTE_ADDR", ""))
        fault, status = "This is not the password. Ask who gave you the link.", 422
    except PortalError as error:
        is_right, fault, status = False, error.message, error.status
    if not is_right:
        context = {"title": "This dashboard asks for a password", "fault": fault}
        return _render(request, "shared_password.html", context, status)
    path = reverse("shared:dashboard", args=[token])
    response = HttpResponse(status=303, headers={"Location": path})
    response.set_cookie(
        _COOKIE, make_pass(link), path=path, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return response
