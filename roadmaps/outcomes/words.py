"""Bets and what was measured of them as people read them: sizes, verdicts, and what a number can and cannot show."""

from insights.metrics.public import say_roughly, say_value
from insights.questions.public import wilson_interval
from roadmaps.outcomes.contracts import Calibration
from roadmaps.outcomes.models import Bet, Measurement

MINUS = "\N{MINUS SIGN}"
TONES = {Bet.Verdict.PAID_OFF: "good", Bet.Verdict.FELL_SHORT: "warn", Bet.Verdict.BACKFIRED: "bad"}
FEWEST_RATED = 5


def say_size(bet: Bet) -> str:
    """Return what a bet expects: "+3 to +6 points", "-40 to -20 errors"."""
    sign = "+" if bet.sign > 0 else MINUS
    ends = (bet.low, bet.high) if bet.sign > 0 else (bet.high, bet.low)
    first, last = (_plain(abs(end), bet) for end in ends)
    return f"{sign}{first} to {sign}{last}{_unit(bet)}"


def _plain(value: float, bet: Bet) -> str:
    if bet.is_rate:
        return f"{100 * value:.1f}".removesuffix(".0")
    return say_value(value, is_rate=False)


def _unit(bet: Bet) -> str:
    unit = "points" if bet.is_rate else bet.metric.current.unit
    return f" {unit}" if unit else ""


def say_sure(confidence: float) -> str:
    """Return how sure somebody is: "70 %"."""
    return f"{round(100 * confidence)}\N{NO-BREAK SPACE}%"


def say_effect(value: float | None, bet: Bet) -> str:
    """Return an effect with its sign and unit."""
    said = say_roughly(value, is_rate=bet.is_rate)
    return said if bet.is_rate or value is None else f"{said}{_unit(bet)}"


def say_interval(one: Measurement, bet: Bet) -> str:
    """Return the 95 % interval of what was measured, with the unit once."""
    if one.low is None or one.high is None:
        return ""
    if one.method == Measurement.Method.ADOPTERS:
        return f"{_signed(one.low)} to {_signed(one.high)}"
    low, high = say_roughly(one.low, is_rate=bet.is_rate), say_effect(one.high, bet)
    return f"{low.removesuffix(' points')} to {high}"


def say_measured(one: Measurement, bet: Bet) -> str:
    """Return what was measured, in the unit of its method; "" where nothing can be said."""
    if one.value is None:
        return ""
    if one.method == Measurement.Method.ADOPTERS:
        return f"{_signed(one.value)} a week"
    return say_effect(one.value, bet)


def _signed(value: float) -> str:
    return f"{MINUS if value < 0 else '+'}{abs(value):.2g}"


def say_result(one: Measurement, bet: Bet) -> str:
    """Return in one sentence what was measured, without more than it can show."""
    if one.value is None:
        return one.why_none
    said, interval = say_measured(one, bet), say_interval(one, bet)
    if one.method == Measurement.Method.ADOPTERS:
        facts = one.facts
        who = f"{facts['n_matched']:,} adopters were compared with {facts['n_used']:,} others who did as much before"
        more = "more" if one.value > 0 else "less"
        if not one.is_clear:
            return f"{who}: no clear difference (95 % interval {interval} a week)."
        times = f"{abs(one.value):.2g} times a week {more}"
        return f"{who}: they did it {times} (95 % interval {interval})."
    share = f" ({abs(one.value / one.expected) * 100:.1f} %)" if one.expected and not bet.is_rate else ""
    n_after, noun = one.facts.get("n_after", 0), one.facts.get("noun", "period")
    when = f"On average of {n_after} whole {noun}s" if n_after != 1 else f"In the one whole {noun}"
    if not one.is_clear:
        return f"{when} it was within what its own past leads one to expect: {said} (95 % interval {interval})."
    way = "above" if one.value > 0 else "below"
    size = said.lstrip(f"+{MINUS}")
    return f"{when} it was {size}{share} {way} what its own past leads one to expect (95 % interval {interval})."


def list_limits(one: Measurement) -> list[str]:
    """Return what this number cannot show, and what it is built on, in plain sentences."""
    facts = one.facts
    if one.method == Measurement.Method.ADOPTERS:
        said = [
            "It compares people who chose. Whoever adopts something may be keener in ways that the events do not hold; "
            "matching takes out what they did before, not what they are like.",
        ]
        if facts.get("n_alone"):
            said.append(f"{facts['n_alone']:,} adopters are like nobody who did not adopt it, and are left out.")
        if float(facts.get("apart", 0)) > 0.1:
            said.append("Even after matching the two sides differ in what they did before: read it with care.")
        said.append("Left out are those who came after the release: nothing is known of them before it.")
        return said
    if one.value is None:
        return []
    n_before, noun = facts.get("n_before", 0), facts.get("noun", "period")
    season = (
        "The season of the year is taken out, as two years or more lie before the release."
        if facts.get("has_season")
        else "The season of the year is not taken out: fewer than two years lie before the release."
    )
    return [
        "It cannot tell the release from whatever else began in the same days; see what else happened then.",
        f"Expected is what {n_before:,} {noun}s before the release lead to: their trend, and how long what is unusual "
        f"lasts. {season}",
    ]


def say_kept(n: int, n_total: int) -> str:
    """Return a share with its Wilson interval, or the counts alone where there are too few."""
    if n_total < FEWEST_RATED:
        return f"{n} of {n_total}"
    low, high = wilson_interval(n, n_total)
    return f"{round(100 * n / n_total)} % ({round(100 * low)} to {round(100 * high)} %)"


def say_bias(found: Calibration) -> str:
    """Return how large effects come out beside what was expected."""
    if found.reached is None or found.n < FEWEST_RATED:
        return ""
    return f"{round(100 * found.reached)} % of what was expected"


def say_advice(found: Calibration) -> str:
    """Return how sure to be next time, and why."""
    if found.suggested is None or found.sure is None:
        need = FEWEST_RATED - found.n
        return f"After {need} more judged bet{'s' if need != 1 else ''} it is said how sure to be." if need > 0 else ""
    return (
        f"{found.n_paid_off} of {found.n} bets paid off, while the team was {say_sure(found.sure)} sure on average: "
        f"begin the next one with {say_sure(found.suggested)}."
    )


def verdict_of(bet: Bet) -> tuple[str, str]:
    """Return the word on a bet and its tone: where it stands while nothing is judged."""
    if bet.verdict:
        return bet.get_verdict_display(), TONES.get(Bet.Verdict(bet.verdict), "")
    if bet.released_on:
        return "Being measured", ""
    return ("Committed", "") if bet.is_locked else ("Open", "")
