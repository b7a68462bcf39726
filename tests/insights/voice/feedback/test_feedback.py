"""Feedback: written down, who said it, read by whom, changed, deleted; through pages and actions."""

import datetime as dt

import pytest
from django.urls import reverse

from insights.contacts.public import find_speaker
from insights.events.public import Account, DistinctId, merge_persons
from insights.voice.feedback.actions import add_feedback, update_feedback
from insights.voice.feedback.models import Feedback
from portal.audit.models import AuditEntry
from portal.shell.public import BadInput, Conflict, NotAllowed
from tests.factories import make_channel
from tests.insights.voice.conftest import TODAY

LIST = "/voice/feedback/"


def number_of(text):
    return DistinctId.objects.get(distinct_id=text).resolved_no


def values(**more):
    given = {"product": "planner", "text": "It is slow.", "kind": "problem", "said_on": "2024-01-20"}
    return {**given, "channel": make_channel("call").pk, "visibility": "team", **more}


def test_feedback_belongs_to_its_products_team_and_the_trail_holds_no_word_of_it(say, team, owner):
    feedback = say("  Call me:\r\n030 1234567 ", author=" Ann  Arbor ")
    assert (feedback.team, feedback.owner, feedback.visibility) == (team, owner, "team")
    assert (feedback.text, feedback.masked, feedback.author) == (
        "Call me:\n030 1234567",
        "Call me:\n[phone]",
        "Ann Arbor",
    )
    update_feedback(feedback, actor=owner, today=TODAY, version=1, text="Call Ann Arbor.")
    entries = AuditEntry.objects.filter(thing_type="insights_voice_feedback.feedback", thing_id=str(feedback.pk))
    assert [entry.verb for entry in entries.order_by("pk")] == ["feedback.added", "feedback.changed"]
    assert not [entry for entry in entries if "Ann" in f"{entry.changes}{entry.thing_label}{entry.note}"]


def test_viewer_and_outsider_cannot_write_down(say, viewer, outsider):
    for user in (viewer, outsider):
        with pytest.raises(NotAllowed):
            say(actor=user)


def test_who_said_it_is_found_by_id_by_address_and_through_joins(people, product):
    ann, bob = number_of("ann"), number_of("bob")
    acme = Account.objects.get(account_id="acme").no
    for typed in ("ann", "ann@EXAMPLE.com"):
        assert find_speaker(product, person=typed).person_no == ann
    assert find_speaker(product, person="anon-1").account_no == acme, "the account is that of the joined person"
    assert find_speaker(product, person=" bob ", account="other").person_no == bob
    assert find_speaker(product, person="cy").account_no is None


def test_somebody_without_events_gets_a_number_once(people, product, say):
    first, second = (say(f"Call {no}", person="dora@new.example", account="newco") for no in (1, 2))
    assert first.person_id == second.person_id == number_of("dora@new.example")
    assert first.account_id == second.account_id == Account.objects.get(account_id="newco").no


def test_an_address_that_two_people_have_names_neither(people, product):
    from tests.factories import store_events

    trait = {"subject_id": "cy", "key": "email", "value": "ann@example.com", "timestamp": "2024-01-07T10:00:00+00:00"}
    store_events(people.source, traits=[trait])
    found = find_speaker(product, person="ann@example.com").person_no
    assert found not in (number_of("ann"), number_of("cy"))


def test_sent_twice_it_is_one_piece(say, product, owner):
    first = say("As it was", origin="zendesk", origin_id="12")
    again, is_new = add_feedback(
        product, actor=owner, today=TODAY, text="Other words", channel=first.channel, origin="zendesk", origin_id="12"
    )
    assert (again, is_new, again.text) == (first, False, "As it was")
    say("As it was", origin="intercom", origin_id="12")
    assert Feedback.objects.count() == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", " "),
        ("kind", "rant"),
        ("language", "xx"),
        ("visibility", "all"),
        ("said_on", dt.date(2030, 1, 1)),
        ("origin_url", "javascript:alert(1)"),
        ("author", "a\0b"),
        ("person", "p" * 401),
        ("mood", "bad"),
    ],
)
def test_what_cannot_be_is_refused_by_field(say, field, value):
    with pytest.raises(BadInput) as caught:
        say(**{field: value})
    assert list(caught.value.fields) == [field]
    assert not Feedback.objects.exists()


def test_second_of_two_changes_is_told(say, owner, editor):
    feedback = say()
    update_feedback(feedback, actor=editor, today=TODAY, version=1, kind="praise")
    with pytest.raises(Conflict):
        update_feedback(feedback, actor=owner, today=TODAY, version=1, text="Mine")


def test_a_change_cannot_take_anothers_origin(say, owner):
    say(origin="zendesk", origin_id="12")
    other = say("Other", origin="zendesk", origin_id="13")
    with pytest.raises(BadInput) as caught:
        update_feedback(other, actor=owner, today=TODAY, version=1, origin_id="12")
    assert list(caught.value.fields) == ["origin_id"]


