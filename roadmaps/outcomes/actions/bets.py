"""Writing bets, and locking them once their initiative's work begins."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Min
from django.utils import timezone

from insights.adoption.public import Feature
from insights.metrics.public import Metric, hidden_metrics
from portal.audit.public import record, state_of
from portal.people.public import SYSTEM, can_see, require
from portal.shell.public import BadInput, Conflict, NotFound, refuse_stale, refuse_unknown
from roadmaps.goals.public import checked, number
from roadmaps.outcomes.contracts import DAYS
from roadmaps.outcomes.models import Bet
from roadmaps.planning.initiatives.public import Initiative, InitiativeVersion, Stage
from roadmaps.planning.releases.public import released_on

LONGEST_WHY = 4_000
MOST = 10
_FIELDS = frozenset({"metric", "feature", "aim", "low", "high", "days", "confidence", "why"})
OUT = (Stage.LAUNCHED, Stage.MEASURING, Stage.DONE)
_LOCKED = "The work on it has begun, so the bet stays as it was written. After the release it is measured."


@transaction.atomic
def write_bet(
    initiative: Initiative,
    *,
    metric: Metric,
    low: float,
    high: float,
    confidence: float,
    actor: Any,
    aim: str = "",
    days: int = DAYS[1],
    why: str = "",
    feature: Feature | None = None,
) -> Bet:
    """Write down what an initiative is expected to do to a metric; once its work has begun, the bet is a late one."""
    require(actor, "bets.write", initiative)
    current = _lock_initiative(initiative)
    if current.stage in OUT:
        raise Conflict("It is out already: what is written down now would be no bet.")
    if current.stage == Stage.DROPPED:
        raise Conflict("It was dropped. Take it up again before you bet on it.")
    if current.bets.count() >= MOST:
        raise BadInput(f"An initiative has at most {MOST} bets. Those that do not matter hide those that do.")
    bet = Bet(initiative=current, author_id=actor.pk or None)
    values = {"low": low, "high": high, "confidence": confidence, "aim": aim, "days": days, "why": why}
    _fill(bet, {"metric": metric, "feature": feature, **values}, actor)
    if current.is_committed:
        bet.locked_at, bet.is_late = timezone.now(), True
    _save(bet)
    record(actor, "bet.written", bet, after=state_of(bet))
    return bet


@transaction.atomic
def update_bet(bet: Bet, *, actor: Any, version: int, **changes: Any) -> Bet:
    """Change a bet that is not locked, if nobody changed it since `version`."""
    refuse_unknown(changes, _FIELDS)
    current = _open_bet(bet, actor)
    refuse_stale(current, version)
    before = state_of(current)
    _fill(current, changes, actor)
    current.version = version + 1
    _save(current)
    record(actor, "bet.changed", current, before=before, after=state_of(current))
    return current


@transaction.atomic
def delete_bet(bet: Bet, *, actor: Any) -> None:
    """Delete a bet that is not locked."""
    current = _open_bet(bet, actor)
    record(actor, "bet.deleted", current, before=state_of(current))
    current.delete()


def lock_bets(initiative: Initiative, before: dict[str, Any], actor: Any) -> None:
    """Hear of an initiative's change: from building on its bets are locked, and once it is out their clock runs."""
    if "stage" not in before:
        return
    if initiative.is_committed:
        for bet in initiative.bets.filter(locked_at=None).order_by("pk"):
            bet.locked_at = timezone.now()
            bet.save(update_fields=["locked_at"])
            record(actor, "bet.locked", bet, after={"locked_at": bet.locked_at.isoformat()})
    note_releases([initiative.pk])


