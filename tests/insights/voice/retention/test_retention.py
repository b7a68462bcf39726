"""What was kept long enough goes, or stays without who said it: by rule, seen before, in the trail, killed or not."""

import datetime as dt

import pytest
from django.urls import reverse

from insights.events.public import DistinctId
from insights.voice.conversations.actions import add_conversation
from insights.voice.conversations.contracts import ParticipantInput
from insights.voice.conversations.models import Conversation
from insights.voice.feedback.attachments import attach_file
from insights.voice.feedback.models import Attachment, Feedback
from insights.voice.highlights.actions import add_highlight
from insights.voice.highlights.models import Highlight
from insights.voice.retention import applying
from insights.voice.retention.actions import create_rule
from insights.voice.retention.models import RetentionRule
from portal.audit.models import AuditEntry
from tests.factories import make_channel

TODAY = dt.date(2024, 6, 1)


def _rule(product, ops, **values):
    given = {"about": "feedback", "days": 90, "effect": "nameless", "today": TODAY - dt.timedelta(days=1), **values}
    return create_rule(product, actor=ops, **given)


def test_words_stay_without_who_said_them_once_and_again(people, product, say, owner, ops):
    text = "Slow since May. Ask ann@example.com about it."
    old = say(
        text, person="ann", author="Ann Arbor", origin="desk", origin_id="ann@example.com/7", title="By a@b.example"
    )
    attach_file(old, "ann.txt", b"words", actor=owner)
    kept, _ = add_highlight(old, actor=owner, quote="Slow since May")
    add_highlight(old, actor=owner, quote="Ask ann@example.com")
    new = say("Newer", person="ann")
    Feedback.objects.filter(pk=new.pk).update(said_on=dt.date(2024, 5, 1))
    rule = _rule(product, ops)
    assert applying.preview(rule, TODAY) == {"n_now": 1, "n_soon": 0}
    assert applying.apply_rule(rule, TODAY - dt.timedelta(days=1)) == 0, "nothing before the day that was said"
    assert (applying.apply_rule(rule, TODAY), applying.apply_rule(rule, TODAY)) == (1, 0)
    old.refresh_from_db()
    assert (old.person, old.author, old.title) == (None, "", "By [e-mail]")
    assert old.text == old.masked == "Slow since May. Ask [e-mail] about it."
    assert old.account.account_id == "acme" and "@" not in old.origin_id
    assert list(Highlight.objects.all()) == [kept] and not Attachment.objects.exists()
    assert Feedback.objects.get(pk=new.pk).person is not None
    entry = AuditEntry.objects.get(verb="retention.applied")
    assert entry.note == f"1 of feedback left without who said it: {old.pk}."


def test_a_channels_own_rule_comes_before_that_of_all(people, product, say, ops):
    other = make_channel("call")
    by_support, by_call = say("One", person="ann"), say("Two", person="bob", channel=other)
    everywhere = _rule(product, ops, effect="delete")
    own = _rule(product, ops, channel=other, days=3_650, effect="delete")
    assert (applying.apply_rule(everywhere, TODAY), applying.apply_rule(own, TODAY)) == (1, 0)
    assert list(Feedback.objects.all()) == [by_call] and by_support.pk


def test_a_conversation_keeps_its_day_its_company_and_its_notes(people, product, owner, ops):
    talk = add_conversation(
        product,
        actor=owner,
        today=dt.date(2024, 2, 1),
        title="With Ann",
        notes="Call +49 30 1234567",
        transcript="Ann: It is slow.",
        recording_url="https://example.com/1",
        participants=[ParticipantInput("ann", "Ann", "acme"), ParticipantInput(name="Zoe")],
    )
    rule = _rule(product, ops, about="conversations")
    assert (applying.apply_rule(rule, TODAY), applying.apply_rule(rule, TODAY)) == (1, 0)
    talk = Conversation.objects.get(pk=talk.pk)
    assert (talk.transcript, talk.recording_url, talk.notes) == ("", "", "Call [phone]")
    assert [(one.person, one.name, one.account.account_id) for one in talk.participants.all()] == [(None, "", "acme")]
    assert DistinctId.objects.filter(distinct_id="ann").exists()


def test_a_rule_taken_back_or_changed_in_the_night_does_nothing_more(people, product, say, ops, monkeypatch):
    monkeypatch.setattr(applying, "_AT_ONCE", 1)
    for number in range(3):
        say(f"Piece {number}", person="ann")
    rule, n_checks = _rule(product, ops, effect="delete"), []

    def check():
        n_checks.append(1)
        if len(n_checks) == 2:
            RetentionRule.objects.filter(pk=rule.pk).update(version=2)

    assert applying.apply_rule(rule, TODAY, check) == 1
    assert Feedback.objects.count() == 2


def test_ops_make_see_change_and_take_back_a_rule(people, product, say, client_of, ops, owner):
    say("An old piece", person="ann", said_on=dt.date(2020, 1, 1))
    client, url = client_of(ops), reverse("retention:rule-list")
    assert "Everything is kept" in client.get(url).content.decode()
    form = {"product": product.slug, "about": "feedback", "channel": "", "days": 365, "effect": "delete"}
    assert client.post(url, {**form, "days": 3}).status_code == 422
    page = client.post(url, form, follow=True).content.decode()
    assert "<strong>1</strong> is due in the next night" in page and "An old piece" in page
    assert client.post(url, form).status_code == 422, "there is one already"
    rule = RetentionRule.objects.get()
    change = {"days": 400, "effect": "nameless", "version": 1}
    assert client.post(rule.get_absolute_url(), change).status_code == 302
    assert client.post(rule.get_absolute_url(), change).status_code == 409
    api = reverse("api:retention-rule-detail", args=[rule.pk])
    answer = client.patch(api, {"days": 500, "version": 2}, content_type="application/json")
    assert (answer.status_code, answer.json()["days"], answer.json()["effect"]) == (200, 500, "nameless")
    client_of(owner)
    assert client.patch(api, {"days": 99, "version": 3}, content_type="application/json").status_code == 403
    client_of(ops)
    assert client.delete(api).status_code == 204
    assert pytest.approx(AuditEntry.objects.filter(verb__startswith="retention.").count()) == 4
