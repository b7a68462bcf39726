"""The pages and the API of scenarios: made from the roadmap, tried in rows, reviewed, committed, read afterwards."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from roadmaps.goals.actions import create_objective
from roadmaps.plan.scenarios import actions
from roadmaps.plan.scenarios.models import Scenario
from roadmaps.planning.initiatives.public import Initiative, change_initiative, create_initiative
from tests.roadmaps.plan.scenarios.conftest import items_of, make_scenario

pytestmark = pytest.mark.usefixtures("first_of_january")
PIECE = {"HX-Request": "true"}
MOST_QUERIES = 12


def path(scenario, more=""):
    return f"/roadmap/scenarios/{scenario.pk}/{more}"


def review_of(client, scenario):
    """Return what the review's form would send as it stands, and the page."""
    page = client.get(path(scenario, "review/"))
    text = page.content.decode()
    ticked = re.findall(r'name="apply" value="([^"]+)"[^>]* checked', text)
    hidden = dict(re.findall(r'type="hidden" name="(seen-\d+|version)" value="(\d+)"', text))
    return {**hidden, "apply": ticked}, text


def test_a_scenario_is_made_from_the_roadmap_with_its_filters(four, owner, client, goals):
    client.force_login(owner)
    roadmap = client.get(f"/roadmap/?goal={goals[0].pk}")
    address = re.search(r'href="(/roadmap/scenarios/new/\?[^"]*)"', roadmap.content.decode()).group(1)
    page = client.get(address)
    assert "Only the initiatives that fit the roadmap" in page.content.decode()
    sent = {"of": "product:planner", "name": "Fewer things", "months": "9", "span": "quarter", "n_stretches": "2"}
    assert client.post(address, sent).status_code == 422
    answer = client.post(address, {**sent, "model": "rice", "sharing": "mine"})
    made = Scenario.objects.get()
    assert answer.url == path(made) and list(items_of(made)) == ["Invite", "Timeline"]
    assert [one.name for one in made.stretches.all()] == ["Q1 2026", "Q2 2026"]
    listed = client.get("/roadmap/scenarios/")
    assert [one.name for one in listed.context["list"].page] == ["Fewer things"]
    assert "Fewer things" in client.get("/roadmap/scenarios/?format=csv").getvalue().decode()
    assert client.get("/roadmap/scenarios/new/?day=2025-01-01").status_code == 400
    assert client.get("/roadmap/scenarios/new/?goal=x").status_code == 400


def test_a_row_is_changed_in_its_place_and_the_whole_comparison_follows(scenario, owner, client):
    client.force_login(owner)
    item = items_of(scenario)["Reports"]
    row = path(scenario, f"items/{item.pk}/")
    assert f'id="item-{item.pk}"' in client.get(row, headers=PIECE).content.decode()
    form = client.get(row).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    assert (sent["place"], sent["effort_months"], sent["horizon"]) == (3, "5", "next")
    answer = client.post(row, {**sent, "place": "1", "effort_months": "6"}, headers=PIECE)
    assert answer["HX-Retarget"] == "#compared" and answer.context["compared"].found.after.value == 150
    text = answer.content.decode()
    assert "“Reports” is changed in the scenario." in text and "today: 5" in text and "did not fit before" in text
    late = client.post(row, {**sent, "place": "2"}, headers=PIECE)
    assert late.status_code == 422 and "in the meantime" in late.content.decode()
    fresh = items_of(scenario)["Reports"]
    wrong = {**sent, "version": fresh.version, "place": "1", "starts_on": "2026-02-01", "ends_on": "2026-01-01"}
    refused = client.post(row, wrong, headers=PIECE)
    assert refused.status_code == 422 and "ends before it begins" in refused.content.decode()
    moved = client.post(row, {"do": "down"}, headers=PIECE)
    assert moved.context["compared"].found.after.slots[item.initiative_id].place == 2
    assert client.post(row, {"do": "up"}).url == path(scenario)
    (stretch,) = scenario.stretches.all()
    version = Scenario.objects.get(pk=scenario.pk).version
    months = {"version": version, f"today-{stretch.pk}": "12", f"months-{stretch.pk}": "6"}
    found = client.post(path(scenario, "capacity/"), months, headers=PIECE).context["compared"].found
    assert (found.before.value, found.after.value) == (210, 50)
    assert client.post(path(scenario, "capacity/"), months, headers=PIECE).status_code == 409
    client.post(path(scenario, "bulk/"), {"act": "out", "chosen": [item.pk]})
    assert client.get(path(scenario)).context["compared"].found.after.value == 100
    client.post(path(scenario, "bulk/"), {"act": "in", "chosen": [item.pk]})
    assert client.post(path(scenario, "bulk/"), {"act": "out"}).status_code == 302
    assert all(items_of(scenario)[title].is_in for title in items_of(scenario))


