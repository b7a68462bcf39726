"""Lists of persons and accounts are exact whatever part of the data is counted anew and whatever was kept."""

import pytest

from insights.events.compaction import compact
from insights.events.public import DistinctId, merge_persons, undo_batch
from insights.events.rollups import note_activity
from insights.persons.accounts import list_accounts
from insights.persons.finding import list_persons
from portal.people.public import SYSTEM
from tests.factories import store_events
from tests.insights.persons.conftest import at, trait


def labels(product, sort="first"):
    return [row.label for row in list_persons(product, sort=sort).rows]


def accounts(product):
    rows = list_accounts(product, sort="number").rows
    return [(row.account_id, row.n_people, row.n_events, row.first_seen_at, row.last_seen_at) for row in rows]


@pytest.mark.parametrize("large", [1, 3, 10**9])
def test_lists_are_exact_while_parts_come_and_go(people, product, source, monkeypatch, large):
    monkeypatch.setattr("insights.persons.rosters.LARGE_PART", large)
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
