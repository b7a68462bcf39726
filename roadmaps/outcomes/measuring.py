"""Measuring bets at 30 and 90 days after their release, and what follows from it: verdicts and reviews."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from insights.metrics.public import last_day
from portal.audit.public import record
from portal.people.public import SYSTEM
from portal.shell.public import PortalError
from roadmaps.outcomes.actions.bets import note_releases
from roadmaps.outcomes.actions.reviews import ask_reviews
from roadmaps.outcomes.adopters import measure_adopters
from roadmaps.outcomes.before_after import measure_before_after
from roadmaps.outcomes.contracts import DAYS, Effect, Observed
from roadmaps.outcomes.models import Bet, Measurement
from roadmaps.outcomes.reading import read_observed, read_units, why_no_adopters
from roadmaps.planning.initiatives.public import Initiative

PATIENCE_DAYS = 60  # how long values may be late before it is said that they never came
_KEPT = ("value", "low", "high", "actual", "expected", "reaches", "why_none")
Method = Measurement.Method


def due_on(bet: Bet, days: int) -> date | None:
    """Return the first day on which a bet can be measured at so many days; None while it is not out."""
    return bet.released_on + timedelta(days=days) if bet.released_on else None


def measure_due(night: Any) -> None:
    """The night's step: note what came out, measure what is due, and ask for reviews. Run again, it does nothing."""
    out = Initiative.objects.filter(bets__measurements=None, bets__locked_at__isnull=False).distinct()
    note_releases(out.values_list("pk", flat=True))
    today = timezone.localdate(night.now)
    due = list_due(today)
    for number, (bet, days) in enumerate(due, start=1):
        night.check_still_mine()
        measure_bet(bet, days, now=night.now)
        night.progress(number, len(due), "bets measured")
    settled = Initiative.objects.filter(outcome_review=None).exclude(bets=None).exclude(bets__verdict="")
    n_asked = ask_reviews(settled.values_list("pk", flat=True).distinct(), now=night.now)
    night.progress(len(due), len(due), f"bets measured, {n_asked} reviews asked for")


def list_due(today: date) -> list[tuple[Bet, int]]:
    """Return the bets whose days are over and that were not measured at them yet."""
    found = []
    for days in DAYS:
        out = Bet.objects.of_rows().filter(released_on__lte=today - timedelta(days=days), locked_at__isnull=False)
        measured = Measurement.objects.filter(days=days, method=Method.BEFORE_AFTER).values("bet")
        found += [(bet, days) for bet in out.exclude(pk__in=measured).order_by("pk")]
    return found


def measure_bet(bet: Bet, days: int, *, now: datetime, is_again: bool = False) -> bool:
    """Measure a bet by both methods at so many days and keep it; False where its numbers are still to come."""
    released_on, version = bet.released_on, bet.metric.current
    if released_on is None:
        return False
    points = read_observed(version, now=now)
    today = timezone.localdate(now)
    if not is_again and not _is_there(points, version.interval, released_on, days, today):
        return False
    least = bet.sign * bet.low
    effect = measure_before_after(
        points, released_on=released_on, days=days, least=least, is_rate=version.is_rate, seed=bet.pk
    )
    effects = {Method.BEFORE_AFTER: effect}
    if bet.feature is not None:
        effects[Method.ADOPTERS] = _by_adopters(bet, days, now)
    _keep(bet, days, effects, now)
    return True


def _is_there(points: list[Observed], interval: str, released_on: date, days: int, today: date) -> bool:
    """Say whether all whole periods of the days after a release have their numbers, or were waited for long enough."""
    last = released_on + timedelta(days=days - 1)
    if today > last + timedelta(days=PATIENCE_DAYS):
        return True
    if not points:
        return False
    return last_day(points[-1].ends_on + timedelta(days=1), interval) > last


def _by_adopters(bet: Bet, days: int, now: datetime) -> Effect:
    feature, version = bet.feature, bet.metric.current
    if why := why_no_adopters(version, feature):
        return Effect(why_none=why)
    try:
        units = read_units(version, feature, released_on=bet.released_on, days=days, now=now)
    except PortalError as fault:
        return Effect(why_none=f"The question could not be answered: {fault.message}"[:300])
    return measure_adopters(units)


@transaction.atomic
def _keep(bet: Bet, days: int, effects: dict[Method, Effect], now: datetime) -> None:
    """Keep what was measured; at the bet's own day, before and after decides it."""
    current = Bet.objects.select_for_update().get(pk=bet.pk)
    if current.released_on != bet.released_on:
        return  # it came out on another day than was measured: the next night measures that
    for method, effect in effects.items():
        kept = {name: getattr(effect, name) for name in _KEPT}
        if effect.value is None:
            kept |= dict.fromkeys(_KEPT[:-1])
        path = [{**asdict(one), "starts_on": one.starts_on.isoformat()} for one in effect.path]
        made = {**kept, "path": path, "facts": effect.facts, "metric_version": bet.metric.current, "measured_at": now}
        Measurement.objects.update_or_create(bet=current, days=days, method=method, defaults=made)
        shown = {name: kept[name] for name in ("value", "low", "high", "why_none")}
        record(SYSTEM, "bet.measured", current, after={"days": days, "method": method.value, **shown})
    if days == current.days:
        judged = effects[Method.BEFORE_AFTER]
        current.measured, current.verdict = judged.value, judge(current, judged)
        current.judged_at = now
        current.save(update_fields=["measured", "verdict", "judged_at"])


def judge(bet: Bet, effect: Effect) -> Bet.Verdict:
    """Return what a measured effect says of a bet: the best estimate decides, however wide its interval is."""
    if effect.value is None:
        return Bet.Verdict.UNMEASURED
    if bet.sign * effect.value >= bet.low:
        return Bet.Verdict.PAID_OFF
    is_against = bet.sign * effect.value < 0 and effect.is_clear
    return Bet.Verdict.BACKFIRED if is_against else Bet.Verdict.FELL_SHORT


def measure_again(bet: Bet, *, now: datetime) -> int:
    """Measure anew at all days that are over, as late data may have changed the past; returns at how many."""
    today = timezone.localdate(now)
    days_over: Iterable[int] = (days for days in DAYS if (due := due_on(bet, days)) and due <= today)
    return sum(measure_bet(bet, days, now=now, is_again=True) for days in days_over)
