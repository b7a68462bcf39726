"""Themes: the tree, links with how much they matter, who stands behind, merging and splitting and back."""

import datetime as dt
import json

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insights.capture.demo.world import ONBOARDING
from insights.events.public import merge_persons
from insights.explore.demo import seed_insights
from insights.voice.feedback.demo import seed_feedback
from insights.voice.feedback.demo_texts import LINES as SAID
from insights.voice.feedback.models import Feedback
from insights.voice.highlights.models import Highlight
from insights.voice.themes.actions import (
    DEEPEST,
    create_theme,
    delete_theme,
    merge_theme,
    split_theme,
    unmerge_theme,
    update_theme,
)
from insights.voice.themes.contracts import Branch, build_tree
from insights.voice.themes.demo import LINKS, THEMES, seed_themes
from insights.voice.themes.linking import link_theme, unlink_theme, weigh_link
from insights.voice.themes.models import Theme, ThemeLink
from insights.voice.themes.queries import list_rows, read_tree
from insights.voice.themes.sizes import measure
from portal.operations.contracts import DemoWorld
from portal.shell.public import BadInput, Conflict, NotAllowed, NotFound
from tests.factories import make_product, make_source, store_events
from tests.insights.voice.conftest import TODAY

# A busy machine is no fault of these laws.
relaxed = settings(suppress_health_check=[HealthCheck.too_slow])
LIST = "/voice/themes/"


@pytest.fixture
def make(product, owner):
    def make(name, parent=None, actor=owner, **more):
        return create_theme(product, name=name, parent=parent, actor=actor, **more)

    return make


def sizes(product):
    _, nodes = read_tree(product)
    found = measure(nodes, TODAY)
    names = dict(Theme.objects.values_list("pk", "name"))
    return {
        names[node.id]: (size.n_pieces, size.n_people, size.n_accounts)
        for node in nodes
        if (size := found.get(node.id))
    }


@relaxed
@given(
    st.lists(st.tuples(st.none() | st.integers(0, 9), st.none() | st.integers(0, 9)), min_size=1, max_size=10),
)
def test_every_theme_counts_exactly_once_whatever_points_where(rows):
    """Also where merges or parents run in circles, which the actions refuse."""
    n = len(rows)
    branches = [Branch(no, f"t{no}", parent, into) for no, (parent, into) in enumerate(rows)]
    branches = [
        Branch(
            one.id, one.name, *(at if at is not None and at < n else None for at in (one.parent_id, one.merged_into_id))
        )
        for one in branches
    ]
    nodes = build_tree(branches)
    assert len({node.id for node in nodes}) == len(nodes)
    for node in nodes:
        assert node.id in node.counts
    tops = [node for node in nodes if node.depth == 0]
    counted = [theme for node in tops for theme in node.counts]
    assert len(counted) == len(set(counted)), "no theme counts for two that stand at the top"


def test_the_tree_is_ordered_by_name_within_a_parent(make, product, owner):
    top = make("Onboarding")
    make("Zebra", top)
    make("apple", top)
    make("Billing")
    rows = list_rows(product, owner, today=TODAY)
    assert [(row.theme.name, row.depth) for row in rows] == [
        ("Billing", 0),
        ("Onboarding", 0),
        ("apple", 1),
        ("Zebra", 1),
    ]


def test_names_circles_and_depth_are_refused(make, owner, outsider, team):
    chain = [make("level 0")]
    for no in range(1, DEEPEST):
        chain.append(make(f"level {no}", chain[-1]))
    foreign = create_theme(make_product("Other", team), name="There", actor=owner)
    faults = (
        (lambda: make("LEVEL  0"), "name"),
        (lambda: make(" "), "name"),
        (lambda: make("too deep", chain[-1]), "parent"),
        (lambda: make("elsewhere", foreign), "parent"),
        (lambda: update_theme(chain[0], actor=owner, version=1, parent=chain[2]), "parent"),
        (lambda: merge_theme(chain[0], chain[2], actor=owner), "into"),
        (lambda: merge_theme(chain[0], chain[0], actor=owner), "into"),
        (lambda: merge_theme(chain[0], foreign, actor=owner), "into"),
    )
    for act, field in faults:
        with pytest.raises(BadInput) as caught:
            act()
        assert field in caught.value.fields
    with pytest.raises(Conflict):
        update_theme(chain[0], actor=owner, version=7, name="Later")
    with pytest.raises(NotAllowed):
        make("Mine", actor=outsider)


