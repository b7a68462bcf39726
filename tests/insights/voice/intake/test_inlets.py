"""Signed feedback of other systems: kept before it is answered, told apart by id, refused without a fresh signature."""

import json
import time

import pytest
from django.core.cache import cache
from django.urls import reverse

from insights.voice.feedback.models import Feedback
from insights.voice.intake import receiving
from insights.voice.intake.actions import close_inlet, create_inlet, exchange_secret
from insights.voice.intake.models import Inlet
from insights.voice.intake.receiving import signature_of


@pytest.fixture
def opened(product, owner, channel):
    cache.clear()
    return create_inlet(product, name="Help desk", origin="Zendesk", channel=channel, actor=owner)


def post(client, inlet, value, secret, at=None, **more):
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    sign = signature_of(secret, body, int(at or time.time()))
    url = reverse("intake_hooks:receive", args=[inlet.key])
    return client.post(url, body, content_type="application/json", headers={"X-Portal-Signature": sign, **more})


def test_pieces_are_kept_once_and_name_who_said_them(people, client, opened, channel):
    inlet, secret = opened
    items = [
        {"id": "7", "text": "It is slow.", "person": "ann@example.com", "title": "Speed", "kind": "problem"},
        {"text": "No id, but words."},
    ]
    answer = post(client, inlet, items, secret)
    assert (answer.status_code, answer.json()) == (200, {"new": 2, "known": 0})
    first = Feedback.objects.get(origin_id="7")
    assert (first.origin, first.person.distinct_id, first.channel, first.visibility) == (
        "zendesk",
        "ann",
        channel,
        "team",
    )
    assert post(client, inlet, items, secret).json() == {"new": 0, "known": 2}
    assert post(client, inlet, {"id": "8", "text": "One alone."}, secret).json() == {"new": 1, "known": 0}
    inlet.refresh_from_db()
    assert (inlet.n_taken, inlet.last_used_at is not None) == (3, True)


def test_without_a_fresh_signature_of_its_own_secret_nothing_comes_in(client, opened):
    inlet, secret = opened
    value = {"text": "Hello there."}
    assert post(client, inlet, value, "is_other").status_code == 403
    assert post(client, inlet, value, secret, at=time.time() - 301).status_code == 403
    body = json.dumps(value).encode()
    url = reverse("intake_hooks:receive", args=[inlet.key])
    for header in ("", "t=1", "v1=aa", f"t={'9' * 400},v1=aa", "t=1,t=2,v1=é"):
        headers = {"X-Portal-Signature": header}
        assert client.post(url, body, content_type="application/json", headers=headers).status_code == 403
    good = signature_of(secret, body, int(time.time()))
    changed = client.post(url, body + b" ", content_type="application/json", headers={"X-Portal-Signature": good})
    assert changed.status_code == 403
    assert client.get(url).status_code == 405
    assert not Feedback.objects.exists()


def test_one_wrong_item_takes_none(client, opened):
    inlet, secret = opened
    answer = post(client, inlet, [{"text": "Good words."}, {"text": "", "kind": "riddle"}], secret)
    assert answer.status_code == 400 and set(answer.json()["fields"]) == {"[1].text", "[1].kind"}
    assert post(client, inlet, b"[1, 2]", secret).status_code == 400
    assert post(client, inlet, b"{", secret).status_code == 400
    assert post(client, inlet, {"text": "later", "said_on": "2099-01-01"}, secret).json()["fields"] == {
        "[0].said_on": ["This day is still to come."]
    }
    assert post(client, inlet, [{"text": "x"}] * 201, secret).status_code == 400
    assert not Feedback.objects.exists()


def test_too_much_and_too_often_are_refused(client, opened, monkeypatch):
    inlet, secret = opened
    assert post(client, inlet, {"text": "a" * 1_100_000}, secret).status_code == 413
    monkeypatch.setattr(receiving, "MOST_REQUESTS", 2)
    assert [post(client, inlet, {"id": "1", "text": "One."}, secret).status_code for _ in range(3)] == [200, 200, 429]


def test_a_secret_is_shown_once_exchanged_and_closed(client_of, owner, outsider, viewer, opened, client, channel):
    inlet, secret = opened
    client_of(owner)
    page = client.get(reverse("intake:inlet-list"))
    assert "Help desk" in page.content.decode() and secret not in page.content.decode()
    assert secret not in json.dumps(list(Inlet.objects.values("secret", "key", "name")))
    made = client.post(
        reverse("intake:inlet-list"),
        {
            "product": inlet.product.slug,
            "name": "Forum",
            "origin": "canny",
            "channel": channel.slug,
            "visibility": "team",
        },
    )
    assert made.status_code == 200 and "is_" in made.content.decode() and Inlet.objects.count() == 2
    shown = client.post(reverse("intake:inlet-exchange", args=[inlet.pk])).content.decode()
    new = shown.split('id="new-secret"')[1].split('value="')[1].split('"')[0]
    inlet.refresh_from_db()
    assert post(client, inlet, {"id": "1", "text": "One."}, new).status_code == 200
    assert post(client, inlet, {"id": "2", "text": "Two."}, secret).status_code == 200, "for a day the old one too"
    exchange_secret(inlet, actor=owner, has_leaked=True)
    assert post(client, inlet, {"id": "3", "text": "Three."}, new).status_code == 403
    close_inlet(inlet, actor=owner)
    assert post(client, inlet, {"id": "4", "text": "Four."}, new).status_code == 404
