"""Lists of persons and accounts are exact whatever part of the data is counted anew and whatever was kept."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.events.compaction import compact
from insights.events.public import DistinctId, erase_person, merge_persons, undo_batch
from insights.events.rollups import note_activity
from insights.persons.access import get_account
from insights.persons.accounts import list_accounts, read_account
from insights.persons.finding import list_persons
from portal.people.public import SYSTEM
from tests.factories import make_product, make_source, store_events, store_faults
from tests.insights.persons import recount
from tests.insights.persons.conftest import at, trait


def labels(product, sort="first"):
    return [row.label for row in list_persons(product, sort=sort).rows]


def accounts(product):
    rows = list_accounts(product, sort="number").rows
    return [(row.account_id, row.n_people, row.n_events, row.first_seen_at, row.last_seen_at) for row in rows]


@pytest.mark.parametrize("much", [1, 3, 10**9])
def test_lists_are_exact_while_parts_come_and_go(people, product, source, monkeypatch, much):
    monkeypatch.setattr("insights.persons.rosters.WORTH_KEEPING", much)
    assert labels(product) == ["Ann Arbor", "bob", "cy"]
    assert labels(product, "-first") == ["cy", "bob", "Ann Arbor"]
    [(name, n_people, n_events, first, last)] = accounts(product)
    assert (name, n_people, n_events, first.day, last.day) == ("acme", 2, 2, 3, 9)
    rows = [{"event": "opened", "distinct_id": "bob", "timestamp": "2023-12-31T10:00:00+00:00"}]
    store_events(source, rows, traits=[trait("dee", "plan", "pro")])
    assert labels(product) == ["bob", "Ann Arbor", "cy", "dee"]
    assert labels(product, "-number")[0] == "dee"
    [(_, n_people, n_events, first, last)] = accounts(product)
    assert (n_people, n_events, first.year, last.day) == (2, 3, 2023, 9)
    late = store_events(
        source,
        [{"event": "opened", "distinct_id": "cy", "timestamp": at(1, 1), "account_id": "globex"}] * 4,
        traits=[trait("cy", "$account", "initech", 8), trait("umbrella", "name", "U", 8, "account")],
    )
    assert labels(product) == ["bob", "cy", "Ann Arbor", "dee"]
    assert {row[0]: row[1:3] for row in accounts(product)} == {
        "acme": (2, 3), "globex": (1, 4), "initech": (1, 1), "umbrella": (0, 0),
    }  # fmt: skip
    note_activity()
    compact(most_parts=1)
    assert labels(product) == ["bob", "cy", "Ann Arbor", "dee"]
    merge_persons(source.id_space, "cy", "bob", actor=SYSTEM)
    assert labels(product) == ["bob", "Ann Arbor", "dee"]
    # The latest group of all ids of one person is that person's: initech, whatever bob's was.
    assert {row[0]: row[1:3] for row in accounts(product)} == {
        "acme": (2, 2), "globex": (1, 4), "initech": (1, 2), "umbrella": (0, 0),
    }  # fmt: skip
    undo_batch(late, actor=SYSTEM)
    assert labels(product) == ["bob", "Ann Arbor", "dee"]
    assert {row[0]: row[1:3] for row in accounts(product)} == {"acme": (2, 4)}
    assert DistinctId.objects.filter(person_no=None).count() == 3


WHO, ACCOUNTS = st.sampled_from(["ann", "bob", "cy", "dee", "eva"]), st.sampled_from(["acme", "globex", "initech"])
STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("load"),
            st.lists(st.tuples(WHO, st.integers(0, 80), st.none() | ACCOUNTS), min_size=1, max_size=4),
            st.lists(st.tuples(WHO, ACCOUNTS), max_size=2, unique_by=lambda group: group[0]),
            st.lists(st.tuples(WHO, WHO), max_size=1),
        ),
        st.tuples(st.just("undo"), st.integers(0, 9)),
        st.tuples(st.just("erase"), WHO),
        st.tuples(st.just("merge"), WHO, WHO),
        st.tuples(st.just("tidy"), st.booleans()),
    ),
    min_size=8,
    max_size=8,
)


class World:
    """A source, and beside it what a plain recount knows of it: loads, the merges by hand last."""

    def __init__(self, team, number):
        self.product = make_product(f"Product {number}", team)
        self.source = make_source(self.product, f"Source {number}")
        self.loads, self.batches, self.n_loads, self.n_groups = [recount.Load()], [], 0, 0

    def load(self, events, groups, joins):
        self.n_loads, self.n_groups = self.n_loads + 1, self.n_groups + len(groups)
        timed = [(who, account, 100 + 3 * self.n_groups + place) for place, (who, account) in enumerate(groups)]
        person = recount.owners(self.loads)
        kept = [(old, new) for old, new in joins if person.get(old, old) != person.get(new, new)]
        load = recount.Load(events, timed, kept)
        self.batches.append(store_events(self.source, **recount.as_rows(load, self.n_loads)))
        self.loads.insert(-1, load)

    def undo(self, place):
        if self.batches:
            place %= len(self.batches)
            undo_batch(self.batches.pop(place), actor=SYSTEM)
            del self.loads[place]

    def erase(self, who):
        person = recount.owners(self.loads)
        if who in person and DistinctId.objects.filter(id_space=self.source.id_space, distinct_id=who).exists():
            erase_person(self.source.id_space, who, actor=SYSTEM)
            ids = {one for one, owner in person.items() if owner == person[who]}
            self.loads = [recount.without(load, ids) for load in self.loads]

    def merge(self, old, new):
        person = recount.owners(self.loads)
        if {old, new} <= person.keys() and person[old] != person[new]:
            merge_persons(self.source.id_space, old, new, actor=SYSTEM)
            self.loads[-1].joins.append((old, new))

    def tidy(self, is_merging):
        note_activity(least_rows=1)
        if is_merging:
            compact(most_parts=1)

    def check(self, reader):
        expected = recount.persons(self.loads)
        known = {one for ids in expected for one in ids}
        rows = list_persons(self.product).rows
        assert {frozenset(known.intersection(row.distinct_ids)): said(row) for row in rows} == expected
        times = [row.first_seen_at for row in rows]
        assert times == sorted(times, key=lambda time: -time.timestamp() if time else 1)
        listed = list_accounts(self.product).rows
        assert {row.account_id: (row.n_people, *said(row)) for row in listed} == recount.accounts(self.loads)
        for row in listed:
            facts, _ = read_account(*get_account(reader, row.no), today=recount.DAY)
            assert (facts.n_people, *said(facts)) == (row.n_people, *said(row))


def said(row):
    """Return what a row says of events: how many, the first and the last day."""
    day = lambda time: (time - recount.DAY).days if time else None  # noqa: E731
    return (row.n_events, day(row.first_seen_at), day(row.last_seen_at))


def test_lists_and_pages_equal_a_plain_recount_after_every_step(team, ops, monkeypatch):
    worlds = []

    @settings(max_examples=3, derandomize=True, database=None)
    @given(STEPS, st.sampled_from([1, 10**9]))
    def run(steps, much):
        monkeypatch.setattr("insights.persons.rosters.WORTH_KEEPING", much)
        worlds.append(World(team, len(worlds)))
        worlds[-1].load([("ann", 1, None), ("bob", 2, "acme")], [], [])
        for step in steps:
            name, *given = step
            getattr(worlds[-1], name)(*given)
            worlds[-1].check(ops)

    run()
    assert store_faults() == []