def test_an_account_counts_once_however_often_it_asked(make, say, people, product, owner):
    """Ann and Bob are of acme, Cy of nobody, Dora of newco; a piece linked by two highlights is one piece."""
    theme, below = make("Speed"), None
    below = make("On phones", theme)
    ann = say("It is slow. It is slow on phones.", person="ann")
    for quote in ("It is slow.", "slow on phones"):
        link_theme(below, ann, actor=owner, quote=quote)
    link_theme(theme, say("Again", person="ann"), actor=owner, importance=1)
    link_theme(theme, say("Slow!", person="bob"), actor=owner, importance=3)
    link_theme(theme, say("Slow?", person="cy"), actor=owner, importance=3)
    link_theme(theme, say("Slow…", person="dora", account="newco"), actor=owner, importance=1)
    link_theme(theme, say("Nobody said it"), actor=owner)
    assert sizes(product) == {"Speed": (6, 4, 2), "On phones": (1, 1, 1)}
    _, nodes = read_tree(product)
    size = measure(nodes, TODAY)[theme.pk]
    assert (size.n_critical, size.n_important, size.n_nice) == (1, 0, 1), "acme by its highest, newco"
    assert (size.n_recent_accounts, size.last_said_on) == (2, dt.date(2024, 1, 20))
    assert measure(nodes, TODAY + dt.timedelta(days=90))[theme.pk].n_recent_accounts == 0


def test_people_who_turn_out_to_be_one_count_once(make, say, people, product, owner, ops):
    theme = make("Speed")
    for who in ("ann", "cy"):
        link_theme(theme, say(f"By {who}", person=who), actor=owner)
    assert sizes(product)["Speed"] == (2, 2, 1)
    merge_persons(people.source.id_space, "ann", "cy", actor=ops)
    assert sizes(product)["Speed"] == (2, 1, 1)


def test_a_merge_counts_at_once_and_is_taken_back_whole(make, say, people, product, owner):
    speed, pace, child = make("Speed"), make("Pace"), None
    child = make("On phones", pace)
    link_theme(speed, say("a", person="ann"), actor=owner)
    link_theme(pace, say("b", person="cy"), actor=owner)
    link_theme(child, say("c", person="bob"), actor=owner)
    before = sizes(product)
    merge_theme(pace, speed, actor=owner)
    assert sizes(product) == {"Speed": (3, 3, 1), "On phones": (1, 1, 1)}
    link, _ = link_theme(Theme.objects.get(pk=pace.pk), say("d"), actor=owner)
    assert link.theme == speed, "what is linked to a merged theme goes to the one that it counts as"
    with pytest.raises(Conflict):
        merge_theme(pace, speed, actor=owner)
    unlink_theme(link, actor=owner)
    unmerge_theme(pace, actor=owner)
    assert sizes(product) == before
    with pytest.raises(Conflict):
        unmerge_theme(pace, actor=owner)


def test_a_merge_is_not_taken_back_over_a_name_that_was_taken_since(make, owner):
    speed, pace = make("Speed"), make("Pace")
    merge_theme(pace, speed, actor=owner)
    make("Pace")
    with pytest.raises(BadInput) as caught:
        unmerge_theme(pace, actor=owner)
    assert list(caught.value.fields) == ["name"]


def test_a_split_moves_what_was_chosen_and_a_merge_takes_it_back(make, say, people, product, owner):
    speed = make("Speed")
    first, _ = link_theme(speed, say("a", person="ann"), actor=owner)
    link_theme(speed, say("b", person="cy"), actor=owner)
    new = split_theme(speed, name="Phones", links=[first], actor=owner)
    assert sizes(product) == {"Speed": (1, 1, 0), "Phones": (1, 1, 1)}
    merge_theme(new, speed, actor=owner)
    assert sizes(product) == {"Speed": (2, 2, 1)}
    with pytest.raises(BadInput):
        split_theme(speed, name="Nothing", links=[], actor=owner)


def test_only_a_theme_on_which_nothing_hangs_is_deleted(make, say, owner):
    speed = make("Speed")
    link, _ = link_theme(speed, say("a"), actor=owner)
    with pytest.raises(Conflict):
        delete_theme(speed, actor=owner)
    unlink_theme(link, actor=owner)
    delete_theme(speed, actor=owner)
    assert not Theme.objects.exists()


