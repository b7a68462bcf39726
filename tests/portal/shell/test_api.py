"""The API's manners: tokens, scopes, errors, cursors, sorting, schema."""

import hashlib
from datetime import timedelta

import pytest
from django.utils import timezone

from portal.people.actions import create_token, deactivate_user, revoke_token
from portal.people.models import ApiToken
from tests import factories


@pytest.fixture
def token_of():
    def make(user, scope="write", days=30):
        expires_at = timezone.now() + timedelta(days=days)
        return create_token(user, actor=user, name="script", scope=scope, expires_at=expires_at)

    return make


def bearer(text):
    return {"Authorization": f"Bearer {text}"}


def test_a_token_speaks_for_its_person_and_is_kept_as_a_hash(client, owner, token_of):
    token, text = token_of(owner)
    assert client.get("/api/v1/me/", headers=bearer(text)).json()["email"] == owner.email
    token.refresh_from_db()
    assert token.secret_hash == hashlib.sha256(text.partition(".")[2].encode()).hexdigest()
    assert text not in str(token.__dict__.values()) and token.last_used_at is not None


def test_no_token_and_a_wrong_one_are_401_in_the_apis_shape(client, db):
    for headers in ({}, bearer("pop_00000000.wrong")):
        response = client.get("/api/v1/me/", headers=headers)
        assert response.status_code == 401 and response["WWW-Authenticate"] == "Bearer"
        assert set(response.json()) == {"code", "message", "fields", "request_id"}


def test_a_read_token_may_not_write(client, admin_user, token_of):
    _, text = token_of(admin_user, scope="read")
    assert client.get("/api/v1/teams/", headers=bearer(text)).status_code == 200
    response = client.post("/api/v1/teams/", {"name": "A", "slug": "a"}, headers=bearer(text))
    assert response.status_code == 403 and response.json()["code"] == "not_allowed"


def test_expired_and_revoked_tokens_and_those_of_the_gone_stop_working(client, owner, admin_user, token_of):
    token, text = token_of(owner)
    ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now())
    assert client.get("/api/v1/me/", headers=bearer(text)).status_code == 401
    token, text = token_of(owner)
    revoke_token(token, actor=owner)
    assert client.get("/api/v1/me/", headers=bearer(text)).status_code == 401
    _, text = token_of(owner)
    deactivate_user(owner, actor=admin_user)
    assert client.get("/api/v1/me/", headers=bearer(text)).status_code == 401


def test_a_new_token_is_told_once(client, owner, token_of):
    _, text = token_of(owner)
    body = {"name": "export", "scope": "read", "expires_at": (timezone.now() + timedelta(days=1)).isoformat()}
    made = client.post("/api/v1/tokens/", body, headers=bearer(text))
    assert made.status_code == 201 and made.json()["token"].startswith("pop_")
    assert "token" not in client.get(f"/api/v1/tokens/{made.json()['id']}/", headers=bearer(text)).json()


def test_nobody_sees_another_persons_tokens(client_of, owner, viewer, token_of):
    token, _ = token_of(owner)
    assert client_of(viewer).get(f"/api/v1/tokens/{token.pk}/").status_code == 404


def test_faults_are_named_by_field(client_of, admin_user):
    response = client_of(admin_user).post("/api/v1/users/", {"email": "no", "role": "king"})
    assert response.status_code == 400
    body = response.json()
    assert body["code"] == "bad_input" and set(body["fields"]) == {"email", "name", "role"}


def test_a_rule_of_the_data_is_a_fault_too(client_of, admin_user, team):
    response = client_of(admin_user).post("/api/v1/teams/", {"name": team.name, "slug": "other"})
    assert response.status_code == 400 and "name" in response.json()["fields"]


def test_wrong_method_and_unknown_sort(client_of, admin_user):
    client = client_of(admin_user)
    assert client.delete("/api/v1/teams/").json()["code"] == "method_not_allowed"
    response = client.get("/api/v1/teams/?sort=password")
    assert response.status_code == 400 and "sort" in response.json()["fields"]


def test_cursors_walk_all_rows_once_in_order(client_of, admin_user):
    for n in range(7):
        factories.make_team(f"Team {n}")
    client, url, seen = client_of(admin_user), "/api/v1/teams/?sort=-name&page_size=3", []
    while url:
        page = client.get(url).json()
        seen += [row["name"] for row in page["results"]]
        url = page["next"]
    assert seen == sorted(seen, reverse=True) and len(seen) == len(set(seen)) == 7


def test_a_team_products_are_hidden_from_others(client_of, outsider, team):
    factories.make_product("Secret", team, visibility="team")
    client = client_of(outsider)
    assert client.get("/api/v1/products/secret/").status_code == 404
    assert client.get("/api/v1/products/").json()["results"] == []


def test_too_often_is_429_with_when_to_come_back(client_of, viewer, monkeypatch):
    from django.core.cache import cache

    from portal.shell.api_rules import UserRate

    cache.clear()
    monkeypatch.setattr(UserRate, "THROTTLE_RATES", {"user": "2/min"})
    client = client_of(viewer)
    answers = [client.get("/api/v1/me/") for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert int(answers[2]["Retry-After"]) > 0 and answers[2].json()["code"] == "too_often"
    cache.clear()


def test_a_cache_that_is_away_does_not_close_the_api(client_of, viewer, monkeypatch):
    from redis.exceptions import ConnectionError as Away

    from portal.shell.api_rules import UserRate

    def away(*args, **kwargs):
        raise Away()

    monkeypatch.setattr(UserRate.cache, "get", away)
    assert client_of(viewer).get("/api/v1/me/").status_code == 200


def test_root_and_schema_name_every_resource(client_of, viewer):
    client = client_of(viewer)
    root = client.get("/api/v1/").json()
    assert {"teams", "products", "users", "tokens", "audit-entries"} <= set(root)
    schema = client.get("/api/v1/schema/?format=json").json()
    paths = {path.removeprefix("/api/v1/").strip("/") for path in schema["paths"]}
    assert not [name for name in root if name != "schema" and name not in paths]
    docs = client.get("/api/v1/docs/").content.decode()
    for name in ("teams", "users", "tokens"):
        assert f'href="/api/v1/docs/{name}/"' in docs
        assert f"/api/v1/{name}/" in client.get(f"/api/v1/docs/{name}/").content.decode()
    assert client.get("/api/v1/docs/nothing/").status_code == 404
