"""What is done to one card: moving it, saying how it does, promising it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from portal.shell.public import BadInput, Stale, answer_form
from roadmaps.goals.public import get_objective
from roadmaps.plan.board.actions import move_card, say_health, unsay_health
from roadmaps.plan.board.forms import HealthForm, MoveForm
from roadmaps.plan.board.models import InitiativeHealth
from roadmaps.plan.board.moves import moves_of, tell_moves
from roadmaps.planning.initiatives.public import Horizon, Initiative, get_initiative

_START = ("horizon", "starts_on", "ends_on", "version")


def _start_of(initiative: Initiative) -> dict[str, Any]:
    return {name: getattr(initiative, name) for name in _START}


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move an initiative by a form: horizon, order, days, with the reason."""
    initiative = get_initiative(request.user, pk, write=True)
    start = _start_of(initiative)
    form = MoveForm(request.POST or None, initial=start, user=request.user, initiative=initiative)

    def save(*, version: int | None, before: Initiative | None, why: str, **changes: Any) -> Initiative:
        return move_card(
            initiative,
            actor=request.user,
            version=version or 0,
            changes=changes,
            why=why,
            before=before.pk if before else None,
        )

    def fresh() -> dict[str, Any]:
        return _start_of(get_initiative(request.user, pk))

    template = "roadmaps/plan/board/move_form.html"
    return answer_form(request, template, form, save, "“{}” is moved.", fresh=fresh, initiative=initiative)


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a card's new place, as it was dragged or carried by keys; a conflict is answered with what others did."""
    initiative = get_initiative(request.user, pk, write=True)
    asked = request.POST
    version = _number(asked, "version") or 0
    changes = _changes(request)
    try:
        moved = move_card(
            initiative,
            actor=request.user,
            version=version,
            changes=changes,
            why=asked.get("why", "")[:300],
            before=_number(asked, "before"),
            after=_number(asked, "after"),
        )
    except Stale:
        return JsonResponse(_theirs(initiative, request.user), status=409)
    said = _said(moved, changes)
    return JsonResponse({"version": moved.version, "message": said, **_days(moved)})


def _number(asked: Any, name: str) -> int | None:
    text = asked.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise BadInput(fields={name: ["This is no number."]})
    return int(text)


def _changes(request: HttpRequest) -> dict[str, Any]:
    """Return the columns that a drop names: horizon, goal, first and last day."""
    asked, changes = request.POST, {}
    if "horizon" in asked:
        if asked["horizon"] not in Horizon.values:
            raise BadInput(fields={"horizon": ["There is no such column."]})
        changes["horizon"] = asked["horizon"]
    if "goal" in asked:
        number = None if asked["goal"] == "none" else _number(asked, "goal")
        changes["objective"] = None if number is None else get_objective(request.user, number)
    for name in ("starts_on", "ends_on"):
        if name in asked:
            changes[name] = _day(name, asked[name])
    return changes


def _day(name: str, text: str) -> Any:
    if not text:
        return None
    try:
        return timezone.datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise BadInput(fields={name: ["Give a day as 2026-03-31."]}) from None


def _said(moved: Initiative, changes: dict[str, Any]) -> str:
    if "starts_on" in changes or "ends_on" in changes:
        return f"“{moved}”: {_say_days(moved)}."
    return f"“{moved}” is in {moved.get_horizon_display()}."


def _say_days(moved: Initiative) -> str:
    first, last = (f"{day.day} {day:%b %Y}" if day else "no day" for day in (moved.starts_on, moved.ends_on))
    return f"{first} to {last}"


def _days(moved: Initiative) -> dict[str, str]:
    days = {"starts_on": moved.starts_on, "ends_on": moved.ends_on}
    return {name: day.isoformat() if day else "" for name, day in days.items()}


def _theirs(initiative: Initiative, user: Any) -> dict[str, Any]:
    """Return what somebody else did to a card meanwhile, in words, and the version that it has now."""
    now = get_initiative(user, initiative.pk)
    newest = tell_moves(moves_of(user).filter(number=now.pk).select_related("initiative", "by")[:1], user)
    who = str(newest[0].by or "The portal") if newest else "Somebody"
    what = newest[0].words if newest else "changed it"
    why = f" (“{newest[0].why}”)" if newest and newest[0].why else ""
    message = f"{who} changed “{now}” in the meantime: {what}{why}. Your move is not stored yet."
    return {"code": "stale", "message": message, "version": now.version}


@require_http_methods(["GET", "POST"])
def health(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how an initiative does and why; say otherwise, with a reason."""
    initiative = get_initiative(request.user, pk, write=True)
    row = InitiativeHealth.objects.filter(pk=pk).select_related("hand_by").first()
    form = HealthForm(request.POST or None)

    def save(*, tone: str, reason: str) -> Initiative:
        say_health(initiative, actor=request.user, tone=tone, reason=reason)
        return initiative

    shown = row.shown(timezone.localdate()) if row else None
    context = {"initiative": initiative, "row": row, "health": shown}
    if request.method == "POST" and request.POST.get("do") == "unsay":
        unsay_health(initiative, actor=request.user)
        messages.success(request, "What is worked out shows again.")
        return redirect(initiative)
    template = "roadmaps/plan/board/health_form.html"
    return answer_form(request, template, form, save, "It is said of “{}”, for 14 days.", **context)
