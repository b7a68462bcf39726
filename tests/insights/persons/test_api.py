"""Persons, accounts and joins in the API: what the pages can do, with the same door."""

import pytest
from django.urls import reverse

from insights.events.public import DistinctId, PersonJoin
from insights.persons.jobs import run_job


def number_of(text):
    return DistinctId.objects.get(distinct_id=text).resolved_no


def address(name, *args, **query):
    return reverse(f"api:{name}", args=args, query=query or None)


def test_a_page_of_persons_names_the_next(people, client_of, viewer):
    client = client_of(viewer)
    first = client.get(address("person-list", product="planner", page_size=2)).json()
    assert (first["count"], [row["label"] for row in first["results"]]) == (3, ["cy", "bob"])
    assert first["previous"] is None
    second = client.get(first["next"]).json()
    assert ([row["label"] for row in second["results"]], second["next"]) == (["Ann Arbor"], None)
    found = client.get(address("person-list", product="planner", q="ann")).json()
    assert found["results"][0]["distinct_ids"] == ["ann", "anon-1"]


@pytest.mark.parametrize("query", [{}, {"product": "planner", "sort": "secret"}, {"product": "planner", "page": "0"}])
def test_bad_input_is_named(people, client_of, viewer, query):
    answer = client_of(viewer).get(reverse("api:person-list"), query)
    assert answer.status_code == 400
    assert answer.json()["fields"]


def test_one_person_with_traits_joins_and_events(people, client_of, viewer):
    client, no = client_of(viewer), number_of("ann")
    person = client.get(address("person-detail", no)).json()
    assert person["label"] == "Ann Arbor"
    assert {trait["key"]: trait["value"] for trait in person["traits"]}["plan"] == "pro"
    assert sorted(join["state"] for join in person["joins"]) == ["active", "refused"]
    events = client.get(address("person-events", no)).json()
    assert [event["event"] for event in events["events"]] == ["opened", "opened", "visited"]
    assert events["older"] is None
    assert client.get(address("person-events", no, before="x")).json()["fields"] == {
        "before": ["Use the value that the page before gave, or an ISO time."]
    }


def test_others_get_a_sentence_and_no_person(people, client_of, outsider):
    answer = client_of(outsider).get(address("person-detail", number_of("ann")))
    assert answer.status_code == 403
    assert "for the product's team and for ops" in answer.json()["message"]
    assert client_of(outsider).get(address("person-join-list")).json()["results"] == []
    assert client_of(outsider).get(address("person-list", product="nowhere")).status_code == 404


def carried_out(client, answer):
    """Check that a wish was kept, have it carried out, and return the job as its address then shows it."""
    assert answer.status_code == 202
    assert answer.json()["state"] == "waiting"
    run_job(answer.json()["id"])
    job = client.get(answer["Location"]).json()
    assert job["state"] == "done", job["error"]
    return job


def test_a_job_that_waits_is_called_off_once(people, client_of, ops):
    client = client_of(ops)
    job = client.post(address("person-erase", number_of("cy")), {"confirm": "cy"}, "application/json").json()
    cancel = address("person-job-cancel", job["id"])
    assert client.post(cancel).json()["state"] == "cancelled"
    assert client.post(cancel).status_code == 409
    listed = client.get(address("person-job-list", state="cancelled")).json()["results"]
    assert [one["id"] for one in listed] == [job["id"]]


def test_ops_merge_undo_and_erase(people, client_of, ops, owner):
    ann, cy = number_of("ann"), number_of("cy")
    body = {"data": {"other": cy}, "content_type": "application/json"}
    assert client_of(owner).post(address("person-merge", ann), **body).status_code == 403
    client = client_of(ops)
    merged = carried_out(client, client.post(address("person-merge", ann), **body))
    assert client.get(address("person-detail", ann)).json()["distinct_ids"] == ["ann", "anon-1", "cy"]
    assert client.post(address("person-merge", ann), **body).status_code == 400
    undo = address("person-join-undo", merged["join"])
    carried_out(client, client.post(undo))
    assert PersonJoin.objects.get(kind="merge").state == "undone"
    assert client.post(undo).status_code == 409
    wrong = client.post(address("person-erase", cy), data={"confirm": "ann"}, content_type="application/json")
    assert wrong.json()["fields"] == {"confirm": ["Type the id exactly: cy"]}
    again = [client.post(address("person-erase", cy), {"confirm": "cy"}, "application/json") for _ in range(2)]
    assert again[0].json()["id"] == again[1].json()["id"]
    assert carried_out(client, again[0])["erased"]["events"] == 1
    assert client.get(address("person-detail", cy)).status_code == 404


def test_accounts_of_a_product(people, client_of, viewer):
    client = client_of(viewer)
    (acme,) = client.get(address("account-list", product="planner")).json()["results"]
    assert (acme["label"], acme["n_people"]) == ("Acme Works", 2)
    full = client.get(address("account-detail", acme["no"])).json()
    assert len(full["weeks"]) == 5
    assert full["traits"][0]["key"] == "name"
