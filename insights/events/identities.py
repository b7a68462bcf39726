"""Who is whom: joins of ids into persons, decided in the order of their times, and undone.

`DistinctId.person_no` holds the newest version's answer (null: a person of its own); each version that changes it gets
a map file of all joined ids, so that readers of an older version keep theirs.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Q

from insights.events.engine import as_list, store_dir
from insights.events.manifest import parts_in_use
from insights.events.models import Batch, DistinctId, IdSpace, Part, PersonJoin
from insights.events.parts import PartWriter, aware, path_of

MANY = 50_000


@dataclass(frozen=True)
class Claim:
    """One statement of a sender that two ids are one person."""

    kind: str
    from_no: int
    to_no: int
    ts: dt.datetime


@dataclass
class JoinPlan:
    """What a batch's claims come to: joins to keep, refusals, and the new person of each id that moves."""

    joins: list[PersonJoin] = field(default_factory=list)
    n_refused: int = 0
    new_person_of: dict[int, int] = field(default_factory=dict)  # old person → new person

    @property
    def n_joins(self) -> int:
        """Return how many joins took effect."""
        return sum(join.state == PersonJoin.State.ACTIVE for join in self.joins)


class _Forest:
    """Persons as a forest: each id points to its person, itself when it is its own."""

    def __init__(self, parents: dict[int, int]):
        self.parents = parents

    def root(self, no: int) -> int:
        trail = []
        while (up := self.parents.get(no, no)) != no:
            trail.append(no)
            no = up
        for step in trail:
            self.parents[step] = no
        return no

    def join(self, old: int, new: int) -> None:
        self.parents[self.root(old)] = self.root(new)


def plan_joins(claims: Iterable[Claim], space: IdSpace, batch: Batch | None, actor_id: int | None = None) -> JoinPlan:
    """Decide each claim: `identify` joins an id once and never two known persons; `alias` and `merge` join any two."""
    claims = list(claims)
    involved = {no for claim in claims for no in (claim.from_no, claim.to_no)}
    forest = _Forest(dict(_in_chunks(involved, _persons_of)))
    joined = set(_in_chunks(involved, _joined_already))
    refused_before = set(_in_chunks(involved, _refused_already))
    before = {no: forest.root(no) for no in involved}
    plan = JoinPlan()
    for claim in claims:
        if forest.root(claim.from_no) == forest.root(claim.to_no):
            continue
        refusal = ""
        if claim.kind == PersonJoin.Kind.IDENTIFY and claim.from_no in joined:
            refusal = "The id belongs to another person already; identify never merges two persons."
            plan.n_refused += 1
            if (claim.from_no, claim.to_no) in refused_before:
                continue
            refused_before.add((claim.from_no, claim.to_no))
        else:
            forest.join(claim.from_no, claim.to_no)
            joined.update((claim.from_no, claim.to_no))
        plan.joins.append(
            PersonJoin(
                id_space=space,
                kind=claim.kind,
                state=PersonJoin.State.REFUSED if refusal else PersonJoin.State.ACTIVE,
                reason=refusal,
                from_id_id=claim.from_no,
                to_id_id=claim.to_no,
                ts=claim.ts,
                batch=batch,
                created_by_id=actor_id,
            )
        )
    roots = {person: forest.root(person) for person in before.values()}
    plan.new_person_of = {old: new for old, new in roots.items() if old != new}
    return plan


def _in_chunks(numbers: Iterable[int], read: Any) -> Iterable[Any]:
    numbers = sorted(numbers)
    for start in range(0, len(numbers), 20_000):
        yield from read(numbers[start : start + 20_000])


def _persons_of(numbers: Sequence[int]) -> Any:
    return DistinctId.objects.filter(no__in=numbers, person_no__isnull=False).values_list("no", "person_no")


def _joined_already(numbers: Sequence[int]) -> Iterable[int]:
    active = PersonJoin.objects.filter(state=PersonJoin.State.ACTIVE)
    yield from active.filter(from_id__in=numbers).values_list("from_id", flat=True)
    yield from active.filter(to_id__in=numbers).values_list("to_id", flat=True)


def _refused_already(numbers: Sequence[int]) -> Any:
    refused = PersonJoin.objects.filter(state=PersonJoin.State.REFUSED, from_id__in=numbers)
    return refused.values_list("from_id", "to_id")


def apply_plan(plan: JoinPlan) -> None:
    """Write the joins of a plan and move the ids, in the caller's transaction."""
    PersonJoin.objects.bulk_create(plan.joins, batch_size=5_000)
    move_persons(plan.new_person_of)


def move_persons(new_person_of: dict[int, int]) -> None:
    """Give every id of the old persons its new person."""
    if not new_person_of:
        return
    old, new = list(new_person_of), list(new_person_of.values())
    table = DistinctId._meta.db_table
    moves = "(SELECT unnest(%s::int[]) AS old_no, unnest(%s::int[]) AS new_no) m"
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} d SET person_no = m.new_no FROM {moves} WHERE d.person_no = m.old_no", [old, new]
        )
        cursor.execute(f"UPDATE {table} d SET person_no = m.new_no FROM {moves} WHERE d.no = m.old_no", [old, new])


