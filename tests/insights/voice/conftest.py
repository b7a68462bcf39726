"""Somebody who spoke: people and accounts that events know, and a way to write down what they said."""

import datetime as dt

import pytest

from insights.voice.feedback.actions import add_feedback
from insights.voice.feedback.demo_texts import LINES
from tests.factories import make_channel, make_source, store_events

TODAY = dt.date(2024, 2, 1)


def _trait(who, key, value, subject="person", at="2024-01-05T10:00:00+00:00"):
    return {"subject": subject, "subject_id": who, "key": key, "value": value, "timestamp": at, "item_no": 90}


@pytest.fixture
def people(product):
    """Ann (with the id of her visit before the login) and Bob of Acme Works, Cy of nobody."""
    rows = [
        {"event": "opened", "distinct_id": who, "timestamp": "2024-01-02T10:00:00+00:00", "event_id": who}
        for who in ("ann", "bob", "cy", "anon-1")
    ]
    traits = [
        _trait("ann", "name", "Ann Arbor"),
        _trait("ann", "email", "Ann@example.com"),
        _trait("ann", "$account", "acme"),
        _trait("bob", "$account", "acme"),
        _trait("acme", "name", "Acme Works", "account"),
        _trait("acme", "plan", "business", "account"),
    ]
    joins = [
        {"kind": "identify", "distinct_id": "anon-1", "person_id": "ann", "timestamp": "2024-01-02T10:00:00+00:00"}
    ]
    return store_events(make_source(product), rows, traits=traits, joins=joins)


@pytest.fixture(autouse=True)
def channels(request):
    """The channels of a fresh portal, wherever a test has a database."""
    if "db" in request.fixturenames:
        request.getfixturevalue("db")
        for slug in {"support", "call", "review", *(line[4] for line in LINES)}:
            make_channel(slug)


@pytest.fixture
def channel(db):
    return make_channel("support")


@pytest.fixture
def say(product, owner, channel):
    def say(text="It is slow.", actor=owner, of=product, **more):
        values = {"kind": "problem", "channel": channel, "said_on": dt.date(2024, 1, 20), **more}
        return add_feedback(of, actor=actor, today=TODAY, text=text, **values)[0]

    return say
