"""Accounts: an event is of the account that it names, else of its person's group."""

import datetime as dt

import time_machine
from django.urls import reverse

from insights.events.public import Account
from insights.persons.access import get_account
from insights.persons.accounts import list_accounts, read_account
from tests.factories import store_events
from tests.insights.persons.conftest import at, trait

NOW = dt.datetime(2024, 1, 10, 12, tzinfo=dt.UTC)  # a Wednesday


def account_no(text="acme"):
    return Account.objects.get(account_id=text).no


def test_the_list_counts_people_and_events_by_name_and_by_group(people, product, source):
    store_events(source, [{"event": "opened", "distinct_id": "bob", "timestamp": at(12)}])
    (acme,) = list_accounts(product).rows
    assert (acme.label, acme.account_id, acme.n_people, acme.n_events) == ("Acme Works", "acme", 2, 3)
    assert (acme.first_seen_at.day, acme.last_seen_at.day) == (3, 12)
    assert list_accounts(product, "work").total == list_accounts(product, "ACM").total == 1
    assert list_accounts(product, "orks").total == 0


def test_an_account_known_by_traits_alone_is_listed(source, product):
    store_events(source, traits=[trait("globex", "plan", "team", subject="account")])
    (globex,) = list_accounts(product).rows
    assert (globex.account_id, globex.n_people, globex.n_events, globex.last_seen_at) == ("globex", 0, 0, None)


def test_weeks_begin_on_monday_and_the_last_is_not_over(people, source, viewer):
    scope, account = get_account(viewer, account_no())
    facts, people = read_account(scope, account, today=NOW)
    assert [(week.starts_at.date().isoformat(), week.n_people, week.n_events) for week in facts.weeks[-2:]] == [
        ("2024-01-01", 1, 1),
        ("2024-01-08", 1, 1),
    ]
    assert [week.is_partial for week in facts.weeks] == [False] * 4 + [True]
    assert (people.total, [row.label for row in people.rows]) == (2, ["Ann Arbor", "bob"])


def test_the_page_shows_traits_weeks_and_people(people, client_of, viewer):
    client, url = client_of(viewer), reverse("persons:account-page", args=[account_no()])
    with time_machine.travel(NOW, tick=False):
        client = client_of(viewer)
        page = client.get(url).content.decode()
    for shown in ("Acme Works", "Ann Arbor", "so far", "<polyline"):
        assert shown in page
    assert "Nothing happened in these weeks" in client_of(viewer).get(url).content.decode()
    assert client.get(reverse("persons:account-page", args=[10**6])).status_code == 404
    assert client.post(url).status_code == 405
