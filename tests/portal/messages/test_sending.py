"""A message leaves once, its result is kept, and what failed for a reason that passes is tried again."""

import hashlib
import hmac
import json
import smtplib
from datetime import time, timedelta
from functools import partial

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from portal.messages.actions.webhooks import exchange_secret
from portal.messages.hooks import seal_text
from portal.messages.models import Delivery, Notice, QuietHours, Webhook
from portal.messages.public import drop_letters, send, send_letter
from portal.messages.sending import CLAIM_HOLDS, WAITS, deliver, forget_old, sweep_deliveries
from portal.operations.models import OutboxMessage


def identity(value):
    return value


def make_webhook(user, url: str) -> Webhook:
    values = {"host": "127.0.0.1", "address": seal_text(url), "secret": seal_text("a secret")}
    return Webhook.objects.create(user=user, name="Team channel", **values)


def test_a_mail_is_sent_once_however_often_it_is_asked_for_and_delivered(owner):
    letter = send(owner, "Two sources are late", "Planner web.\nPlanner app.", key="late:1", url="/data/")
    assert send(owner, "Two sources are late", "Planner web.", key="late:1") == letter
    assert OutboxMessage.objects.filter(task="messages.deliver_message").count() == 1
    assert deliver(letter.pk).state == "sent" and deliver(letter.pk) is None
    [sent] = mail.outbox
    assert sent.to == [owner.email] and "Planner app." in sent.body and "/data/" in sent.body
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"


def test_a_letter_goes_outside_says_how_to_get_no_more_and_is_forgotten(owner):
    words = {"url": "/s/abc/", "link_text": "Answer", "stop_url": "/s/abc/no-more/"}
    letter = send_letter("ann@acme.example", "Two questions", "Hello.", key="survey:1", **words)
    dropped = send_letter("bob@acme.example", "Two questions", "Hello.", key="survey:2", **words)
    assert drop_letters(["survey:2", "survey:3"]) == 1 and deliver(dropped.pk) is None
    assert deliver(letter.pk).state == "sent"
    [sent] = mail.outbox
    assert sent.to == ["ann@acme.example"] and "/s/abc/no-more/" in sent.extra_headers["List-Unsubscribe"]
    assert ">Answer</a>" in sent.alternatives[0][0] and "Open in the portal" not in sent.body
    forget_old(timezone.now() + timedelta(days=8))
    letter.refresh_from_db()
    assert (letter.address, letter.text, letter.url, letter.stop_url) == ("", "", "", "")


def test_nothing_goes_to_somebody_without_access(owner):
    letter = send(owner, "Late", "All is late.", key="1")
    owner.is_active = False
    owner.save()
    assert deliver(letter.pk).state == "skipped" and not mail.outbox


def test_a_hostile_subject_is_one_line_and_hostile_words_are_words(owner):
    subject = "Late\r\nBcc: all@example.com\u202e <img src=x>"
    letter = send(owner, subject, "<script>alert(1)</script> & “quotes”", key="1", url="/data/?a=1&b=2")
    deliver(letter.pk)
    message = mail.outbox[0].message()
    assert message["Subject"] == "Late Bcc: all@example.com <img src=x>" and "Bcc" not in message
    html = mail.outbox[0].alternatives[0][0]
    assert "<script" not in html and "<img" not in html and "&lt;script&gt;" in html


def test_a_message_waits_for_the_end_of_quiet_hours_unless_it_is_urgent(owner):
    QuietHours.objects.create(user=owner, starts_at=time(20), ends_at=time(7))
    now = timezone.now().replace(hour=22, minute=0)
    late = send(owner, "Late", "…", key="1", now=now)
    assert late.next_at == now.replace(hour=7) + timedelta(days=1) - timedelta(
        seconds=now.second, microseconds=now.microsecond
    )
    assert not OutboxMessage.objects.exists()
    assert sweep_deliveries(now) == 0 and sweep_deliveries(late.next_at) == 1
    send(owner, "Down", "…", key="2", now=now, is_urgent=True)
    assert OutboxMessage.objects.count() == 2


class Backend(EmailBackend):
    """Fails as told, once a fault."""

    at_open: list = []
    at_send: list = []

    def open(self):
        if self.at_open:
            raise self.at_open.pop(0)
        return super().open()

    def send_messages(self, messages):
        if self.at_send:
            raise self.at_send.pop(0)
        return super().send_messages(messages)


