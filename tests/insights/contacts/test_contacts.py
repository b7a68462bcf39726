"""What is written down of persons and accounts, and how it meets what events say."""

import datetime as dt

import pytest
from django.urls import reverse

from insights.contacts.models import AccountRecord, Consent, Contact
from insights.contacts.public import find_speaker, name_speakers, source_ids_of, who_agreed
from insights.events.public import Account, DistinctId, erase_person
from portal.audit.models import AuditEntry
from tests.factories import make_source, make_team, make_user, store_events

AT = "2024-01-05T10:00:00+00:00"


def _trait(who, key, value, subject="person"):
    return {"subject": subject, "subject_id": who, "key": key, "value": value, "timestamp": AT, "item_no": 9}


@pytest.fixture
def people(product):
    """Ann of acme (plan team, tier gold) and bob of birch (plan free), as events know them."""
    rows = [{"event": "opened", "distinct_id": who, "timestamp": AT, "event_id": who} for who in ("ann", "bob")]
    traits = [
        *(_trait("ann", key, value) for key, value in (("email", "ann@acme.example"), ("$account", "acme"))),
        _trait("bob", "$account", "birch"),
        *(_trait("acme", key, value, "account") for key, value in (("plan", "team"), ("tier", "gold"), ("arr", 1200))),
        _trait("birch", "plan", "free", "account"),
    ]
    return store_events(make_source(product), rows, traits=traits)


def _new(client, **fields):
    return client.post(reverse("contacts:contact-new"), {"product": "planner", **fields})


def _page(client, no):
    return client.get(reverse("persons:person-page", args=[no])).content.decode()


def _list(client, **query):
    return client.get(reverse("persons:person-list"), {"product": "planner", **query}).content.decode()


def test_a_contact_without_events_is_listed_found_and_named_everywhere(product, client_of, owner):
    client = client_of(owner)
    assert "Give an e-mail address" in _new(client, name="Nobody").content.decode()
    made = _new(client, name="Dora Dahl", address="dora@elm.example", title="Head of planning", account="elm")
    contact = Contact.objects.get()
    assert made.url == contact.get_absolute_url() and contact.version == 1
    page = _page(client, contact.person_id)
    assert "Dora Dahl" in page and "Head of planning" in page and "elm" in page
    assert (
        "Dora Dahl" in _list(client) and "Dora Dahl" in _list(client, q="dahl") and "Dora" not in _list(client, q="x")
    )
    speaker = find_speaker(product, person="DORA@elm.example")
    assert speaker.person_no == contact.person_id and speaker.account_no == contact.account_id
    named, accounts = name_speakers([contact.person], [contact.account], source_ids_of([product.pk]))
    assert named[contact.person_id].label == "Dora Dahl" and accounts[contact.account_id].label == "elm"
    # Written down again she is known; what events say later is of the same person.
    assert _new(client, address="dora@elm.example").status_code == 409 and Contact.objects.count() == 1
    rows = [{"event": "opened", "distinct_id": "dora@elm.example", "timestamp": AT}]
    store_events(make_source(product), rows)
    assert _list(client).count("Dora Dahl") == 1


def test_an_address_of_a_contact_that_events_say_of_another_is_possibly_theirs(people, product, client_of, owner, ops):
    """Senders say of ann what was written down of bob: offered on both their pages, and merged from either."""
    ann, bob = (DistinctId.objects.get(distinct_id=who).no for who in ("ann", "bob"))

    def page(no):
        return client_of(ops).get(reverse("persons:person-twins", args=[no])).content.decode()

    assert "Nobody else" in page(ann) and "Nobody else" in page(bob)
    client_of(owner).post(reverse("contacts:contact-edit", args=[bob]), {"address": "ANN@acme.example", "version": 0})
    for one, other in ((ann, bob), (bob, ann)):
        assert f"{reverse('persons:person-merge', args=[one])}?other={other}" in page(one)
    assert f'<a href="{reverse("persons:person-page", args=[ann])}">ann@acme.example</a> <code>ann</code>' in page(bob)


