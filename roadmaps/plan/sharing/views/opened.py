"""What a link to the roadmap opens: the chosen fields as a page and as JSON, and no way further in."""

from collections.abc import Callable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from portal.shell.public import LinkDoor, OpenLimit, PortalError, TooOften, open_to_anybody, render_open
from roadmaps.plan.sharing.contracts import VIEWS, ShownRoadmap
from roadmaps.plan.sharing.models import RoadmapLink
from roadmaps.plan.sharing.reading import build_shown, find_link, note_opening

MOST_FORMS, MOST_PAGES = 60, 240  # in a minute, of one address of the network
_DOOR = LinkDoor("roadmaps.sharing", "roadmap")
_GONE = "The link may be wrong, or it has expired or was taken back. Ask whoever gave it to you for a new one."


def _limit() -> OpenLimit:
    return OpenLimit("roadmap_links", MOST_FORMS, MOST_PAGES)


def _say_fault(request: HttpRequest, fault: PortalError) -> HttpResponse:
    if isinstance(fault, TooOften):
        context = {"heading": "That was too often", "said": "Wait a minute, then open the link again."}
        return render_open(request, "open_gone.html", context, fault.status)
    return render_open(request, "open_gone.html", {}, status=404)


def _say_fault_in_json(request: HttpRequest, fault: PortalError) -> HttpResponse:
    said = fault.message if isinstance(fault, TooOften) else _GONE
    return JsonResponse({"code": fault.code, "message": said}, status=fault.status)


def _opens(say_fault: Callable[[HttpRequest, PortalError], HttpResponse]) -> Callable[..., Any]:
    return lambda view: open_to_anybody(view, say_fault, _limit)


@_opens(_say_fault)
@require_http_methods(["GET", "HEAD", "POST"])
def shown_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show the roadmap to who has the link, its password where there is one, and a login where it asks for one."""
    link = find_link(token)
    if link.needs_login and not request.user.is_authenticated:
        return redirect_to_login(request.path)
    asked = _DOOR.ask(request, link, _below(token))
    if asked is not None:
        return asked
    roadmap = _read(request, link, request.GET.get("view", ""))
    tabs = [(name, VIEWS[name], name == roadmap.view) for name in roadmap.views] if len(roadmap.views) > 1 else []
    context = {"roadmap": roadmap, "tabs": tabs, "today": _today(), "title": roadmap.heading}
    return render_open(request, "roadmaps/plan/sharing/shown_page.html", context)


@_opens(_say_fault_in_json)
@require_safe
def shown_json(request: HttpRequest, token: str) -> HttpResponse:
    """Answer with the same fields for programs."""
    link = find_link(token)
    if link.needs_login and not request.user.is_authenticated:
        return JsonResponse({"code": "not_signed_in", "message": "Sign in to the portal first."}, status=401)
    if not _DOOR.stands_open(request, link):
        words = "Open the page of this link with its password first."
        return JsonResponse({"code": "password_needed", "message": words}, status=401)
    roadmap = _read(request, link, "list")
    items = [{"title": one.title, **{cell.name: cell.text for cell in one.cells}} for one in roadmap.items]
    return JsonResponse(
        {"heading": roadmap.heading, "as_of": _today().isoformat(), "items": items, "n_left_out": roadmap.n_more}
    )


def _read(request: HttpRequest, link: RoadmapLink, view: str) -> ShownRoadmap:
    roadmap = build_shown(link, _today(), view)
    if request.method != "HEAD":
        note_opening(link, timezone.now())
    return roadmap


def _today() -> date:
    return timezone.localdate(timezone=ZoneInfo(settings.WORKSPACE_TIME_ZONE))  # whoever looks


def _below(token: str) -> str:
    """Return what page and JSON of a link lie below: where its password's cookie is sent."""
    return reverse("shared_roadmap:page", args=[token]).removesuffix("roadmap/")
