"""Of two who edit the same thing neither loses a word, wherever something of the voice or a contact is edited."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.urls import reverse

from insights.contacts.actions import create_contact, create_record, delete_contact, write_contact, write_record
from insights.contacts.meanings import set_trait_names
from insights.contacts.models import TraitName
from insights.events.public import default_id_space
from insights.voice.conversations.actions import add_conversation
from insights.voice.conversations.steps import add_next_step, update_next_step
from insights.voice.feedback.actions import update_feedback
from insights.voice.themes.actions import create_theme, update_theme
from tests.factories import make_user
from tests.insights.voice.conftest import TODAY


@pytest.fixture
def things(product, owner, say, people, team):
    """Each thing's edit page, what another saves meanwhile, what is typed, and what one then reads of theirs."""
    other = make_user("otto", "product_manager", team)
    top = create_theme(product, name="Top", actor=owner)
    theme, piece = create_theme(product, name="Speed", actor=owner), say("It is slow.", person="ann")
    talk = add_conversation(product, actor=owner, today=TODAY, title="Talk", held_on=TODAY)
    step = add_next_step(talk, actor=owner, text="Call", owner=owner, due_on=TODAY)
    contact = create_contact(product, actor=owner, person="ann", name="Ann", title="Planner")
    record = create_record(product, actor=owner, account="acme", name="Acme", revenue=Decimal("5"))
    said = {"kind": "problem", "channel": piece.channel_id, "said_on": "2024-01-20", "visibility": "team"}
    return {
        "feedback": (
            reverse("feedback:feedback-edit", args=[piece.pk]),
            lambda: update_feedback(
                piece, actor=owner, today=TODAY, version=1, kind="praise", text="Theirs,\n2 lines."
            ),
            {**said, "text": "Mine", "person": "ann", "account": "acme", "owner": owner.pk, "version": 1},
            (("What was said", "Theirs,\n2 lines."), ("Kind", "Praise")),
        ),
        "theme": (
            reverse("themes:theme-edit", args=[theme.pk]),
            lambda: update_theme(theme, actor=owner, version=1, name="Their name", parent=top),
            {"name": "Mine", "description": "", "parent": "", "visibility": "company", "version": 1},
            (("Name", "Their name"), ("Part of", "Top")),
        ),
        "step": (
            reverse("conversations:step-edit", args=[step.pk]),
            lambda: update_next_step(step, actor=owner, version=1, owner=other, due_on=TODAY + dt.timedelta(days=3)),
            {"text": "Mine", "owner": owner.pk, "due_on": "2024-02-01", "version": 1},
            (("What is to be done", "Call"), ("Owner", "Otto"), ("Until", "4 Feb 2024")),
        ),
        "contact": (
            reverse("contacts:contact-edit", args=[contact.person_id]),
            lambda: write_contact(contact.person, actor=owner, version=1, title="Their title", name="Ann"),
            {"name": "Ann", "title": "Mine", "owner": owner.pk, "version": 1},
            (("Title", "Their title"),),
        ),
        "record": (
            reverse("contacts:record-edit", args=[record.account_id]),
            lambda: write_record(record.account, actor=owner, version=1, name="Acme", revenue=Decimal("7.50")),
            {"name": "Acme", "revenue": "9", "version": 1},
            (("Revenue", "7.50"),),
        ),
    }


def read(answer):
    assert answer.status_code == 409, answer.content.decode()[:400]
    return answer.content.decode()


def test_of_two_editors_of_anything_neither_loses_a_word(things, client_of, owner):
    client = client_of(owner)
    for name, (url, save_theirs, typed, theirs) in things.items():
        save_theirs()
        page = read(client.post(url, typed))
        assert "Mine" in page or "9" in page, name
        for label, words in theirs:
            assert f"<h3>{label}</h3><pre" in page and f">{words}</pre>" in page, (name, label)
        assert re.findall(r"<h3>(.*?)</h3>", page) == [label for label, _ in theirs], name
        assert 'name="version" value="2"' in page, name
        assert client.post(url, {**typed, "version": 2}).status_code == 302, name


def test_a_contact_that_was_taken_away_meanwhile_is_written_anew(product, people, owner, client_of):
    contact = create_contact(product, actor=owner, person="ann", name="Ann")
    url = reverse("contacts:contact-edit", args=[contact.person_id])
    delete_contact(contact, actor=owner)
    page = read(client_of(owner).post(url, {"name": "Anna", "version": 1}))
    assert ">(empty)</pre>" in page and 'name="version" value="0"' in page
    assert client_of(owner).post(url, {"name": "Anna", "version": 0}).status_code == 302


def test_what_ops_said_of_traits_meanwhile_is_shown_and_not_written_over(product, people, ops, client_of):
    space, url = default_id_space(product), reverse("contacts:trait-names", args=["planner"])
    start = client_of(ops).get(url)
    assert 'name="version"' in start.content.decode()
    set_trait_names(space, {"plan": "tier"}, actor=ops)
    page = read(client_of(ops).post(url, {"plan": "package", "version": ""}))
    assert ">tier</pre>" in page and 'value="package"' in page
    row = TraitName.objects.get()
    assert client_of(ops).post(url, {"plan": "package", "version": f"{row.pk}.{row.version}"}).status_code == 302
    assert TraitName.objects.get().key == "package"
