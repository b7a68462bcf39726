"""Every page keeps within its queries, once the first request of a session has noted that the session is alive."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from insights.events.public import DistinctId
from insights.voice.conversations.actions import add_conversation
from insights.voice.conversations.contracts import ParticipantInput
from insights.voice.feedback.actions import add_feedback
from insights.voice.findings.actions import create_finding
from insights.voice.search.counting import count_changed
from insights.voice.themes.actions import create_theme
from insights.voice.themes.linking import link_theme
from tests.factories import make_channel, make_source, make_team, make_user, store_events
from tests.house.access_table import client_with, list_rows, taken_back

MOST_QUERIES = 12
PAGES = [row for row in list_rows() if row.method == "get" and row.statuses.get("admin") == 200]
AT = "2024-01-05T10:00:00+00:00"


def _queries_of(ask):
    """Return the statements of a page's second request, and its answer."""
    ask()
    with CaptureQueriesContext(connection) as queries:
        answer = ask()
    return [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]], answer


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.url_name)
def test_page_keeps_within_its_queries(row, world, db):
    made, signed_in = world
    client, kwargs = client_with(signed_in["product_manager"]), row.kwargs_in(made)
    found, answer = _queries_of(lambda: row.ask(client, kwargs))
    assert b"[invalid name]" not in answer.getvalue(), "a filter without a label"
    assert len(found) <= MOST_QUERIES, "\n".join(sql[:300] for sql in found)


@pytest.fixture(scope="module")
def filled(world, django_db_blocker):
    """The table's world with texts of every kind, things that are called alike, and a person of many ids."""
    made, signed_in = world
    with django_db_blocker.unblock(), taken_back():
        yield {**signed_in, "person": _fill(made), "theme": create_theme(made.product, name="Slow", actor=made.ops).pk}


def _fill(made) -> int:
    today, owner, product = dt.date(2024, 2, 1), made.product_manager, made.product
    rows = [{"event": "slow report", "distinct_id": who, "account_id": "acme", "timestamp": AT} for who in ("ann", "b")]
    traits = [{"subject_id": "ann", "key": "$account", "value": "acme", "timestamp": AT}]
    traits += [
        {"subject": "account", "subject_id": "acme", "key": key, "value": value, "timestamp": AT}
        for key, value in {"plan": "business", "segment": "Strategic"}.items()
    ]
    joins = [{"kind": "identify", "distinct_id": f"slow-{no}", "person_id": "ann", "timestamp": AT} for no in range(5)]
    store_events(make_source(product, "Slow web"), rows, traits=traits, joins=joins)
    said = {"channel": make_channel("support"), "said_on": today, "kind": "problem", "today": today}
    for no in range(5):
        piece, _ = add_feedback(product, actor=owner, text=f"Report {no} is slow", person=f"slow-{no}", **said)
        link_theme(create_theme(product, name=f"Slow {no}", actor=owner), piece, actor=owner, quote="is slow")
        title, who = f"Slow report {no}", [ParticipantInput("ann", "Ann Arbor")]
        add_conversation(product, actor=owner, today=today, title=title, notes="It is slow.", participants=who)
        create_finding(product, actor=owner, claim=f"Report {no} is too slow")
    for no in range(3):
        make_user(f"slow{no}", "viewer", make_team(f"Slow team {no}"))
    count_changed()
    return DistinctId.objects.get(distinct_id="ann").no


ASKED = [
    ("product_manager", "/search/?q=slow+report"),
    ("product_manager", "/search/?q=slwo+reprot"),
    ("product_manager", "/search/?q=zzyzx+qqfoo"),
    ("admin", "/search/?q=slow"),
    ("admin", "/search/?q=slwo+taem"),
    ("product_manager", "/search/palette/?q=slow+report"),
    ("admin", "/search/palette/?q=slow"),
    ("product_manager", "/voice/search/?q=slow&plan=business&segment=Strategic&since=2024-01-01&theme={theme}"),
    ("product_manager", "/voice/search/?q=slow&plan=business"),
    ("product_manager", "/voice/search/?q=slwo&plan=business&person={person}&account=acme"),
    ("viewer", "/voice/search/?q=slow&plan=business&segment=Strategic"),
    ("product_manager", "/insights/persons/{person}/"),
    ("ops", "/insights/persons/{person}/"),
    ("ops", "/insights/persons/{person}/erase/"),
]


@pytest.mark.parametrize(("role", "address"), ASKED, ids=lambda value: value)
def test_page_that_is_asked_for_much_keeps_within_its_queries(role, address, filled, db):
    client = client_with(filled[role])
    found, answer = _queries_of(lambda: client.get(address.format(**filled)))
    assert answer.status_code == 200
    assert len(found) <= MOST_QUERIES, f"{len(found)}:\n" + "\n".join(sql[:400] for sql in found)
