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
from portal.shell.public import LinkDoor, NotFound, PortalError, open_to_anybody, render_open

_DOOR = LinkDoor("insights.sharing", "dashboard")


def _say_gone(request: HttpRequest, fault: PortalError) -> HttpResponse:
    return render_open(request, "open_gone.html", {}, status=404)


def _open_door(view: Callable[..., HttpResponse]) -> Any:
    return open_to_anybody(view, _say_gone)


@_open_door
@require_http_methods(["GET", "HEAD", "POST"])
def shared_dashboard(request: HttpRequest, token: str) -> HttpResponse:
    """Show the stored numbers of a dashboard to who has its link, and its password where there is one."""
    link = find_link(token)
    asked = _DOOR.ask(request, link, reverse("shared:dashboard", args=[token]))
    return asked or _show(request, link)


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
        return render_open(request, "insights/sharing/shared_dashboard.html", context)
