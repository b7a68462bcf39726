"""The pages and the API of write keys: a key's text is seen once, and every change is in the trail."""

import re

from django.urls import reverse

from insights.capture.models import WriteKey
from portal.audit.public import history_of
from tests import factories


def test_a_key_is_shown_once_and_works(client_of, editor, source, client):
    url = reverse("capture:key-list", args=[source.slug])
    page = client_of(editor).post(url, {"name": "web shop"}).content.decode()
    text = re.search(r'value="(wk_[0-9a-f]{8}_[\w-]+)"', page).group(1)
    assert text not in client_of(editor).get(url).content.decode()
    key = WriteKey.objects.get()
    assert text.startswith(key.prefix)
    assert text not in str(list(WriteKey.objects.values()))
    assert history_of(key)[0].entry.verb == "write_key.created"
    assert (
        client.post("/v1/track", {"writeKey": text, "event": "e", "userId": "u"}, "application/json").status_code == 200
    )


def test_replacing_and_revoking_by_page(client_of, editor, source, key):
    client, old = client_of(editor), WriteKey.objects.get()
    assert "wk_" in client.post(reverse("capture:key-rotate", args=[old.pk])).content.decode()
    assert WriteKey.objects.valid().count() == 2
    assert client.post(reverse("capture:key-rotate", args=[old.pk])).status_code == 409
    assert "never works again" in client.get(reverse("capture:key-revoke", args=[old.pk])).content.decode()
    assert WriteKey.objects.valid().count() == 2
    client.post(reverse("capture:key-revoke", args=[old.pk]))
    assert WriteKey.objects.valid().count() == 1
    assert [one.entry.verb for one in history_of(old)] == [
        "write_key.revoked",
        "write_key.replaced",
        "write_key.created",
    ]


def test_only_capture_sources_have_keys(client_of, editor, product):
    files = factories.make_source(product, "Files")
    assert client_of(editor).post(reverse("capture:key-list", args=[files.slug]), {"name": "x"}).status_code == 400


def test_the_api_makes_replaces_and_revokes(client_of, editor, viewer, source):
    client = client_of(editor)
    made = client.post("/api/v1/write-keys/", {"source": source.slug, "name": "web"}, "application/json")
    assert made.status_code == 201
    assert made.json()["key"].startswith(made.json()["prefix"])
    (listed,) = client.get("/api/v1/write-keys/").json()["results"]
    assert "key" not in listed
    assert client.post(f"/api/v1/write-keys/{listed['id']}/rotate/").status_code == 201
    assert client.post(f"/api/v1/write-keys/{listed['id']}/revoke/").json()["is_valid"] is False
    denied = client_of(viewer).post("/api/v1/write-keys/", {"source": source.slug, "name": "web"}, "application/json")
    assert denied.status_code == 403