def test_it_is_written_down_changed_and_deleted_on_its_pages(client_of, owner, people):
    client = client_of(owner)
    refused = client.post(f"{LIST}new/", values(text=""))
    assert refused.status_code == 422
    sent = client.post(f"{LIST}new/", values(person="ann", text="<script>alert(1)</script> is slow"), follow=True)
    page = sent.content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; is slow" in page
    assert "<script>alert" not in page
    assert "Problem from Ann Arbor" in page
    assert "Acme Works" in page
    feedback = Feedback.objects.get()
    start = client.get(f"{LIST}{feedback.pk}/edit/").content.decode()
    assert 'value="ann"' in start
    changed = values(person="ann", account="acme", text="Fine now", kind="praise", version=1)
    assert client.post(f"{LIST}{feedback.pk}/edit/", changed).status_code == 302
    feedback.refresh_from_db()
    assert (feedback.text, feedback.kind, feedback.version) == ("Fine now", "praise", 2)
    history = client.get(f"{LIST}{feedback.pk}/history/", headers={"HX-Request": "true"}).content.decode()
    assert "changed the feedback" in history
    assert "Fine now" not in history
    assert client.post(f"{LIST}{feedback.pk}/edit/", changed).status_code == 409
    assert client.post(f"{LIST}{feedback.pk}/delete/").status_code == 302
    assert not Feedback.objects.exists()


def test_pasted_text_is_seen_before_it_is_kept_and_kept_once(client_of, owner, product):
    client = client_of(owner)
    sent = values(text="It is slow.\n\nI love it.\n\n\nIt is slow.\n", way="blocks")
    seen = client.post(f"{LIST}paste/", sent)
    assert seen.status_code == 200
    assert "3 pieces" in seen.content.decode()
    assert not Feedback.objects.exists()
    for _ in range(2):
        kept = client.post(f"{LIST}paste/", {**sent, "keep": "1"}, follow=True).content.decode()
    assert "0 pieces of feedback; 3 were there already" in kept
    assert sorted(Feedback.objects.values_list("text", flat=True)) == ["I love it.", "It is slow.", "It is slow."]


def test_too_many_pieces_are_refused_whole(client_of, owner, product):
    sent = values(text="a\n" * 501, way="lines", keep="1")
    assert client_of(owner).post(f"{LIST}paste/", sent).status_code == 422
    assert not Feedback.objects.exists()


def test_a_merge_brings_together_what_both_said_and_its_page_shows_it(people, say, client_of, ops):
    say("Said by Ann", person="ann")
    say("Said by Cy", person="cy")
    merge_persons(people.source.id_space, "ann", "cy", actor=ops)
    ann = number_of("ann")
    assert number_of("cy") == ann
    assert set(Feedback.objects.of_person(ann).values_list("text", flat=True)) == {"Said by Ann", "Said by Cy"}
    page = client_of(ops).get(f"/insights/persons/{ann}/").content.decode()
    assert f'hx-get="{LIST}said/?person={ann}"' in page
    said = client_of(ops).get(f"{LIST}said/?person={ann}", headers={"HX-Request": "true"}).content.decode()
    assert "Said by Cy" in said
    assert "<html" not in said
    listed = client_of(ops).get(f"{LIST}?person={ann}").content.decode()
    assert listed.count("Ann Arbor</a>") == 2, "both are shown as the person that they are now"


def test_an_account_shows_what_its_people_said_to_insiders_alone(people, say, client_of, owner, outsider):
    say("From Acme", person="bob", visibility="company")
    acme = Account.objects.get(account_id="acme")
    page = client_of(owner).get(reverse("persons:account-page", args=[acme.no])).content.decode()
    assert f'hx-get="{LIST}said/?account=acme"' in page
    for user, is_there in ((owner, True), (outsider, False)):
        assert ("From Acme" in client_of(user).get(f"{LIST}said/?account=acme").content.decode()) == is_there
    assert "From Acme" not in client_of(owner).get(f"{LIST}said/").content.decode()


def test_the_list_filters_sorts_and_leaves_as_a_file(people, say, client_of, owner):
    say("Slow timeline", person="ann", said_on=dt.date(2024, 1, 3))
    say("=cmd() is a competitor", kind="competitor", said_on=dt.date(2024, 1, 9))
    client = client_of(owner)
    for query, found in (
        ("q=timeline+slow", ["Slow timeline"]),
        ("q=arbor", []),
        ("kind=market", ["=cmd() is a competitor"]),
        ("kind=customers", ["Slow timeline"]),
        ("account=acme", ["Slow timeline"]),
        (f"person={number_of('ann')}", ["Slow timeline"]),
        ("since=2024-01-05", ["=cmd() is a competitor"]),
        ("until=2024-01-05", ["Slow timeline"]),
        ("channel=review", []),
        ("sort=said", ["Slow timeline", "=cmd() is a competitor"]),
        ("sort=-said", ["=cmd() is a competitor", "Slow timeline"]),
    ):
        page = client.get(f"{LIST}?{query}").content.decode()
        places = [(page.find(f">{text}<"), text) for text in ("Slow timeline", "=cmd() is a competitor")]
        assert [text for place, text in sorted(places) if place >= 0] == found, query
    lines = b"".join(client.get(f"{LIST}?format=csv&sort=said")).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("id,subject or question,text,kind,channel,product,said on")
    assert "Slow timeline" in lines[1]
    assert ",ann,,acme," in lines[1]
    assert ",'=cmd() is a competitor," in lines[2]


def test_an_empty_list_teaches(client_of, owner, viewer, product):
    assert "Write the first piece down" in client_of(owner).get(LIST).content.decode()
    text = client_of(viewer).get(LIST).content.decode()
    assert "Nobody has said anything yet" in text
    assert "Write the first piece down" not in text


def test_many_pieces_cost_a_list_no_more_queries(people, say, client_of, owner, django_assert_max_num_queries):
    for no in range(12):
        say(f"Piece {no}", person=("ann", "bob", "cy", f"new-{no}")[no % 4])
    client = client_of(owner)
    client.get(LIST)
    with django_assert_max_num_queries(12):
        page = client.get(f"{LIST}?product=planner&channel=support&q=piece").content.decode()
    assert page.count("Piece ") == 12
