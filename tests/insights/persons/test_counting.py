"""A long history of accounts is counted by a worker; pages show the counts of before, with their time."""

import csv
import re
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from insights.events.compaction import compact
from insights.events.public import Account, undo_batch
from insights.events.rollups import note_activity
from insights.persons.night import count_all
from insights.persons.tasks import count_accounts
from portal.operations.models import OutboxMessage
from portal.people.public import SYSTEM
from tests.factories import store_events
from tests.insights.persons.conftest import at

LIST = reverse("persons:account-list")


@pytest.fixture
def long_history(people, monkeypatch):
    monkeypatch.setattr("insights.persons.counting.QUICK_ROWS", 0)
    monkeypatch.setattr("insights.persons.counting._REST", 0)
    return people


def wishes():
    return OutboxMessage.objects.filter(task="persons.count_accounts", done_at=None)


def carry_out():
    (wish,) = wishes()
    count_accounts(**wish.arguments)
    wishes().delete()


def page_of(client, **headers):
    return client.get(LIST, HTTP_HX_REQUEST="true", headers=headers)


def test_the_first_counting_is_asked_for_once_and_shown_when_it_is_done(long_history, client_of, viewer):
    client = client_of(viewer)
    page = client.get(LIST).content.decode()
    assert "being counted for the first time" in page
    assert page_of(client, x_counted_at="never").status_code == 204
    assert client.get(reverse("api:account-list"), {"product": "planner"}).status_code == 503
    assert client.get(LIST, {"format": "csv"}).status_code == 503
    carry_out()
    found = page_of(client, x_counted_at="never").content.decode()
    assert "Acme Works" in found and "x-counted-at" not in found.lower()
    assert not wishes().exists()


def test_older_counts_are_shown_with_their_time_until_newer_ones_are_there(long_history, source, client_of, viewer):
    client, api = client_of(viewer), lambda: client.get(reverse("api:account-list"), {"product": "planner"}).json()
    count_accounts([source.pk])
    shown = client.get(LIST).content.decode()
    assert "Newer data came in" not in shown and api()["is_current"]
    late = store_events(source, [{"event": "opened", "distinct_id": "dee", "timestamp": at(11), "account_id": "acme"}])
    with CaptureQueriesContext(connection) as queries:
        shown = client.get(LIST).content.decode()
    assert wishes().exists() and len([query for query in queries if "SAVEPOINT" not in query["sql"]]) <= 12
    assert "Newer data came in" in shown and "Show the newest counts" in shown
    assert (api()["results"][0]["n_events"], api()["is_current"]) == (2, False)
    taken = b"".join(client.get(LIST, {"format": "csv"})).decode("utf-8-sig")
    first, _, line = csv.reader(taken.splitlines())
    assert first[0].startswith("# Counted at: ") and line[:4] == ["Acme Works", "acme", "2", "2"]
    seen = re.search(r'"X-Counted-At": "([^"]+)"', shown)[1]
    assert page_of(client, x_counted_at=seen).status_code == 204
    carry_out()
    newer = page_of(client, x_counted_at=seen).content.decode()
    assert "Newer data came in" not in newer and api()["results"][0]["n_people"] == 3
    note_activity(least_rows=1)
    compact(most_parts=1)
    assert api()["is_current"] and not wishes(), "the same data in other files"
    undo_batch(late, actor=SYSTEM)
    assert api()["results"][0]["n_people"] == 3
    count_accounts([source.pk])
    assert (api()["results"][0]["n_people"], api()["is_current"]) == (2, True)


def test_the_page_of_an_account_is_exact_meanwhile(long_history, source, client_of, viewer):
    page = client_of(viewer).get(reverse("persons:account-page", args=[Account.objects.get().no])).content.decode()
    assert "Ann Arbor" in page and not wishes().exists()


def test_the_night_counts_for_the_morning(long_history, client_of, viewer):
    told = []
    night = SimpleNamespace(
        check_still_mine=lambda: None,
        progress=lambda *said: told.append(said),
        problem=lambda words: told.append(words),
    )
    count_all(night)
    assert told == [(1, 1, "Planner: 3 persons, 1 account")]
    assert "Acme Works" in client_of(viewer).get(LIST).content.decode()
    assert not wishes().exists()
