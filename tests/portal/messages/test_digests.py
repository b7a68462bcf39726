"""A digest comes once an occurrence, to who may see it, and says what it should."""

import json
import threading
from datetime import UTC, datetime, time, timedelta
from email import message_from_bytes, policy
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from portal.audit.models import AuditEntry
from portal.messages import drawing
from portal.messages.actions import subscriptions as actions
from portal.messages.actions.webhooks import create_webhook
from portal.messages.contracts import DigestChart, DigestLine, DigestSeries
from portal.messages.digests import unsubscribe_token
from portal.messages.models import Delivery, Drawing, Notice, Subscription
from portal.messages.sending import deliver, forget_old
from portal.messages.tasks import send_due
from portal.shell.public import BadInput, Conflict, NotAllowed

PNG = b"\x89PNG\r\n\x1a\n"


def subscribe(user, **values) -> Subscription:
    fields = {"frequency": "daily", "at": time(8), "time_zone": "Europe/Berlin", **values}
    return actions.create_subscription(actor=user, kind="growth", thing_id="growth", **fields)


def make_due(subscription: Subscription) -> datetime:
    now = timezone.now()
    Subscription.objects.filter(pk=subscription.pk).update(next_at=now - timedelta(minutes=1))
    return now


def send_one(subscription: Subscription) -> Delivery:
    """Do what a beat and a worker do when a subscription is due."""
    now = make_due(subscription)
    assert actions.start_due(now) == 1
    return deliver(Delivery.objects.filter(subscription=subscription).latest("pk").pk)


def test_a_digest_is_mailed_with_its_range_its_change_its_chart_and_its_links(owner, subject):
    delivery = send_one(subscribe(owner))
    assert delivery.state == "sent"
    message = message_from_bytes(mail.outbox[0].message().as_bytes(), policy=policy.default)
    assert message["Subject"] == "Growth: Reports opened +31 %"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    parts = {part.get_content_type(): part for part in message.walk()}
    html, text = (parts[kind].get_payload(decode=True).decode() for kind in ("text/html", "text/plain"))
    for words in ("1 to 3 Nov 2026", "plan is “pro”", "UTC", "Data until 3 Nov 2026, 23:59", "1,204", "+31 %"):
        assert words in html and words in text
    berlin = delivery.occurs_at.astimezone(ZoneInfo("Europe/Berlin"))
    assert f"{berlin:%H:%M}, Europe/Berlin" in text and berlin.utcoffset()
    image = parts["image/png"]
    assert image.get_payload(decode=True).startswith(PNG)
    assert f'src="cid:{image["Content-ID"].strip("<>")}"' in html and 'alt="Three days."' in html
    link = message["List-Unsubscribe"].strip(" <>")
    assert link in html and link in text and f"/profile/sent/{delivery.pk}/" in text


