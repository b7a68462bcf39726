"""Who may ask what, and the doors to it: API, command, cache, and whether an answer still holds."""

import io
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from insights.questions import asking, late
from insights.questions.models import EarlierAnswer
from insights.questions.public import ask, is_answer_current, list_people, parse_question
from portal.people.actions import create_token
from portal.people.public import Visibility
from portal.shell.public import BadInput, NightStep, NotAllowed, registry
from tests.factories import make_product, make_source, store_events

NOW = datetime(2024, 2, 1, 12, tzinfo=UTC)
ROWS = [
    {
        "event": "open",
        "distinct_id": who,
        "timestamp": f"2024-01-{day:02}T12:00:00Z",
        "received_at": "2024-01-03T00:00:00Z",
    }
    for who, day in [("ann", 1), ("bob", 1), ("ann", 2)]
]
TREND = {
    "kind": "trend",
    "products": ["planner"],
    "series": [{"event": "open", "measure": "persons"}],
    "date_from": "2024-01-01",
    "date_to": "2024-01-02",
}


@pytest.fixture
def source(product):
    cache.clear()
    source = make_source(product)
    store_events(source, ROWS)
    return source


def question(now=NOW, **changes):
    return parse_question({**TREND, **changes}, now=now, default_zone="UTC")


def test_asking_by_api(source, client_of, viewer):
    response = client_of(viewer).post("/api/v1/questions/ask", TREND, content_type="application/json")
    assert response.status_code == 200
    assert response.json()["series"][0]["values"] == [2, 1]
    facts = response.json()["facts"]
    assert facts["question"]["timezone"] == "UTC"
    assert facts["rows_scanned"] == 3
    assert "{events}" in facts["sql"][0]


def test_a_token_that_may_only_read_may_ask(source, client, owner):
    expires_at = timezone.now() + timedelta(days=1)
    _, text = create_token(owner, actor=owner, name="script", scope="read", expires_at=expires_at)
    bodies = {"ask": TREND, "people": {"question": TREND, "cell": {"series": 0, "label": "2024-01-01"}}}
    for door, body in bodies.items():
        response = client.post(
            f"/api/v1/questions/{door}",
            body,
            content_type="application/json",
            headers={"Authorization": f"Bearer {text}"},
        )
        assert response.status_code == 200, response.json()


def test_faults_by_api_have_paths(source, client_of, viewer):
    bad = {**TREND, "series": [{"event": "open", "measure": "sums"}], "colour": "red"}
    response = client_of(viewer).post("/api/v1/questions/ask", bad, content_type="application/json")
    assert response.status_code == 400
    assert set(response.json()["fields"]) == {"series[0].measure", "colour"}
    assert client_of(viewer).post("/api/v1/questions/ask", "[]", content_type="application/json").status_code == 400


def test_kinds_by_api_have_examples_that_parse(source, client_of, viewer):
    for kind in client_of(viewer).get("/api/v1/questions/kinds").json():
        parse_question({**kind["example"], "products": ["planner"]}, now=NOW, default_zone="UTC")


def test_a_question_never_means_all_products(source, viewer):
    value = {key: item for key, item in TREND.items() if key != "products"}
    with pytest.raises(BadInput) as caught:
        ask(parse_question(value, now=NOW, default_zone="UTC"), user=viewer, caller="tests")
    assert list(caught.value.fields) == ["products"]


def test_a_product_that_is_not_shared_does_not_exist_even_when_its_answer_is_cached(team, owner, outsider):
    cache.clear()
    source = make_source(make_product("Planner", team, Visibility.TEAM))
    store_events(source, ROWS)
    assert ask(question(), user=owner, caller="tests")["series"][0]["values"] == [2, 1]
    for changes, path in (({}, "products[0]"), ({"products": [], "sources": [source.slug]}, "sources[0]")):
        with pytest.raises(BadInput) as caught:
            ask(question(**changes), user=outsider, caller="tests")
        assert list(caught.value.fields) == [path]


