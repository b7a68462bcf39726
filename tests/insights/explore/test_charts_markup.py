"""Names come from anybody who has a write key: no markup of theirs reaches a figure."""

import json

import pytest

from insights.explore.charts.figures import build_figure
from tests import factories

pytestmark = pytest.mark.django_db
EVIL = '<a href="https://evil.example">click</a>%{x}'


def ask(client, **question):
    answer = client.post(
        "/api/v1/questions/ask", json.dumps({"products": ["planner"], **question}), content_type="application/json"
    )
    assert answer.status_code == 200, answer.content
    return answer.json()


QUESTIONS = [
    ({"kind": "trend", "series": [{"event": EVIL}, {"event": "b"}]}, ("line", "bar", "area")),
    ({"kind": "trend", "series": [{"event": "b"}], "breakdown": [{"property": "plan"}]}, ("line", "bar", "area")),
    (
        {"kind": "funnel", "steps": [{"event": EVIL}, {"event": "b"}], "breakdown": [{"property": "plan"}]},
        ("funnel",),
    ),
    (
        {
            "kind": "retention",
            "target": {"event": EVIL},
            "returning": {"event": "b"},
            "breakdown": [{"property": "plan"}],
        },
        ("retention",),
    ),
    ({"kind": "paths", "start": {"event": EVIL}, "session_gap": {"value": 1, "unit": "day"}}, ("sankey",)),
]


@pytest.mark.parametrize("question, charts", QUESTIONS, ids=["names", "groups", "funnel", "retention", "paths"])
def test_no_markup_reaches_a_figure(client_of, owner, product, question, charts):
    rows = [
        {
            "event": name,
            "distinct_id": f"u{n}",
            "timestamp": f"2026-01-0{n}T00:00:00+00:00",
            "properties": {"plan": EVIL},
        }
        for n in range(1, 9)
        for name in (EVIL, "b")
    ]
    factories.store_events(factories.make_source(product), rows)
    answer = ask(client_of(owner), **question, date_from="2026-01-01", date_to="2026-01-09")
    for chart in charts:
        figure = json.dumps(build_figure(answer, chart))
        assert "<a href" not in figure
        assert "%{x}" not in figure
