"""A product's roadmap in which every field of every thing is a word of its own, and a way to share it."""

import datetime as dt

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client

from insights.voice.themes.public import create_theme
from portal.people.models import Product, Team, User
from portal.people.public import SYSTEM
from roadmaps.delivery.forecasts.models import Forecast
from roadmaps.goals.actions import create_cycle, create_objective
from roadmaps.plan.board.actions import make_promise, say_health
from roadmaps.plan.board.models import Promise
from roadmaps.plan.sharing import actions
from roadmaps.planning.initiatives.models import InitiativeLink
from roadmaps.planning.initiatives.public import Dependency, Initiative, change_initiative, create_initiative
from roadmaps.planning.opportunities.actions import create_opportunity
from roadmaps.planning.opportunities.public import Evidence
from roadmaps.planning.releases.public import create_release
from tests import factories

NOW = dt.datetime(2026, 3, 20, 9, tzinfo=dt.UTC)
PASSWORD = "correct horse"
# What each field says of the one initiative, as no other part of a page says it.
MARKS = {
    "horizon": ["Later"],
    "quarter": ["Q3 2031"],
    "days": ["9 Jul 2031", "20 Aug 2031"],
    "stage": ["Prototyping"],
    "theme": ["zthemeq"],
    "opportunity": ["zopportunityq"],
    "goal": ["zgoalq"],
    "release": ["zreleaseq"],
    "team": ["zteamq"],
    "owner": ["zownerq"],
    "health": ["At risk"],
    "forecast": ["Q1 2032 (even chance)", "Q2 2033 (85 %)"],
}
# What no link tells, whatever its fields are.
SECRETS = [
    "zproductq", "zsummaryq", "zreferenceq", "zblockedq", "zwhyq", "77.25", " 2034", "2034-0", "424242424", "987654321",
    "zwhomq", "zwordsq", "zreasonq", "zurlq", "zlinkq", "znotesq", "zproblemq", "zwhoq", "zproofq", "zaboutq",
    "zcycleq", "zdescribedq", "zhiddenq", "zdroppedq", "zelsewhereq", "znameq", "zhiddengoalq", "zhiddenreleaseq",
    "zhiddenthemeq", "zhiddenopportunityq", "zmailq", "zteamslugq", "zproductslugq", "2031-07-09", "2031-08-20",
]  # fmt: skip
TITLE, HEADING = "ztitleq", "zheadingq"


@pytest.fixture(autouse=True)
def on_that_day():
    cache.clear()
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def anybody():
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def share(product, owner):
    """Make a link; return it and the path that it opens."""

    def share(fields=("horizon",), view="list", *, actor=owner, of=product, **more):
        values = {"name": "znameq", "heading": HEADING, "expires_at": NOW + dt.timedelta(days=30), **more}
        link, token = actions.create_link(of, actor=actor, fields=list(fields), view=view, **values)
        return link, f"/shared/{token}/roadmap/"

    return share


@pytest.fixture
def add(product, owner):
    def add(title, of=product, **values):
        return create_initiative(of, title=title, actor=SYSTEM, owner=owner, **values)

    return add


@pytest.fixture
def marked(product, owner, team, add):
    """One initiative that is shown, with all that hangs on it; others hidden, dropped, or of another product."""
    User.objects.filter(pk=owner.pk).update(name="zownerq", email="zmailq@zmailq.example")
    Product.objects.filter(pk=product.pk).update(name="zproductq", slug="zproductslugq")
    Team.objects.filter(pk=team.pk).update(name="zteamq", slug="zteamslugq")
    for thing in (product, owner, team):
        thing.refresh_from_db()
    with connection.cursor() as cursor:
        for table in ("initiatives_initiative", "opportunities_opportunity"):
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), 987654320)", [f"roadmaps_planning_{table}"])
    first, last = dt.date(2026, 1, 1), dt.date(2026, 6, 30)
    cycle = create_cycle(name="zcycleq", starts_on=first, ends_on=last, actor=SYSTEM)
    goal, hidden_goal = (
        create_objective(title=title, why="zdescribedq", cycle=cycle, product=product, actor=SYSTEM, visibility=seen)
        for title, seen in (("zgoalq", "company"), ("zhiddengoalq", "team"))
    )
    problem, hidden_problem = (
        create_opportunity(product, title=title, problem="zproblemq", who="zwhoq", actor=SYSTEM, visibility=seen)
        for title, seen in (("zopportunityq", "company"), ("zhiddenopportunityq", "team"))
    )
    for title, seen in (("zthemeq", "company"), ("zhiddenthemeq", "team")):
        theme = create_theme(product, name=title, description="zaboutq", actor=SYSTEM, visibility=seen)
        Evidence.objects.create(opportunity=problem, kind="theme", thing_id=theme.pk, title="zproofq", note="zproofq")
    whole = add(
        TITLE,
        summary="zsummaryq",
        reference="zreferenceq",
        stage="prototyping",
        horizon="later",
        objective=goal,
        opportunities=[problem, hidden_problem],
        effort_months=77.25,
        starts_on=dt.date(2031, 7, 9),
        ends_on=dt.date(2031, 8, 20),
        blocked_since=dt.date(2026, 3, 1),
        blocked_why="zblockedq",
    )
    change_initiative(whole, actor=SYSTEM, changes={"position": 424242424}, why="zwhyq")
    whole.refresh_from_db()
    make_promise(whole, actor=SYSTEM, to_whom="zwhomq", words="zwordsq", due_on=dt.date(2034, 5, 6))
    say_health(whole, actor=owner, tone="warn", reason="zreasonq")
    InitiativeLink.objects.create(initiative=whole, url="https://zurlq.example", title="zlinkq")
    for name, seen in (("zreleaseq", "company"), ("zhiddenreleaseq", "team")):
        day = dt.date(2034, 6, 7)
        create_release(
            product, name=name, planned_on=day, notes="znotesq", actor=owner, initiatives=[whole], visibility=seen
        )
    told = {"made_on": NOW.date(), "basis": "own", "n_weeks": 12, "n_done": 9, "n_left": 8, "seed": 1}
    days = {"p50": dt.date(2032, 2, 1), "p85": dt.date(2033, 5, 1), "p95": dt.date(2034, 5, 1)}
    Forecast.objects.create(product=product, initiative=whole, **told, **days)
    hidden = add("zhiddenq", visibility="team", objective=hidden_goal)
    Dependency.objects.create(initiative=whole, needs=hidden, note="zhiddenq")
    add("zdroppedq", stage="dropped")
    elsewhere = factories.make_product("zelsewhereq", factories.make_team("Other team"))
    add("zelsewhereq", of=elsewhere)
    assert Promise.objects.count() == 1 and Initiative.objects.get(title=TITLE).pk >= 987654321
    return Initiative.objects.get(title=TITLE)
