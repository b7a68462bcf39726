"""The contact clock as values: who talked when, how often, against which target; no Django."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

N_WEEKS = 13  # a quarter
FEEDBACK_DAYS = 90


@dataclass(frozen=True)
class Target:
    """What a team wants: conversations a week of each product manager and of the team; days after which a segment is
    unheard."""

    per_person: float = 1.0
    per_team: float = 1.0
    unheard_days: int = 90


@dataclass(frozen=True)
class Weeks:
    """The whole weeks over which the clock counts, Monday to Sunday, the week that `today` is in not among them."""

    today: date

    @property
    def this_week(self) -> date:
        """Return the Monday of the week that is not over."""
        return self.today - timedelta(days=self.today.weekday())

    @property
    def starts(self) -> tuple[date, ...]:
        """Return the Mondays of the whole weeks, the oldest first.

        >>> Weeks(date(2024, 4, 3)).starts[0], Weeks(date(2024, 4, 3)).starts[-1]
        (datetime.date(2024, 1, 1), datetime.date(2024, 3, 25))
        """
        return tuple(self.this_week - timedelta(weeks=back) for back in range(N_WEEKS, 0, -1))

    @property
    def ends_on(self) -> date:
        """Return the last day of the whole weeks, a Sunday."""
        return self.this_week - timedelta(days=1)


@dataclass(frozen=True)
class Clock:
    """How long ago somebody talked with a customer, and how often in the last 13 whole weeks.

    `weeks` are counts of conversations, the oldest first, weeks without any included as 0; `n_this_week` are those of
    the week that is not over, in no average. `target` is conversations a week, None where there is none.
    """

    label: str
    last_on: date | None
    days_since: int | None
    weeks: tuple[int, ...]
    n_this_week: int = 0
    target: float | None = None

    @property
    def n_conversations(self) -> int:
        """Return how many there were in the whole weeks."""
        return sum(self.weeks)

    @property
    def per_week(self) -> float:
        """Return how many there were a week."""
        return self.n_conversations / len(self.weeks)

    @property
    def n_weeks_with(self) -> int:
        """Return in how many of the weeks there was one at least."""
        return sum(1 for n in self.weeks if n)

    @property
    def is_on_target(self) -> bool | None:
        """Say whether there were as many a week as wanted; None where nothing is wanted."""
        return None if self.target is None else self.per_week >= self.target

    @property
    def weeks_in_words(self) -> str:
        """Return the weeks for those who do not see them: "13 weeks, oldest first: 0, 1, 2"."""
        return f"{len(self.weeks)} weeks, the oldest first: {', '.join(map(str, self.weeks))}"


@dataclass(frozen=True)
class PersonClock:
    """The clock of one product manager; `role` is said where it is another."""

    user_id: int
    name: str
    role: str
    clock: Clock

    @property
    def led_by(self) -> str:
        """Return the number as an address holds it."""
        return str(self.user_id)


@dataclass(frozen=True)
class TeamClock:
    """The clock of one team."""

    team_id: int
    slug: str
    name: str
    clock: Clock


@dataclass(frozen=True)
class SegmentClock:
    """The clock of the accounts of one segment; the name is "" for those of which no segment is known.

    `share` is theirs of all accounts, 0 to 1; `n_feedback` counts pieces of feedback of the last 90 days.
    """

    name: str
    n_accounts: int
    share: float | None
    n_accounts_talked: int
    n_feedback: int
    clock: Clock
    unheard_days: int = 90

    @property
    def is_unheard(self) -> bool:
        """Say whether nobody talked with them for so many days, or ever."""
        return self.clock.days_since is None or self.clock.days_since >= self.unheard_days


@dataclass(frozen=True)
class SegmentClocks:
    """The clocks of all segments of a product, by which meaning they are told apart, and how much is left out.

    `n_without_account`: conversations of the whole weeks in which nobody's account is known.
    """

    meaning: str
    rows: tuple[SegmentClock, ...]
    n_accounts: int
    n_without_account: int = 0

    @property
    def unheard(self) -> tuple[SegmentClock, ...]:
        """Return the segments that nobody talked with for long; those that have no name are not one."""
        return tuple(row for row in self.rows if row.is_unheard and row.name and row.n_accounts)


def build_clock(
    label: str, last_on: date | None, by_week: Mapping[date, int], weeks: Weeks, target: float | None = None
) -> Clock:
    """Return a clock from the day of the newest conversation and counts by the Mondays of their weeks.

    Days since are whole days; a conversation of tomorrow, as a zone may have it, is one of today.
    >>> by_week = {date(2024, 3, 25): 2, date(2024, 4, 1): 1}
    >>> clock = build_clock("Ann", date(2024, 4, 1), by_week, Weeks(date(2024, 4, 3)), 1)
    >>> clock.days_since, clock.n_conversations, round(clock.per_week, 3), clock.n_this_week, clock.is_on_target
    (2, 2, 0.154, 1, False)
    """
    return Clock(
        label=label,
        last_on=last_on,
        days_since=None if last_on is None else max(0, (weeks.today - last_on).days),
        weeks=tuple(by_week.get(start, 0) for start in weeks.starts),
        n_this_week=sum(n for start, n in by_week.items() if start >= weeks.this_week),
        target=target,
    )