def test_two_clocks_and_two_workers_send_one_digest(owner, subject):
    subscription = subscribe(owner)
    now = make_due(subscription)
    seen = Subscription.objects.get(pk=subscription.pk)
    assert actions.start_occurrence(seen, now) is not None
    assert actions.start_occurrence(seen, now) is None
    assert actions.start_due(now) == 0
    [delivery] = Delivery.objects.all()
    assert deliver(delivery.pk) is not None and deliver(delivery.pk) is None
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_clocks_and_workers_at_the_same_moment_send_one_digest(owner, subject):
    now = make_due(subscribe(owner))
    barrier = threading.Barrier(4)

    def work():
        try:
            barrier.wait()
            actions.start_due(now)
            barrier.wait()
            deliver(Delivery.objects.get().pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(mail.outbox) == 1 and Delivery.objects.get().state == "sent"


def test_a_time_that_is_moved_on_the_day_does_not_bring_a_second_digest(owner, subject, time_machine_at):
    time_machine_at(datetime(2026, 11, 23, 6, tzinfo=UTC))
    subscription = subscribe(owner)
    time_machine_at(datetime(2026, 11, 23, 7, 0, 5, tzinfo=UTC))
    assert actions.start_due(timezone.now()) == 1
    actions.change_subscription(subscription, actor=owner, at=time(9))
    time_machine_at(datetime(2026, 11, 23, 8, 0, 5, tzinfo=UTC))
    actions.start_due(timezone.now())
    assert Delivery.objects.count() == 1
    time_machine_at(datetime(2026, 11, 24, 8, 0, 5, tzinfo=UTC))
    actions.start_due(timezone.now())
    assert Delivery.objects.count() == 2


@pytest.fixture
def time_machine_at():
    import time_machine

    travelled = []

    def travel(moment):
        if travelled:
            travelled.pop().stop()
        traveller = time_machine.travel(moment, tick=False)
        traveller.start()
        travelled.append(traveller)

    yield travel
    for one in travelled:
        one.stop()


def test_after_a_pause_of_the_portal_one_digest_comes_not_one_a_day(owner, subject):
    subscription = subscribe(owner)
    Subscription.objects.update(next_at=timezone.now() - timedelta(days=9))
    assert actions.start_due(timezone.now()) == 1
    subscription.refresh_from_db()
    assert subscription.next_at > timezone.now()


def test_who_lost_access_gets_nothing_and_is_told_once(owner, subject):
    subscription = subscribe(owner)
    subject.hidden_from.add(owner.pk)
    subject.title = "A new secret title"
    assert send_one(subscription).state == "skipped" and not subject.n_composed
    subscription.refresh_from_db()
    assert subscription.stop_reason == "access"
    [notice] = Notice.objects.filter(user=owner)
    assert "“Growth” has stopped" in notice.text and "secret" not in notice.text
    told = Delivery.objects.get(kind="single")
    assert "secret" not in told.text + told.subject
    assert actions.start_due(timezone.now() + timedelta(days=3)) == 0


def test_nothing_is_sent_when_nothing_changed_and_that_is_wanted(owner, subject):
    subscription = subscribe(owner, skips_unchanged=True)
    subject.line = DigestLine("Reports opened", "1,204", "+1 %", "within its noise", 0.4)
    assert send_one(subscription).state == "skipped" and not mail.outbox
    assert deliver(actions.send_now(subscription, actor=owner).pk).state == "sent"


def test_sent_now_twice_in_a_minute_is_once(owner, subject):
    subscription = subscribe(owner)
    assert actions.send_now(subscription, actor=owner) == actions.send_now(subscription, actor=owner)


def test_a_try_again_sends_what_was_composed_the_first_time(owner, subject, settings):
    settings.EMAIL_BACKEND = "tests.portal.messages.test_sending.Backend"
    from tests.portal.messages.test_sending import Backend

    Backend.at_open, Backend.at_send = [ConnectionRefusedError()], []
    delivery = send_one(subscribe(owner))
    assert delivery.state == "waiting"
    subject.line = DigestLine("Reports opened", "1,999")
    assert deliver(delivery.pk).state == "sent" and subject.n_composed == 1
    assert "1,204" in mail.outbox[0].body


def test_hostile_names_are_words_in_subject_html_text_and_slack(owner, subject, hook):
    subject.title = 'Growth\r\nBcc: all@example.com <script>alert("x")</script>'
    subject.line = DigestLine("<!channel> $\\frac{1}{0}$\nX: 1", "1", "+9 %", "", 3.0)
    series = (DigestSeries("$\\frac{$ 好 \x00 <b>", (1.0, None)),) * 2
    subject.charts = (DigestChart("<img onerror=x>", ("a", "b"), series, alt='"><script>'),)
    send_one(subscribe(owner))
    message = mail.outbox[0].message()
    assert message["Subject"].startswith('Growth Bcc: all@example.com <script>alert("x")</script>: ')
    assert "Bcc" not in message
    html = mail.outbox[0].alternatives[0][0]
    assert "<script" not in html and "<img onerror" not in html and "&lt;!channel&gt;" in html
    assert "\nX: 1" not in mail.outbox[0].body
    webhook, _ = create_webhook(actor=owner, name="Chat", address=hook.url)
    send_one(subscribe(owner, webhook=webhook))
    body = hook.requests[0][2].decode()
    assert "<!channel>" not in json.dumps(json.loads(body)["blocks"]) and "<script" not in json.loads(body)["text"]


def test_a_webhook_gets_the_digest_as_blocks_and_as_values(owner, subject, hook):
    webhook, _ = create_webhook(actor=owner, name="Chat", address=hook.url)
    assert send_one(subscribe(owner, webhook=webhook)).state == "sent"
    body = json.loads(hook.requests[0][2])
    assert "Reports opened: *1,204* (+31 % against the week before" in body["blocks"][1]["text"]["text"]
    assert body["digest"]["parts"][0]["lines"][0]["value"] == "1,204"
    assert not mail.outbox


def test_equal_charts_are_drawn_once_for_everybody(owner, editor, viewer, subject, monkeypatch):
    drawn = []
    draw = drawing.draw
    monkeypatch.setattr(drawing, "draw", lambda chart: drawn.append(chart) or draw(chart))
    for user in (owner, editor, viewer):
        send_one(subscribe(user))
    assert len(drawn) == 1 and Drawing.objects.count() == 1 and len(mail.outbox) == 3


@pytest.mark.parametrize("kind", ["line", "bar"])
def test_every_shape_of_chart_is_drawn(kind):
    charts = [
        DigestChart("One", ("a",), (DigestSeries("x", (1.0,)),), kind=kind),
        DigestChart("None", ("a", "b"), (DigestSeries("x", (None, None)),), kind=kind, n_partial=1),
        DigestChart("Zero", ("a", "b", "c"), (DigestSeries("x", (0, 0, 0)),), kind=kind, n_partial=3),
        DigestChart(
            "Many", tuple("abcdef"), tuple(DigestSeries(f"s{n}", (n, -n, 1, 2, 3, n)) for n in range(9)), kind=kind
        ),
        DigestChart("Band", ("a", "b"), (DigestSeries("x", (1, 2)),), low=(0, 1), high=(2, 3), kind=kind),
    ]
    assert all(drawing.draw(chart).startswith(PNG) for chart in charts)


def test_the_link_in_the_mail_asks_and_its_post_stops_without_signing_in(owner, subject):
    subscription = subscribe(owner)
    url = f"/unsubscribe/{unsubscribe_token(subscription)}/"
    anonymous = Client(enforce_csrf_checks=True)
    page = anonymous.get(url)
    assert "Stop this digest?" in page.content.decode() and "Growth" not in page.content.decode()
    subscription.refresh_from_db()
    assert not subscription.is_stopped
    for _ in range(2):
        assert anonymous.post(url, {"List-Unsubscribe": "One-Click"}).status_code == 200
    subscription.refresh_from_db()
    assert subscription.stop_reason == "link"
    assert AuditEntry.objects.filter(verb="subscription.stopped").count() == 1
    assert Client().post("/unsubscribe/made-up/").status_code == 404


def test_what_was_sent_opens_in_the_browser_for_its_reader_while_they_may_see_it(owner, editor, subject, client_of):
    delivery = send_one(subscribe(owner))
    url = f"/profile/sent/{delivery.pk}/"
    page = client_of(owner).get(url).content.decode()
    assert "1,204" in page and f"{url}charts/0/" in page and "style=" not in page
    picture = client_of(owner).get(f"{url}charts/0/")
    assert picture["Content-Type"] == "image/png" and picture.content.startswith(PNG)
    assert client_of(owner).get(f"{url}charts/1/").status_code == 404
    assert client_of(editor).get(url).status_code == 404
    subject.hidden_from.add(owner.pk)
    assert client_of(owner).get(url).status_code == 404
    subject.hidden_from.clear()
    forget_old(timezone.now() + timedelta(days=36))
    assert client_of(owner).get(url).status_code == 404


def test_a_fault_of_composing_is_tried_again_and_told_to_ops_in_the_end(owner, subject, ops):
    subject.fault = RuntimeError("broken")
    delivery = send_one(subscribe(owner))
    assert delivery.state == "waiting" and "An error of the portal's own" in delivery.result
    subject.fault = None
    assert deliver(delivery.pk).state == "sent"


def test_nobody_subscribes_to_what_they_may_not_see_or_twice_or_to_anothers_webhook(owner, editor, subject):
    subject.hidden_from.add(editor.pk)
    with pytest.raises(BadInput):
        subscribe(editor)
    subscription = subscribe(owner)
    with pytest.raises(Conflict):
        subscribe(owner)
    subject.hidden_from.clear()
    webhook, _ = create_webhook(actor=owner, name="Chat", address="https://hooks.example.com/x")
    with pytest.raises(BadInput):
        subscribe(editor, webhook=webhook)
    with pytest.raises(NotAllowed):
        actions.stop_subscription(subscription, actor=editor)


def test_ops_stop_what_is_anothers_in_the_admin_and_the_person_is_told(owner, ops, subject, client_of):
    subscription = subscribe(owner)
    data = {"action": "stop", "_selected_action": [subscription.pk], "index": 0}
    assert client_of(ops).post("/admin/portal_messages/subscription/", data).status_code == 302
    subscription.refresh_from_db()
    assert subscription.stop_reason == "ops" and Notice.objects.filter(user=owner).exists()


def test_a_person_subscribes_changes_sends_and_stops_on_the_pages(owner, subject, client_of):
    client = client_of(owner)
    page = client.get("/profile/subscriptions/new/?about=growth:growth").content.decode()
    assert '<option value="growth:growth" selected>Growth</option>' in page
    form = {"about": "growth:growth", "frequency": "weekly", "weekday": "2", "at": "07:30", "time_zone": "Asia/Tokyo"}
    form["webhook"] = "mail"
    assert client.post("/profile/subscriptions/new/", form).status_code == 302
    again = client.post("/profile/subscriptions/new/", form)
    assert again.status_code == 422 and "You have this subscription already" in again.content.decode()
    subscription = Subscription.objects.get()
    assert subscription.schedule == "Wednesdays at 07:30"
    url = f"/profile/subscriptions/{subscription.pk}/"
    assert client.post(url, {**form, "at": "09:00"}).status_code == 302
    client.post(f"{url}send/")
    page = client.get("/profile/subscriptions/").content.decode()
    assert "Wednesdays at 09:00" in page and "Waiting" in page
    client.post(f"{url}stop/")
    assert "Stopped by its owner" in client.get("/profile/subscriptions/").content.decode()
    client.post(f"{url}resume/")
    assert Subscription.objects.live().count() == 1


def test_a_person_makes_tests_and_removes_a_webhook_on_the_pages(owner, client_of, hook):
    client = client_of(owner)
    refused = client.post("/profile/webhooks/", {"name": "Chat", "address": "ftp://hooks.example.com/"})
    assert refused.status_code == 422 and "Addresses begin with" in refused.content.decode()
    page = client.post("/profile/webhooks/", {"name": "Chat", "address": hook.url}).content.decode()
    secret = page.partition("whsec_")[2].partition('"')[0]
    assert len(secret) > 40 and hook.url not in page
    assert secret not in client.get("/profile/webhooks/").content.decode()
    webhook = owner.webhooks.get()
    client.post(f"/profile/webhooks/{webhook.pk}/test/")
    deliver(Delivery.objects.get(kind="test").pk)
    assert (
        len(hook.requests) == 1
        and "Taken, answer 200." in client.get(f"/profile/webhooks/{webhook.pk}/").content.decode()
    )
    client.post(f"/profile/webhooks/{webhook.pk}/delete/")
    assert not owner.webhooks.exists() and Delivery.objects.count() == 1
    assert secret not in json.dumps(list(AuditEntry.objects.values()), default=str)


def test_the_task_of_the_clock_starts_what_is_due(owner, subject):
    make_due(subscribe(owner))
    send_due()
    send_due()
    assert Delivery.objects.count() == 1
