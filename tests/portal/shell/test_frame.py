"""The frame and the shell's own pages."""

import pytest
from django.urls import reverse

from portal.shell.registry import NavItem, registry


@pytest.mark.parametrize("path", ["/", "/search/", "/search/?q=home", "/keyboard/", "/profile/", "/profile/tokens/"])
def test_page_opens_in_the_frame(client_of, viewer, product, path):
    response = client_of(viewer).get(path)
    assert response.status_code == 200
    text = response.content.decode()
    assert 'class="side"' in text and "style=" not in text and "onclick" not in text


def test_keys_go_to_one_place():
    keys = [item.keys for item in registry.all(NavItem) if item.keys]
    assert len(keys) == len(set(keys)), sorted(keys)


def test_palette_lists_pages(client_of, viewer):
    response = client_of(viewer).get("/search/palette/?q=hom", headers={"HX-Request": "true"})
    assert 'role="option"' in response.content.decode()


@pytest.mark.parametrize(
    "text, meant", [("unlike anything", ""), ("heom", "Home"), ("refrehses", "Refreshes"), ("plannr", "Planner")]
)
def test_what_is_typed_with_a_slip_is_found_all_the_same(client_of, admin_user, product, text, meant):
    client = client_of(admin_user)
    page = client.get("/search/", {"q": text}).content.decode()
    palette = client.get("/search/palette/", {"q": text}, headers={"HX-Request": "true"}).content.decode()
    for answer in (page, palette):
        assert ("Did you mean" in answer and f">{meant}" in answer) if meant else "Did you mean" not in answer


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


def _side(page: str) -> str:
    return page.split('id="side"')[1].split("</nav>")[0]


@pytest.mark.parametrize(("name", "is_hidden"), [("shell:home", True), ("sources:source-list", False)])
def test_lines_below_a_line_show_while_the_reader_is_there(client_of, viewer, name, is_hidden):
    side = _side(client_of(viewer).get(reverse(name)).content.decode())
    below = side.split(">Data<")[1].split("<ul")[1].split("</ul>")[0]
    assert (">Catalogue<" in below, " hidden" in below.split(">")[0]) == (True, is_hidden)


def test_a_page_beside_a_lines_own_address_belongs_to_it(client_of, ops):
    side = _side(client_of(ops).get(reverse("sources:row-list")).content.decode())
    assert 'aria-current="true"' in side.split(">Data<")[0].rpartition("<a ")[2]


def test_line_is_open_where_only_a_line_below_it_is_current(client_of, viewer):
    side = _side(client_of(viewer).get(reverse("catalogue:event-list")).content.decode())
    assert 'aria-current="page"' in side.split(">Data<")[1].split("</ul>")[0]
    assert " hidden" not in side.split(">Data<")[1].split("<ul")[1].split(">")[0]
