"""A source, short ways to write events and to read them back."""

import pytest

from insights.events.public import open_snapshot
from tests.factories import make_source


@pytest.fixture
def source(product):
    return make_source(product)


@pytest.fixture
def read():
    """Return a function that runs a template on sources and returns its rows."""

    def run(sources, sql="SELECT event_code, distinct_no, ts FROM {events} ORDER BY ts, distinct_no", **options):
        sources = sources if isinstance(sources, list) else [sources]
        with open_snapshot([source.pk for source in sources], caller="test") as snapshot:
            return snapshot.execute(sql, **options).tuples

    return run


@pytest.fixture
def event():
    """Return a maker of event rows on a day of January 2024."""

    def make(name="opened", who="ann", day=1, **extra):
        return {"event": name, "distinct_id": who, "timestamp": f"2024-01-{day:02d}T10:00:00+00:00", **extra}

    return make