def test_an_address_that_events_know_is_that_person(people, client_of, owner):
    client = client_of(owner)
    _new(client, name="Ann Arbor", address="Ann@acme.example")
    contact = Contact.objects.get()
    assert contact.person.distinct_id == "ann" and "Ann Arbor" in _list(client)
    url = reverse("contacts:contact-edit", args=[contact.person_id])
    changed = {"name": "Ann A.", "address": "ann@acme.example", "next_step": "Ask about seats", "version": 1}
    assert client.post(url, changed).status_code == 302 and "Ask about seats" in _page(client, contact.person_id)
    assert client.post(url, changed).status_code == 409  # made from a version that is not the newest
    entries = AuditEntry.objects.filter(verb="contact.changed")
    assert entries.count() == 1 and "Ask about" not in str(entries.get().changes)
    assert client.post(reverse("contacts:contact-delete", args=[contact.pk])).status_code == 302
    assert not Contact.objects.exists() and "ann@acme.example" in _list(client)


def test_the_same_address_is_possibly_the_same_person(people, client_of, owner, ops):
    client = client_of(owner)
    for who in ("ann", "bob"):
        no = DistinctId.objects.get(distinct_id=who).no
        url = reverse("contacts:contact-edit", args=[no])
        client.post(url, {"name": who.title(), "address": "team@acme.example", "version": 0})
    ann, bob = (DistinctId.objects.get(distinct_id=who).no for who in ("ann", "bob"))
    merge, twins = (reverse(f"persons:person-{name}", args=[ann]) for name in ("merge", "twins"))
    merge = f"{merge}?other={bob}"
    assert twins in _page(client, ann)
    page = client.get(twins).content.decode()
    assert "Possibly the same person" in page and merge not in page
    client = client_of(ops)
    assert merge in client.get(twins).content.decode() and "Merge Bob into Ann" in client.get(merge).content.decode()


def test_ops_say_which_trait_is_what_and_every_page_means_the_same(people, product, client_of, owner, ops):
    client, url = client_of(ops), reverse("contacts:trait-names", args=["planner"])
    accounts = reverse("persons:account-list", query={"product": "planner"})
    assert "team" in client.get(accounts, {"product": "planner", "plan": "team"}).content.decode()
    assert "arr" in client.get(url).content.decode()
    assert client.post(url, {"plan": "tier", "revenue": "arr", "unit": "EUR a year"}).status_code == 302
    acme, birch = (Account.objects.get(account_id=name) for name in ("acme", "birch"))
    page = client.get(reverse("persons:account-page", args=[acme.no])).content.decode()
    assert "gold" in page and "1,200 EUR a year" in page and "trait “tier”" in page
    found = client.get(f"{accounts}&plan=gold").content.decode()
    assert ">acme<" in found and ">birch<" not in found and "Revenue, EUR a year" in found
    # What is typed comes before the trait, for the list and for the voice too.
    client = client_of(owner)
    typed = {"plan": "gold", "segment": "schools", "revenue": "10.50", "version": 0}
    assert client.post(reverse("contacts:record-edit", args=[birch.no]), typed).status_code == 302
    typed = {"plan": "silver", "version": 0}
    client.post(reverse("contacts:record-edit", args=[acme.no]), typed)
    found = client.get(f"{accounts}&plan=gold&segment=schools").content.decode()
    assert ">birch<" in found and ">acme<" not in found
    _, named = name_speakers([], [acme, birch], source_ids_of([product.pk]))
    assert [named[no].detail for no in (acme.no, birch.no)] == ["silver", "gold"]
    taken = b"".join(client.get(f"{accounts}&plan=gold&format=csv")).decode("utf-8-sig").splitlines()
    assert taken[0].endswith("plan,segment,status,owner,revenue") and taken[1].endswith(",gold,schools,,,10.5")


def test_an_account_without_events_is_listed_and_has_a_page(client_of, owner, product):
    client = client_of(owner)
    made = client.post(reverse("contacts:record-new"), {"product": "planner", "account": "oak", "name": "Oak & Co"})
    assert "Oak &amp; Co" in client.get(made.url).content.decode()
    accounts = reverse("persons:account-list", query={"product": "planner"})
    assert "Oak &amp; Co" in client.get(accounts).content.decode()
    assert "Oak &amp; Co" in client.get(f"{accounts}&q=oak").content.decode()
    _new(client, name="Olga", address="olga@oak.example", account="oak")
    assert "Olga" in client.get(made.url).content.decode()


