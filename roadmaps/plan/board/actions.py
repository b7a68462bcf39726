"""Writes of the roadmap: moving cards, promises, what a person says of health, saved views."""

from datetime import date
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils import timezone

from portal.audit.public import record, state_of
from portal.people.public import SYSTEM, Team, require
from portal.shell.public import BadInput, Conflict, refuse_stale
from roadmaps.goals.public import checked, line
from roadmaps.plan.board.healing import refresh_health
from roadmaps.plan.board.models import InitiativeHealth, Promise, SavedView, Tone
from roadmaps.plan.board.places import room_between
from roadmaps.plan.board.state import State
from roadmaps.planning.initiatives.public import Initiative, change_initiative, get_initiative

_LOCK = 7811  # advisory lock of the order: two moves at once make room one after the other
_LOOKED_AT = 64  # cards after a place that may move up to make room
MOST_VIEWS = 100


@transaction.atomic
def move_card(
    initiative: Initiative,
    *,
    actor: Any,
    version: int,
    changes: dict[str, Any],
    why: str = "",
    before: int | None = None,
    after: int | None = None,
) -> Initiative:
    """Move a card: to a horizon, goal or days (`changes`), and before or behind another card, if it is as it was seen.

    What has to move up to make room keeps its order; that is kept in its history as room made.
    """
    require(actor, "initiatives.edit", initiative)
    if before or after:
        lock_order()
        refuse_stale(Initiative.objects.get(pk=initiative.pk), version)
        changes = {**changes, "position": _make_room(initiative, actor, before, after)}
    return change_initiative(initiative, actor=actor, changes=changes, why=why, version=version)


def lock_order() -> None:
    """Let whoever makes room in the order do so one after the other, until their transactions end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _make_room(initiative: Initiative, actor: Any, before: int | None, after: int | None) -> int:
    """Return the position between two cards, of all that there are, whoever sees them."""
    anchor = get_initiative(actor, before or after or 0)
    others = Initiative.objects.exclude(pk=initiative.pk)
    later = Q(position__gt=anchor.position) | Q(position=anchor.position, pk__gt=anchor.pk)
    earlier = Q(position__lt=anchor.position) | Q(position=anchor.position, pk__lt=anchor.pk)
    following = others.filter(later).order_by("position", "pk")[:_LOOKED_AT]
    if before:
        previous = others.filter(earlier).order_by("-position", "-pk").values_list("position", flat=True).first()
        rest = [anchor, *following]
    else:
        previous, rest = anchor.position, list(following)
    position, moved = room_between(previous, [one.position for one in rest])
    for one, place in zip(rest, moved, strict=False):
        change_initiative(one, actor=SYSTEM, changes={"position": place}, why=f"Made room for “{initiative}”"[:300])
    return position


@transaction.atomic
def make_promise(
    initiative: Initiative,
    *,
    actor: Any,
    to_whom: str,
    due_on: date,
    words: str = "",
    made_on: date | None = None,
) -> Promise:
    """Write down what somebody was promised; the earliest promise that stands is the initiative's."""
    require(actor, "promises.edit", initiative)
    today = timezone.localdate()
    made_on = made_on or today
    if made_on > today:
        raise BadInput(fields={"made_on": ["This day is still to come."]})
    if due_on < made_on:
        raise BadInput(fields={"due_on": ["It was due before it was promised."]})
    promise = Promise.objects.create(
        initiative=initiative,
        to_whom=line("to_whom", to_whom, 200),
        words=checked("words", words, 500),
        due_on=due_on,
        made_on=made_on,
        made_by_id=actor.pk,
    )
    record(actor, "promise.made", promise, after=state_of(promise))
    _follow_promises(initiative, actor)
    return promise


