"""One run of a question: statements against one snapshot, and what they say about where the numbers come from."""

import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings

from insights.events.public import TooSlow
from insights.questions.calendar import Buckets, cut
from insights.questions.contracts import Breakdown, Question
from insights.questions.members import CohortInUse, Members, read_members
from insights.questions.sql import EventRows, Scope, Statement

if TYPE_CHECKING:
    from insights.events.public import Snapshot

MAX_GROUPS = 25


@dataclass(frozen=True)
class Groups:
    """The values of a breakdown that are shown by name, in order; the rest is "other"."""

    top: tuple[str, ...]
    has_other: bool


@dataclass
class Run:
    """Statements of one question against one snapshot.

    `forced` holds, by series, the groups that a comparison must share with what it is compared with; `bin_s` is the
    width of a histogram's bins in seconds, shared likewise, 0 before it is chosen. `before` is the run over the range
    that is compared; what one statement found for both ranges waits there in `kept`, by series, with its groups.
    """

    question: Question
    snapshot: "Snapshot"
    source_slugs: dict[int, str]
    cohorts: tuple[CohortInUse, ...] = ()
    forced: dict[int, Groups] = field(default_factory=dict)
    groups: dict[int, Groups] = field(default_factory=dict)
    bin_s: int = 0
    before: "Run | None" = None
    kept: dict[int, tuple[Groups | None, list[Any]]] = field(default_factory=dict)
    n_scanned: int = 0
    sql: list[str] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    started_at: float = field(default_factory=time.monotonic)

    @cached_property
    def zone(self) -> ZoneInfo:
        """Return the question's time zone."""
        return ZoneInfo(self.question.timezone)

    @cached_property
    def buckets(self) -> Buckets:
        """Return the range cut by the question's interval."""
        return cut(self.question.period, getattr(self.question, "interval", None) or "all", self.zone)

    @cached_property
    def scope(self) -> Scope:
        """Return what the statements share; names of all events only where a breakdown shows them."""
        specs = self.question.event_specs()
        named = sorted({spec.event for spec in specs if spec.event is not None})
        codes = self.snapshot.codes_of(named) if named else {}
        names = {code: name for name, code in codes.items()}
        if Breakdown("event", "field") in self.question.breakdown and any(spec.event is None for spec in specs):
            rows = self.snapshot.execute("select distinct event_code from {first_seen} order by 1", {})
            names = self.snapshot.names_of([code for (code,) in rows.tuples])
        return Scope(self.question.unit, self.snapshot.has_joins, codes, names, self.source_slugs, self.members)

    @cached_property
    def members(self) -> dict[str, Members]:
        """Return the members of the cohorts that the question names."""
        return {cohort.name: read_members(cohort, self.snapshot) for cohort in self.cohorts}

    def event_rows(self, statement: Statement, relation: str = "{events}") -> EventRows:
        """Return a builder of event rows for one statement."""
        return EventRows(statement, self.scope, relation)

    def execute(
        self,
        statement: Statement,
        final: str,
        since: datetime | None,
        until: datetime | None,
        gap: tuple[datetime, datetime] | None = None,
    ) -> list[tuple[Any, ...]]:
        """Run a statement; since, until and a gap between them prune the files of {events}."""
        text = statement.text(final)
        rows = self.snapshot.execute(text, statement.params, since=since, until=until, gap=gap)
        self.n_scanned += rows.n_scanned
        self.sql.append(text)
        return rows.tuples

    def arrays(
        self, statement: Statement, final: str, since: datetime | None, until: datetime | None
    ) -> dict[str, Any]:
        """Run a statement; return numpy arrays by column."""
        text = statement.text(final)
        found, n_scanned = self.snapshot.fetch_arrays(text, statement.params, since=since, until=until)
        self.n_scanned += n_scanned
        self.sql.append(text)
        return found

    def numbers(self, statement: Statement, final: str, since: datetime | None, until: datetime | None) -> list[int]:
        """Run a statement of one column of numbers; return them, however many they are."""
        (column,) = self.arrays(statement, final, since, until).values()
        return [int(number) for number in column]

    def check_time(self) -> None:
        """Stop work outside the store that takes longer than a question may. Raises: TooSlow."""
        if time.monotonic() - self.started_at > settings.QUESTION_TIME_LIMIT_S:
            raise TooSlow()

    def over(self, question: Question) -> "Run":
        """Return a run of the same question over another range, sharing groups and facts."""
        other = self._like(question)
        other.forced, other.groups, other.kept, other.left_out = self.forced, self.groups, self.kept, self.left_out
        return other

    def comparing(self, question: Question) -> "Run":
        """Return a run of the question it is compared with, which takes over its groups by `share_with`."""
        return self._like(question)

    def share_with(self, other: "Run") -> None:
        """Let the run of the compared range have the groups and bins that were found for this one."""
        other.forced, other.bin_s = dict(self.groups), self.bin_s

    def _like(self, question: Question) -> "Run":
        other = Run(question, self.snapshot, self.source_slugs, self.cohorts)
        other.scope = self.scope  # of the same events: not looked up again
        other.members, other.sql, other.started_at = self.members, self.sql, self.started_at
        return other
