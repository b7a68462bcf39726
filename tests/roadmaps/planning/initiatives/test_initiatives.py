"""Initiatives: what they need, on pages and over the API, and what others may not see of it."""

import json
import threading
import time

import pytest
from django.db import connection, transaction

from portal.people.public import SYSTEM
from portal.shell.public import BadInput, NotAllowed, NotFound
from roadmaps.goals.actions import create_objective
from roadmaps.planning.initiatives.dependencies import add_dependency, add_link
from roadmaps.planning.initiatives.graph import draw
from roadmaps.planning.initiatives.models import Dependency, Initiative
from roadmaps.planning.initiatives.public import create_initiative
from roadmaps.planning.initiatives.reading import read_needs
from roadmaps.planning.opportunities.actions import create_opportunity
from tests.factories import make_product
from tests.roadmaps.goals.access_rows import make_cycle

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(product, owner):
    def plan(title, **more):
        return create_initiative(product, title=title, actor=owner, **more)

    return plan


def test_dependencies_make_no_circle_and_are_drawn_from_left_to_right(plan, owner, outsider):
    sign_in, guide, link, report = (plan(title) for title in ("Sign in", "Guide", "Link", "Report"))
    add_dependency(guide, link, actor=owner, note="its address")
    add_dependency(link, sign_in, actor=owner)
    for needs in (guide, link):
        with pytest.raises(BadInput):
            add_dependency(sign_in, needs, actor=owner)
    with pytest.raises(BadInput):
        add_dependency(guide, guide, actor=owner)
    assert add_dependency(guide, link, actor=owner)[1] is False
    with pytest.raises(NotAllowed):
        add_dependency(report, guide, actor=outsider)
    secret = plan("Secret", visibility="team")
    own = create_initiative(make_product("Other", outsider.teams.get()), title="Own", actor=outsider)
    with pytest.raises(NotFound):
        add_dependency(own, secret, actor=outsider)
    add_dependency(guide, secret, actor=owner)

    shown = read_needs(guide, outsider)
    assert [(one.title, note) for _, one, note in shown.needs] == [("Link", "its address")]
    assert shown.n_hidden == 1
    places = {box.initiative.title: box.x for box in shown.boxes}
    assert places.keys() == {"Sign in", "Link", "Guide"} and places["Sign in"] < places["Link"] < places["Guide"]
    assert {box.initiative.title for box in read_needs(report, owner).boxes} == {"Report"}
    assert Dependency.objects.visible_to(outsider).count() == 2


