"""Links to the roadmap: who makes them, whom they open for, how they end, and what vanishes from them."""

import datetime as dt
import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from insights.sharing.actions import close_product
from portal.audit.models import AuditEntry
from portal.operations.contracts import DemoWorld
from portal.operations.logs import _hide_secrets
from portal.people.models import Membership, Product, User, Visibility
from portal.people.public import SYSTEM
from portal.shell.public import BadInput, Conflict, NotAllowed
from roadmaps.plan.sharing import actions, demo
from roadmaps.plan.sharing.contracts import FIELDS
from roadmaps.plan.sharing.models import RoadmapLink
from roadmaps.plan.sharing.reading import why_dead
from roadmaps.plan.sharing.views import opened
from roadmaps.planning.initiatives.public import change_initiative
from tests import factories
from tests.roadmaps.plan.sharing.conftest import NOW, PASSWORD

JSON = "application/json"


def titles(client, path):
    answer = client.get(f"{path.removesuffix('/')}.json")
    assert answer.status_code == 200, answer.content
    return [one["title"] for one in answer.json()["items"]]


def told(response):
    """Return what a response tells, but for the nonce and the number of the request."""
    text = re.sub(r'nonce="[^"]*"', "", response.content.decode())
    headers = {name: value for name, value in response.items() if name != "X-Request-Id"}
    policy = re.sub(r"'nonce-[^']*'", "", headers.pop("Content-Security-Policy"))
    return response.status_code, text, headers, policy


def test_it_opens_without_a_login_is_not_kept_by_anybody_and_leads_nowhere(add, share, anybody):
    add("Guide")
    _, path = share(["horizon"], "board")
    response = anybody.get(path)
    text = response.content.decode()
    assert response.status_code == 200 and "Guide" in text
    assert not response.cookies
    assert response["X-Robots-Tag"].startswith("noindex") and "noindex" in text
    assert response["Referrer-Policy"] == "no-referrer" and "no-store" in response["Cache-Control"]
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
    assert set(re.findall(r'<a [^>]*href="([^"]*)"', text)) == {"?view=board", "?view=list"}
    assert "<script" not in text
    data = anybody.get(f"{path.removesuffix('/')}.json")
    assert data.json() == {
        "heading": "zheadingq",
        "as_of": "2026-03-20",
        "items": [{"title": "Guide", "horizon": "Later"}],
        "n_left_out": 0,
    }
    assert "no-store" in data["Cache-Control"] and data["X-Robots-Tag"].startswith("noindex")


def test_only_what_everybody_in_the_company_may_read_is_shown_and_it_vanishes_at_once(add, share, anybody, product):
    one, other = add("Guide"), add("Holidays", horizon="next")
    add("Secret", visibility="team")
    _, path = share(["horizon"])
    assert titles(anybody, path) == ["Guide", "Holidays"]
    change_initiative(one, actor=SYSTEM, changes={"visibility": "team"}, why="Not yet")
    assert titles(anybody, path) == ["Holidays"]
    change_initiative(other, actor=SYSTEM, changes={"stage": "dropped"}, why="No")
    assert titles(anybody, path) == []
    assert titles(anybody, share(["stage"], asked={"stage": "all"})[1]) == []


def test_an_initiative_of_a_team_that_hides_it_is_gone_though_the_maker_was_of_that_team(add, share, anybody, owner):
    other_team = factories.make_team("Other team")
    Membership.objects.create(user=owner, team=other_team)
    theirs = add("Theirs")
    type(theirs).objects.filter(pk=theirs.pk).update(team=other_team)
    _, path = share()
    assert titles(anybody, path) == ["Theirs"]
    type(theirs).objects.filter(pk=theirs.pk).update(visibility="team")
    assert titles(anybody, path) == []
    Membership.objects.filter(user=owner, team=other_team).delete()
    assert titles(anybody, path) == []


def test_its_filters_and_its_product_hold(add, share, anybody, product):
    add("Guide", horizon="now", stage="building")
    add("Holidays", horizon="next")
    add("Old", stage="done")
    other = factories.make_product("Other", factories.make_team("Other team"))
    add("Elsewhere", of=other)
    _, path = share(["stage"], asked={"horizon": "now", "view": "timeline", "product": "other", "colour": "team"})
    assert titles(anybody, path) == ["Guide"]
    assert RoadmapLink.objects.get().asked == {"horizon": "now"}
    assert titles(anybody, share(["stage"], asked={"done": "1"})[1]) == ["Guide", "Holidays", "Old"]
    for nonsense in ({"day": "2026-01-01"}, {"horizon": "soon"}, {"goal": "x"}, {"horizn": "now"}):
        with pytest.raises(BadInput):
            share(asked=nonsense)


