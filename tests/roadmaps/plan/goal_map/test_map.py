"""The map's page: all of it for its team, nothing of other teams, and no more queries with many rows."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.people.public import SYSTEM
from roadmaps.goals import actions as goals
from roadmaps.planning.initiatives.public import create_initiative
from roadmaps.planning.opportunities.public import Opportunity
from tests.roadmaps.goals.access_rows import make_cycle


def plant(product, number, visibility="company"):
    values = {"product": product, "actor": SYSTEM, "visibility": visibility}
    goal = goals.create_objective(title=f"Goal {number}", cycle=make_cycle(), **values)
    goals.add_key_result(goal, title=f"Seconds {number}", baseline=9, target=3, actor=SYSTEM)
    problem = Opportunity.objects.create(
        product=product, team=product.team, title=f"Slow {number}", visibility=visibility
    )
    initiative = create_initiative(
        product, actor=SYSTEM, title=f"Cache {number}", objective=goal, opportunities=[problem], visibility=visibility
    )
    return goal, problem, initiative


def test_what_hangs_together_is_drawn_and_what_is_hidden_is_not(product, owner, outsider, client_of):
    plant(product, 1)
    plant(product, 2, "team")
    goals.write_statement(product, "vision", text="# Nobody waits\n\nMore.", actor=SYSTEM)
    create_initiative(product, actor=SYSTEM, title="For nothing")
    mine = client_of(owner).get("/goals/map/?product=planner").content.decode()
    for text in ("Nobody waits", "Goal 1", "Slow 2", "Cache 2", "Seconds 1", "For nothing"):
        assert text in mine
    theirs = client_of(outsider)
    seen = theirs.get("/goals/map/?product=planner").content.decode()
    seen += theirs.get("/api/v1/goal-map/?product=planner").content.decode()
    seen += b"".join(theirs.get("/goals/map/?product=planner&format=csv").streaming_content).decode()
    assert "Goal 1" in seen and "Cache 1" in seen
    assert not any(text in seen for text in ("Goal 2", "Slow 2", "Cache 2", "Seconds 2"))
    assert theirs.get("/goals/map/?product=nothing").status_code == 404


def test_the_api_says_the_same_in_numbers(product, owner, client_of):
    goal, problem, initiative = plant(product, 1)
    said = client_of(owner).get("/api/v1/goal-map/?product=planner").json()
    (one,) = said["goals"]
    assert (one["pk"], one["is_served"]) == (goal.pk, True)
    branch = one["branches"][0]
    assert (branch["leaf"]["pk"], branch["initiatives"][0]["pk"]) == (problem.pk, initiative.pk)
    assert not any(said["loose"].values())


def test_many_rows_ask_no_more(product, owner, client_of):
    client = client_of(owner)
    plant(product, 1)
    client.get("/goals/map/")
    counts = []
    for number in (2, 12):
        for more in range(2 if number == 2 else 10):
            plant(product, 100 * number + more)
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/goals/map/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
