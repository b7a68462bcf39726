"""What tests of prototypes say, and which prototypes tried something alike."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db.models import Count, F, Q

from insights.questions.public import rate_of
from roadmaps.planning.prototypes.contracts import SUS_USUAL, SusScore, mean_sus, sus_of
from roadmaps.planning.prototypes.models import Prototype, PrototypeTask, PrototypeTest, TaskOutcome

MOST_ALIKE = 5
_MOST_WORDS = 40
_WORD = re.compile(r"\w{3,}")


@dataclass(frozen=True)
class TaskResult:
    """How a task went: people who tried it, done alone, with help, not; rate as `rate_of` gives it."""

    task: PrototypeTask
    n: int
    n_done: int
    n_helped: int
    n_failed: int
    rate: dict[str, Any]

    @property
    def said(self) -> str:
        """Return the success rate in words."""
        if self.rate["rate"] is None:
            return f"{self.n_done} of {self.n}; too few for a rate" if self.n else "nobody tried it yet"
        low, high = round(100 * self.rate["low"]), round(100 * self.rate["high"])
        return f"{round(100 * self.rate['rate'])} %, between {low} and {high} %"


@dataclass(frozen=True)
class PrototypeResults:
    """Tasks in their order, and SUS."""

    tasks: list[TaskResult]
    sus: SusScore
    n_tests: int

    @property
    def sus_words(self) -> str:
        """Return what SUS means beside what is usual."""
        sus = self.sus
        if sus.mean is None or sus.low is None or sus.high is None:
            return f"too few to say (n = {sus.n})" if sus.n else "nobody was asked"
        beside = "above" if sus.low > SUS_USUAL else "below" if sus.high < SUS_USUAL else "not clearly off"
        return f"between {sus.low:.0f} and {sus.high:.0f}, 95 % sure (n = {sus.n}); {beside} the usual {SUS_USUAL:.0f}"


def read_results(prototype: Prototype) -> PrototypeResults:
    """Return what the tests of a prototype say: two queries."""
    counted = {
        outcome: Count("outcomes", filter=Q(outcomes__outcome=outcome)) for outcome in TaskOutcome.Outcome.values
    }
    tasks = []
    for task in prototype.tasks.annotate(**{f"n_{name}": count for name, count in counted.items()}):
        n = task.n_done + task.n_helped + task.n_failed
        tasks.append(TaskResult(task, n, task.n_done, task.n_helped, task.n_failed, rate_of(task.n_done, n)))
    answers = list(PrototypeTest.objects.filter(prototype=prototype).values_list("sus", flat=True))
    return PrototypeResults(tasks, mean_sus([sus_of(one) for one in answers if one]), len(answers))


def alike(user: Any, said: str, *, but: int | None = None) -> list[Prototype]:
    """Return prototypes that share words with what is said, those that share most first, decided ones among them.

    Words of a title weigh four times those of a hypothesis; common words of English do not count.
    """
    words = list(dict.fromkeys(word.lower() for word in _WORD.findall(said)))[:_MOST_WORDS]
    if not words:
        return []
    vector = SearchVector("title", weight="A", config="english") + SearchVector(
        "hypothesis", weight="C", config="english"
    )
    query = SearchQuery(words[0], config="english")
    for word in words[1:]:
        query = query | SearchQuery(word, config="english")
    rows = Prototype.objects.visible_to(user).exclude(pk=but).annotate(said=vector).filter(said=query)
    found = rows.annotate(likeness=SearchRank(F("said"), query)).select_related("product").with_counts()
    return list(found.order_by("-likeness", "-pk")[:MOST_ALIKE])


def outcomes_of(tests: Sequence[PrototypeTest]) -> dict[int, dict[int, str]]:
    """Return how each task went in each test, by their numbers: one query."""
    found: dict[int, dict[int, str]] = {}
    rows: Iterable[tuple[int, int, str]] = TaskOutcome.objects.filter(test__in=[one.pk for one in tests]).values_list(
        "test", "task", "outcome"
    )
    for test, task, outcome in rows:
        found.setdefault(test, {})[task] = outcome
    return found