def test_equal_questions_are_computed_once_until_the_data_change(source, owner, monkeypatch):
    computed = []
    compute = asking._compute
    monkeypatch.setattr(asking, "_compute", lambda *given: computed.append(1) or compute(*given))
    for _ in range(3):
        ask(question(), user=owner, caller="tests")
    assert len(computed) == 1
    store_events(source, [{"event": "open", "distinct_id": "cem", "timestamp": "2024-01-02T12:00:00Z"}])
    assert ask(question(), user=owner, caller="tests")["series"][0]["values"] == [2, 2]
    assert len(computed) == 2


@pytest.mark.django_db(transaction=True)
def test_many_who_ask_at_once_get_one_computation(source, owner, monkeypatch):
    computed = []
    compute = asking._compute
    gate = threading.Barrier(8)

    def count(*given):
        computed.append(1)
        time.sleep(0.3)  # as long as a heavy question takes
        return compute(*given)

    def work(_):
        gate.wait()
        try:
            return ask(question(), user=owner, caller="tests")
        finally:
            connection.close()

    monkeypatch.setattr(asking, "_compute", count)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(work, range(8)))
    assert len(computed) == 1
    assert all(answer == answers[0] for answer in answers)
    assert answers[0]["series"][0]["values"] == [2, 1]


def test_without_a_cache_everybody_still_gets_an_answer(source, owner, settings):
    away = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/1"}
    settings.CACHES = {"default": away}
    assert [ask(question(), user=owner, caller="tests")["series"][0]["values"] for _ in range(2)] == [[2, 1]] * 2


def test_events_that_come_after_an_answer_are_late(source, owner):
    assert ask(question(), user=owner, caller="tests")["facts"]["late_events"] == 0
    late = {"event": "open", "distinct_id": "cem", "timestamp": "2024-01-02T12:00:00Z"}
    store_events(source, [{**late, "received_at": "2024-02-02T00:00:00Z"}])
    again = ask(question(NOW + timedelta(days=2)), user=owner, caller="tests")
    assert again["facts"]["late_events"] == 1


def test_the_night_forgets_answers_that_nobody_asked_for_again(source, owner, monkeypatch):
    for day in (1, 2, 3):
        ask(question(NOW + timedelta(days=day), date_to=f"2024-01-0{day}"), user=owner, caller="tests")
    keys = set(EarlierAnswer.objects.values_list("key", flat=True))
    assert len(keys) == 3
    assert late.forget_earlier_answers(NOW + timedelta(days=1) + late.KEEP) == 0
    assert late.forget_earlier_answers(NOW + timedelta(days=1, seconds=1) + late.KEEP) == 1
    monkeypatch.setattr(late, "KEEP_AT_MOST", 1)
    assert late.forget_earlier_answers(NOW) == 1
    assert EarlierAnswer.objects.get().computed_at == NOW + timedelta(days=3)
    (step,) = (step for step in registry.all(NightStep) if step.name == "questions.forget")
    step.work(SimpleNamespace(now=NOW + timedelta(days=100)))
    assert not EarlierAnswer.objects.exists()


def test_an_answer_holds_until_its_own_time_is_touched(source, owner):
    facts = ask(question(), user=owner, caller="tests")["facts"]
    first = question(series=[{"event": "open", "measure": "first_time"}])
    store_events(source, [{"event": "open", "distinct_id": "cem", "timestamp": "2024-01-20T12:00:00Z"}])
    assert is_answer_current(question(), facts)
    assert is_answer_current(first, facts["data_version"])
    store_events(source, [{"event": "open", "distinct_id": "cem", "timestamp": "2023-12-20T12:00:00Z"}])
    assert is_answer_current(question(), facts)
    assert not is_answer_current(first, facts["data_version"])
    store_events(source, [{"event": "open", "distinct_id": "dee", "timestamp": "2024-01-02T12:00:00Z"}])
    assert not is_answer_current(question(), facts)
    assert not is_answer_current(question(date_to="2024-01-03"), facts)


