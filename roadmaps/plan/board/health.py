"""How an initiative does, worked out from what is known of it: rules on plain values, no database, no clock.

Nobody types it before a review. What a person says instead needs a reason and lapses.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

LAPSES_AFTER = timedelta(days=14)
BLOCKED_WARN_DAYS, BLOCKED_BAD_DAYS = 3, 14
SCOPE_WARN, SCOPE_BAD = 0.2, 0.5
GOAL_WARN, GOAL_BAD = 0.5, 0.2
_RANK = {"good": 0, "warn": 1, "bad": 2}


@dataclass(frozen=True)
class Facts:
    """What is known of an initiative on a day; None where it is not known.

    promised_on — the earliest day that somebody was promised, or the plan's own last day where nobody was.
    likely_on, safe_on — the forecast's P50 and P85. n_items_then, n_items — work items when building began, and now.
    goal_chance — of its objective's key results the least chance to be reached, 0 to 1. warnings — what other rooms
    know, in sentences, such as a metric that goes the wrong way.
    """

    promised_on: date | None = None
    is_promise: bool = False
    likely_on: date | None = None
    safe_on: date | None = None
    why_no_forecast: str = ""
    blocked_since: date | None = None
    n_items_then: int | None = None
    n_items: int | None = None
    goal_chance: float | None = None
    warnings: tuple[str, ...] = ()
    is_over: bool = False


@dataclass(frozen=True)
class Reason:
    """One thing that speaks for or against: how bad it is (good, warn, bad), and a sentence."""

    tone: str
    text: str


@dataclass(frozen=True)
class Health:
    """How an initiative does: good, warn, bad or unknown; why, the worst first; `by_hand` where a person said so."""

    tone: str
    reasons: tuple[Reason, ...] = ()
    by_hand: bool = False


def assess(facts: Facts, today: date) -> Health:
    """Return the health that the facts come to: as bad as the worst of them; nothing known is no good health.

    >>> assess(Facts(promised_on=date(2024, 1, 9), likely_on=date(2024, 2, 1)), date(2024, 1, 1)).tone
    'bad'
    """
    if facts.is_over:
        return Health("unknown")
    found = [*_promise(facts, today), *_blocked(facts, today), *_scope(facts), *_goal(facts), *_warnings(facts)]
    found.sort(key=lambda one: -_RANK[one.tone])
    return Health(found[0].tone, tuple(found)) if found else Health("unknown")


def by_hand(tone: str, reason: str, said_on: date, today: date, computed: Health) -> Health:
    """Return what a person said while it holds, with what is worked out below it; what lapsed is what is worked out.

    It holds on the day that it was said and LAPSES_AFTER from then, that day not included.
    """
    if today >= said_on + LAPSES_AFTER:
        return computed
    return Health(tone, (Reason(tone, reason), *computed.reasons), by_hand=True)


def _promise(facts: Facts, today: date) -> Sequence[Reason]:
    due, noun = facts.promised_on, "promise" if facts.is_promise else "planned end"
    if due is None:
        return ()
    if due < today:
        return (Reason("bad", f"The {noun} was {_say(due)}, {_days(today - due)} ago."),)
    if facts.likely_on is None or (facts.safe_on is None and facts.likely_on <= due):
        return ()
    if facts.likely_on > due:
        late = _days(facts.likely_on - due)
        return (Reason("bad", f"The forecast's even chance is {_say(facts.likely_on)}, {late} after the {noun}."),)
    if facts.safe_on is not None and facts.safe_on > due:
        return (
            Reason("warn", f"The {noun} is {_say(due)}; only by {_say(facts.safe_on)} is it done with 85 % chance."),
        )
    return (Reason("good", f"It is done by the {noun}, {_say(due)}, with 85 % chance or more."),)


def _blocked(facts: Facts, today: date) -> Sequence[Reason]:
    if facts.blocked_since is None:
        return ()
    age = today - facts.blocked_since
    tone = "bad" if age.days >= BLOCKED_BAD_DAYS else "warn" if age.days >= BLOCKED_WARN_DAYS else "good"
    return (Reason(tone, f"It is blocked for {_days(age)}."),) if tone != "good" else ()


def _scope(facts: Facts) -> Sequence[Reason]:
    if not facts.n_items_then or facts.n_items is None:
        return ()
    growth = facts.n_items / facts.n_items_then - 1
    tone = "bad" if growth > SCOPE_BAD else "warn" if growth > SCOPE_WARN else ""
    grown = f"It grew from {facts.n_items_then} to {facts.n_items} work items, {growth:+.0%}."
    return (Reason(tone, grown.replace("%", " %")),) if tone else ()


def _goal(facts: Facts) -> Sequence[Reason]:
    if facts.goal_chance is None:
        return ()
    tone = "bad" if facts.goal_chance < GOAL_BAD else "warn" if facts.goal_chance < GOAL_WARN else ""
    # A goal that does badly does not make what serves it late: it warns, and no more.
    said = "Its goal's number is unlikely to reach the target." if tone == "bad" else "Its goal's number may miss."
    return (Reason("warn", said),) if tone else ()


def _warnings(facts: Facts) -> Sequence[Reason]:
    # What the world does to a number is not yet the initiative's doing: it warns, and no more.
    return tuple(Reason("warn", said) for said in facts.warnings)


def _say(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _days(age: timedelta) -> str:
    return f"{age.days} day{'s' if age.days != 1 else ''}"