def test_linked_again_the_last_importance_holds(make, say, owner, viewer, outsider, team):
    speed, piece = make("Speed"), say("It is slow.")
    link, is_new = link_theme(speed, piece, actor=owner, importance=1)
    again, is_newer = link_theme(speed, piece, actor=owner, importance=3)
    assert (again.pk, again.importance, is_new, is_newer) == (link.pk, 3, True, False)
    assert link_theme(speed, piece, actor=owner, quote="slow")[0].highlight == Highlight.objects.get()
    other = create_theme(make_product("Other", team), name="There", actor=owner)
    for act in (
        lambda: link_theme(other, piece, actor=owner),
        lambda: link_theme(speed, piece, actor=owner, importance=4),
        lambda: weigh_link(again, actor=owner, importance=0),
    ):
        with pytest.raises(BadInput):
            act()
    for user in (viewer, outsider):
        with pytest.raises((NotAllowed, NotFound)):
            link_theme(speed, piece, actor=user)


def test_a_theme_lives_on_its_pages(client_of, owner, people, say, product):
    client = client_of(owner)
    assert "Make a theme" in client.get(LIST).content.decode()
    sent = {"name": "Speed", "description": "<i>slow</i>", "visibility": "company"}
    assert client.post(f"{LIST}new/?product=planner", sent).status_code == 302
    theme = Theme.objects.get()
    piece = say("It is slow on phones.", person="ann")
    link = {"theme": theme.pk, "importance": "3", "quote": "slow on phones", "start": "6"}
    assert client.post(f"{LIST}of/{piece.pk}/link/", {**link, "new_theme": "Both"}).status_code == 422
    assert client.post(f"{LIST}of/{piece.pk}/link/", link).status_code == 302
    assert client.post(f"{LIST}of/{piece.pk}/link/", {"new_theme": "Phones", "importance": "1"}).status_code == 302
    around = client.get(f"{LIST}of/{piece.pk}/", headers={"HX-Request": "true"}).content.decode()
    for part in ("Speed", "Phones", "“slow on phones”", "the whole piece", "Critical"):
        assert part in around
    page = client.get(theme.get_absolute_url()).content.decode()
    assert "“slow on phones”" in page
    assert "&lt;i&gt;slow&lt;/i&gt;" in page
    assert "critical to 1" in page
    phones = Theme.objects.get(name="Phones")
    assert client.post(f"{LIST}{phones.pk}/merge/", {"into": theme.pk}).status_code == 302
    assert "counts as" in client.get(phones.get_absolute_url()).content.decode()
    assert client.post(f"{LIST}{phones.pk}/unmerge/").status_code == 302
    whole = ThemeLink.objects.get(theme=phones)
    assert client.post(f"{LIST}links/{whole.pk}/weigh/", {"importance": "2"}).status_code == 302
    assert client.post(f"{LIST}links/{whole.pk}/weigh/", {"importance": "9"}).status_code == 400
    assert client.post(f"{LIST}links/{whole.pk}/delete/").status_code == 302
    assert client.post(f"{LIST}{phones.pk}/delete/").status_code == 302
    split = {"name": "Split off", "links": [ThemeLink.objects.get().pk]}
    assert client.post(f"{LIST}{theme.pk}/split/", split).status_code == 302
    edited = {"name": "Pace", "visibility": "team", "version": 1, "parent": ""}
    assert client.post(f"{LIST}{theme.pk}/edit/", edited).status_code == 302
    assert sorted(Theme.objects.values_list("name", flat=True)) == ["Pace", "Split off"]


def test_the_list_sorts_searches_and_leaves_as_a_file(client_of, owner, make, say, people):
    speed = make("Speed")
    make("Billing", description="invoices")
    link_theme(speed, say("slow", person="ann"), actor=owner)
    client = client_of(owner)
    for query, names in (
        ("", ["Billing", "Speed"]),
        ("sort=-accounts", ["Speed", "Billing"]),
        ("q=invoice", ["Billing"]),
        ("q=none", []),
    ):
        page = client.get(f"{LIST}?{query}").content.decode()
        found = sorted((page.find(f">{name}</a>"), name) for name in ("Speed", "Billing"))
        assert [name for place, name in found if place >= 0] == names, query
    lines = b"".join(client.get(f"{LIST}?format=csv")).decode("utf-8-sig").splitlines()
    assert lines[2].startswith(f"{speed.pk},Speed,,1,1,0,1,0,0,1,2024-01-20,Owner")
    assert client.get(f"{LIST}?product=nowhere").status_code == 404


