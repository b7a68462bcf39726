"""Who uses an event, a property, a cohort: every room answers, in one query, for what the reader may see."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insights.adoption.actions import create_feature
from insights.alerts import actions as alerts
from insights.alerts.contracts import Condition
from insights.alerts.series import Subject
from insights.catalogue.models import CatalogueEvent, CatalogueProperty
from insights.catalogue.public import read_source
from insights.cohorts.actions import create_rule
from insights.dashboards import actions as boards
from insights.dashboards.models import Tile
from insights.dashboards.refreshing import refresh_tiles
from insights.explore.actions import create_insight
from insights.explore.models import Insight
from insights.metrics import actions as metrics
from insights.metrics.forming import read_definition
from insights.questions.public import asks_about, named_cohorts, parse_question
from insights.sharing.actions import freeze_dashboard
from portal.people.public import Visibility
from portal.shell.public import find_uses
from tests import factories

NOW = dt.datetime(2026, 3, 20, 9, 0, tzinfo=dt.UTC)
PRO = {"property": "plan", "of": "event", "op": "is", "value": ["pro"]}
OPENED = {"event": "report opened", "filters": [PRO]}
KINDS = ["Alert", "Cohort", "Feature", "Insight", "Metric", "Pack", "Tile"]
TITLES = ["Fewer reports", "Regulars", "Reports", "Readers", "Reading", "Meeting", "Report opened on Board"]


@pytest.fixture
def used(product, owner):
    """An event, and one thing of each room that asks about those of it with a plan; the tile has no title."""
    with time_machine.travel(NOW, tick=False):
        source = factories.make_source(product, "Web")
        row = {"event": "report opened", "distinct_id": "ann", "timestamp": NOW - dt.timedelta(days=3)}
        factories.store_events(source, [{**row, "properties": {"plan": "pro"}}, {**row, "event": "signed up"}])
        read_source(source.pk)
        trend = {"kind": "trend", "series": [OPENED], "interval": "week", "products": [product.slug]}
        create_insight(parse_question(trend, now=NOW, default_zone="UTC"), title="Readers", actor=owner)
        board = boards.create_dashboard(actor=owner, product=product, title="Board")
        boards.add_tile(board, actor=owner, question=trend, chart="line")
        create_feature(product, name="Reports", events=[OPENED], actor=owner, now=NOW)
        rule = {"did": True, **OPENED, "at_least": 1, "last_days": 30}
        create_rule(rule, actor=owner, name="Regulars", products=[product])
        weekly = read_definition(trend, product=product, actor=owner, now=NOW)
        metrics.create_metric(weekly, product=product, name="Reading", actor=owner)
        subject = Subject("Reports", product, question={**trend, "interval": "day"})
        alerts.create_alert(subject, Condition("unlike"), actor=owner, name="Fewer reports")
        refresh_tiles(Tile.objects.on_duty(), NOW)
        freeze_dashboard(board, actor=owner, name="Meeting", held_on=NOW.date())
    return CatalogueEvent.objects.get(name="report opened")


@pytest.mark.parametrize("what", ["event", "property"])
def test_every_room_says_what_uses_a_name_within_the_pages_queries(used, viewer, client_of, what):
    thing = used if what == "event" else CatalogueProperty.objects.get(name="plan")
    assert [hit.kind for hit in find_uses(thing, viewer)] == KINDS
    client, url = client_of(viewer), reverse(f"catalogue:{what}-page", args=[thing.pk])
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(url).content.decode()
    assert [title for title in TITLES if f">{title}</a>" not in page] == []
    assert len(queries) <= 12
    told = client.get(f"/api/v1/event-{'names' if what == 'event' else 'properties'}/{thing.pk}/uses/").json()["uses"]
    assert [hit["kind"] for hit in told] == KINDS


def test_another_name_is_used_by_nothing(used, viewer):
    assert find_uses(CatalogueEvent.objects.get(name="signed up"), viewer) == []


def test_the_same_name_of_another_product_is_another(used, viewer):
    other = factories.make_product("Other", used.product.team)
    assert find_uses(CatalogueEvent.objects.create(product=other, name="report opened"), viewer) == []


def test_what_is_not_shared_is_not_named(used, viewer, outsider):
    Insight.objects.update(visibility=Visibility.TEAM)
    assert "Insight" in {hit.kind for hit in find_uses(used, viewer)}
    assert "Insight" not in {hit.kind for hit in find_uses(used, outsider)}


@pytest.fixture
def cohort(product):
    return factories.make_cohort(product, "Regulars", ["ann"])


@pytest.fixture
def stored(product):
    """An insight whose question is overwritten with any JSON."""
    return Insight.objects.create(product=product, team=product.team, title="Any", question={}, chart="line")


def _parts(cohort):
    names = st.sampled_from(["regulars", str(cohort.pk), "cohort", "new"])
    fields = {
        "op": st.sampled_from(["in_cohort", "not_in_cohort", "is"]),
        "of": st.sampled_from(["cohort", "event", "person"]),
        "property": names,
        "value": st.one_of(names, st.lists(names, max_size=2), st.just(cohort.pk)),
    }
    part = st.fixed_dictionaries({}, optional=fields)
    return st.recursive(part, lambda inner: st.dictionaries(st.sampled_from("abc"), st.lists(inner, max_size=2)))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_database_finds_the_cohorts_that_a_question_names(data, cohort, stored):
    question = data.draw(_parts(cohort))
    Insight.objects.filter(pk=stored.pk).update(question=question)
    found = Insight.objects.filter(asks_about(cohort, "question"), pk=stored.pk).exists()
    assert found == bool(cohort.names & set(named_cohorts(question)))