def test_consents_are_given_and_withdrawn_and_never_changed(people, client_of, owner):
    client, ann = client_of(owner), DistinctId.objects.get(distinct_id="ann")
    url = reverse("contacts:consent-new", args=[ann.no])
    given = {"purpose": "recording", "given_on": "2024-01-10", "expires_on": "2024-01-20", "proof": "call, 1:20"}
    assert "would end before" in client.post(url, {**given, "expires_on": "2024-01-01"}).content.decode()
    assert client.post(url, given).status_code == 302
    assert client.post(url, {**given, "purpose": "quote", "expires_on": ""}).status_code == 302
    page = _page(client, ann.no)
    assert "Expired" in page and "Holds" in page and "call, 1:20" in page
    numbers = [ann.no, 0]
    assert who_agreed(numbers, "recording", dt.date(2024, 1, 20)) == {ann.no}
    assert who_agreed(numbers, "recording", dt.date(2024, 1, 21)) == set()
    quote = Consent.objects.get(purpose="quote")
    withdraw = reverse("contacts:consent-withdraw", args=[quote.pk])
    assert client.post(withdraw).status_code == 302 and client.post(withdraw).status_code == 409
    assert "Withdrawn" in _page(client, ann.no) and Consent.objects.count() == 2
    assert who_agreed(numbers, "quote", dt.date(2024, 2, 1)) == set()


def test_the_api_writes_by_the_same_doors(people, product, client_of, owner, viewer):
    client, json = client_of(owner), {"content_type": "application/json"}
    made = client.post(reverse("api:contact-list"), {"product": "planner", "person": "bob", "name": "Bob"}, **json)
    assert made.status_code == 201 and made.json()["person"]["id"] == "bob"
    one = reverse("api:contact-detail", args=[made.json()["id"]])
    assert client.patch(one, {"status": "champion"}, **json).json()["fields"].keys() == {"version"}
    changed = client.patch(one, {"status": "champion", "version": 1, "account": "birch"}, **json).json()
    assert (changed["status"], changed["version"], changed["account"]["id"]) == ("champion", 2, "birch")
    assert client.patch(one, {"status": "lost", "version": 1}, **json).status_code == 409
    assert client.get(reverse("api:contact-list"), {"q": "bo", "status": "champion"}).json()["results"]
    records = reverse("api:account-record-list")
    body = {"product": "planner", "account": "birch", "revenue": "99.00"}
    assert client.post(records, {**body, "revenue": -1}, **json).status_code == 400
    assert client.post(records, body, **json).json()["revenue"] == "99.00"
    person = made.json()["person"]["no"]
    body = {"person": person, "purpose": "survey", "given_on": "2024-01-05", "proof": "form 7"}
    consent = client.post(reverse("api:consent-list"), body, **json).json()
    assert client.get(reverse("api:consent-list"), {"is_in_force": True}).json()["results"][0]["id"] == consent["id"]
    assert client.post(reverse("api:consent-withdraw", args=[consent["id"]])).json()["withdrawn_at"]
    assert client.patch(reverse("api:consent-detail", args=[consent["id"]]), body, **json).status_code == 405
    name = {"product": "planner", "meaning": "plan", "key": "tier"}
    assert client.post(reverse("api:trait-name-list"), name, **json).status_code == 403
    client = client_of(viewer)
    assert client.patch(one, {"status": "x", "version": 2}, **json).status_code == 403


def test_what_is_written_down_is_for_the_team_alone(people, product, client_of, owner, outsider, ops):
    _new(client_of(owner), name="Ann Arbor", person="ann", address="ann@acme.example")
    contact = Contact.objects.get()
    client = client_of(outsider)
    for name, key in (("api:contact-detail", contact.pk), ("contacts:contact-history", contact.pk)):
        assert client.get(reverse(name, args=[key])).status_code == 404
    assert client.get(reverse("api:contact-list")).json()["results"] == []
    assert "Ann Arbor" not in client.get(reverse("shell:search"), {"q": "Ann"}).content.decode()
    assert "Ann Arbor" in client_of(owner).get(reverse("shell:search"), {"q": "Ann"}).content.decode()
    other = make_user("other", "product_manager", make_team("Third team"))
    assert client_of(other).get(reverse("contacts:contact-edit", args=[contact.person_id])).status_code == 403
    # Erased, nothing of her is left.
    Consent.objects.create(person=contact.person, purpose="quote", given_on="2024-01-05", proof="x")
    erased = erase_person(contact.person.id_space, "ann", actor=ops)
    assert (erased["contacts"], erased["consents"]) == (1, 1)
    assert not Contact.objects.exists() and not Consent.objects.exists() and not AccountRecord.objects.exists()
