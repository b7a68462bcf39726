"""Public links: stored numbers for whoever has the secret, and nothing that leads further."""

import datetime as dt
import re

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from insights.catalogue.models import CatalogueProperty
from insights.dashboards import actions as boards
from insights.dashboards.models import Dashboard, TileAnswer
from insights.sharing import actions
from insights.sharing.models import PublicLink
from insights.sharing.public_boards import why_dead
from portal.audit.models import AuditEntry
from portal.operations.models import OutboxMessage
from portal.people.models import Membership, Product, User, Visibility
from portal.shell.public import BadInput, NotAllowed
from tests import factories
from tests.insights.sharing.conftest import NOW, TREND, refresh

PASSWORD = "correct horse"


@pytest.fixture(autouse=True)
def on_that_day():
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


def make(dashboard, actor, **more):
    more = {"name": "Investors", "expires_at": NOW + dt.timedelta(days=30), **more}
    link, token = actions.create_link(dashboard, actor=actor, **more)
    return link, f"/shared/{token}/"


@pytest.fixture
def link(dashboard, owner):
    return make(dashboard, owner)


@pytest.fixture
def anybody():
    return Client(enforce_csrf_checks=True)


def told(response):
    """Return what a response tells, but for the nonce and the number of the request."""
    text = re.sub(r'nonce="[^"]*"', "", response.content.decode())
    headers = {name: value for name, value in response.items() if name not in ("X-Request-Id",)}
    policy = re.sub(r"'nonce-[^']*'", "", headers.pop("Content-Security-Policy"))
    return response.status_code, text, headers, policy


def test_it_shows_stored_numbers_and_nothing_that_leads_further(link, anybody, dashboard, owner):
    secret = [{"property": "plan", "of": "event", "op": "is", "value": "secret plan"}]
    boards.add_tile(dashboard, actor=owner, question={**TREND, "filters": secret})
    boards.create_annotation(actor=owner, product=dashboard.product, text="Outage of Acme", starts_on="2026-03-10")
    refresh()
    response = anybody.get(link[1])
    text = response.content.decode()
    assert "Product health" in text and "People who read reports" in text and ">17 Mar 2026" in text
    assert "<a " not in text and 'href="/dashboards' not in text and "example.org" not in text and "a link" in text
    for hidden in (
        "secret plan",
        "Outage of Acme",
        "Owner",
        "select ",
        "SELECT",
        "/insights/",
        "/people",
        "data-point",
    ):
        assert hidden not in text, hidden
    assert not response.cookies
    assert response["X-Robots-Tag"].startswith("noindex") and "noindex" in text
    assert response["Referrer-Policy"] == "no-referrer" and "no-store" in response["Cache-Control"]
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"] and response["X-Frame-Options"] == "DENY"


def test_it_never_computes_and_asks_nobody_to(link, anybody, dashboard, owner):
    boards.add_tile(dashboard, actor=owner, title="New", question={**TREND, "interval": "week"})
    with CaptureQueriesContext(connection) as queries:
        text = anybody.get(link[1]).content.decode()
    assert "This tile has no numbers yet." in text
    assert len(queries) <= 12, [query["sql"][:100] for query in queries]
    assert TileAnswer.objects.count() == 2 and not OutboxMessage.objects.filter(task__startswith="dashboards").exists()


def test_openings_are_counted_for_those_who_manage_it(link, anybody, client_of, viewer):
    anybody.get(link[1])
    anybody.head(link[1])
    anybody.get(link[1])
    text = client_of(viewer).get(link[0].get_absolute_url()).content.decode()
    assert "2 times" in text and "This link works until" in text
    assert link[1].split("/")[2] not in text, "the secret is shown once"


def _revoke(link, owner):
    actions.revoke_link(link, actor=owner)


def _expire(link, owner):
    PublicLink.objects.update(created_at=NOW - dt.timedelta(days=9), expires_at=NOW - dt.timedelta(seconds=1))


def _leave(link, owner):
    User.objects.filter(pk=owner.pk).update(is_active=False)


def _leave_the_team(link, owner):
    Membership.objects.filter(user=owner).delete()


def _archive(link, owner):
    boards.archive_dashboard(link.dashboard, actor=owner)


def _close(link, owner):
    actions.close_product(link.dashboard.product, actor=owner, reason="Contracts forbid it")


@pytest.mark.parametrize("end", [_revoke, _expire, _leave, _leave_the_team, _archive, _close])
def test_whatever_ends_a_link_is_one_and_the_same_answer(link, anybody, owner, end):
    unknown = told(anybody.get(f"/shared/{'A' * 43}/"))
    assert unknown[0] == 404 and told(anybody.get("/shared/x/")) == unknown
    end(link[0], owner)
    assert told(anybody.get(link[1])) == unknown
    assert told(anybody.post(link[1], {"password": "x"})) == unknown
    assert why_dead(PublicLink.objects.select_related("dashboard__product", "created_by").get())


