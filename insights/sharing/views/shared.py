"""What a public link opens, for whoever has it: no session, no cookie but the password's, no way further in."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_http_methods, require_safe

from insights.sharing.models import PublicLink
from insights.sharing.public_boards import build_public_board, find_link, note_opening
from insights.sharing.tokens import is_pass, make_pass, try_password
from portal.shell.public import NotFound, PortalError, open_to_anybody, render_open

_COOKIE = "opens_dashboard"
_FOLDER = "insights/sharing"


def _say_gone(request: HttpRequest, fault: PortalError) -> HttpResponse:
    return render_open(request, f"{_FOLDER}/shared_gone.html", {}, status=404)


def _open_door(view: Callable[..., HttpResponse]) -> Any:
    return open_to_anybody(view, _say_gone)


@_open_door
@require_http_methods(["GET", "HEAD", "POST"])
def shared_dashboard(request: HttpRequest, token: str) -> HttpResponse:
    """Show the stored numbers of a dashboard to who has its link, and its password where there is one."""
    link = find_link(token)
    if request.method == "POST" and link.has_password:
        return _try(request, link, token)
    if link.has_password and not is_pass(link, request.COOKIES.get(_COOKIE, "")):
        return render_open(request, f"{_FOLDER}/shared_password.html", {"title": "This dashboard asks for a password"})
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
        context = {"board": board, "is_frame": is_frame, "zone": zone}
        return render_open(request, f"{_FOLDER}/shared_dashboard.html", context)


def _try(request: HttpRequest, link: PublicLink, token: str) -> HttpResponse:
    try:
        is_right = try_password(link, request.POST.get("password", "")[:128], request.META.get("REMOTE_ADDR", ""))
        fault, status = "This is not the password. Ask who gave you the link.", 422
    except PortalError as error:
        is_right, fault, status = False, error.message, error.status
    if not is_right:
        context = {"title": "This dashboard asks for a password", "fault": fault}
        return render_open(request, f"{_FOLDER}/shared_password.html", context, status)
    path = reverse("shared:dashboard", args=[token])
    response = HttpResponse(status=303, headers={"Location": path})
    response.set_cookie(
        _COOKIE, make_pass(link), path=path, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return response