def test_views_and_fields_that_do_not_go_together_are_refused(share):
    for fields, view in ((["stage"], "board"), (["horizon"], "timeline"), (["revenue"], "list"), ([], "goals")):
        with pytest.raises(BadInput):
            share(fields, view)


@pytest.mark.parametrize("days", [-1, 0, 367, 4000])
def test_an_expiry_is_required_and_at_most_a_year(share, days):
    with pytest.raises(BadInput):
        share(expires_at=NOW + dt.timedelta(days=days))


def _revoke(link, owner):
    actions.revoke_link(link, actor=owner)


def _expire(link, owner):
    RoadmapLink.objects.update(created_at=NOW - dt.timedelta(days=9), expires_at=NOW - dt.timedelta(seconds=1))


def _leave(link, owner):
    User.objects.filter(pk=owner.pk).update(is_active=False)


def _forget(link, owner):
    RoadmapLink.objects.update(created_by=None)


def _leave_the_team(link, owner):
    Membership.objects.filter(user=owner).delete()


def _hide(link, owner):
    Product.objects.filter(pk=link.product_id).update(visibility=Visibility.TEAM)


def _close(link, owner):
    close_product(link.product, actor=owner, reason="Contracts forbid it")


@pytest.mark.parametrize("end", [_revoke, _expire, _leave, _forget, _leave_the_team, _hide, _close])
def test_whatever_ends_a_link_is_one_and_the_same_answer(share, anybody, owner, end):
    unknown = told(anybody.get(f"/shared/{'A' * 43}/roadmap/"))
    unknown_json = told(anybody.get(f"/shared/{'A' * 43}/roadmap.json"))
    assert unknown[0] == unknown_json[0] == 404 and "expired or was taken back" in unknown[1]
    link, path = share(password=PASSWORD)
    end(link, owner)
    assert told(anybody.get(path)) == unknown
    assert told(anybody.post(path, {"password": PASSWORD})) == unknown
    assert told(anybody.get(f"{path.removesuffix('/')}.json")) == unknown_json
    assert why_dead(RoadmapLink.objects.select_related("product", "created_by").get())


def test_a_setting_switches_off_what_opens_without_a_login(share, anybody, settings, client_of, viewer):
    _, path = share()
    _, inside = share(needs_login=True)
    settings.PUBLIC_LINKS = False
    assert anybody.get(path).status_code == 404
    assert client_of(viewer).get(inside).status_code == 200
    with pytest.raises(BadInput, match="switched off"):
        share()


def test_a_link_for_colleagues_asks_them_to_sign_in(add, share, anybody, client_of, outsider):
    add("Guide")
    _, path = share(needs_login=True)
    answer = anybody.get(path)
    assert answer.status_code == 302 and answer["Location"].startswith("/accounts/login/") and not answer.content
    assert anybody.get(f"{path.removesuffix('/')}.json").status_code == 401
    assert "Guide" in client_of(outsider).get(path).content.decode()


def test_a_password_is_asked_for_by_page_and_json(add, share, anybody):
    add("Guide")
    _, path = share(password=PASSWORD)
    data = f"{path.removesuffix('/')}.json"
    assert PASSWORD not in str(RoadmapLink.objects.values()) + str(AuditEntry.objects.values())
    assert "asks for a password" in anybody.get(path).content.decode()
    assert anybody.get(data).status_code == 401
    assert anybody.post(path, {"password": "wrong"}).status_code == 422
    right = anybody.post(path, {"password": PASSWORD})
    (cookie,) = right.cookies.values()
    assert (right.status_code, right["Location"]) == (303, path)
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and path.startswith(cookie["path"])
    assert data.startswith(cookie["path"]) and cookie["path"] != "/"
    assert "Guide" in anybody.get(path).content.decode() and titles(anybody, path) == ["Guide"]
    stranger = Client()
    stranger.cookies[cookie.key] = cookie.value
    assert "asks for a password" in stranger.get(share(password="another one")[1]).content.decode()
    RoadmapLink.objects.update(password_hash="another")
    assert "asks for a password" in anybody.get(path).content.decode(), "an old pass is worth nothing"


