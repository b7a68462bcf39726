"""Nobody is asked too often: one door claims an ask, one query says who may be asked."""

import datetime as dt
import threading

import pytest
from django.db import connection
from django.urls import reverse

from insights.contacts.models import Ask, Consent, OptOut
from insights.contacts.public import check_askable, claim_ask, claim_asks, note_asks, opt_out
from insights.events.public import DistinctId, default_id_space, erase_person, merge_persons
from portal.audit.models import AuditEntry
from portal.people.public import SYSTEM
from portal.shell.public import Conflict
from tests.factories import make_source, store_events

AT = dt.datetime(2024, 3, 10, 12, tzinfo=dt.UTC)
CALL = {"kind": "call", "about": "reports", "actor": SYSTEM}


@pytest.fixture
def people(product):
    """Ids of ann, bob and cleo, by name."""
    rows = [
        {"event": "opened", "distinct_id": who, "timestamp": "2024-01-05T10:00:00+00:00"}
        for who in ("ann", "bob", "cleo")
    ]
    store_events(make_source(product), rows)
    return {row.distinct_id: row for row in DistinctId.objects.select_related("id_space__product__team").order_by("no")}


def _days(number):
    return AT + dt.timedelta(days=number)


def test_an_ask_of_any_kind_counts_for_thirty_days_and_for_all_ids_of_a_person(people, ops, settings):
    ann, bob = people["ann"], people["bob"]
    first = claim_ask(ann, now=AT, key="survey:1", kind="survey", about="How easy was it?", actor=SYSTEM)
    assert claim_ask(ann, now=_days(1), key="survey:1", kind="survey", about="How easy was it?", actor=SYSTEM) == first
    with pytest.raises(Conflict, match=r"Asked on 10 Mar 2024 \(the survey “How easy was it\?”\); again from 9 Apr"):
        claim_ask(ann, now=_days(29), **CALL)
    merge_persons(ann.id_space, "ann", "bob", actor=ops)
    why = check_askable([ann.no, bob.no, people["cleo"].no], "message", _days(29))
    assert {no: one.code for no, one in why.items()} == {ann.no: "asked_lately", bob.no: "asked_lately"}
    assert why[bob.no].again_on == dt.date(2024, 4, 9) and not check_askable([bob.no], "call", _days(30))
    settings.ASK_LIMIT_DAYS = 7
    assert not check_askable([bob.no], "call", _days(7))
    claimed, refused = claim_asks([people["ann"].no, bob.no], now=_days(8), **CALL)  # one person: one ask
    assert list(claimed) == [ann.no] and list(refused) == [bob.no]
    assert AuditEntry.objects.filter(verb="ask.claimed").count() == 1  # many at once are the caller's to record


def test_opting_out_and_an_ended_consent_keep_from_asking(people):
    ann, bob, cleo = (people[who] for who in ("ann", "bob", "cleo"))
    opt_out(ann, kind="survey", actor=SYSTEM, is_own=True)
    assert opt_out(ann, kind="survey", actor=SYSTEM) == OptOut.objects.get()
    opt_out(bob, actor=SYSTEM)
    Consent.objects.create(person=cleo, purpose="survey", given_on=_days(-90).date(), expires_on=_days(-1).date())
    numbers = [ann.no, bob.no, cleo.no]
    surveys = {no: one.code for no, one in check_askable(numbers, "survey", AT).items()}
    assert surveys == {ann.no: "opted_out", bob.no: "opted_out", cleo.no: "consent_ended"}
    assert set(check_askable(numbers, "call", AT)) == {bob.no}
    Consent.objects.create(person=cleo, purpose="survey", given_on=AT.date())
    assert cleo.no not in check_askable(numbers, "survey", AT)


def test_what_was_asked_elsewhere_counts_whatever_the_limit_says(people):
    ann = people["ann"]
    note = {"kind": "survey", "about": "NPS of spring", "actor": SYSTEM, "keys": {ann.no: "import:7"}}
    claim_ask(ann, now=_days(-3), **CALL)
    assert (note_asks({ann.no: AT}, **note), note_asks({ann.no: AT}, **note)) == (1, 0)
    assert check_askable([ann.no], "call", _days(28))[ann.no].again_on == dt.date(2024, 4, 9)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_ask_at_once_one_may(people):
    ready, got = threading.Barrier(2), []

    def ask():
        ready.wait()
        try:
            got.append(claim_ask(people["ann"], **CALL))
        except Conflict as refused:
            got.append(refused)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(one).__name__ for one in got) == ["Ask", "Conflict"] and Ask.objects.count() == 1


def test_asks_are_claimed_told_and_taken_back_on_the_page_and_over_the_api(people, client_of, owner, viewer, ops):
    client, ann, json = client_of(owner), people["ann"], {"content_type": "application/json"}
    page, new = (reverse(name, args=[ann.no]) for name in ("contacts:ask-list", "contacts:ask-new"))
    assert "May be asked" in client.get(page).content.decode()
    assert client.post(new, {"kind": "call", "about": "an interview about reports"}).status_code == 302
    assert "They may not be asked now." in client.post(new, {"kind": "message", "about": "x"}).content.decode()
    shown = client.get(page).content.decode()
    assert "Not now" in shown and "an interview about reports" in shown
    asks, body = reverse("api:ask-list"), {"person": ann.no, "kind": "message", "about": "x"}
    assert client.post(asks, body, **json).json()["code"] == "conflict"
    one = client.get(asks, {"person": ann.no, "kind": "call"}).json()["results"][0]
    assert client.post(reverse("contacts:ask-release", args=[one["id"]])).status_code == 302
    assert client.post(asks, {**body, "about": " "}, **json).status_code == 400
    assert client.post(asks, body, **json).status_code == 201
    assert client.post(reverse("contacts:opt-out-new", args=[ann.no]), {"kind": ""}).status_code == 302
    assert "They want no more: <strong>anything" in client.get(page).content.decode()
    said = client.get(reverse("api:opt-out-list"), {"person": ann.no}).json()["results"][0]
    assert client.post(reverse("contacts:opt-out-delete", args=[said["id"]])).status_code == 302
    opt_out(ann, actor=owner)
    client = client_of(viewer)
    assert client.post(asks, body, **json).status_code == 403 and client.get(new).status_code == 403
    erased = erase_person(default_id_space(people["ann"].id_space.product), "ann", actor=ops)
    assert (erased["asks"], erased["opt_outs"]) == (1, 1) and not Ask.objects.exists()
