"""Signing in and out, and what a session opens: as an attacker tries it."""

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from portal.audit.models import AuditEntry
from portal.audit.public import record, state_of
from portal.people.models import ApiToken
from portal.people.public import SYSTEM
from portal.people.tokens import make_token
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_made_up_sender_address_does_not_reset_the_limit(client, owner, settings):
    settings.ACCOUNT_RATE_LIMITS = {}
    cache.clear()
    wrong = {"login": owner.email, "password": "not this one 1"}
    codes = [
        client.post("/accounts/login/", wrong, headers={"X-Forwarded-For": f"203.0.113.{n}"}).content for n in range(8)
    ]
    assert b"That was too often" in codes[-1]


def test_a_reset_does_not_tell_who_is_here(client, owner):
    known = client.post("/accounts/password/reset/", {"email": owner.email})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.com"})
    assert (known.status_code, known.headers.get("Location")) == (unknown.status_code, unknown.headers.get("Location"))
    assert [message.to for message in mail.outbox] == [[owner.email]]


def test_a_link_does_not_sign_anybody_out(client_of, owner):
    client = client_of(owner)
    client.get("/accounts/logout/")
    assert client.get("/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/").status_code == 302


def test_the_api_with_a_session_asks_for_the_csrf_token(owner):
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    asked = client.post("/api/v1/questions/ask", {"kind": "trend"}, content_type="application/json")
    assert asked.status_code == 403


@pytest.mark.parametrize("address", ["/", "/api/v1/me/", "/api/v1/questions/ask", "/accounts/login/"])
def test_only_the_capture_api_is_open_to_other_sites(client, db, address):
    foreign = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    for answer in (client.options(address, headers=foreign), client.get(address, headers=foreign)):
        assert "Access-Control-Allow-Origin" not in answer


def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(client, db):
    answer = client.post("/profile/theme/", {}, headers={"Referer": "http://testserver/dashboards/?q=plan"})
    assert answer["Location"] == "/accounts/login/?next=/dashboards/%3Fq%3Dplan"
    assert "nothing was saved" in client.get(answer["Location"]).content.decode()
    for referer in ("https://evil.example/", ""):
        answer = client.post("/profile/theme/", {}, headers={"Referer": referer})
        assert answer["Location"] == "/accounts/login/?next=/"


def test_a_script_of_a_page_is_told_that_the_session_ended(client, db):
    answer = client.post("/dashboards/any/layout/", "{}", "application/json", headers={"Accept": "application/json"})
    assert answer.status_code == 401 and answer.json()["code"] == "not_signed_in"


def test_a_foreign_next_is_not_followed(client, owner):
    sent = {"login": owner.email, "password": "a long password 1"}
    for target in ("https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)"):
        answer = Client().post("/accounts/login/", {**sent, "next": target})
        assert "evil" not in answer.headers.get("Location", "")
        assert "javascript" not in answer.headers.get("Location", "")


def test_access_ends_at_once_for_sessions_and_tokens(client_of, owner, product, team):
    product.visibility = "team"
    product.save()
    _, text = make_token(owner, "t", ApiToken.Scope.READ, "2099-01-01T00:00:00Z")
    client, token = client_of(owner), {"Authorization": f"Bearer {text}"}
    assert client.get("/api/v1/products/planner/").status_code == 200
    assert Client().get("/api/v1/products/planner/", headers=token).status_code == 200
    owner.membership_set.all().delete()
    assert client.get("/api/v1/products/planner/").status_code == 404
    assert Client().get("/api/v1/products/planner/", headers=token).status_code == 404
    owner.is_active = False
    owner.save()
    assert client.get("/").status_code == 302
    assert Client().get("/api/v1/me/", headers=token).status_code == 401


def test_a_policy_without_holes_is_on_every_answer(client_of, admin_user):
    client = client_of(admin_user)
    for address in ("/", "/admin/", "/api/v1/docs/", "/nothing/", "/accounts/login/", "/dashboards/"):
        policy = client.get(address).headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy and "base-uri 'none'" in policy, address


@pytest.mark.parametrize("kind", ["token", "key", "user"])
def test_nothing_that_opens_something_lands_in_the_trail(owner, product, kind):
    if kind == "token":
        thing, secret = make_token(owner, "t", ApiToken.Scope.READ, "2099-01-01T00:00:00Z")
        hidden = [thing.secret_hash, secret]
    elif kind == "key":
        from insights.capture.actions import create_write_key

        source = factories.make_source(product, kind="api")
        thing, secret = create_write_key(source, name="k", actor=SYSTEM)
        hidden = [thing.secret_hash, secret]
    else:
        thing, hidden = owner, [owner.password, owner.email]
    record(SYSTEM, "thing.changed", thing, after=state_of(thing))
    trail = str(list(AuditEntry.objects.values()))
    assert not [text for text in hidden if text in trail]