def test_a_setting_switches_all_of_it_off(link, anybody, settings, dashboard, owner, client_of):
    settings.PUBLIC_LINKS = False
    assert anybody.get(link[1]).status_code == 404
    with pytest.raises(BadInput, match="switched off"):
        make(dashboard, owner)
    assert "Public link<" not in client_of(owner).get(dashboard.get_absolute_url()).content.decode()
    assert "switched off" in client_of(owner).get("/sharing/links/").content.decode()


def test_tiles_that_the_maker_no_longer_sees_or_that_are_personal_are_left_out(dashboard, owner, anybody, product):
    other = factories.make_product("Other", factories.make_team("Other team"))
    factories.make_source(other, "Other app")
    elsewhere = {**TREND, "products": [other.slug], "series": [{"event": "bought it"}]}
    boards.add_tile(dashboard, actor=owner, title="Of the other product", question=elsewhere)
    split = {**TREND, "breakdown": [{"property": "who", "of": "event"}]}
    boards.add_tile(dashboard, actor=owner, title="By person", question=split)
    refresh()
    _, path = make(dashboard, owner)
    text = anybody.get(path).content.decode()
    assert "Of the other product" in text and "By person" in text
    CatalogueProperty.objects.create(product=product, of="event", name="who", is_personal=True)
    Product.objects.filter(pk=other.pk).update(visibility=Visibility.TEAM)
    text = anybody.get(path).content.decode()
    assert text.count("This tile is not shown here.") == 2
    assert "Of the other product" not in text and "By person" not in text and "People who read reports" in text


def test_a_closed_product_is_left_out_of_others_dashboards(dashboard, owner, anybody, ops):
    other = factories.make_product("Other", factories.make_team("Other team"))
    source = factories.make_source(other, "Other app")
    for scope in ({"products": [other.slug]}, {"sources": [source.slug]}):
        boards.add_tile(dashboard, actor=owner, title="Elsewhere", question={**TREND, **scope})
    refresh()
    _, path = make(dashboard, owner)
    assert anybody.get(path).content.decode().count('aria-label="Elsewhere"') == 2
    actions.close_product(other, actor=ops, reason="Contracts")
    assert "Elsewhere" not in anybody.get(path).content.decode()
    actions.open_product(other, actor=ops)
    assert "Elsewhere" in anybody.get(path).content.decode()


def test_a_password_is_asked_for_and_kept_in_one_cookie(dashboard, owner, anybody):
    _, path = make(dashboard, owner, password=PASSWORD)
    assert PASSWORD not in str(PublicLink.objects.values())
    asked = anybody.get(path)
    assert "asks for a password" in asked.content.decode() and "Product health" not in asked.content.decode()
    assert not asked.cookies
    wrong = anybody.post(path, {"password": "wrong"})
    assert wrong.status_code == 422 and "not the password" in wrong.content.decode()
    right = anybody.post(path, {"password": PASSWORD})
    assert (right.status_code, right["Location"]) == (303, path)
    (cookie,) = right.cookies.values()
    assert cookie["httponly"] and cookie["path"] == path and cookie["samesite"] == "Lax"
    assert "Product health" in anybody.get(path).content.decode()
    PublicLink.objects.update(password_hash="another")
    assert "asks for a password" in anybody.get(path).content.decode(), "an old pass is worth nothing"


def test_a_pass_of_one_link_opens_no_other(dashboard, owner, anybody):
    _, mine = make(dashboard, owner, password=PASSWORD)
    _, other = make(dashboard, owner, password="another one")
    cookie = next(iter(anybody.post(mine, {"password": PASSWORD}).cookies.values()))
    stranger = Client()
    stranger.cookies[cookie.key] = cookie.value
    assert "asks for a password" in stranger.get(other).content.decode()


