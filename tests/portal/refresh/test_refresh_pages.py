"""The refresh pages: everybody reads, ops start, the live page reloads itself and then stops."""

import pytest

from portal.people.public import SYSTEM
from portal.refresh import actions
from portal.refresh.models import Refresh
from portal.refresh.work import work_on_refresh
from portal.shell.registry import NightStep, Registry


@pytest.fixture
def refresh(transactional_db, monkeypatch):
    registry = Registry()
    monkeypatch.setattr("portal.refresh.work.registry", registry)
    monkeypatch.setattr("portal.refresh.actions.registry", registry)
    registry.add(NightStep("read", "Read sources", lambda night: night.problem("“Web” sent nothing.")))
    return actions.start_refresh(actor=SYSTEM)


def test_viewer_reads_but_has_no_button(client_of, viewer, refresh):
    page = client_of(viewer).get("/refreshes/").content.decode()
    assert f"Refresh {refresh.pk}" in page
    assert "Run now" not in page


def test_viewer_cannot_start(client_of, viewer, refresh):
    assert client_of(viewer).post("/refreshes/start/").status_code == 403


def test_ops_starts_and_lands_on_the_page(client_of, ops, refresh):
    response = client_of(ops).post("/refreshes/start/", follow=True)
    assert response.status_code == 200
    assert Refresh.objects.filter(started_by=ops).exists()


def test_starting_twice_explains_itself(client_of, ops, refresh):
    client = client_of(ops)
    client.post("/refreshes/start/")
    response = client.post("/refreshes/start/")
    assert response.status_code == 409
    assert "waiting or running already" in response.content.decode()


def test_the_page_reloads_itself_only_while_live(client_of, viewer, ops, refresh):
    client = client_of(ops)
    assert "hx-trigger" in client.get(f"/refreshes/{refresh.pk}/").content.decode()
    work_on_refresh(refresh.pk)
    page = client.get(f"/refreshes/{refresh.pk}/").content.decode()
    assert "hx-trigger" not in page
    assert "“Web” sent nothing." in page
    others = client_of(viewer).get(f"/refreshes/{refresh.pk}/").content.decode()
    assert "“Web”" not in others and "needs a look by ops" in others


def test_home_says_what_went_wrong_and_to_others_that_something_did(client_of, viewer, ops, refresh):
    work_on_refresh(refresh.pk)
    assert "Read sources: “Web” sent nothing." in client_of(ops).get("/").content.decode()
    others = client_of(viewer).get("/").content.decode()
    assert "“Web”" not in others and "One thing needs a look by ops" in others


def test_an_unknown_refresh_is_404(client_of, viewer, refresh):
    assert client_of(viewer).get("/refreshes/999999/").status_code == 404


def test_list_needs_the_same_queries_for_many_rows(client_of, viewer, refresh, django_assert_max_num_queries):
    work_on_refresh(refresh.pk)
    client = client_of(viewer)
    client.get("/refreshes/")  # the first page of a session also notes the session
    with django_assert_max_num_queries(12):
        client.get("/refreshes/")


def test_api_tells_a_refresh_with_its_steps(client_of, viewer, ops, refresh):
    work_on_refresh(refresh.pk)
    others = client_of(viewer).get(f"/api/v1/refreshes/{refresh.pk}/").json()
    assert "“Web”" not in str(others)
    answer = client_of(ops).get(f"/api/v1/refreshes/{refresh.pk}/").json()
    assert answer["state"] == "done"
    assert answer["steps"][0]["problems"] == ["“Web” sent nothing."]


def test_api_starts_for_ops_and_refuses_a_second(client_of, ops, refresh):
    client = client_of(ops)
    assert client.post("/api/v1/refreshes/", {}, content_type="application/json").status_code == 201
    again = client.post("/api/v1/refreshes/", {}, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "conflict")