@pytest.fixture
def server(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Backend"
    Backend.at_open, Backend.at_send = [], []
    return Backend


@pytest.fixture
def letter(owner):
    return send(owner, "Late", "The source is late.", key="1")


def test_a_server_that_is_away_is_tried_again_with_longer_waits_and_then_given_up(letter, server, ops):
    server.at_open = [ConnectionRefusedError() for _ in range(len(WAITS) + 1)]
    now = timezone.now()
    for number, wait in enumerate(WAITS, 1):
        found = deliver(letter.pk, partial(identity, now))
        assert (found.state, found.n_attempts, found.next_at) == ("waiting", number, now + wait)
        assert "cannot be reached" in found.result
        assert sweep_deliveries(now) == 0
        now = found.next_at
        assert sweep_deliveries(now) == 1
    assert deliver(letter.pk, partial(identity, now)).state == "failed"
    assert Notice.objects.filter(user=ops).count() == 1 and not mail.outbox


def test_an_answer_says_whether_to_try_again(letter, server):
    server.at_send = [smtplib.SMTPDataError(451, b"greylisted"), smtplib.SMTPDataError(554, b"no")]
    assert deliver(letter.pk).state == "waiting"
    found = deliver(letter.pk)
    assert found.state == "failed" and "for good (code 554)" in found.result


def test_a_person_whose_address_is_gone_is_not_asked_again(letter, server):
    server.at_send = [smtplib.SMTPRecipientsRefused({letter.user.email: (550, b"no such user")})]
    assert deliver(letter.pk).state == "failed"


def test_no_answer_after_the_mail_was_handed_over_means_no_second_mail(letter, server):
    server.at_send = [smtplib.SMTPServerDisconnected()]
    assert deliver(letter.pk).state == "unknown"
    assert sweep_deliveries(timezone.now() + timedelta(days=1)) == 0


@pytest.mark.parametrize("by_webhook", [False, True], ids=["mail", "webhook"])
def test_a_worker_that_dies_while_it_hands_over(owner, hook, by_webhook):
    webhook = make_webhook(owner, hook.url) if by_webhook else None
    letter = send(owner, "Late", "The source is late.", key="1", webhook=webhook)
    now = timezone.now()
    Delivery.objects.update(state="handing", claimed_at=now, next_at=now + CLAIM_HOLDS)
    assert sweep_deliveries(now) == 0
    assert sweep_deliveries(now + CLAIM_HOLDS) == (1 if by_webhook else 0)
    letter.refresh_from_db()
    assert letter.state == ("waiting" if by_webhook else "unknown")


def test_a_worker_that_dies_before_is_replaced_and_one_that_is_only_slow_sends_nothing(letter, monkeypatch):
    from portal.messages import sending

    now = timezone.now()
    written = sending.write

    def slowly(delivery, at):
        later = now + CLAIM_HOLDS
        assert sweep_deliveries(later) == 1
        monkeypatch.setattr(sending, "write", written)
        assert deliver(letter.pk, lambda: later).state == "sent"
        return written(delivery, at)

    monkeypatch.setattr(sending, "write", slowly)
    deliver(letter.pk, lambda: now)
    assert len(mail.outbox) == 1


def test_a_webhook_gets_a_signed_body_that_slack_reads(owner, hook):
    letter = send(owner, "<!channel> is late", "A & B", key="1", url="/data/", webhook=make_webhook(owner, hook.url))
    assert deliver(letter.pk).state == "sent"
    [(_, headers, body)] = hook.requests
    at, signature = (part.partition("=")[2] for part in headers["X-Portal-Signature"].split(","))
    assert hmac.new(b"a secret", f"{at}.".encode() + body, hashlib.sha256).hexdigest() == signature
    value = json.loads(body)
    assert value["text"] == "&lt;!channel&gt; is late" and value["blocks"][1]["text"]["text"] == "A &amp; B"
    assert headers["X-Portal-Delivery"] == str(letter.pk)
    webhook = Webhook.objects.get()
    assert webhook.last_ok_at and not webhook.is_failing
    assert hook.url not in webhook.address and "secret" not in webhook.secret


def signatures_of(hook) -> tuple[str, list[str], bytes]:
    _, headers, body = hook.requests[-1]
    at, *signatures = (part.partition("=")[2] for part in headers["X-Portal-Signature"].split(","))
    return at, signatures, body


@pytest.mark.parametrize("has_leaked", [False, True])
def test_an_exchanged_secret_signs_at_once_and_the_old_one_for_a_day_unless_it_leaked(owner, hook, has_leaked):
    webhook = make_webhook(owner, hook.url)
    secret = exchange_secret(webhook, actor=owner, has_leaked=has_leaked)
    assert deliver(send(owner, "Late", "…", key="1", webhook=webhook).pk).state == "sent"
    at, signatures, body = signatures_of(hook)
    fits = [
        hmac.new(key, f"{at}.".encode() + body, hashlib.sha256).hexdigest() for key in (secret.encode(), b"a secret")
    ]
    assert signatures == (fits[:1] if has_leaked else fits)
    later = timezone.now() + timedelta(hours=25)
    letter = send(owner, "Later", "…", key="2", webhook=webhook)
    assert deliver(letter.pk, lambda: later).state == "sent" and len(signatures_of(hook)[1]) == 1
    forget_old(later)
    webhook.refresh_from_db()
    assert (webhook.old_secret, webhook.old_secret_until) == ("", None)


def test_a_dead_webhook_is_retried_then_shown_to_its_owner_and_ops_and_still_tried(owner, ops, hook):
    webhook = make_webhook(owner, hook.url)
    hook.status = 503
    letter = send(owner, "Late", "…", key="1", webhook=webhook)
    for _ in range(len(WAITS)):
        assert deliver(letter.pk).state == "waiting"
    assert not Notice.objects.exists()
    assert deliver(letter.pk).state == "failed"
    assert Notice.objects.filter(user=owner, kind="bad").count() == Notice.objects.filter(user=ops).count() == 1
    webhook.refresh_from_db()
    assert webhook.is_failing and webhook.last_fault == "It answered 503."
    hook.status = 200
    assert deliver(send(owner, "Again", "…", key="2", webhook=webhook).pk).state == "sent"
    webhook.refresh_from_db()
    assert not webhook.is_failing


@pytest.mark.parametrize("status", [301, 404, 410])
def test_an_answer_that_will_not_change_is_not_asked_for_again(owner, hook, status):
    hook.status, hook.headers = status, {"Location": "http://127.0.0.1:1/"}
    letter = send(owner, "Late", "…", key="1", webhook=make_webhook(owner, hook.url))
    assert deliver(letter.pk).state == "failed" and len(hook.requests) == 1


def test_words_are_forgotten_and_the_log_stays(letter):
    deliver(letter.pk)
    forget_old(timezone.now() + timedelta(days=6))
    letter.refresh_from_db()
    assert letter.text
    forget_old(timezone.now() + timedelta(days=8))
    letter.refresh_from_db()
    assert (letter.text, letter.state) == ("", "sent")