PATHS = {
    "kind": "paths",
    "products": ["planner"],
    "start": {"event": "open"},
    "session_gap": {"value": 2, "unit": "day"},
    "date_from": "2024-01-01",
    "date_to": "2024-01-02",
}


def test_people_behind_paths_are_named_as_the_answer_names_them(source, owner, outsider, client_of):
    rows = [{"event": name, "distinct_id": "ann", "timestamp": "2024-01-02T13:00:00Z"} for name in ("other", "save")]
    store_events(source, rows)
    asked = parse_question({**PATHS, "edges": 1}, now=NOW, default_zone="UTC")
    edges = ask(asked, user=owner, caller="tests")["edges"]
    assert [(edge["from_event"], edge["to_event"]) for edge in edges] == [("open", "other"), ("other", None)]
    for edge in edges:
        cell = {key: edge[key] for key in ("step", "from_event", "to_event")}
        page = list_people(asked, cell, user=owner)
        assert [person.id for person in page.people] == ["ann"]
    ended = list_people(asked, {"step": 1, "event": "open", "ended": True}, user=owner)
    assert [person.id for person in ended.people] == ["bob"]
    body = {"question": PATHS, "cell": {"step": 1, "event": "open"}}
    response = client_of(outsider).post("/api/v1/questions/people", body, content_type="application/json")
    assert response.status_code == 403


@pytest.mark.parametrize(
    ("cell", "paths"),
    [
        ({"step": 5, "from_event": "a", "to_event": "b"}, ["cell.step"]),
        ({"step": 1, "from_event": "a"}, ["cell.to_event"]),
        ({"step": 6, "event": "a"}, ["cell.step"]),
        ({"step": 5, "event": 3, "ended": "yes"}, ["cell.event", "cell.ended"]),
        ({"step": 1, "event": "a", "label": "x"}, ["cell.label"]),
    ],
)
def test_a_place_that_paths_do_not_have_is_named(source, owner, cell, paths):
    with pytest.raises(BadInput) as caught:
        list_people(parse_question(PATHS, now=NOW, default_zone="UTC"), cell, user=owner)
    assert list(caught.value.fields) == paths


def test_people_are_for_the_team_and_ops(source, owner, ops, outsider, client_of):
    cell = {"series": 0, "label": "2024-01-01"}
    for user in (owner, ops):
        page = list_people(question(), cell, user=user, page_size=1, page=2)
        assert (page.total, page.n_pages, [person.id for person in page.people]) == (2, 2, ["bob"])
    with pytest.raises(NotAllowed):
        list_people(question(), cell, user=outsider)
    body = {"question": TREND, "cell": cell}
    response = client_of(outsider).post("/api/v1/questions/people", body, content_type="application/json")
    assert response.status_code == 403
    assert "numbers" in response.json()["message"]


def test_a_cell_that_is_not_there_is_named(source, owner):
    for cell, path in (
        ({"series": 1, "label": "2024-01-01"}, "cell.series"),
        ({"label": "2025-01-01"}, "cell.label"),
        ({"label": "2024-01-01", "breakdown": ["x"]}, "cell.breakdown"),
        ([], "cell"),
    ):
        with pytest.raises(BadInput) as caught:
            list_people(question(), cell, user=owner)
        assert path in caught.value.fields


def test_the_command_prints_only_the_answer(source, tmp_path, capsys):
    file = tmp_path / "question.json"
    file.write_text(json.dumps(TREND))
    out = io.StringIO()
    call_command("ask", str(file), stdout=out)
    assert json.loads(out.getvalue())["series"][0]["values"] == [2, 1]


def test_the_command_names_faults_on_stderr(source, tmp_path):
    file = tmp_path / "question.json"
    file.write_text(json.dumps({**TREND, "interval": "fortnight"}))
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(SystemExit) as caught:
        call_command("ask", str(file), stdout=out, stderr=err)
    assert caught.value.code == 2
    assert out.getvalue() == ""
    assert "interval: " in err.getvalue()
