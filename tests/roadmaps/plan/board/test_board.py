"""The roadmap: one set in many views, moves and conflicts, past days, promises, health, saved views, calendars."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.people.public import SYSTEM
from portal.shell.public import BadInput, NotAllowed, NotFound, Stale
from roadmaps.delivery.forecasts.models import Forecast
from roadmaps.delivery.work.models import Tracker, WorkItem
from roadmaps.goals.actions import create_cycle, create_objective
from roadmaps.plan.board import actions
from roadmaps.plan.board.access import get_promise
from roadmaps.plan.board.healing import refresh_health
from roadmaps.plan.board.models import InitiativeHealth, Promise, SavedView
from roadmaps.plan.board.state import VIEWS, State
from roadmaps.planning.initiatives.public import (
    Initiative,
    change_initiative,
    create_initiative,
    delete_initiative,
)
from roadmaps.planning.releases.public import create_release, release_now
from tests import factories

NOW = dt.datetime(2026, 3, 20, 9, tzinfo=dt.UTC)
TODAY = NOW.date()
MOST_QUERIES = 12


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def goal(product):
    cycle = create_cycle(name="H1", starts_on=dt.date(2026, 1, 1), ends_on=dt.date(2026, 6, 30), actor=SYSTEM)
    return create_objective(title="Teams plan together", cycle=cycle, product=product, actor=SYSTEM)


@pytest.fixture
def add(product, owner):
    def add(title, horizon="now", of=product, **values):
        return create_initiative(of, title=title, horizon=horizon, actor=SYSTEM, owner=owner, **values)

    return add


def titles(client, query="", view="board"):
    """Return the titles of the cards of each column, as the page shows them."""
    page = client.get(f"/roadmap/?view={view}&{query}")
    assert page.status_code == 200, page.content[:500]
    roadmap = page.context["roadmap"]
    if view == "board":
        (lane,) = roadmap.board.lanes or [None]
        return {cell.horizon: [card.title for card in cell.cards] for cell in lane.cells} if lane else {}
    cards = roadmap.cards if view == "list" else [bar.card for bar in roadmap.timeline.bars]
    return [card.title for card in cards]


def test_one_set_is_drawn_by_every_view(client, owner, outsider, add, goal, product):
    guide = add("Guide", objective=goal, starts_on=TODAY, ends_on=TODAY + dt.timedelta(days=30), stage="building")
    add("Holidays", "next")
    add("Secret", "later", visibility="team")
    add("Old", stage="done")
    release = create_release(product, name="Spring", planned_on=TODAY, actor=owner, initiatives=[guide])
    client.force_login(owner)
    assert titles(client) == {"now": ["Guide"], "next": ["Holidays"], "later": ["Secret"]}
    assert titles(client, "stage=all", "list") == ["Guide", "Holidays", "Secret", "Old"]
    assert titles(client, view="timeline") == ["Guide"]
    assert titles(client, f"goal={goal.pk}")["now"] == ["Guide"]
    assert titles(client, "goal=none", "list") == ["Holidays", "Secret"]
    assert titles(client, f"release={release.pk}", "list") == ["Guide"]
    assert titles(client, "q=holi", "list") == ["Holidays"]
    lanes = client.get("/roadmap/?view=goals").context["roadmap"].board.lanes
    assert [(lane.label, lane.n) for lane in lanes] == [("Teams plan together (H1)", 1), ("No goal", 2)]
    assert "Spring" in client.get("/roadmap/?view=calendar").content.decode()
    file = client.get("/roadmap/?format=csv&horizon=now").getvalue().decode()
    assert "Guide" in file and "Teams plan together" in file and "Holidays" not in file
    client.force_login(outsider)
    for query in ("", "view=list", "view=teams&done=1", "format=csv"):
        assert b"Secret" not in client.get(f"/roadmap/?{query}").getvalue()
    past = "day=2026-01-01"
    for nonsense in (
        "view=mood",
        "day=2999-01-01",
        "goal=x",
        "colour=1",
        f"{past}&health=bad",
        f"view=calendar&{past}",
    ):
        answer = client.get(f"/roadmap/?{nonsense}")
        assert answer.status_code == 400, nonsense


def test_a_goal_that_is_not_shared_is_seen_nowhere(client, outsider, add, product):
    cycle = create_cycle(name="H1", starts_on=dt.date(2026, 1, 1), ends_on=dt.date(2026, 6, 30), actor=SYSTEM)
    hidden = create_objective(title="Merger", cycle=cycle, product=product, actor=SYSTEM, visibility="team")
    first = add("Guide", objective=hidden, starts_on=TODAY)
    change_initiative(first, actor=SYSTEM, changes={"objective": None}, why="No")
    change_initiative(first, actor=SYSTEM, changes={"objective": hidden}, why="Yes")
    client.force_login(outsider)
    for view in VIEWS:
        for more in ("", "&colour=goal", "&lanes=goal", f"&goal={hidden.pk}", "&format=csv"):
            assert b"Merger" not in client.get(f"/roadmap/?view={view}{more}").getvalue()
    assert b"Merger" not in client.get("/roadmap/moves/").content
    assert b"Merger" not in client.get("/api/v1/roadmap-moves/").content
    assert client.get("/api/v1/roadmap/").json()["results"][0]["goal"] is None


def test_a_card_goes_where_it_is_dropped_and_makes_its_own_room(client, owner, add):
    cards = [add(title) for title in "ABCD"]
    client.force_login(owner)

    def drop(card, **fields):
        version = Initiative.objects.get(pk=card.pk).version
        return client.post(f"/roadmap/{card.pk}/drop/", {"version": version, **fields})

    assert drop(cards[3], horizon="now", before=cards[1].pk).status_code == 200
    assert titles(client)["now"] == ["A", "D", "B", "C"]
    assert drop(cards[0], horizon="next", why="Holidays first").json()["message"] == "“A” is in Next."
    assert titles(client) == {"now": ["D", "B", "C"], "next": ["A"], "later": []}
    Initiative.objects.update(position=7)  # no room anywhere
    assert titles(client)["now"] == ["B", "C", "D"]
    assert drop(cards[3], horizon="now", before=cards[2].pk).status_code == 200
    assert titles(client)["now"] == ["B", "D", "C"]
    assert drop(cards[1], horizon="now", after=cards[2].pk).status_code == 200
    assert titles(client)["now"] == ["D", "C", "B"]
    moves = client.get("/roadmap/moves/").content.decode()
    assert "Holidays first" in moves and "Made room" not in moves
    for fields in ({"horizon": "soon"}, {"before": "x"}, {"starts_on": "soon"}, {"before": "999999"}):
        assert drop(cards[0], **fields).status_code in (400, 404), fields


def test_two_people_move_one_card_and_nothing_is_lost(client, owner, editor, add):
    card = add("Guide")
    actions.move_card(card, actor=editor, version=1, changes={"horizon": "later"}, why="Not before summer")
    client.force_login(owner)
    answer = client.post(f"/roadmap/{card.pk}/drop/", {"version": 1, "horizon": "next", "why": "Soon"})
    assert answer.status_code == 409
    told = answer.json()
    assert told["version"] == 2
    assert "Horizon: Now → Later (“Not before summer”)" in told["message"] and str(editor) in told["message"]
    assert Initiative.objects.get().horizon == "later"
    form = client.post(f"/roadmap/{card.pk}/move/", {"version": 1, "horizon": "next", "why": "Soon"})
    assert form.status_code == 409 and b"Soon" in form.content
    again = client.post(f"/roadmap/{card.pk}/drop/", {"version": told["version"], "horizon": "next", "why": "Soon"})
    assert again.json()["version"] == 3
    with pytest.raises(Stale):
        actions.move_card(card, actor=editor, version=2, changes={}, before=None, after=card.pk)


def test_the_roadmap_of_a_past_day_is_as_it_was(client, owner, outsider, add, today):
    guide, gone = add("Guide", "later"), add("Gone")
    today.shift(dt.timedelta(days=3))
    change_initiative(guide, actor=owner, changes={"horizon": "now", "title": "Guided"}, why="It is the summer's theme")
    delete_initiative(gone, actor=owner)
    add("New")
    client.force_login(owner)
    assert titles(client) == {"now": ["Guided", "New"], "next": [], "later": []}
    assert titles(client, "day=2026-03-20")["later"] == ["Guide"]
    past = client.get("/roadmap/?day=2026-03-21&view=list")
    assert [card.since for card in past.context["roadmap"].cards] == [("now Now", "now “Guided”"), ("deleted since",)]
    assert b"data-drop" not in client.get("/roadmap/?day=2026-03-21").content
    moves = client.get("/roadmap/moves/?since=2026-03-23").content.decode()
    assert "Later → Now" in moves and "It is the summer&#x27;s theme" in moves and str(owner) in moves
    rows = client.get("/api/v1/roadmap/?day=2026-03-20").json()["results"]
    assert [(row["title"], row["horizon"], row["version"]) for row in rows] == [
        ("Guide", "later", None),
        ("Gone", "now", None),
    ]
    Initiative.objects.filter(pk=guide.pk).update(visibility="team")
    client.force_login(outsider)
    assert "later" not in titles(client, "day=2026-03-20") or not titles(client, "day=2026-03-20")["later"]


def test_what_others_moved_since_the_last_visit_is_told(client, owner, editor, add, today):
    card = add("Guide")
    client.force_login(owner)
    assert b"since your last visit" not in client.get("/roadmap/since/").content
    today.shift(dt.timedelta(hours=5))
    change_initiative(card, actor=owner, changes={"horizon": "next"})
    assert b"since your last visit" not in client.get("/roadmap/since/").content, "one's own moves are known"
    today.shift(dt.timedelta(hours=5))
    change_initiative(card, actor=editor, changes={"horizon": "later"})
    for _ in range(2):
        assert b"1 move by others" in client.get("/roadmap/since/").content
        today.shift(dt.timedelta(minutes=5))


def test_promises_are_kept_late_or_broken_by_what_came_out(client, owner, viewer, outsider, add, product, today):
    kept, late, open_one, dropped = (add(title) for title in ("Kept", "Late", "Open", "Dropped"))
    due = TODAY + dt.timedelta(days=10)
    made = {
        one.title: actions.make_promise(one, actor=owner, to_whom="Acme Works", due_on=due, words="By spring")
        for one in (kept, late, open_one, dropped)
    }
    assert Initiative.objects.get(pk=kept.pk).promised_on == due
    for fault in ({"due_on": dt.date(2026, 1, 1)}, {"to_whom": " ", "due_on": due}):
        with pytest.raises(BadInput):
            actions.make_promise(kept, actor=owner, **{"to_whom": "A", **fault})
    with pytest.raises(NotAllowed):
        actions.make_promise(kept, actor=viewer, to_whom="A", due_on=due)
    change_initiative(dropped, actor=owner, changes={"stage": "dropped"})
    release = create_release(product, name="1", planned_on=TODAY, actor=owner, initiatives=[kept])
    release_now(release, owner)
    today.shift(dt.timedelta(days=13))
    change_initiative(late, actor=owner, changes={"stage": "launched"})
    client.force_login(owner)
    page = client.get("/roadmap/promises/")
    assert {name: n for name, _, n in page.context["counts"] if n} == {"kept": 1, "late": 1, "overdue": 1, "dropped": 1}
    assert "1 of 4" in page.content.decode() and "3 days late" in page.content.decode()
    actions.withdraw_promise(made["Open"], actor=owner, why="They left")
    assert Initiative.objects.get(pk=open_one.pk).promised_on is None
    shown = client.get("/api/v1/promises/").json()["results"]
    assert {row["standing"] for row in shown} == {"kept", "late", "dropped", "withdrawn"}
    client.force_login(outsider)
    for url in ("/roadmap/promises/", "/roadmap/promises/?format=csv", "/api/v1/promises/"):
        shown = client.get(url).getvalue().decode()
        assert "Kept" in shown or "kept" in shown
        assert "Acme" not in shown and "By spring" not in shown
    Initiative.objects.update(visibility="team")
    assert client.get("/api/v1/promises/").json()["results"] == []


def test_health_is_worked_out_and_what_a_person_says_lapses(client, owner, viewer, add, today):
    late = add("Late", ends_on=TODAY + dt.timedelta(days=2))
    blocked = add("Blocked", blocked_since=TODAY - dt.timedelta(days=4), blocked_why="The lawyers")
    add("Quiet")
    refresh_health(list(Initiative.objects.values_list("pk", flat=True)))
    assert dict(InitiativeHealth.objects.values_list("initiative__title", "tone")) == {
        "Late": "unknown", "Blocked": "warn", "Quiet": "unknown",
    }  # fmt: skip
    client.force_login(owner)
    client.post(f"/roadmap/{blocked.pk}/health/", {"tone": "good", "reason": "They sign tomorrow"})
    assert client.post(f"/roadmap/{blocked.pk}/health/", {"tone": "good"}).status_code == 422
    shown = client.get(f"/api/v1/roadmap/{blocked.pk}/health/").json()
    assert (shown["tone"], shown["by_hand"]) == ("good", True)
    assert shown["reasons"][1]["text"] == "It is blocked for 4 days."
    today.shift(dt.timedelta(days=14))
    client.force_login(owner)
    shown = client.get(f"/api/v1/roadmap/{blocked.pk}/health/").json()
    assert (shown["tone"], shown["by_hand"]) == ("warn", False)
    refresh_health([late.pk, blocked.pk])
    assert InitiativeHealth.objects.get(pk=blocked.pk).tone == "bad"
    assert titles(client, "health=bad", "list") == ["Late", "Blocked"]
    change_initiative(late, actor=owner, changes={"stage": "launched"})
    assert InitiativeHealth.objects.get(pk=late.pk).tone == "unknown"
    with pytest.raises(NotAllowed):
        actions.say_health(late, actor=viewer, tone="good", reason="x")


def test_health_and_timeline_hold_plans_against_forecasts_and_scope(client, owner, add, product, today):
    days = {"starts_on": TODAY, "ends_on": TODAY + dt.timedelta(days=30)}
    late, grown = add("Late", stage="building", **days), add("Grown", stage="building", **days)
    told = {"product": product, "made_on": TODAY, "basis": "own", "n_weeks": 20, "n_done": 1, "n_left": 9, "seed": 1}
    p50, p85 = TODAY + dt.timedelta(days=40), TODAY + dt.timedelta(days=60)
    Forecast.objects.create(initiative=late, p50=p50, p85=p85, **told)
    tracker = Tracker.objects.create(product=product, team=product.team, name="Jira")
    for number in range(4):
        opened_at = NOW + dt.timedelta(days=number - 2)
        WorkItem.objects.create(tracker=tracker, key=f"P-{number}", initiative=grown, opened_at=opened_at)
    refresh_health([late.pk, grown.pk])
    reasons = {one.pk: one.reasons for one in InitiativeHealth.objects.all()}
    late_by = "The forecast's even chance is 29 Apr 2026, 10 days after the planned end."
    assert reasons == {late.pk: [["bad", late_by]], grown.pk: [["warn", "It grew from 3 to 4 work items, +33 %."]]}
    client.force_login(owner)
    bar = client.get("/roadmap/?view=timeline").context["roadmap"].timeline.bars[0]
    assert bar.safe_on == p85 and bar.likely < bar.safe
    assert "85 % chance by 19 May 2026" in client.get("/roadmap/?view=timeline").content.decode()


def test_views_are_kept_for_oneself_or_a_team(client, owner, editor, outsider, add, team):
    add("Guide")
    client.force_login(owner)
    saved = client.post("/roadmap/views/save/?view=timeline&lanes=goal&q=gui", {"name": "Mine", "team": team.pk})
    view = SavedView.objects.get()
    assert saved.url == f"/roadmap/?view=timeline&lanes=goal&q=gui&saved={view.pk}"
    assert b'<h1 class="page-head__title wrap-anywhere">Mine</h1>' in client.get(saved.url).content
    client.post("/roadmap/views/save/?view=list", {"name": "mine"})
    assert SavedView.objects.get().asked == {"view": "list"}
    assert client.post("/roadmap/views/save/?view=mood", {"name": "x"}).status_code == 400
    for other in (editor, outsider):
        client.force_login(other)
        assert b"Mine" not in client.get("/roadmap/views/").content and b"mine" not in client.get("/roadmap/").content
        assert client.post(f"/roadmap/views/{view.pk}/delete/").status_code == 404
    with pytest.raises(BadInput):
        actions.save_view(actor=outsider, name="x", state=State(), team=team)


def test_a_calendar_reads_what_its_owner_may_see(client, owner, outsider, add, product):
    guide = add("Guide", ends_on=TODAY, visibility="team")
    create_release(product, name="Spring; 2026", planned_on=TODAY, actor=owner)
    actions.make_promise(guide, actor=owner, to_whom="Acme", due_on=TODAY)
    texts = {}
    for who in (owner, outsider):
        client.force_login(who)
        client.post("/roadmap/calendar/", {"product": product.pk})
        address = client.get("/roadmap/calendar/").context["address"]
        client.logout()
        texts[who] = client.get(address[address.index("/calendars/") :]).content.decode()
    assert "SUMMARY:Promised to Acme: Guide" in texts[owner] and "Planned end: Guide" in texts[owner]
    assert "Spring\\; 2026" in texts[owner]
    assert "Guide" not in texts[outsider] and "Spring" in texts[outsider]
    client.force_login(owner)
    client.post("/roadmap/calendar/", {"do": "close"})
    assert client.get("/calendars/roadmap/" + "x" * 40 + ".ics").status_code == 404


def test_pages_ask_the_same_however_many_rows_there_are(client, owner, add, goal, product, team):
    for number in range(70):
        add(f"Card {number}", "now" if number % 2 else "later", objective=goal if number % 3 else None, starts_on=TODAY)
    cards = list(Initiative.objects.all())
    create_release(product, name="Spring", planned_on=TODAY, actor=owner, initiatives=cards[:40])
    for card in cards[:30]:
        actions.make_promise(card, actor=owner, to_whom="Acme", due_on=TODAY)
    actions.save_view(actor=owner, name="Mine", state=State(), team=team)
    refresh_health([card.pk for card in cards])
    client.force_login(owner)
    filters = f"q=card&product=planner&team={team.slug}&goal={goal.pk}&stage=discovery&owner={owner.pk}&horizon=now"
    past = "day=2026-03-20"
    today = f"&{filters}&health=bad&colour=goal&lanes=owner"
    urls = [f"/roadmap/?view={view}{more}" for view in VIEWS for more in ("", "&colour=health&lanes=goal", today)]
    urls += ["/roadmap/cards/?column=now&after=10&lanes=goal&lane=none", "/roadmap/lines/?after=50&lanes=goal"]
    urls += ["/roadmap/moves/?q=card&product=planner", "/roadmap/promises/?product=planner&standing=open"]
    urls += ["/roadmap/views/", "/roadmap/calendar/", "/roadmap/since/", f"/roadmap/{cards[0].pk}/move/"]
    with time_machine.travel(NOW + dt.timedelta(days=2), tick=False):
        urls += [f"/roadmap/?view={view}&{past}&{filters}&lanes=goal" for view in VIEWS if view != "calendar"]
        client.get("/roadmap/")
        for url in urls:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200, url
            found = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
            assert len(found) <= MOST_QUERIES, url + "\n" + "\n".join(sql[:200] for sql in found)
    page = client.get("/roadmap/")
    assert [cell.n for cell in page.context["roadmap"].board.lanes[0].cells] == [35, 0, 35]
    rest = client.get("/roadmap/cards/?column=now&after=30", headers={"HX-Request": "true"}).content.decode()
    assert rest.count("data-card=") == 5


def test_nobody_moves_what_is_not_theirs(client, owner, viewer, outsider, add):
    card, secret = add("Guide"), add("Secret", visibility="team")
    factories.make_team("x")
    for who, first, second in ((viewer, 403, 403), (outsider, 403, 404)):
        client.force_login(who)
        for url in ("drop", "move", "promise", "health"):
            answers = [client.post(f"/roadmap/{one.pk}/{url}/", {"version": 1}).status_code for one in (card, secret)]
            assert answers == [first, second], (who, url)
    promise = actions.make_promise(secret, actor=owner, to_whom="Acme", due_on=TODAY)
    with pytest.raises(NotFound):
        get_promise(outsider, promise.pk)


def test_a_promise_of_a_deleted_initiative_goes_with_it(owner, add):
    card = add("Guide")
    actions.make_promise(card, actor=owner, to_whom="Acme", due_on=TODAY)
    card.delete()
    assert not Promise.objects.exists() and not InitiativeHealth.objects.exists()