@transaction.atomic
def withdraw_promise(promise: Promise, *, actor: Any, why: str) -> Promise:
    """Take a promise back, with the reason: it stays in the log and counts as neither kept nor broken."""
    require(actor, "promises.edit", promise.initiative)
    current = Promise.objects.select_for_update().get(pk=promise.pk)
    if current.withdrawn_at is not None:
        raise Conflict("It was taken back already. Reload the page.")
    before = state_of(current)
    current.withdrawn_at, current.withdrawn_why = timezone.now(), line("why", why, 300)
    current.save()
    record(actor, "promise.withdrawn", current, before=before, after=state_of(current))
    _follow_promises(promise.initiative, actor)
    return current


def _follow_promises(initiative: Initiative, actor: Any) -> None:
    """Let the initiative's promised day be the earliest that stands; without one it stays as somebody set it."""
    today = timezone.localdate()
    standing = initiative.promises.standing().order_by("due_on").values_list("due_on", flat=True)
    due = next((day for day in standing if day >= today), None) or standing.last()
    if due is not None or initiative.promises.exists():
        change_initiative(initiative, actor=actor, changes={"promised_on": due}, why="As promised")
    refresh_health([initiative.pk])


@transaction.atomic
def say_health(initiative: Initiative, *, actor: Any, tone: str, reason: str) -> InitiativeHealth:
    """Say how an initiative does instead of what is worked out, with a reason; it lapses after 14 days."""
    require(actor, "initiatives.edit", initiative)
    if tone not in (Tone.GOOD, Tone.WARN, Tone.BAD):
        raise BadInput(fields={"tone": ["Choose one."]})
    return _set_hand(initiative, actor, tone, line("reason", reason, 300), timezone.localdate())


@transaction.atomic
def unsay_health(initiative: Initiative, *, actor: Any) -> InitiativeHealth:
    """Take what a person said of health away: what is worked out shows again."""
    require(actor, "initiatives.edit", initiative)
    return _set_hand(initiative, actor, "", "", None)


def _set_hand(initiative: Initiative, actor: Any, tone: str, reason: str, on: date | None) -> InitiativeHealth:
    refresh_health([initiative.pk])
    health = InitiativeHealth.objects.select_for_update().get(pk=initiative.pk)
    before = state_of(health)
    health.hand_tone, health.hand_reason, health.hand_on = tone, reason, on
    health.hand_by_id = actor.pk if tone else None
    health.tone = tone or health.computed
    health.save()
    verb = "initiative.health_said" if tone else "initiative.health_unsaid"
    record(actor, verb, initiative, before=_spoken(before), after=_spoken(state_of(health)))
    return health


def _spoken(state: dict[str, Any]) -> dict[str, Any]:
    return {"hand_tone": state["hand_tone"]}


@transaction.atomic
def save_view(*, actor: Any, name: str, state: State, team: Team | None = None) -> SavedView:
    """Keep a view under a name, for its owner or a team of theirs too; under a name that is there it is replaced."""
    if team is not None and not (actor.is_ops or team.pk in actor.team_ids):
        raise BadInput(fields={"team": ["Share it with a team of yours."]})
    name = line("name", name, 120)
    asked = {key: value for key, value in state.asked().items() if key not in ("saved", "day")}
    view = SavedView.objects.select_for_update().filter(owner=actor, name__iexact=name).first()
    if view is None and SavedView.objects.filter(owner=actor).count() >= MOST_VIEWS:
        raise BadInput(fields={"name": [f"You keep {MOST_VIEWS} views already. Delete one first."]})
    before = state_of(view) if view else None
    view = view or SavedView(owner=actor)
    view.name, view.asked, view.team = name, asked, team
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError:
        raise Conflict("You saved a view of this name a moment ago. Reload the page.") from None
    record(actor, "roadmap_view.saved", view, before=before, after=state_of(view))
    return view


@transaction.atomic
def delete_view(view: SavedView, *, actor: Any) -> None:
    """Delete a saved view of one's own."""
    record(actor, "roadmap_view.deleted", view, before=state_of(view))
    view.delete()
