"""What others wrote about a person who is erased: found by every name, shown, decided about, taken out."""

import datetime as dt

import pytest
from django.urls import reverse

from insights.contacts.public import Contact
from insights.events.public import DistinctId, erase_person
from insights.persons.jobs import run_job
from insights.persons.mentions.erasing import look_for
from insights.persons.mentions.naming import sort_names
from insights.persons.models import PersonJob
from insights.voice.conversations.models import Conversation, Participant
from insights.voice.feedback.models import Feedback
from insights.voice.highlights.actions import add_highlight
from insights.voice.highlights.models import Highlight


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Ask ANN ARBOR.", "Ask [erased]."),
        ("Arbor, Ann asked", "[erased] asked"),
        ("see ann.arbor@x.example/ann_arbor.csv", "see [erased]@x.example/[erased].csv"),
        ("write to Ann@Example.com!", "write to [erased]!"),
        ("?who=ann%40example.com&x", "?who=[erased]&x"),
        ("call +49 (30) 1234-567 or 030 1", "call [erased] or 030 1"),
        ("Joann Arbors and Annette stay", "Joann Arbors and Annette stay"),
    ],
)
def test_a_name_is_known_however_it_is_written(text, left):
    names = sort_names(["Ann Arbor", "ann@example.com", "+49 30 1234567", "ann"], others=["Bob Bay"])
    assert names.perhaps == ("Ann", "Arbor", "ann")
    assert names.sure_pattern.sub("[erased]", text) == left


def test_whole_names_go_from_what_others_wrote_and_highlights_follow(people, product, say, owner, ops):
    space = people.source.id_space
    other = say("Our Ann Arbor says exports are slow. Ann waits.", person="bob")
    stays = say("Ann is a common name, as is Arbor.", person="bob")
    highlight, _ = add_highlight(other, actor=owner, quote="Ann Arbor says exports are slow")
    talk = Conversation.objects.create(
        product=product,
        team=product.team,
        title="Call with Acme",
        held_on=dt.date(2024, 1, 5),
        notes="**Ann Arbor** led",
    )
    Participant.objects.create(conversation=talk, name="Ann Arbor")
    found = {(one.label.rpartition(".")[2], one.pk, one.is_sure) for one in look_for(space, "ann")}
    assert ("feedback", str(other.pk), True) in found
    assert ("feedback", str(stays.pk), False) in found
    assert ("conversation", str(talk.pk), True) in found
    erased = erase_person(space, "ann", actor=ops)
    assert erased["mentions"] >= 4
    other.refresh_from_db()
    assert other.text == "Our [erased] says exports are slow. [erased] waits."
    assert other.masked == other.text
    assert other.version == 2
    highlight.refresh_from_db()
    assert highlight.quote == "says exports are slow", "a name at its edge is no part of it any more"
    assert other.text[highlight.start :].startswith(highlight.quote)
    assert not Highlight.objects.filter(original__contains="Arbor").exists()
    talk.refresh_from_db()
    assert "Arbor" not in talk.notes
    assert [one.name for one in talk.participants.all()] == ["[erased]"]
    assert Feedback.objects.get(pk=stays.pk).text.startswith("Ann is")


def test_of_two_people_of_one_name_it_means_each_only_perhaps(people, say, owner):
    say("Ann Arbor again", person="bob")
    Contact.objects.create(person=DistinctId.objects.get(distinct_id="cy"), name="ann arbor", created_by=owner)
    space = people.source.id_space
    assert [one.is_sure for one in look_for(space, "ann") if "feedback" in one.label] == [False]
    acme = Contact.objects.create(person=DistinctId.objects.get(distinct_id="bob"), name="Acme Works", created_by=owner)
    say("Acme Works is big", person="cy")
    assert [one.is_sure for one in look_for(space, "bob") if "feedback" in one.label] == [False], acme


def test_ops_look_decide_and_erase(people, say, client_of, ops):
    named, kept = say("Ann Arbor asked twice.", person="bob"), say("Ann Arbor, the town, is cold.", person="bob")
    maiden = say("Old mails say Ms Fisher.", person="bob")
    no, client = DistinctId.objects.get(distinct_id="ann").no, client_of(ops)
    erase = reverse("persons:person-erase", args=[no])
    assert "Nobody has looked yet" in client.get(erase).content.decode()
    client.post(reverse("persons:person-look", args=[no]), {"names": "Fisher"})
    look = PersonJob.objects.get()
    assert "Fisher" not in look.more_names
    run_job(look.pk)
    page = client.get(erase).content.decode()
    assert "<mark>Ann Arbor</mark> asked twice." in page
    assert "Old mails say Ms <mark>Fisher</mark>." in page
    keys = {one.pk: f"insights_voice_feedback.feedback:{one.pk}" for one in (named, kept, maiden)}
    assert f'value="{keys[named.pk]}" checked' in page
    assert f'value="{keys[maiden.pk]}">' in page
    shown = client.get(reverse("api:person-job-detail", args=[look.pk])).json()["mentions"]
    assert {"key": keys[maiden.pk], "is_sure": False} in shown
    client.post(erase, {"confirm": "ann", "take": [keys[named.pk], keys[maiden.pk]]})
    run_job(PersonJob.objects.get(kind="erase").pk)
    texts = dict(Feedback.objects.values_list("pk", "text"))
    assert texts[named.pk] == "[erased] asked twice."
    assert texts[kept.pk] == "Ann Arbor, the town, is cold."
    assert texts[maiden.pk] == "Old mails say Ms [erased]."
    assert not PersonJob.objects.exclude(found=[], kept=[], taken=[], more_names="").exists()
