"""The people or accounts behind a number: found by the question's own rule, described page by page."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from insights.events.public import open_snapshot
from insights.questions.access import list_sources, require_people
from insights.questions.asking import open_run
from insights.questions.behind import Everybody, PeoplePage
from insights.questions.contracts import Question
from insights.questions.describing import describe_in_pieces, describe_units
from insights.questions.kinds import KINDS
from insights.questions.members import find_cohorts
from insights.questions.reading import Faults, ObjectReader
from insights.questions.running import Run
from insights.questions.turns import fair_turn
from portal.shell.public import BadInput

PAGE_SIZE = 50
MAX_PAGE_SIZE = 200


def read_cell(question: Question, cell: Any) -> Callable[[Run], list[int]]:
    """Return what finds the numbers of those behind a cell. Raises: BadInput for one that the answer does not have."""
    kind, faults = KINDS[question.kind], Faults()
    if kind.behind is None:
        raise BadInput(fields={"question.kind": [f"There is no list of people behind a {kind.title.lower()}."]})
    reader = ObjectReader(cell, "cell", faults)
    find = kind.behind(question, reader)
    reader.finish()
    if faults.found:
        raise BadInput(fields=faults.found)
    return find


def list_people(
    question: Question,
    cell: Any,
    *,
    user: Any,
    page: int = 1,
    page_size: int = PAGE_SIZE,
    caller: str = "insights.questions.people",
) -> PeoplePage:
    """Return a page of those whom one number of the answer counts, in order of their number; `total` is that number.

    Parameters: cell — which number, as the answer's elements name it: trend {"series", "label", "breakdown", "group"},
    funnel {"step", "dropped", "breakdown", "group"}, retention {"row", "column", "breakdown", "group"}, stickiness
    {"series", "label", "breakdown", "group"}, lifecycle {"label", "part"}, paths {"step", "from_event", "to_event"} of
    an edge or {"step", "event", "ended"} of a place, null being "other".
    Raises: BadInput for a cell that the answer does not have; NotAllowed for those outside the product's team.
    """
    if not 1 <= page_size <= MAX_PAGE_SIZE or page < 1:
        raise BadInput(fields={"page": [f"Pages begin with 1 and have at most {MAX_PAGE_SIZE} lines."]})
    with _open_numbers(question, cell, user, caller) as (numbers, snapshot):
        shown = numbers[(page - 1) * page_size : page * page_size]
        people = describe_units(question.unit, shown, snapshot)
    return PeoplePage(len(numbers), page, page_size, question.unit, people, snapshot.version)


def take_people(
    question: Question, cell: Any, *, user: Any, most: int, caller: str = "insights.questions.people"
) -> Everybody:
    """Return all whom one number of the answer counts, up to `most`, for a file; cell and faults as in list_people."""
    with _open_numbers(question, cell, user, caller) as (numbers, snapshot):
        taken, source_ids = numbers[:most], snapshot.source_ids
    people = describe_in_pieces(question.unit, taken, source_ids, caller=caller)
    return Everybody(len(numbers), len(taken), question.unit, people)


@contextmanager
def _open_numbers(question: Question, cell: Any, user: Any, caller: str) -> Iterator[tuple[list[int], Any]]:
    """Give the numbers of those behind a cell, and the snapshot in which they were found."""
    sources = list_sources(question, user)
    find = read_cell(question, cell)
    require_people(sources, user)
    cohorts = find_cohorts(question, user)
    with fair_turn(user), open_snapshot([source.pk for source in sources], caller=caller) as snapshot:
        yield find(open_run(question, sources, snapshot, cohorts)), snapshot