@transaction.atomic
def note_releases(initiatives: Iterable[int]) -> int:
    """Note at bets of some initiatives when these came out, where nothing is measured yet; returns how many changed.

    That is the day of their first release that is out, else of the first stage that says so. Run again, it says the
    same.
    """
    numbers, n_changed = list(initiatives), 0
    days = _days_of_stages(numbers) | released_on(numbers)
    waiting = Bet.objects.filter(initiative__in=numbers, measurements=None).exclude(locked_at=None)
    for bet in waiting.select_for_update(of=("self",)).select_related("initiative").order_by("pk"):
        day = days.get(bet.initiative_id)
        if day != bet.released_on:
            before = {"released_on": str(bet.released_on or "")}
            bet.released_on = day
            bet.save(update_fields=["released_on"])
            record(SYSTEM, "bet.released", bet, before=before, after={"released_on": str(day or "")})
            n_changed += 1
    return n_changed


def hear_release(release: Any) -> None:
    """Hear that a release is out: the clock of its initiatives' bets runs from its day."""
    note_releases(release.initiatives.values_list("pk", flat=True))


def _days_of_stages(initiatives: Collection[int]) -> dict[int, date]:
    """Return of initiatives that are out the local day on which their stage first said so, where it is known."""
    versions = InitiativeVersion.objects.filter(initiative__in=initiatives, initiative__stage__in=OUT, stage__in=OUT)
    firsts = versions.order_by().values("initiative").annotate(first=Min("valid_from"))
    return {row["initiative"]: timezone.localdate(row["first"]) for row in firsts}


def _lock_initiative(initiative: Initiative) -> Initiative:
    """Return an initiative that nobody else moves meanwhile, so that a bet is never written while its work begins."""
    current = Initiative.objects.select_for_update(of=("self",)).of_rows().filter(pk=initiative.pk).first()
    if current is None:
        raise NotFound()
    return current


def _open_bet(bet: Bet, actor: Any) -> Bet:
    _lock_initiative(bet.initiative)
    if not Bet.objects.select_for_update().filter(pk=bet.pk).exists():
        raise NotFound()
    current = Bet.objects.of_rows().get(pk=bet.pk)
    require(actor, "bets.write", current.initiative)
    if current.is_locked:
        raise Conflict(_LOCKED)
    return current


def _fill(bet: Bet, values: dict[str, Any], actor: Any) -> None:
    for name, value in values.items():
        setattr(bet, name, checked(name, value, LONGEST_WHY) if name == "why" else value)
    if "metric" in values:
        _refuse_unreadable(bet.metric, actor)
    if values.get("feature") is not None and not can_see(actor, values["feature"]):
        raise BadInput(fields={"feature": ["There is no such feature, or it is not shared with you."]})
    bet.low, bet.high = number("low", bet.low), number("high", bet.high)
    bet.confidence = number("confidence", bet.confidence)
    if not bet.aim:
        bet.aim = "down" if bet.metric.current.direction == "down" else "up"
    faults = {}
    if bet.aim not in Bet.Aim.values:
        faults["aim"] = ["Say whether it rises or falls."]
    if bet.days not in DAYS:
        faults["days"] = ["It is measured 30 and 90 days after the release: choose one of them."]
    if bet.low < 0:
        faults["low"] = ["Give an amount of 0 or more: the direction says which way."]
    if bet.high <= bet.low:
        faults["high"] = ["The large end lies above the small one: nobody knows it to the point."]
    if not 0.05 <= bet.confidence <= 0.95:
        faults["confidence"] = ["Nobody is surer than 95 %, or less sure than 5 %."]
    if bet.is_rate and "high" not in faults and bet.high > 1:
        faults["high"] = ["A rate cannot move by more than 100 points."]
    if faults:
        raise BadInput(fields=faults)


def _refuse_unreadable(metric: Metric, actor: Any) -> None:
    """Refuse a metric whose numbers the actor may not read: what is measured of the bet would show them."""
    if actor.pk and hidden_metrics(actor, [metric]):
        raise BadInput(fields={"metric": ["There is no such metric, or its numbers are not shared with you."]})


def _save(bet: Bet) -> None:
    try:
        with transaction.atomic():
            bet.save()
    except IntegrityError as fault:
        if "an_initiative_bets_once_on_a_metric" not in str(fault):
            raise
        raise BadInput(fields={"metric": ["There is a bet on this metric already. Change that one."]}) from fault