def test_the_page_reads_as_often_for_many_as_for_few(scenario, four, product, owner, client, rice):
    client.force_login(owner)
    other = make_scenario(product, owner, rice, name="Other")
    for number in range(30):
        create_initiative(product, title=f"More {number}", actor=owner, effort_months=1)
    large = make_scenario(product, owner, rice, name="Large")
    for one in (scenario, large):
        client.get(path(one))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path(one)).status_code == 200
        assert len(queries) <= MOST_QUERIES, [one["sql"][:120] for one in queries]
    page = client.get(path(large, f"?with={other.pk}"))
    assert page.context["compared"].other == other and "Other" in page.content.decode()
    for nonsense in ("with=x", "with=999999"):
        assert client.get(path(large, f"?{nonsense}")).status_code == 404


def test_changes_are_reviewed_committed_once_and_told(scenario, four, owner, editor, client):
    client.force_login(owner)
    titles = items_of(scenario)
    for title, values in (("Reports", {"horizon": "now", "effort_months": 6}), ("Invite", {"stage": "building"})):
        actions.change_item(titles[title], actor=owner, version=1, changes=values)
    change_initiative(four["Invite"], actor=editor, changes={"stage": "prototyping"}, why="Not yet")
    sent, text = review_of(client, scenario)
    assert sent["apply"] == [f"{titles['Reports'].pk}:horizon", f"{titles['Reports'].pk}:effort_months"]
    assert "changed since the copy" in text and "when it was copied: Discovery" in text and "Prototyping" in text
    refused = client.post(path(scenario, "review/"), {**sent, "why": " "})
    assert refused.status_code == 400 and "Write something here." in refused.content.decode()
    answer = client.post(path(scenario, "review/"), {**sent, "why": "Reports win the renewal"})
    assert answer.url == path(scenario, "done/")
    again = client.post(path(scenario, "review/"), {**sent, "why": "Reports win the renewal"}, follow=True)
    assert again.redirect_chain == [(path(scenario, "done/"), 302)]
    text = again.content.decode()
    assert "Owner committed “Reports first” already" in text and "2 of 3 changes came to the roadmap" in text
    reports = Initiative.objects.get(title="Reports")
    assert (reports.horizon, reports.effort_months, reports.version) == ("now", 6, 2)
    assert Initiative.objects.get(title="Invite").stage == "prototyping"
    assert "Reports win the renewal" in client.get("/roadmap/moves/").content.decode()
    for more in ("", "review/", "put-in/", "throw-away/"):
        assert client.get(path(scenario, more)).url == path(scenario, "done/"), more


def test_a_review_that_is_out_of_date_is_shown_again_with_what_was_typed(scenario, four, owner, editor, client):
    client.force_login(owner)
    actions.change_item(items_of(scenario)["Reports"], actor=owner, version=1, changes={"horizon": "now"})
    sent, _ = review_of(client, scenario)
    change_initiative(four["Reports"], actor=editor, changes={"effort_months": 8})
    answer = client.post(path(scenario, "review/"), {**sent, "why": "Soon"})
    text = answer.content.decode()
    assert answer.status_code == 409 and "“Reports” was changed while you looked" in text and 'value="Soon"' in text
    assert Initiative.objects.get(title="Reports").horizon == "next"
    for broken in ({"version": "x"}, {"apply": ["x:horizon"]}, {"apply": ["1:title"]}, {"seen-1": "x"}):
        assert client.post(path(scenario, "review/"), {**sent, "why": "A", **broken}).status_code in (400, 404), broken


def test_goals_that_are_not_shared_are_named_nowhere(four, product, owner, viewer, outsider, client, rice, goals, ops):
    hidden = create_objective(title="Merger", cycle=goals[0].cycle, actor=ops, team=outsider.teams.get(),
                              visibility="team")  # fmt: skip
    change_initiative(four["Reports"], actor=ops, changes={"objective": hidden})
    made = make_scenario(product, owner, rice, sharing="team")
    item = items_of(made)["Reports"]
    actions.change_item(item, actor=owner, version=1, changes={"objective": goals[1]})
    client.force_login(owner)
    for more in ("", "review/", f"items/{item.pk}/"):
        assert b"Merger" not in client.get(path(made, more)).content, more
    assert "a goal that is not shared with you" in client.get(path(made, "review/")).content.decode()
    for more in ("items", "compare", "changes"):
        said = client.get(f"/api/v1/scenarios/{made.pk}/{more}/").content.decode()
        assert f'"goal":{hidden.pk}' not in said and "Merger" not in said
    changes = client.get(f"/api/v1/scenarios/{made.pk}/changes/").json()["changes"]
    assert changes[0]["fields"] == [
        {"field": "objective_id", "then": None, "today": None, "wanted": goals[1].pk},
    ]


