"""Working the health of initiatives out: what is known of them, read in bulk, and kept."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Min
from django.utils import timezone

from portal.shell.public import registry
from roadmaps.delivery.forecasts.public import newest_forecasts
from roadmaps.delivery.work.public import WorkItem
from roadmaps.goals.public import KeyResult
from roadmaps.plan.board.contracts import HealthWarning
from roadmaps.plan.board.health import Facts, assess
from roadmaps.plan.board.models import InitiativeHealth, Promise
from roadmaps.planning.initiatives.public import Initiative, InitiativeVersion, Stage

_OVER = (Stage.LAUNCHED, Stage.MEASURING, Stage.DONE, Stage.DROPPED)
_AT_ONCE = 500


def refresh_health(numbers: Collection[int], today: date | None = None) -> int:
    """Work out how some initiatives do and keep it; returns how many. Safe to run twice and at once."""
    today, now = today or timezone.localdate(), timezone.now()
    found = list(Initiative.objects.filter(pk__in=numbers).order_by("pk"))
    facts = facts_of(found, now)
    kept = {one.pk: one for one in InitiativeHealth.objects.filter(pk__in=[one.pk for one in found])}
    rows = []
    for one in found:
        health = assess(facts[one.pk], today)
        row = kept.get(one.pk) or InitiativeHealth(initiative=one)
        row.computed, row.computed_at = health.tone, now
        row.reasons = [[reason.tone, reason.text] for reason in health.reasons]
        row.tone = row.shown(today).tone
        rows.append(row)
    InitiativeHealth.objects.bulk_create(
        rows,
        batch_size=_AT_ONCE,
        update_conflicts=True,
        unique_fields=["initiative"],
        update_fields=["tone", "computed", "reasons", "computed_at"],
    )
    return len(rows)


def facts_of(initiatives: Iterable[Initiative], now: datetime) -> dict[int, Facts]:
    """Return what is known of some initiatives now; constant in queries."""
    initiatives = list(initiatives)
    numbers = [one.pk for one in initiatives]
    promises = _promises(numbers)
    chances = _goal_chances({one.objective_id for one in initiatives if one.objective_id})
    forecasts = newest_forecasts(numbers)
    scopes = _scopes([one.pk for one in initiatives if one.stage == Stage.BUILDING])
    warned = [piece.warn(numbers, now) for piece in registry.all(HealthWarning)]
    return {
        one.pk: Facts(
            promised_on=promises.get(one.pk) or one.promised_on or one.ends_on,
            is_promise=one.pk in promises or one.promised_on is not None,
            likely_on=forecasts[one.pk].p50 if one.pk in forecasts else None,
            safe_on=forecasts[one.pk].p85 if one.pk in forecasts else None,
            blocked_since=one.blocked_since,
            n_items_then=scopes.get(one.pk, (None, None))[0],
            n_items=scopes.get(one.pk, (None, None))[1],
            goal_chance=chances.get(one.objective_id),
            warnings=tuple(said[one.pk] for said in warned if one.pk in said),
            is_over=one.stage in _OVER,
        )
        for one in initiatives
    }


def _promises(numbers: Collection[int]) -> dict[int, date]:
    """Return the earliest day that stands of those that were promised."""
    standing = Promise.objects.standing().filter(initiative__in=numbers).order_by()
    return {row["initiative"]: row["due"] for row in standing.values("initiative").annotate(due=Min("due_on"))}


def _goal_chances(objectives: Collection[int]) -> dict[int, float]:
    """Return of goals the least chance of a key result to reach its target, as last forecast."""
    found: dict[int, float] = {}
    rows = KeyResult.objects.open().filter(objective__in=objectives).order_by()
    for objective, outlook in rows.values_list("objective", "outlook"):
        chance = (outlook or {}).get("chance")
        if chance is not None:
            found[objective] = min(chance, found.get(objective, 1.0))
    return found


def _scopes(numbers: Collection[int]) -> dict[int, tuple[int, int]]:
    """Return of initiatives in building how many work items were open when it began, and how many there are now.

    Items that were given up count in neither; those whose tracker tells no first day count in both.
    """
    building = InitiativeVersion.objects.filter(number__in=numbers, stage=Stage.BUILDING).order_by()
    began = {row["number"]: row["first"] for row in building.values("number").annotate(first=Min("valid_from"))}
    found: dict[int, tuple[int, int]] = {}
    items = WorkItem.objects.filter(initiative__in=list(began), dropped_at=None).order_by()
    for number, opened_at in items.values_list("initiative", "opened_at"):
        then, now = found.get(number, (0, 0))
        found[number] = (then + (opened_at is None or opened_at <= began[number]), now + 1)
    return found


def heal_all(night: Any) -> dict[str, int]:
    """Work out the health of every initiative, at night: forecasts, goals and days went on."""
    numbers = list(Initiative.objects.order_by("pk").values_list("pk", flat=True))
    done = 0
    for start in range(0, len(numbers), _AT_ONCE):
        done += refresh_health(numbers[start : start + _AT_ONCE])
        night.progress(done, len(numbers))
    return {"initiatives": done}
