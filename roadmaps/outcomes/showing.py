"""Bets as pages show them: in a row, on their own page, in the panel of their initiative."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from insights.explore.public import BandPoint, ChartView, Note, build_band_view
from insights.metrics.public import hidden_metrics
from portal.audit.public import HistoryEntry, history_of
from portal.people.public import can
from portal.shell.public import DatedNote, NoteProvider, registry, render_markdown
from roadmaps.outcomes.contracts import DAYS
from roadmaps.outcomes.measuring import due_on
from roadmaps.outcomes.models import Bet, Measurement, OutcomeReview
from roadmaps.outcomes.words import (
    list_limits,
    say_effect,
    say_interval,
    say_measured,
    say_result,
    say_size,
    say_sure,
    verdict_of,
)

_MOST_NOTES = 12
Method = Measurement.Method


@dataclass(frozen=True)
class BetShown:
    """A bet in a row; where its metric is not for the reader, its verdict alone (`is_hidden`)."""

    bet: Bet
    size: str
    sure: str
    verdict: str
    tone: str
    effect: str
    is_hidden: bool


@dataclass(frozen=True)
class Reading:
    """What was measured at so many days by one method, in words, with its limits; or when it is due."""

    days: int
    method: str
    said: str
    value: str
    interval: str
    limits: list[str]
    tone: str
    measured_at: datetime | None
    due_on: date | None
    is_judge: bool
    view: ChartView | None = None


@dataclass(frozen=True)
class BetPage:
    """All that a bet's page shows."""

    shown: BetShown
    why: Any
    readings: list[Reading]
    notes: list[DatedNote]
    history: list[HistoryEntry]
    review: OutcomeReview | None
    may_write: bool
    may_measure: bool


def show_bets(bets: Iterable[Bet], user: Any) -> list[BetShown]:
    """Return bets (read `of_rows`) as rows; constant in queries."""
    bets = list(bets)
    hidden = hidden_metrics(user, [bet.metric for bet in bets])
    return [_shown(bet, bet.metric_id in hidden) for bet in bets]


def _shown(bet: Bet, is_hidden: bool) -> BetShown:
    verdict, tone = verdict_of(bet)
    if is_hidden:
        return BetShown(bet, "", "", verdict, tone, "", True)
    effect = say_effect(bet.measured, bet) if bet.measured is not None else ""
    return BetShown(bet, say_size(bet), say_sure(bet.confidence), verdict, tone, effect, False)


def read_bet_page(bet: Bet, user: Any, *, today: date) -> BetPage:
    """Return the page of a bet; numbers of a metric that is not for the reader are left out."""
    (shown,) = show_bets([bet], user)
    kept = [] if shown.is_hidden else list(bet.measurements.order_by("days", "-method"))
    readings = [] if shown.is_hidden else _readings(bet, kept)
    may_write = can(user, "bets.write", bet.initiative)
    return BetPage(
        shown=shown,
        why=render_markdown(bet.why) if bet.why else "",
        readings=readings,
        notes=_notes(bet, user) if kept else [],
        history=[] if shown.is_hidden else history_of(bet),
        review=OutcomeReview.objects.filter(initiative=bet.initiative_id).first(),
        may_write=may_write and not bet.is_locked,
        may_measure=may_write and bool(kept),
    )


def _readings(bet: Bet, kept: Sequence[Measurement]) -> list[Reading]:
    found = []
    for days in DAYS:
        there = [one for one in kept if one.days == days]
        found += [_reading(one, bet) for one in there]
        if not there:
            due = due_on(bet, days)
            said = "Measured once its days are over and the metric's periods are complete." if due else ""
            found.append(Reading(days, "", said, "", "", [], "", None, due, days == bet.days))
    return found


def _reading(one: Measurement, bet: Bet) -> Reading:
    is_judge = one.days == bet.days and one.method == Method.BEFORE_AFTER
    tone = ""
    if one.is_clear and one.value is not None:
        tone = "good" if one.value * bet.sign > 0 else "bad"
    return Reading(
        days=one.days,
        method=one.get_method_display(),
        said=say_result(one, bet),
        value=say_measured(one, bet),
        interval=say_interval(one, bet),
        limits=list_limits(one),
        tone=tone,
        measured_at=one.measured_at,
        due_on=None,
        is_judge=is_judge,
        view=_draw(one, bet) if one.path else None,
    )


def _draw(one: Measurement, bet: Bet) -> ChartView:
    """Return the metric's periods with what they would have been without the release."""
    points = [
        BandPoint(point["starts_on"], point["actual"], point["middle"], point["low"], point["high"])
        for point in one.path
    ]
    interval = str(one.facts.get("noun") or bet.metric.current.interval)
    notes = [Note(str(bet.released_on), f"“{bet.initiative.title}” came out", number=1)]
    view = build_band_view(
        points,
        key=f"bet-{bet.pk}-{one.days}",
        title=f"{bet.metric.name}, {one.days} days after the release",
        caption=f"By {interval}. Shaded: what its own past leads one to expect, in 95 of 100 cases.",
        interval=interval,
        is_rate=bet.is_rate,
        unit=bet.metric.current.unit,
        notes=notes,
        heading_level=3,
    )
    return replace(view, warnings=[])


def _notes(bet: Bet, user: Any) -> list[DatedNote]:
    """Return what else happened to the product from a month before the release to the end of what was measured."""
    if bet.released_on is None:
        return []
    first, last = bet.released_on - timedelta(days=30), bet.released_on + timedelta(days=max(DAYS))
    product = bet.initiative.product
    found = [note for piece in registry.all(NoteProvider) for note in piece.find(product, user)]
    near = [note for note in found if (note.ends_on or note.starts_on) >= first and note.starts_on <= last]
    return sorted(near, key=lambda note: (note.starts_on, note.text))[:_MOST_NOTES]