def test_passwords_can_be_tried_a_few_times_only(dashboard, owner, anybody):
    _, path = make(dashboard, owner, password=PASSWORD)
    for _ in range(5):
        assert anybody.post(path, {"password": "wrong"}).status_code == 422
    late = anybody.post(path, {"password": PASSWORD})
    assert late.status_code == 429 and "quarter of an hour" in late.content.decode() and not late.cookies
    elsewhere = anybody.post(path, {"password": PASSWORD}, REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == 303


def test_a_wiki_that_is_named_may_frame_it_and_nothing_else(dashboard, owner, anybody, settings):
    with pytest.raises(BadInput):
        make(dashboard, owner, is_embeddable=True)
    settings.EMBED_HOSTS = ["https://wiki.example.com"]
    with pytest.raises(BadInput):
        make(dashboard, owner, is_embeddable=True, password=PASSWORD)
    _, plain = make(dashboard, owner)
    _, path = make(dashboard, owner, is_embeddable=True)
    response = anybody.get(f"{path}embed/")
    assert response.status_code == 200 and "X-Frame-Options" not in response and not response.cookies
    assert "frame-ancestors https://wiki.example.com" in response["Content-Security-Policy"]
    assert "'none' https" not in response["Content-Security-Policy"]
    for other in (path, plain, f"{plain}embed/", "/accounts/login/"):
        answer = anybody.get(other)
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"], other
    assert anybody.get(f"{plain}embed/").status_code == 404
    settings.EMBED_HOSTS = []
    assert anybody.get(f"{path}embed/").status_code == 404


@pytest.mark.parametrize("days", [-1, 0, 92, 400])
def test_an_expiry_is_required_and_bounded(dashboard, owner, days):
    with pytest.raises(BadInput):
        make(dashboard, owner, expires_at=NOW + dt.timedelta(days=days))


def test_only_editors_make_links_and_other_teams_do_not_see_them(link, dashboard, viewer, outsider, client_of):
    with pytest.raises(NotAllowed):
        make(dashboard, viewer)
    client = client_of(outsider)
    assert client.get(link[0].get_absolute_url()).status_code == 404
    assert client.post(f"{link[0].get_absolute_url()}revoke/").status_code == 404
    assert "Investors" not in client.get("/sharing/links/").content.decode()
    assert client.get("/api/v1/public-links/").json()["results"] == []


def test_the_page_makes_shows_once_and_revokes(dashboard, client_of, owner, anybody):
    client = client_of(owner)
    url = f"/sharing/links/new/?dashboard={dashboard.slug}"
    page = client.get(url).content.decode()
    assert 'value="2026-04-19"' in page and "At most 90 days ahead." in page and "is_embeddable" not in page
    assert client.post(url, {"name": "Board", "expires_on": "2027-01-01"}).status_code == 422
    made = client.post(url, {"name": "<b>Board", "expires_on": "2026-04-01", "password": ""}).content.decode()
    address = re.search(r'value="http://testserver(/shared/[\w-]{43}/)"', made)[1]
    link = PublicLink.objects.get()
    assert link.expires_at == dt.datetime(2026, 4, 2, tzinfo=dt.UTC), "the whole last day"
    assert address.split("/")[2] not in str(PublicLink.objects.values()) + str(AuditEntry.objects.values())
    assert anybody.get(address).status_code == 200
    assert "&lt;b&gt;Board" in client.get("/sharing/links/").content.decode()
    assert client.post(f"/sharing/links/{link.pk}/revoke/").status_code == 302
    assert anybody.get(address).status_code == 404
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"public_link.created", "public_link.revoked"} <= verbs


def test_what_people_write_is_never_markup(dashboard, owner, anybody):
    Dashboard.objects.update(title="<script>alert(1)</script>", purpose="<img src=x onerror=alert(1)>")
    text = "<script>alert(2)</script> [x](javascript:alert(3)) <img src=x onerror=alert(4)>"
    boards.add_tile(dashboard, actor=owner, kind="text", title='"><script>alert(5)</script>', text=text)
    boards.add_tile(dashboard, actor=owner, title="</script><script>alert(6)</script>", question=TREND)
    refresh()
    _, path = make(dashboard, owner)
    page = anybody.get(path).content.decode()
    assert "<script>alert" not in page and "<img" not in page and "<a " not in page


def test_the_api_makes_lists_and_revokes(dashboard, client_of, owner, anybody):
    client = client_of(owner)
    sent = {"dashboard": dashboard.slug, "name": "Board", "expires_at": "2026-04-01T00:00:00Z"}
    made = client.post("/api/v1/public-links/", sent, content_type="application/json")
    assert made.status_code == 201, made.content
    path = made.json()["address"].removeprefix("http://testserver")
    assert anybody.get(path).status_code == 200
    (listed,) = client.get("/api/v1/public-links/").json()["results"]
    assert listed["state"] == "works" and not {"address", "token_hash", "password_hash"} & listed.keys()
    assert client.post(f"/api/v1/public-links/{listed['id']}/revoke/").json()["state"] == "revoked"
    assert anybody.get(path).status_code == 404
    closing = {"product": "planner", "reason": "Contracts"}
    assert (
        client.post("/api/v1/products-closed-to-public-links/", closing, content_type="application/json").status_code
        == 201
    )
    refused = client.post("/api/v1/public-links/", sent, content_type="application/json")
    assert refused.status_code == 400 and "Contracts" in refused.json()["message"]
    assert client.delete("/api/v1/products-closed-to-public-links/planner/").status_code == 204


def test_the_secret_is_in_no_log(link, anybody, caplog, capsys):
    from portal.operations.logs import _hide_secrets

    event = _hide_secrets(None, "info", {"event": f"GET {link[1]} 200"})
    assert event == {"event": "GET /shared/…/ 200"}


def test_two_who_revoke_at_once_leave_one_entry(link, owner, editor):
    assert actions.revoke_link(link[0], actor=owner) is True
    assert actions.revoke_link(PublicLink.objects.get(), actor=editor) is False
    assert AuditEntry.objects.filter(verb="public_link.revoked").count() == 1
    assert PublicLink.objects.get().revoked_by == owner and timezone.now() == NOW
