"""Whole sets of persons or accounts, for cohorts: behind a number, by what they did, by what they are."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from insights.events.public import Source, open_snapshot
from insights.questions.access import list_sources
from insights.questions.asking import open_run
from insights.questions.behind import Behind
from insights.questions.contracts import Question, TrendQuestion
from insights.questions.describing import describe_units
from insights.questions.event_select import select_rows
from insights.questions.grouped import ALL
from insights.questions.members import find_cohorts, resolve_joined
from insights.questions.people import read_cell
from insights.questions.running import Run
from insights.questions.sql import Statement

if TYPE_CHECKING:
    from insights.events.public import Snapshot


@dataclass
class Finder:
    """Finds units in one version of some sources' events; arrays of their numbers, sorted, each once."""

    sources: list[Source]
    snapshot: "Snapshot"
    user: Any

    @property
    def data_version(self) -> int:
        """Return the version that is read."""
        return self.snapshot.version

    def behind(self, question: Question, cell: Any) -> Any:
        """Return those whom one number of the answer counts: as many as the number says."""
        return _sorted(read_cell(question, cell)(self._run(question)))

    def doers(self, question: TrendQuestion, at_least: int) -> Any:
        """Return those who did the one series of a trend at least so many times in its range."""
        run, statement = self._run(question), Statement()
        since, until = run.buckets.since, run.buckets.until
        rows = select_rows(
            statement, run, question.series[0], lambda rows: {"u": rows.unit()}, ALL, since=since, until=until
        )
        having = f" having count(*) >= {statement.bind(at_least)}" if at_least > 1 else ""
        return _sorted(run.numbers(statement, f"select u from ({rows}) group by u{having}", since, until))

    def tally(self, question: TrendQuestion) -> dict[int, int]:
        """Return how many times each unit did the one series of a trend in its range; who never did is not there."""
        run, statement = self._run(question), Statement()
        since, until = run.buckets.since, run.buckets.until
        rows = select_rows(
            statement, run, question.series[0], lambda rows: {"u": rows.unit()}, ALL, since=since, until=until
        )
        counted = run.execute(statement, f"select u, count(*) from ({rows}) group by u", since, until)
        return {int(unit): int(n) for unit, n in counted}

    def fitting(self, question: Question) -> Any:
        """Return those who were ever seen and of whom any event fits the question's filters on traits and cohorts."""
        run, statement = self._run(question), Statement()
        rows = run.event_rows(statement, "{activity}")
        where = [*rows.holds(question.filters), f"{rows.unit()} is not null"]
        return _sorted(run.numbers(statement, rows.select({"u": rows.unit()}, where, "group by 1"), None, None))

    def resolve(self, unit: str, numbers: Any) -> Any:
        """Return numbers noted earlier as they are now: who was joined to another person since counts as that one."""
        return resolve_joined(numbers, self.snapshot) if unit == "person" else numbers

    def describe(self, unit: str, numbers: Sequence[int]) -> tuple[Behind, ...]:
        """Return the ids and traits of a few of them, in the order asked."""
        return describe_units(unit, numbers, self.snapshot)

    def _run(self, question: Question) -> Run:
        return open_run(question, self.sources, self.snapshot, find_cohorts(question, self.user))


@contextmanager
def open_finder(question: Question, *, user: Any, caller: str) -> Iterator[Finder]:
    """Open the products or sources of a question for finding; refuses those that the user may not see."""
    sources = list_sources(question, user)
    with open_snapshot([source.pk for source in sources], caller=caller) as snapshot:
        yield Finder(sources, snapshot, user)


def _sorted(numbers: Any) -> Any:
    import numpy as np

    return np.unique(np.asarray(numbers, np.int64)).astype(np.uint32)
