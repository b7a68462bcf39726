"""Who is whom: joins are exact for the past, refused where they would merge two known people, and can be undone."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insights.events.identities import resolved_map
from insights.events.models import Account, DistinctId, Part, PersonJoin
from insights.events.public import (
    changed_since,
    current_version,
    describe_accounts,
    describe_people,
    merge_persons,
    open_snapshot,
    undo_batch,
    undo_join,
)
from insights.events.verify import verify_store
from portal.people.public import SYSTEM
from portal.shell.public import BadInput, Conflict, NotAllowed, NotFound
from tests.factories import make_source, store_events

N_PERSONS = (
    "SELECT count(DISTINCT coalesce(m.person_no, e.distinct_no)) FROM {events} e LEFT JOIN {person_map} m "
    "USING (distinct_no)"
)


def join(kind, old, new, minute=0):
    return {"kind": kind, "distinct_id": old, "person_id": new, "timestamp": f"2024-01-05T10:{minute:02d}:00+00:00"}


def persons_of(space):
    """Return {id: the id that stands for its person}."""
    rows = list(DistinctId.objects.filter(id_space=space))
    text = {row.no: row.distinct_id for row in rows}
    return {row.distinct_id: text[row.resolved_no] for row in rows}


def test_identify_joins_past_events_to_the_person(source, event, read):
    store_events(source, [event(who="anon"), event(who="ann", day=2)])
    assert read(source, N_PERSONS) == [(2,)]
    batch = store_events(source, [event("$identify", who="ann", day=5)], joins=[join("identify", "anon", "ann")])
    assert (batch.n_joins, batch.n_joins_refused) == (1, 0)
    assert read(source, N_PERSONS) == [(1,)]
    assert persons_of(source.id_space) == {"anon": "ann", "ann": "ann"}


def test_identify_never_merges_an_id_that_is_joined_already(source, event, read):
    store_events(source, [event(who=who) for who in ("device", "ann", "bob")])
    joins = [join("identify", "device", "ann"), join("identify", "device", "bob", 1), join("identify", "ann", "bob", 2)]
    batch = store_events(source, joins=joins)
    assert (batch.n_joins, batch.n_joins_refused) == (1, 2)
    assert persons_of(source.id_space) == {"device": "ann", "ann": "ann", "bob": "bob"}
    again = store_events(source, joins=joins[1:2])
    assert again.n_joins_refused == 1
    assert PersonJoin.objects.filter(state="refused").count() == 2


def test_alias_joins_any_two_and_repeating_a_join_changes_nothing(source, event, read):
    store_events(source, [event(who="old"), event(who="new")])
    store_events(source, joins=[join("alias", "old", "new")])
    version = current_version([source.pk])
    batch = store_events(source, joins=[join("alias", "old", "new", 9), join("identify", "old", "new", 9)])
    assert (batch.n_joins, batch.n_joins_refused) == (0, 0)
    assert current_version([source.pk]) == version


def test_a_merge_by_ops_reaches_all_sources_of_the_space_and_can_be_undone(product, event, ops, owner, read):
    web, app = make_source(product, "Web"), make_source(product, "App")
    store_events(web, [event(who="ann")])
    store_events(app, [event(who="a.nn")])
    with pytest.raises(NotAllowed):
        merge_persons(web.id_space, "ann", "a.nn", actor=owner)
    with pytest.raises(NotFound):
        merge_persons(web.id_space, "ann", "nobody", actor=ops)
    with pytest.raises(BadInput):
        merge_persons(web.id_space, "ann", "ann", actor=ops)
    with open_snapshot([web.pk, app.pk], caller="test") as before:
        merged = merge_persons(web.id_space, "ann", "a.nn", actor=ops)
        assert before.execute(N_PERSONS).tuples == [(2,)], "a reader keeps the version that it opened"
    assert read([web, app], N_PERSONS) == [(1,)]
    undo_join(merged, actor=ops)
    assert read([web, app], N_PERSONS) == [(2,)]
    with pytest.raises(Conflict):
        undo_join(merged, actor=ops)
    assert not Part.objects.filter(kind="person_map", removed_version=None).exists()


def test_equal_ids_of_two_spaces_are_two_people(product, team, event, read):
    from tests.factories import make_product

    one, two = make_source(product), make_source(make_product("Other", team), "Other web")
    store_events(one, [event(who="ann")])
    store_events(two, [event(who="ann")])
    assert read([one, two], N_PERSONS) == [(2,)]


def test_undoing_one_join_of_a_chain_keeps_the_others(source, event, ops, read):
    store_events(source, [event(who=who) for who in "abcd"])
    for old, new in ("ab", "bc", "cd"):
        store_events(source, joins=[join("alias", old, new)])
    assert read(source, N_PERSONS) == [(1,)]
    undo_join(PersonJoin.objects.get(from_id__distinct_id="b"), actor=ops)
    assert persons_of(source.id_space) == {"a": "b", "b": "b", "c": "d", "d": "d"}


def test_a_join_counts_as_a_change_from_the_moved_ids_first_event_on(source, event):
    store_events(source, [event(who="ann", day=1), event(who="anon", day=10)])
    version = current_version([source.pk])
    store_events(source, joins=[join("identify", "anon", "ann")])
    day = [dt.datetime(2024, 1, day, tzinfo=dt.UTC) for day in range(1, 32)]
    assert not changed_since([source.pk], version, day[0], day[8], uses_traits=False)
    assert changed_since([source.pk], version, day[0], day[12], uses_traits=False)
    assert changed_since([source.pk], version, day[0], day[8])


def test_the_latest_trait_by_event_time_wins_also_across_joined_ids(source, event):
    def trait(who, value, day, key="plan"):
        time = f"2024-01-{day:02d}T00:00:00+00:00"
        return {"subject_id": who, "key": key, "value": value, "timestamp": time, "item_no": 100 + day}

    group = {"subject": "account", "subject_id": "acme", "key": "seats", "value": 5, "timestamp": "2024-01-01"}
    store_events(source, [event()], traits=[trait("ann", "pro", 9), trait("ann", "free", 2), group])
    store_events(
        source, traits=[trait("ann", "trial", 3), trait("anon", "team", 12), trait("ann", "acme", 4, "$account")]
    )
    ann = DistinctId.objects.get(distinct_id="ann")
    assert describe_people([ann.no], source_ids=[source.pk])[ann.no].traits == {"plan": "pro", "$account": "acme"}
    store_events(source, joins=[join("identify", "anon", "ann")])
    summary = describe_people([ann.no], source_ids=[source.pk])[ann.no]
    assert summary.traits == {"plan": "team", "$account": "acme"}
    assert summary.distinct_ids == ("ann", "anon")
    acme = Account.objects.get(account_id="acme")
    assert describe_accounts([acme.no], source_ids=[source.pk]) == {acme.no: ("acme", {"seats": 5})}


def test_traits_and_joins_of_a_duplicate_item_are_not_taken_again(source, event):
    trait = {"subject_id": "ann", "key": "plan", "value": "pro", "timestamp": "2024-01-01", "item_no": 1}
    rows = [event("$identify", event_id="m1")]
    assert store_events(source, rows, traits=[trait], joins=[join("identify", "x", "ann")]).n_traits == 1
    again = store_events(source, rows, traits=[trait], joins=[{**join("identify", "y", "ann"), "item_no": 1}])
    assert (again.n_duplicates, again.n_traits, again.n_joins) == (1, 0, 0)


def test_undoing_a_batch_takes_its_joins_back(source, event, read):
    store_events(source, [event(who="anon"), event(who="ann")])
    batch = store_events(source, joins=[join("identify", "anon", "ann")])
    undo_batch(batch, actor=SYSTEM)
    assert read(source, N_PERSONS) == [(2,)]


_CLAIMS = st.lists(
    st.tuples(st.sampled_from(["identify", "alias"]), st.sampled_from("abcdef"), st.sampled_from("abcdef")),
    max_size=12,
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(claims=_CLAIMS, undone=st.lists(st.integers(0, 11), max_size=3), cut=st.integers(0, 12))
def test_the_map_always_equals_what_the_active_joins_come_to(product, claims, undone, cut):
    source = make_source(product, f"S{id(claims)}-{len(PersonJoin.objects.all())}-{hash(str(claims)) % 10**9}")
    source.id_space = source.id_space
    joins = [join(kind, old, new, minute) for minute, (kind, old, new) in enumerate(claims)]
    for part in (joins[:cut], joins[cut:]):
        store_events(source, joins=part)
    active = list(PersonJoin.objects.filter(state="active"))
    for place in undone:
        if place < len(active) and active[place].state == "active":
            active[place] = undo_join(active[place], actor=SYSTEM)
    current = {row.no: row.person_no for row in DistinctId.objects.exclude(person_no=None)}
    by_map, by_rows = {}, {}
    for no in {*resolved_map(), *current}:
        by_map.setdefault(resolved_map().get(no, no), set()).add(no)
        by_rows.setdefault(current.get(no, no), set()).add(no)
    assert _groups(resolved_map()) == _groups(current)
    assert [fault for fault in verify_store(is_quick=True) if "map" in fault] == []


def _groups(person_of):
    groups = {}
    for no, person in person_of.items():
        groups.setdefault(person, {person}).add(no)
    return sorted(map(sorted, groups.values()))
