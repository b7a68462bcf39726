"""A source with a few people, written out so that every number on the pages can be counted by hand."""

import pytest

from tests.factories import make_source, store_events


def at(day: int, hour: int = 10) -> str:
    return f"2024-01-{day:02d}T{hour:02d}:00:00+00:00"


def trait(who, key, value, day=5, subject="person"):
    return {
        "subject": subject,
        "subject_id": who,
        "key": key,
        "value": value,
        "timestamp": at(day),
        "item_no": 90 + day,
    }


@pytest.fixture
def source(product):
    return make_source(product)


@pytest.fixture
def people(source):
    """Ann (with the id of her visit before the login), Bob of acme, and Cy without an account."""
    rows = [
        {"event": "visited", "distinct_id": "anon-1", "timestamp": at(1)},
        {"event": "opened", "distinct_id": "ann", "timestamp": at(2), "properties": {"report": "weekly"}},
        {"event": "opened", "distinct_id": "ann", "timestamp": at(9), "account_id": "acme"},
        {"event": "opened", "distinct_id": "bob", "timestamp": at(3), "account_id": "acme"},
        {"event": "opened", "distinct_id": "cy", "timestamp": at(4)},
    ]
    traits = [
        trait("ann", "name", "Ann Arbor"),
        trait("ann", "email", "Ann@example.com", 6),
        trait("ann", "plan", "free", 4),
        trait("ann", "plan", "pro", 7),
        trait("bob", "$account", "acme", 3),
        trait("acme", "name", "Acme Works", 3, "account"),
    ]
    joins = [
        {"kind": "identify", "distinct_id": "anon-1", "person_id": "ann", "timestamp": at(2)},
        {"kind": "identify", "distinct_id": "anon-1", "person_id": "bob", "timestamp": at(3)},
    ]
    return store_events(source, rows, traits=traits, joins=joins)
