"""Accounts: an event is of the account that it names, else of its person's group."""

import datetime as dt

import time_machine
from django.urls import reverse

from insights.contacts.actions import create_contact, write_contact
from insights.events.public import Account
from insights.persons.access import get_account
from insights.persons.accounts import list_accounts, read_account
from tests.factories import make_product, make_source, make_team, store_events
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


def test_who_works_there_as_their_contact_says_is_counted_once(people, product, source, owner):
    """Whether or not an event names the account, and as on the account's page."""

    def listed():
        return {row.account_id: row.n_people for row in list_accounts(product).rows}

    def on_page(account_id):
        account = Account.objects.get(account_id=account_id)
        return read_account(get_account(owner, account.no)[0], account, today=NOW)[0].n_people

    before = listed()
    ann = create_contact(product, actor=owner, person="ann", account="acme")
    assert listed() == before, "an event says so already"
    create_contact(product, actor=owner, address="new@acme.example", account="acme")
    create_contact(product, actor=owner, name="Lee", address="lee@lead.example", account="lead")
    assert listed() == {**before, "acme": before["acme"] + 1, "lead": 1}
    write_contact(ann.person, actor=owner, version=1, account="lead")
    assert listed() == {**before, "acme": before["acme"] + 1, "lead": 2}
    assert {name: on_page(name) for name in ("acme", "lead")} == {"acme": before["acme"] + 1, "lead": 2}
    one, other = (make_product(name, product.team) for name in ("Without", "Without too"))
    create_contact(one, actor=owner, address="a@b.example", account="only")
    assert [row.account_id for row in list_accounts(one).rows] == ["only"] and not list_accounts(other).rows


def test_weeks_begin_on_monday_and_the_last_is_not_over(people, source, viewer):
    scope, account = get_account(viewer, account_no())
    facts, people = read_account(scope, account, today=NOW)
    assert [(week.starts_at.date().isoformat(), week.n_people, week.n_events) for week in facts.weeks[-2:]] == [
        ("2024-01-01", 1, 1),
        ("2024-01-08", 1, 1),
    ]
    assert [week.is_partial for week in facts.weeks] == [False] * 4 + [True]
    assert (people.total, [row.label for row in people.rows]) == (2, ["Ann Arbor", "bob"])


def test_the_page_shows_traits_and_people_and_leads_to_its_weeks(people, client_of, viewer):
    client, url = client_of(viewer), reverse("persons:account-page", args=[account_no()])
    weeks = reverse("persons:account-weeks", args=[account_no()])
    page = client.get(url).content.decode()
    for shown in ("Acme Works", "Ann Arbor", "The last 5 weeks", f'href="{weeks}"', f'hx-get="{weeks}"'):
        assert shown in page
    assert client.get(reverse("persons:account-page", args=[10**6])).status_code == 404
    assert client.post(url).status_code == 405


def test_the_weeks_are_a_piece_and_a_page(people, client_of, viewer):
    url = reverse("persons:account-weeks", args=[account_no()])
    with time_machine.travel(NOW, tick=False):
        client = client_of(viewer)
        page, piece = (client.get(url, headers=headers).content.decode() for headers in ({}, {"HX-Request": "true"}))
    for shown in ("1 Jan 2024", "so far", "<polyline"):
        assert shown in page and shown in piece
    assert "The last 5 weeks of acme" in page and "<html" not in piece
    assert "Nothing happened in these weeks" in client_of(viewer).get(url).content.decode()
    assert client_of(viewer).get(reverse("persons:account-weeks", args=[10**6])).status_code == 404


def test_an_account_of_other_sources_alone_is_not_there(people, source, product, client_of, viewer):
    """Ids are numbered through: whoever sees one source of a space learns nothing of the accounts of another."""
    other = make_product("Hidden", make_team("Others"), visibility="team")
    hidden = make_source(other, "Hidden web", id_space=source.id_space)
    store_events(hidden, [{"event": "opened", "distinct_id": "zoe", "account_id": "secret", "timestamp": at(9)}])
    client, no = client_of(viewer), account_no("secret")
    for name, number in (("persons:account-page", "no"), ("persons:account-weeks", "no"), ("api:account-detail", "pk")):
        assert client.get(reverse(name, kwargs={number: no})).status_code == 404, name
