"""The frame and the shell's own pages."""

import pytest


@pytest.mark.parametrize("path", ["/", "/search/", "/search/?q=home", "/keyboard/", "/profile/", "/profile/tokens/"])
def test_page_opens_in_the_frame(client_of, viewer, product, path):
    response = client_of(viewer).get(path)
    assert response.status_code == 200
    text = response.content.decode()
    assert 'class="side"' in text and "style=" not in text and "onclick" not in text


def test_palette_lists_pages(client_of, viewer):
    response = client_of(viewer).get("/search/palette/?q=hom", headers={"HX-Request": "true"})
    assert 'role="option"' in response.content.decode()


def test_login_page_stands_without_the_frame(client, db):
    text = client.get("/accounts/login/").content.decode()
    assert 'class="side"' not in text and "Sign in" in text


def test_missing_page_has_a_request_id(client_of, viewer):
    response = client_of(viewer).get("/nothing/here/")
    assert response.status_code == 404
    assert response["X-Request-Id"] in response.content.decode()


def test_missing_api_address_answers_in_the_apis_shape(client, db):
    response = client.get("/api/v1/nothing/")
    assert response.status_code == 404
    assert set(response.json()) == {"code", "message", "fields", "request_id"}
