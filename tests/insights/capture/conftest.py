"""A capture source with a key, and helpers that send to it and look at what was stored."""

import base64
import json

import pytest

from insights.capture.actions import create_write_key
from insights.capture.flushing import flush_inbox
from insights.events.public import Source, open_snapshot
from portal.people.public import SYSTEM
from tests import factories


@pytest.fixture
def source(product):
    return factories.make_source(product, "App", Source.Kind.API)


@pytest.fixture
def key(source):
    """The text of a write key of the source."""
    return create_write_key(source, name="web", actor=SYSTEM)[1]


@pytest.fixture
def send(client, key):
    """Return a function that posts JSON with the key as Basic user name."""

    def post(path, body, *, text=None, **headers):
        basic = base64.b64encode(f"{text or key}:".encode()).decode()
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return client.post(
            path, data, content_type="application/json", headers={"Authorization": f"Basic {basic}", **headers}
        )

    return post


@pytest.fixture
def stored(source):
    """Return a function that flushes and returns the stored rows as (event, person, account, time, properties)."""

    def read():
        flush_inbox()
        with open_snapshot([source.pk], caller="test") as snapshot:
            rows = snapshot.execute(
                "SELECT event_code, coalesce(m.person_no, e.distinct_no) AS person, account_no, ts, "
                "properties::JSON::VARCHAR AS properties FROM {events} e LEFT JOIN {person_map} m USING (distinct_no) "
                "ORDER BY ts, event_code"
            ).dicts()
            rows = list(rows)
            names = snapshot.names_of([row["event_code"] for row in rows])
        return [row | {"event": names[row["event_code"]], "properties": json.loads(row["properties"])} for row in rows]

    return read
