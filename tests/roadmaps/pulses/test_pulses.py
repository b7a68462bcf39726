"""Pulses from draft to numbers: nobody can be found by their answer, one answer a link, who may, two at once."""

import datetime as dt
import json
import re

import pytest
import time_machine
from django.apps import apps
from django.core import mail
from django.urls import reverse

from portal.messages.models import Delivery
from portal.messages.sending import deliver
from portal.people.public import SYSTEM
from portal.shell.public import BadInput, Conflict, NotFound
from roadmaps.goals import actions as goals
from roadmaps.pulses import actions, asking
from roadmaps.pulses.answering import find_ticket, take_answer
from roadmaps.pulses.models import Invitee, Pulse, PulseAnswer, Ticket
from tests.roadmaps.goals.access_rows import make_cycle

TODAY = dt.date(2026, 3, 20)
FUNCTIONS = {"Product": 6, "Design": 5}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(dt.datetime(2026, 3, 20, 12, tzinfo=dt.UTC), tick=False) as clock:
        yield clock


@pytest.fixture
def chosen(product):
    values = {"cycle": make_cycle(), "product": product, "actor": SYSTEM}
    return [goals.create_objective(title=title, **values) for title in ("Faster", "Simpler", "Cheaper")]


@pytest.fixture
def pulse(product, chosen, owner):
    made = actions.create_pulse(
        product, name="How aligned?", goals=chosen, closes_on=TODAY + dt.timedelta(days=5), actor=owner
    )
    for name, n in FUNCTIONS.items():
        people = [f"{name.lower()}{number}@example.com" for number in range(n)]
        actions.ask_function(made, name=name, addresses=people, actor=owner)
    return made


def letters_of(pulse, owner):
    """Open it, write and send its letters; returns the link of each address, as its mail has it."""
    actions.open_pulse(pulse, actor=owner)
    asking.write_letters(pulse.pk)
    for pk in Delivery.objects.filter(key__startswith=f"pulse:{pulse.pk}:").values_list("pk", flat=True):
        deliver(pk)
    return {letter.to[0]: re.search(r"/pulse/\?key=[\w-]+", letter.body)[0] for letter in mail.outbox}


def test_from_a_mail_to_a_number_without_login(pulse, owner, client):
    links = letters_of(pulse, owner)
    assert len(links) == 11 and len(set(links.values())) == 11
    for number, (address, link) in enumerate(links.items()):
        page = client.get(link)
        assert page.status_code == 200 and "sessionid" not in client.cookies
        assert "<script" not in page.content.decode() and page["Referrer-Policy"] == "no-referrer"
        sent = {"rank_0": 1, "rank_1": 2, "rank_2": "", "vision": 5 if "product" in address else 1, "execution": ""}
        if number == 0:
            empty = dict.fromkeys(sent, "")
            assert client.post(link, empty).status_code == 422 and client.post(link, {"vision": 9}).status_code == 422
        assert b"Your answer is kept" in client.post(link, sent).content
        assert client.get(link).status_code == 404 and client.post(link, sent).status_code == 404
    assert not Pulse.objects.get().results
    client.force_login(owner)
    path = pulse.get_absolute_url()
    assert b"11 of 11 answered" in client.get(path).content
    assert client.get(reverse("api:pulse-results", args=[pulse.pk])).status_code == 409
    client.post(f"{path}close/")
    page = client.get(path).content.decode()
    assert "they nearly agree" in page and "Product rates it 5.0, Design 1.0" in page
    results = client.get(reverse("api:pulse-results", args=[pulse.pk])).json()
    assert results["ranking"]["whole"]["w"] == 1.0 and results["execution"]["whole"] is None
    listed = b"".join(client.get(f"{path}?format=csv").streaming_content).decode()
    assert "Faster,11,1" in listed.replace("Order of the goals,All,", "")
    assert client.get(links["design0@example.com"]).status_code == 404


def test_nothing_that_is_kept_joins_an_answer_to_who_was_asked(pulse, owner):
    links = letters_of(pulse, owner)
    link = links["product0@example.com"]
    ticket = find_ticket(link.partition("key=")[2])
    assert not Delivery.objects.exclude(address="", url="", text="").exists()
    secret = link.partition("key=")[2]
    for model in apps.get_models():
        kept = json.dumps(list(model.objects.values()), default=str) if model._meta.managed else ""
        assert secret not in kept, model
        if "product0@example.com" in kept:
            assert model is Invitee
    related = {field.related_model for field in PulseAnswer._meta.get_fields() if field.is_relation}
    assert {model.__name__ for model in related} == {"PulseFunction"}
    assert not any(field.get_internal_type().startswith("Date") for field in PulseAnswer._meta.fields)
    take_answer(ticket, ranks=[1, 2, 3], vision=4, execution=2)
    kept = PulseAnswer.objects.get().pk
    assert not Ticket.objects.filter(pk=ticket.pk).exists() and Ticket.objects.count() == 10
    actions.close_pulse(pulse, actor=owner)
    assert PulseAnswer.objects.get().pk != kept
    assert not Ticket.objects.exists() and not Invitee.objects.exists()