def both_add(pairs, actor):
    """Have each pair added by somebody with a connection of their own at the same moment; return what each was told."""
    barrier, said = threading.Barrier(len(pairs)), []

    def add(initiative, needs):
        try:
            barrier.wait()
            said.append(add_dependency(initiative, needs, actor=actor)[1])
        except BadInput as fault:
            said.append(fault.fields["needs"][0])
        finally:
            connection.close()

    threads = [threading.Thread(target=add, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_close_a_circle_at_the_same_moment_one_wins_and_the_other_is_told(plan, owner):
    for number in range(5):
        one, other = plan(f"One {number}"), plan(f"Other {number}")
        said = both_add([(one, other), (other, one)], owner)
        assert said.count(True) == 1
        made = Dependency.objects.get(initiative__in=[one, other])
        refused = next(text for text in said if text is not True)
        assert refused == f"“{made.initiative}” waits for this one already: that would be a circle."
    ring = [plan(f"Ring {number}") for number in range(3)]
    said = both_add([(ring[0], ring[1]), (ring[1], ring[2]), (ring[2], ring[0])], owner)
    assert said.count(True) == 2 and Dependency.objects.filter(initiative__in=ring).count() == 2


@pytest.mark.django_db(transaction=True)
def test_who_closes_a_circle_waits_for_whoever_is_writing_and_sees_what_they_wrote(plan, owner):
    one, other = plan("One"), plan("Other")
    said = []

    def close_it():
        try:
            add_dependency(other, one, actor=owner)
        except BadInput as fault:
            said.append(fault.fields["needs"][0])
        finally:
            connection.close()

    second = threading.Thread(target=close_it)
    with transaction.atomic():
        add_dependency(one, other, actor=owner)
        second.start()
        deadline = time.monotonic() + 30
        while not is_somebody_waiting():
            assert second.is_alive() and time.monotonic() < deadline, "the second writer did not wait"
            time.sleep(0.02)
    second.join()
    assert said == ["“One” waits for this one already: that would be a circle."]
    assert Dependency.objects.get().initiative == one


def is_somebody_waiting():
    waiting = "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = %s)"
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
        cursor.execute(waiting, [cursor.fetchone()[0]])
        return cursor.fetchone()[0]


def test_a_drawing_gives_each_box_its_own_place():
    found = draw({1: "a", 2: "b", 3: "c", 4: "d"}, [(3, 1), (3, 2), (4, 3), (4, 1)])
    assert len({(box.x, box.y) for box in found.boxes}) == 4
    assert len({box.x for box in found.boxes}) == 3 and len(found.arrows) == 4
    assert all(0 <= box.x < found.width and 0 <= box.y < found.height for box in found.boxes)


@pytest.fixture
def aimed(product, owner):
    """A goal and an opportunity of a team, which others do not see."""
    problem = create_opportunity(product, title="It is slow", visibility="team", actor=owner)
    goal = create_objective(title="Quick", cycle=make_cycle(), product=product, visibility="team", actor=SYSTEM)
    return problem, goal


def test_an_initiative_from_a_plan_to_its_history_on_pages(product, aimed, owner, client_of):
    client, (problem, goal) = client_of(owner), aimed
    values = {
        "title": "Draw in pieces",
        "summary": "**Fast**",
        "stage": "discovery",
        "horizon": "next",
        "visibility": "company",
        "owner": owner.pk,
        "opportunities": [problem.pk],
        "objective": goal.pk,
        "effort_months": "2",
        "effort_low": "1",
        "effort_high": "4",
    }
    page = client.post("/initiatives/new/", values)["Location"]
    pk = int(page.strip("/").rpartition("/")[2])
    other = create_initiative(product, title="Measure first", actor=owner)
    assert client.post(f"{page}needs/", {"needs": f"Measure first #{other.pk}", "note": ""})["Location"] == page
    circle = client.post(f"/initiatives/{other.pk}/needs/", {"needs": "Draw in pieces", "note": ""})
    assert circle.status_code == 422 and "that would be a circle" in circle.content.decode()
    assert client.post(f"{page}links/", {"kind": "tracker", "url": "javascript:alert(1)"}).status_code == 422
    assert client.post(f"{page}links/", {"kind": "tracker", "url": "https://example.com/T-1"})["Location"] == page
    shown = client.get(page).content.decode()
    expected = ("It is slow", "Quick", "Measure first", "https://example.com/T-1", "2 person-months (1 to 4)", "<svg")
    for words in expected:
        assert words in shown

    start = {**values, "stage": "building", "why": "Committed", "version": 1}
    assert client.post(f"{page}edit/", start)["Location"] == page
    theirs = client.post(f"{page}edit/", {**start, "stage": "dropped"})
    assert theirs.status_code == 409 and "Building" in theirs.content.decode()
    told = client.get(f"{page}history/").content.decode()
    assert "Committed" in told and "Discovery" in told
    row = {"title": "Draw it", "stage": "launched", "horizon": "now", "owner": "", "version": 2}
    assert client.post(f"{page}row/", row, HTTP_HX_REQUEST="true").status_code == 200
    assert client.post(f"{page}row/", row, HTTP_HX_REQUEST="true").status_code == 422
    client.post("/initiatives/bulk/", {"chosen": [pk, other.pk], "stage": "done", "why": "All"})
    assert set(Initiative.objects.values_list("stage", flat=True)) == {"done"}
    filters = ("stage=open", f"objective={goal.pk}", "q=draw&owner=999999999999", "objective=none&horizon=later")
    for query in (*filters, "team=planner-team"):
        assert client.get(f"/initiatives/?{query}").status_code == 200


def test_others_read_and_change_an_initiative_over_the_api_as_far_as_it_is_theirs(
    plan, aimed, owner, outsider, client_of
):
    client, (problem, goal) = client_of(owner), aimed
    guide = plan("Guide", objective=goal, opportunities=[problem])
    page, api = guide.get_absolute_url(), f"/api/v1/initiatives/{guide.pk}/"
    found = client.get(api).json()
    assert (found["objective"], found["opportunities"]) == (goal.pk, [problem.pk])
    body = json.dumps({"title": "Guided", "stage": "building", "version": found["version"], "why": "Committed"})
    assert client.patch(api, body, content_type="application/json").status_code == 200
    assert client.patch(api, body, content_type="application/json").status_code == 409
    versions = client.get(f"{api}versions/").json()
    assert [(one["stage"], one["why"]) for one in versions] == [("building", "Committed"), ("discovery", "")]
    assert len(client.get("/api/v1/initiatives/as-of/?on=2999-01-01").json()["results"]) == 1
    assert len(client.get(f"/api/v1/initiatives/?opportunity={problem.pk}").json()["results"]) == 1

    client = client_of(outsider)
    shown = client.get(page).content.decode() + client.get("/initiatives/").content.decode()
    assert "It is slow" not in shown and "Quick" not in shown
    assert "a goal that is not shared with you" in shown
    found = client.get(api).json()
    assert (found["objective"], found["opportunities"]) == (None, [])
    assert client.get(f"/api/v1/initiatives/?opportunity={problem.pk}").json()["results"] == []
    assert client.patch(api, body, content_type="application/json").status_code == 403
    assert client.post(f"{page}edit/", {}).status_code == 403


def test_links_lead_to_the_web_and_nowhere_else(plan, owner):
    guide = plan("Guide")
    for url in ("javascript:alert(1)", "//example.com", "", "ftp://example.com", "https://" + "a" * 1000):
        with pytest.raises(BadInput):
            add_link(guide, actor=owner, url=url)
    add_link(guide, actor=owner, url="https://example.com", title="One")
    add_link(guide, actor=owner, url="https://example.com", title="Two")
    assert [one.title for one in guide.links.all()] == ["Two"]
