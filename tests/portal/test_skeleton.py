"""The frame stands: home needs a login, the API answers in its own shape."""


def test_home_asks_for_a_login(client, db):
    response = client.get("/")
    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/")


def test_home_opens_for_a_viewer(client_of, viewer):
    response = client_of(viewer).get("/")
    assert response.status_code == 200
    assert response["X-Request-Id"]