def test_one_answer_a_link_also_of_two_forms_at_once(pulse, owner):
    secret = next(iter(letters_of(pulse, owner).values())).partition("key=")[2]
    first, second = find_ticket(secret), find_ticket(secret)
    take_answer(first, ranks=[1, 2, 3], vision=None, execution=None)
    with pytest.raises(NotFound):
        take_answer(second, ranks=[3, 2, 1], vision=None, execution=None)
    assert PulseAnswer.objects.count() == 1 and sum(one.n_answered for one in pulse.functions.all()) == 1


def test_small_functions_are_refused_and_letters_go_once(pulse, owner, monkeypatch):
    actions.ask_function(pulse, name="Legal", addresses=["l@example.com"], actor=owner)
    with pytest.raises(Conflict, match="Legal has 1 person"):
        actions.open_pulse(pulse, actor=owner)
    actions.drop_function(pulse.functions.get(name="Legal"), actor=owner)
    added = actions.ask_function(pulse, name="design", addresses=["DESIGN0@example.com", "x@example.com"], actor=owner)
    assert (added.name, added.n_new, added.n_there, added.n_asked) == ("Design", 1, 1, 6)
    with pytest.raises(BadInput):
        actions.ask_function(pulse, name="Sales", addresses=["nobody"], actor=owner)
    actions.open_pulse(pulse, actor=owner)
    monkeypatch.setattr(asking, "_CHUNK", 5)
    assert asking._write_chunk(pulse.pk) == 5  # then its worker dies
    assert asking.pulses_to_write() == [pulse.pk]
    assert asking.write_letters(pulse.pk) == 7 and asking.write_letters(pulse.pk) == 0
    assert Ticket.objects.count() == 12 == Delivery.objects.filter(kind="letter").count()
    assert asking.remind(pulse, actor=owner) == 12
    with pytest.raises(Conflict):
        asking.remind(pulse, actor=owner)


def test_it_closes_once_for_good_and_by_itself(pulse, owner, clock):
    letters_of(pulse, owner)
    with pytest.raises(BadInput):
        actions.update_pulse(pulse, actor=owner, version=2, name="Other")
    actions.update_pulse(pulse, actor=owner, version=2, closes_on=TODAY + dt.timedelta(days=6))
    assert actions.close_due(TODAY + dt.timedelta(days=6)) == 0
    ticket = Ticket.objects.select_related("function").first()
    clock.shift(dt.timedelta(days=7))
    with pytest.raises(Conflict):
        take_answer(ticket, ranks=[1, 2, 3], vision=1, execution=1)
    assert actions.close_due(TODAY + dt.timedelta(days=7)) == 1 and actions.close_due(TODAY + dt.timedelta(days=7)) == 0
    for act in (actions.close_pulse, actions.open_pulse, actions.delete_pulse):
        with pytest.raises(Conflict):
            act(pulse, actor=owner)


def test_what_cannot_be_asked_is_refused_and_two_changes_show_both(pulse, product, chosen, owner, editor, client):
    values = {"name": "Again", "closes_on": TODAY, "actor": owner}
    with pytest.raises(BadInput):
        actions.create_pulse(product, goals=chosen[:1], **values)
    hidden = goals.create_objective(title="Quiet", cycle=make_cycle(), product=product, visibility="team", actor=SYSTEM)
    with pytest.raises(BadInput):
        actions.create_pulse(product, goals=[*chosen, hidden], **values)
    assert actions.create_pulse(product, goals=[*chosen, hidden], visibility="team", **values).goals.count() == 4
    actions.update_pulse(pulse, actor=owner, version=1, name="First")
    client.force_login(editor)
    sent = {"name": "Second", "goals": [one.pk for one in chosen], "closes_on": "2026-03-24", "version": 1}
    answer = client.post(f"{pulse.get_absolute_url()}edit/", {**sent, "visibility": "company"})
    assert answer.status_code == 409 and "First" in answer.content.decode() and "Second" in answer.content.decode()


def test_the_api_makes_asks_and_closes(product, chosen, owner, client):
    client.force_login(owner)

    def send(path, value=None):
        return client.post(f"/api/v1/pulses/{path}", json.dumps(value or {}), content_type="application/json")

    sent = {"product": product.slug, "name": "Aligned?", "goals": [one.pk for one in chosen], "closes_on": "2026-03-25"}
    made = send("", sent).json()
    assert made["state"] == "draft" and [one["title"] for one in made["goals"]] == ["Faster", "Simpler", "Cheaper"]
    people = [f"p{number}@example.com" for number in range(5)]
    asked = send(f"{made['id']}/ask/", {"name": "Product", "addresses": people}).json()
    assert asked["functions"] == [{"name": "Product", "n_asked": 5, "n_answered": 0}]
    assert send(f"{made['id']}/open/").json()["state"] == "open"
    assert "example.com" not in client.get(f"/api/v1/pulses/{made['id']}/").content.decode()
    assert send(f"{made['id']}/close/").json()["state"] == "closed"
    assert client.get(f"/api/v1/pulses/{made['id']}/results/").json()["gaps"] == []
    assert client.get(f"/goals/pulses/{made['id']}/").status_code == 200
    assert chosen[0].get_absolute_url() and "Aligned?" in client.get(chosen[0].get_absolute_url()).content.decode()
