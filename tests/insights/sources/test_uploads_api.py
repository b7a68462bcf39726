"""The wizard's steps over the API: bring a file, look at it, say its columns, check it, load it."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from insights.events.public import Batch
from insights.sources.loads import run_trial
from insights.sources.tasks import run_load
from tests.factories import make_source

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = [f"u{day},2026-03-0{day}T10:00:00Z,opened,pro" for day in range(1, 10)] + ["u9,someday,opened,free"]
CSV = "\n".join(["user_id,timestamp,event,plan", *ROWS, ""]).encode()


def bring(client, source, data=CSV, **fields):
    sent = {"file": SimpleUploadedFile("march.csv", data), **fields}
    return client.post(reverse("api:source-uploads", args=[source.slug]), sent)


def test_a_file_is_looked_at_checked_and_loaded(client_of, owner, product):
    source, client = make_source(product), client_of(owner)
    made = bring(client, source)
    assert made.status_code == 201
    upload = made.json()
    assert [column["name"] for column in upload["columns"]] == ["user_id", "timestamp", "event", "plan"]
    assert upload["is_guessed"] and upload["mapping"]["who"] == "user_id"
    assert [bool(row["reason"]) for row in upload["rows"]] == [False] * 9 + [True]
    assert Batch.objects.count() == 0  # nothing is stored by looking
    url = reverse("api:upload-check", args=[upload["id"]])
    assert client.post(url).json()["check"]["state"] == "waiting"
    run_trial(upload["id"])
    check = client.get(reverse("api:upload-detail", args=[upload["id"]])).json()["check"]
    assert (check["state"], check["counts"]["n_accepted"], check["counts"]["n_quarantined"]) == ("done", 9, 1)
    assert Batch.objects.count() == 0
    answer = client.post(reverse("api:upload-load", args=[upload["id"]]))
    assert answer.status_code == 202
    run_load(answer.json()["id"])
    batch = Batch.objects.get()
    assert (batch.n_accepted, batch.n_quarantined) == (9, 1)
    assert client.get(reverse("api:upload-list")).json()["results"] == []
    assert client.get(reverse("api:upload-detail", args=[upload["id"]])).json()["batch"] == batch.pk


def test_another_mapping_is_looked_at_with_its_faults(client_of, owner, product):
    client = client_of(owner)
    upload = bring(client, make_source(product)).json()
    url = reverse("api:upload-detail", args=[upload["id"]])
    wanted = {"mapping": {**upload["mapping"], "who": "plan"}}
    looked = client.patch(url, json.dumps(wanted), content_type="application/json").json()
    assert [row["distinct_id"] for row in looked["rows"]] == ["pro"] * 9 + ["free"] and not looked["is_guessed"]
    wrong = client.patch(url, json.dumps({"mapping": {"who": 5}}), content_type="application/json")
    assert wrong.status_code == 400 and any(path.startswith("mapping") for path in wrong.json()["fields"])


def test_a_file_that_is_none_is_said(client_of, owner, product):
    answer = bring(client_of(owner), make_source(product), data=b"\x01\x02\x03" * 50)
    assert answer.status_code == 400 and "file" in answer.json()["fields"]


def test_files_of_other_teams_are_not_there(client_of, owner, outsider, viewer, product):
    upload = bring(client_of(owner), make_source(product)).json()
    for other in (outsider, viewer):
        client = client_of(other)
        assert client.get(reverse("api:upload-list")).json()["results"] == []
        assert client.post(reverse("api:upload-load", args=[upload["id"]])).status_code in (403, 404)