def test_others_see_numbers_and_of_the_words_what_is_shared_masked(make, say, people, owner, outsider, client_of):
    theme, secret = make("Speed"), make("Secret plan", visibility="team")
    hidden = say("Only for us", person="ann")
    shared = say("Slow, says ann@mail.example", person="bob", author="Bob B.", visibility="company")
    for piece in (hidden, shared):
        link_theme(theme, piece, actor=owner)
    client = client_of(outsider)
    url = theme.get_absolute_url()
    doors = [client.get(url).content.decode(), b"".join(client.get(f"{url}?format=csv")).decode()]
    doors.append(client.get(f"/api/v1/theme-links/?theme={theme.pk}").content.decode())
    assert f'"feedback":{hidden.pk}' not in doors[2]
    for door in doors:
        assert not [word for word in ("Only for us", "mail.example", "Bob B", "acme") if word in door]
    assert "[e-mail]" in doors[0]
    assert client.get(f"/api/v1/themes/{theme.pk}/size/").json()["n_pieces"] == 2
    assert client.get(secret.get_absolute_url()).status_code == 404
    for address in (LIST, "/api/v1/themes/"):
        assert "Secret plan" not in client.get(address).content.decode()


def test_a_theme_of_another_team_cannot_be_named_by_number(make, say, owner, outsider, client_of, people):
    theme, piece = make("Secret", visibility="team"), say("x", visibility="company")
    client = client_of(outsider)
    sent = {"theme": theme.pk, "feedback": piece.pk}
    answer = client.post("/api/v1/theme-links/", json.dumps(sent), content_type="application/json")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["theme"])


def test_the_api_merges_splits_and_links(client_of, owner, product, say):
    client = client_of(owner)

    def send(method, path, value):
        return getattr(client, method)(f"/api/v1/{path}", json.dumps(value), content_type="application/json")

    one, two = (send("post", "themes/", {"product": "planner", "name": name}).json() for name in ("One", "Two"))
    piece = say("It is slow.")
    link = send("post", "theme-links/", {"theme": one["id"], "feedback": piece.pk, "quote": "slow", "importance": 3})
    assert link.status_code == 201
    assert send("post", f"themes/{one['id']}/merge/", {"into": two["id"]}).json()["merged_into"] == two["id"]
    assert client.get(f"/api/v1/themes/{two['id']}/size/").json()["n_pieces"] == 1
    assert [row["name"] for row in client.get("/api/v1/themes/?is_merged=true").json()["results"]] == ["One"]
    assert send("post", f"themes/{one['id']}/unmerge/", {}).json()["merged_into"] is None
    split = send("post", f"themes/{one['id']}/split/", {"name": "Three", "links": [link.json()["id"]]})
    assert (split.status_code, split.json()["name"]) == (201, "Three")
    renamed = send("patch", f"themes/{two['id']}/", {"name": "Second", "version": 1, "parent": one["id"]})
    assert renamed.json()["parent"] == one["id"]
    assert send("patch", f"themes/{two['id']}/", {"name": "Third"}).status_code == 400
    path = f"theme-links/{link.json()['id']}/"
    assert send("patch", path, {"importance": 1}).json()["importance"] == 1
    assert send("delete", path, {}).status_code == 204


def test_the_demos_themes_are_made_once_and_each_link_says_what_the_text_says(people, product, owner):
    start = timezone.now() - dt.timedelta(days=40)
    events = [
        {"event": event, "distinct_id": who, "timestamp": (start + dt.timedelta(days=day)).isoformat()}
        for who, n_steps in (("p1", 4), ("p2", 3), ("p3", 3), ("p4", 2))
        for day, event in enumerate(ONBOARDING[:n_steps])
    ]
    store_events(make_source(product, name="Onboarding"), events)
    world = DemoWorld(TODAY, 1, {})
    for _ in range(2):
        seed_insights(world, lambda done, total, note="": None)
        seed_feedback(world, lambda done, total, note="": None)
        seed_themes(world, lambda done, total, note="": None)
    assert Theme.objects.count() == len(THEMES)
    here = {line.key for line in SAID if line.product == "planner"}
    assert ThemeLink.objects.count() == sum(key in here for key, *_ in LINKS) > 150
    assert not Highlight.objects.filter(start=None).exists()
    team_in = {name for name, parent, _ in THEMES if "Getting the team in" in (name, parent)}
    found = sizes(product)
    assert found["Getting the team in"][0] == len({key for key, name, *_ in LINKS if name in team_in}) > 60
    assert Feedback.objects.filter(state="new").count() == len(here - {key for key, *_ in LINKS}) > 40
    words = Theme.objects.get(name="Getting the team in").description
    assert "3 people who signed up made a plan within two weeks, and 1 of them (33%) also invited somebody" in words