def test_the_api_makes_tries_compares_and_commits(four, owner, viewer, outsider, client):
    client.force_login(owner)
    api = "/api/v1/scenarios/"
    asked = {"name": "By API", "product": "planner", "months": 9, "n_stretches": 1, "sharing": "team", "model": "rice"}
    assert client.post(api, {"name": "A", "months": 1}, "application/json").status_code == 400
    made = client.post(api, asked, "application/json").json()
    one = f"{api}{made['id']}/"
    assert (made["state"], made["team"], made["product"]) == ("open", "planner-team", "planner")
    items = {row["title"]: row for row in client.get(f"{one}items/").json()}
    tried = {"item": items["Reports"]["id"], "version": 1, "place": 1, "effort_months": 6}
    order = client.post(f"{one}items/", tried, "application/json").json()
    assert [row["title"] for row in order] == ["Reports", "Invite", "Timeline", "Later"]
    assert client.post(f"{one}items/", tried, "application/json").status_code == 409
    compared = client.get(f"{one}compare/").json()
    assert (compared["before"]["value"], compared["after"]["value"]) == (150, 150)
    assert compared["comes_in"] == [four["Reports"].pk] and compared["falls_out"] == [four["Timeline"].pk]
    slot = compared["after"]["slots"][0]
    assert (slot["value"], slot["begins"], slot["ends"], slot["breaks"]) == (50, "2026-01-01", "2026-03-01", False)
    for number, status in ((made["id"], 404), ("x", 400), (999_999, 404)):
        assert client.get(f"{one}compare/?with={number}").status_code == status
    stretch = client.get(f"{one}capacity/").json()[0]
    version = client.get(one).json()["version"]
    sent = {"stretches": [{**stretch, "months": 6}], "version": version}
    assert client.post(f"{one}capacity/", sent, "application/json").json()[0]["months"] == 6
    changes = client.get(f"{one}changes/").json()
    (change,) = changes["changes"]
    assert {line["field"] for line in change["fields"]} == {"position", "horizon", "effort_months"}
    apply = {"item": change["item"], "fields": ["effort_months"], "seen": change["seen"]}
    sent = {"apply": [apply], "why": "Larger than we thought", "version": changes["version"]}
    client.force_login(viewer)
    assert client.post(f"{one}commit/", sent, "application/json").status_code == 403
    client.force_login(outsider)
    assert client.post(f"{one}commit/", sent, "application/json").status_code == 404
    client.force_login(owner)
    assert client.post(f"{one}commit/", sent, "application/json").json()["state"] == "committed"
    again = client.post(f"{one}commit/", sent, "application/json")
    assert again.status_code == 409 and "already" in again.json()["message"]
    assert Initiative.objects.get(title="Reports").effort_months == 6
    became = client.get(f"{one}changes/").json()["became"]
    assert sorted((line["label"], line["was_applied"]) for line in became) == [
        ("Effort, person-months", True), ("Horizon", False), ("Place in the order", False),
    ]  # fmt: skip
    assert client.patch(one, {"name": "B", "version": 1}, "application/json").status_code == 409


def test_more_is_put_in_and_a_scenario_is_thrown_away(scenario, product, owner, client):
    client.force_login(owner)
    page = client.get(path(scenario, "put-in/"))
    assert "Everything is in it" in page.content.decode()
    new = create_initiative(product, title="New", actor=owner)
    assert "1 initiative is on the roadmap since" in client.get(path(scenario)).content.decode()
    assert client.post(path(scenario, "put-in/"), {"initiatives": [new.pk]}).url == path(scenario)
    assert "New" in items_of(scenario)
    assert client.post(path(scenario, "throw-away/"), {"why": "Enough"}).url == path(scenario, "done/")
    text = client.get(path(scenario, "done/")).content.decode()
    assert "Thrown away by Owner" in text and "Enough" in text and "Nothing of it came to the roadmap" in text