def test_passwords_can_be_tried_a_few_times_and_pages_asked_for_so_often(share, anybody, monkeypatch):
    _, path = share(password=PASSWORD)
    for _ in range(5):
        assert anybody.post(path, {"password": "wrong"}).status_code == 422
    assert anybody.post(path, {"password": PASSWORD}).status_code == 429
    assert anybody.post(path, {"password": PASSWORD}, REMOTE_ADDR="192.0.2.7").status_code == 303
    cache.clear()
    monkeypatch.setattr(opened, "MOST_PAGES", 2)
    assert [anybody.get(path).status_code for _ in range(3)] == [200, 200, 429]
    late = anybody.get(f"{path.removesuffix('/')}.json")
    assert late.status_code == 429 and late.json()["code"] == "too_often"


def test_openings_are_counted_and_nobody_is_named(share, anybody, client_of, viewer):
    link, path = share()
    anybody.get(path)
    anybody.head(path)
    anybody.get(f"{path.removesuffix('/')}.json")
    text = client_of(viewer).get(link.get_absolute_url()).content.decode()
    assert "2 times" in text and "by whom is not kept" in text
    assert path.split("/")[2] not in text, "the secret is shown once"
    assert not AuditEntry.objects.exclude(verb="roadmap_link.created").exists()


def test_it_asks_little_of_the_database(marked, share, anybody):
    _, path = share(FIELDS, "timeline")
    with CaptureQueriesContext(connection) as queries:
        anybody.get(path)
    assert len(queries) <= 12, [query["sql"][:100] for query in queries]


def test_only_those_who_edit_the_roadmap_make_links_and_other_teams_do_not_see_them(
    share, product, viewer, outsider, client_of
):
    link, _ = share()
    for who in (viewer, outsider):
        with pytest.raises(NotAllowed):
            share(actor=who)
    client = client_of(outsider)
    assert client.get(link.get_absolute_url()).status_code == 404
    assert client.post(f"{link.get_absolute_url()}edit/", {"name": "Mine"}).status_code == 404
    assert client.post(f"{link.get_absolute_url()}revoke/").status_code == 404
    assert "znameq" not in client.get("/roadmap/links/").content.decode()
    assert client.get("/api/v1/roadmap-links/").json()["results"] == []
    assert client.get(f"/roadmap/links/new/?product={product.slug}").status_code == 403
    assert client_of(viewer).get("/roadmap/links/new/").status_code == 403


def test_the_page_shows_what_they_will_see_before_the_link_is_made(add, client_of, owner, product, anybody):
    add("Guide", horizon="now")
    add("Secret", horizon="now", visibility="team")
    add("Holidays", horizon="next")
    client = client_of(owner)
    assert 'href="/roadmap/links/new/?horizon=now"' in client.get("/roadmap/?horizon=now").content.decode()
    for nonsense in ("horizon=soon", "day=2026-01-01", "goal=x"):
        assert client.get(f"/roadmap/links/new/?{nonsense}").status_code == 400, nonsense
    url = f"/roadmap/links/new/?product={product.slug}&horizon=now&audience=customers"
    page = client.get(url).content.decode()
    assert 'value="2026-06-18"' in page and "Only initiatives with horizon: now" in page
    form = {
        "product": product.slug,
        "name": "<b>Board",
        "audience": "customers",
        "heading": "What comes next",
        "fields_shown": ["horizon", "theme"],
        "view": "board",
        "expires_on": "2026-04-01",
    }
    looked = client.post(url, {**form, "act": "preview"})
    text = looked.content.decode()
    assert looked.status_code == 200 and not RoadmapLink.objects.exists()
    assert "This is what they see" in text and "Guide" in text and "Holidays" not in text and "Secret" not in text
    assert "1 initiative of this view is for its team alone" in text
    hidden = "quarter, days, stage, opportunity, goal, release, team, owner, health, forecast"
    assert f"Not chosen: {hidden}." in text
    refused = client.post(url, {**form, "view": "timeline", "act": "make"})
    assert refused.status_code == 422 and "not among the fields" in refused.content.decode()
    assert client.post(url, {**form, "expires_on": "2027-04-01", "act": "make"}).status_code == 422
    made = client.post(url, {**form, "act": "make"}).content.decode()
    path = re.search(r'value="http://testserver(/shared/[\w-]{43}/roadmap/)"', made)[1]
    link = RoadmapLink.objects.get()
    assert link.expires_at == dt.datetime(2026, 4, 2, tzinfo=dt.UTC), "the whole last day"
    assert link.asked == {"horizon": "now"} and link.audience == "customers"
    assert path.split("/")[2] not in str(RoadmapLink.objects.values()) + str(AuditEntry.objects.values())
    assert titles(anybody, path) == ["Guide"]
    assert "&lt;b&gt;Board" in client.get("/roadmap/links/").content.decode()
    assert client.get("/roadmap/links/?format=csv").getvalue().decode().splitlines()[1].startswith("<b>Board,Customers")


