"""Every error is told in the kind that was asked for, with a request id and what to do."""

import pytest
from django.db import OperationalError
from django.test import RequestFactory

from portal.shell.errors import Conflict, TooMuch, TooOften, Unavailable
from portal.shell.views import server_error


@pytest.mark.parametrize("error", [Conflict, TooMuch, TooOften, Unavailable])
def test_portal_errors_become_pages_fragments_and_json(client_of, viewer, monkeypatch, error):
    def broken(*args, **kwargs):
        raise error()

    client = client_of(viewer)
    monkeypatch.setattr("portal.shell.views.find_places", broken)
    page = client.get("/search/?q=x")
    assert page.status_code == error.status
    assert error.message in page.content.decode() and page["X-Request-Id"] in page.content.decode()
    piece = client.get("/search/?q=x", headers={"HX-Request": "true"})
    assert piece.status_code == error.status and "<html" not in piece.content.decode()


def test_a_fault_of_ours_needs_neither_database_nor_frame(rf: RequestFactory):
    response = server_error(rf.get("/dashboards/"))
    assert response.status_code == 500
    assert "Something broke on our side" in response.content.decode()
    assert server_error(rf.get("/api/v1/teams/")).headers["Content-Type"] == "application/json"


def test_a_database_that_is_away_is_said_so(rf: RequestFactory):
    try:
        raise OperationalError("no connection")
    except OperationalError:
        response = server_error(rf.get("/"))
    assert response.status_code == 503 and response["Retry-After"]


def test_wrong_method_is_explained(client_of, viewer):
    response = client_of(viewer).get("/profile/theme/")
    assert response.status_code == 405 and response["Allow"] == "POST"
    assert "cannot be used that way" in response.content.decode()


def test_expired_form_is_explained(viewer):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(viewer)
    form = {"Referer": "http://testserver/profile/"}
    response = client.post("/profile/theme/", {"theme": "dark"}, headers=form)
    assert response.status_code == 403 and "This form has expired" in response.content.decode()
    assert '<a class="button button--primary" href="/profile/">Open the form again</a>' in response.content.decode()
    told = client.post("/profile/theme/", {}, headers={**form, "Accept": "application/json"})
    assert told.status_code == 403 and told.json()["code"] == "not_allowed"


def test_htmx_is_sent_to_the_login_as_a_whole(client, db):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/dashboards/"}
    response = client.get("/search/?q=x", headers=headers)
    assert response["HX-Redirect"] == "/accounts/login/?next=%2Fdashboards%2F"


def test_messages_of_a_fragment_become_toasts(client_of, viewer):
    client = client_of(viewer)
    client.post("/profile/", {"name": "Vera", "time_zone": "UTC", "theme": "dark"})
    response = client.get("/search/?q=x", headers={"HX-Request": "true"})
    assert "Your profile is saved." in response["HX-Trigger"]


def test_a_request_that_cannot_be_read_does_not_send_anybody_to_sign_in(client_of, viewer):
    response = client_of(viewer).get("/search/?q=%00")
    assert response.status_code == 400
    assert "Go home" in response.content.decode() and "Sign in" not in response.content.decode()


def test_what_the_message_says_is_not_listed_again(client_of, viewer):
    page = client_of(viewer).get("/roadmap/?view=goal").content.decode()
    assert page.count("There is no view") == 1