def undo_joins(joins: Any, now: dt.datetime) -> set[int]:
    """Mark active joins undone and work their persons out again; returns the ids that may have moved."""
    joins = list(joins.filter(state=PersonJoin.State.ACTIVE))
    PersonJoin.objects.filter(pk__in=[join.pk for join in joins]).update(state=PersonJoin.State.UNDONE, undone_at=now)
    touched = {no for join in joins for no in (join.from_id_id, join.to_id_id)}
    return resolve_again(touched)


def resolve_again(touched: set[int]) -> set[int]:
    """Work out from the active joins who is whom among all ids that share a person with these; returns those ids."""
    persons = {person for _, person in _in_chunks(touched, _persons_of)} | touched
    members: set[int] = set(persons)
    for chunk in _chunks(sorted(persons)):
        members.update(DistinctId.objects.filter(person_no__in=chunk).values_list("no", flat=True))
    forest = _Forest({})
    links = set()
    for chunk in _chunks(sorted(members)):
        active = PersonJoin.objects.filter(state=PersonJoin.State.ACTIVE)
        links.update(active.filter(Q(from_id__in=chunk) | Q(to_id__in=chunk)).values_list("pk", "from_id", "to_id"))
    for _, from_no, to_no in sorted(links):
        if forest.root(from_no) != forest.root(to_no):
            forest.join(from_no, to_no)
    _set_persons({no: forest.root(no) for no in members})
    return members


def _set_persons(person_of: dict[int, int]) -> None:
    table = DistinctId._meta.db_table
    numbers = list(person_of)
    persons = [None if person_of[no] == no else person_of[no] for no in numbers]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} d SET person_no = m.person "
            "FROM (SELECT unnest(%s::int[]) AS no, unnest(%s::int[]) AS person) m "
            "WHERE d.no = m.no AND d.person_no IS DISTINCT FROM m.person",
            [numbers, persons],
        )


def _chunks(numbers: Sequence[int]) -> Iterable[Sequence[int]]:
    return (numbers[start : start + 20_000] for start in range(0, len(numbers), 20_000))


def write_person_map(writer: PartWriter) -> tuple[list[Part], list[Part]]:
    """Write the map of all joined ids as the caller's transaction sees it; returns (added, removed) parts."""
    removed = list(parts_in_use(Part.Kind.PERSON_MAP))
    outgoing = store_dir() / "tmp" / f"{uuid.uuid4().hex}-map.csv"
    try:
        with connection.cursor() as cursor, outgoing.open("w") as target:
            table = DistinctId._meta.db_table
            cursor.copy_expert(
                f"COPY (SELECT no, person_no FROM {table} WHERE person_no IS NOT NULL ORDER BY no) "
                "TO STDOUT (FORMAT csv)",
                target,
            )
        part = writer.write_person_map(
            "SELECT distinct_no, person_no FROM read_csv($file, header = false, auto_detect = false, delim = ',', "
            "columns = {'distinct_no': 'UINTEGER', 'person_no': 'UINTEGER'})",
            {"file": str(outgoing)},
        )
    finally:
        outgoing.unlink(missing_ok=True)
    return ([part] if part else []), removed


def first_time_of(
    duck: Any, numbers: Sequence[int], source_ids: Sequence[int], fresh: Sequence[Part]
) -> dt.datetime | None:
    """Return the first event of any of these ids in these sources, in stored and in freshly written parts."""
    kind = Part.Kind.FIRST_SEEN
    stored = parts_in_use(kind).filter(source__in=source_ids)
    files = as_list(path_of(part) for part in [*stored, *(part for part in fresh if part.kind == kind)])
    if not files or not numbers:
        return None
    sql = "SELECT min(first_ts) FROM read_parquet($files) WHERE distinct_no IN (SELECT unnest($numbers))"
    return aware(duck.execute(sql, {"files": files, "numbers": list(numbers)}).fetchone()[0])


def members_of(person_nos: Iterable[int]) -> set[int]:
    """Return the ids of these persons, their own numbers among them."""
    persons = set(person_nos)
    found = set(persons)
    for chunk in _chunks(sorted(persons)):
        found.update(DistinctId.objects.filter(person_no__in=chunk).values_list("no", flat=True))
    return found


def resolved_map() -> dict[int, int]:
    """Return {joined id: person} worked out from the active joins alone."""
    forest = _Forest({})
    for from_no, to_no in (
        PersonJoin.objects.filter(state=PersonJoin.State.ACTIVE).order_by("pk").values_list("from_id", "to_id")
    ):
        if forest.root(from_no) != forest.root(to_no):
            forest.join(from_no, to_no)
    return {no: forest.root(no) for no in list(forest.parents) if forest.root(no) != no}