def test_a_link_is_changed_under_its_address_and_revoked(add, share, client_of, owner, editor, anybody):
    add("Guide", horizon="now", stage="building")
    link, path = share(["stage"], password=PASSWORD)
    client = client_of(editor)
    url = f"{link.get_absolute_url()}edit/"
    assert client.get(url).status_code == 200
    form = {"name": "Sales", "audience": "sales", "heading": "Soon", "fields_shown": ["horizon"], "view": "board"}
    answer = client.post(url, {**form, "expires_on": "2026-05-01", "drops_password": "on"})
    assert answer.status_code == 302, answer.content
    text = anybody.get(path).content.decode()
    assert "Soon" in text and "Building" not in text and "Guide" in text
    history = client.get(link.get_absolute_url()).content.decode()
    assert "Sales" in history and "Revoke" in history
    assert client.post(f"{link.get_absolute_url()}revoke/").status_code == 302
    assert anybody.get(path).status_code == 404
    with pytest.raises(Conflict):
        actions.change_link(RoadmapLink.objects.get(), actor=owner, name="Again")
    assert actions.revoke_link(RoadmapLink.objects.get(), actor=owner) is False
    verbs = list(
        AuditEntry.objects.filter(verb__startswith="roadmap_link").order_by("pk").values_list("verb", flat=True)
    )
    assert verbs == ["roadmap_link.created", "roadmap_link.changed", "roadmap_link.revoked"]


def test_the_api_makes_changes_lists_and_revokes(add, product, client_of, owner, anybody):
    add("Guide", horizon="now")
    client = client_of(owner)
    sent = {
        "product": product.slug,
        "name": "Board",
        "heading": "Roadmap",
        "shows": ["horizon"],
        "view": "board",
        "filters": {"horizon": "now"},
        "expires_at": "2026-04-01T00:00:00Z",
    }
    made = client.post("/api/v1/roadmap-links/", sent, content_type=JSON)
    assert made.status_code == 201, made.content
    path = made.json()["address"].removeprefix("http://testserver")
    assert titles(anybody, path) == ["Guide"]
    (listed,) = client.get("/api/v1/roadmap-links/").json()["results"]
    assert listed["state"] == "works" and not {"address", "token_hash", "password_hash"} & listed.keys()
    one = f"/api/v1/roadmap-links/{listed['id']}/"
    assert client.patch(one, {"shows": ["stage"]}, content_type=JSON).status_code == 400, "a board shows horizons"
    changed = client.patch(one, {"shows": ["stage"], "view": "list"}, content_type=JSON)
    assert changed.status_code == 200 and changed.json()["shows"] == ["stage"]
    assert client.post(f"{one}revoke/").json()["state"] == "revoked"
    assert anybody.get(path).status_code == 404


def test_what_people_write_is_never_markup(add, share, anybody):
    add("<script>alert(1)</script>", horizon="now")
    for view in ("board", "list"):
        _, path = share(["horizon"], view, heading="<img src=x onerror=alert(2)> ann@acme.example")
        page = anybody.get(path).content.decode()
        assert "<script" not in page and "<img" not in page and "ann@acme.example" not in page


def test_the_secret_is_in_no_log(share):
    _, path = share()
    event = _hide_secrets(None, "info", {"event": f"GET {path} 200"})
    assert event == {"event": "GET /shared/…/roadmap/ 200"}


def test_the_demo_has_a_link_for_customers_and_one_for_executives(add, product, owner):
    Product.objects.filter(pk=product.pk).update(slug="planner")
    world = DemoWorld(NOW.date(), 1, {})
    for _ in range(2):
        demo.seed_links(world, lambda done, total, note="": None)
    shown = {link.audience: (link.view, link.needs_login, why_dead(link)) for link in RoadmapLink.objects.all()}
    assert shown == {"customers": ("board", False, ""), "executives": ("timeline", True, "")}
