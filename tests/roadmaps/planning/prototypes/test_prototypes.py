"""Prototypes from a belief to a decision: tests, who may see whom, files, two people at once, erasing."""

import datetime as dt
import json

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from insights.events.public import default_id_space
from portal.operations.contracts import DemoWorld
from portal.people.public import SYSTEM
from portal.shell.public import BadInput, Conflict, registry
from roadmaps.planning.initiatives.public import InitiativePanel, create_initiative
from roadmaps.planning.opportunities.public import Opportunity
from roadmaps.planning.prototypes import actions
from roadmaps.planning.prototypes.demo import seed_prototypes
from roadmaps.planning.prototypes.models import Prototype, PrototypeTest
from roadmaps.planning.prototypes.personal import erase_person, export_person
from roadmaps.planning.prototypes.reading import alike, read_results
from roadmaps.planning.prototypes.testing import add_test, update_test
from tests.roadmaps.planning.prototypes.access_rows import DAY, make_prototype

PDF = b"%PDF-1.7 a prototype"


def note(prototype, outcome="done", **values):
    task = prototype.tasks.get()
    return add_test(prototype, actor=SYSTEM, held_on=DAY, outcomes={task.pk: outcome}, **values)


def test_a_belief_is_tried_and_decided_on_its_pages(product, owner, client_of):
    client = client_of(owner)
    sent = {
        "product": product.slug,
        "title": "Ask for a name",
        "hypothesis": "Then **people** invite <script>x</script>",
    }
    sent |= {"fidelity": "clickable", "tasks": "Invite somebody\n\n Take it back ", "visibility": "company", "url": ""}
    assert client.post("/prototypes/new/", {**sent, "url": "javascript:alert(1)"}).status_code == 422
    path = client.post("/prototypes/new/", sent).url
    made = Prototype.objects.get()
    invite, take = made.tasks.all()
    for number in range(6):
        went = {f"task_{invite.pk}": "done" if number < 5 else "failed", f"task_{take.pk}": "helped" if number else ""}
        sus = {f"sus_{place}": 5 if place % 2 else 1 + (number == 0) for place in range(1, 11)}
        answer = client.post(
            f"{path}tests/new/", {"person": f"p{number}@example.com", "held_on": "2024-01-05", **went, **sus}
        )
        assert answer.status_code == 302, answer.content.decode()
    half = {"held_on": "2024-01-05", "sus_1": 3}
    assert client.post(f"{path}tests/new/", half).status_code == 422
    page = client.get(path).content.decode()
    assert "83 %, between 44 and 97 %" in page and "0 %, between 0 and 43 %" in page  # Wilson of 5 of 6, 0 of 5
    assert "<script>x" not in page and "<strong>people</strong>" in page and "above the usual 68" in page
    assert "p0@example.com" in page
    client.post(f"{path}decide/", {"decision": "build", "why": "Five of six did.", "version": made.version})
    assert "Five of six did." in client.get(path).content.decode()
    assert "Five of six did." in client.get("/prototypes/tried-before/?title=asking+a+name").content.decode()


def test_who_tried_it_is_for_the_team_and_numbers_are_for_all(product, outsider, viewer, client_of):
    made = make_prototype(product)
    note(made, person="ann@example.com", notes="Ann was tired")
    seen = client_of(outsider).get(made.get_absolute_url()).content.decode()
    seen += client_of(outsider).get("/api/v1/prototype-tests/").content.decode()
    seen += client_of(outsider).get(f"/api/v1/prototypes/{made.pk}/results/").content.decode()
    assert "1 of 1; too few for a rate" in seen and "ann@" not in seen and "tired" not in seen
    assert "ann@example.com" in client_of(viewer).get(made.get_absolute_url()).content.decode()
    hidden = make_prototype(product, title="Quiet draft", visibility="team")
    for path in ("/prototypes/", "/prototypes/tried-before/?title=quiet", "/search/?q=quiet", "/api/v1/prototypes/"):
        answer = client_of(outsider).get(path).content.decode()
        assert hidden.get_absolute_url() not in answer and "Quiet draft" not in answer


def test_a_person_is_taken_out_and_what_they_did_stays(product):
    made = make_prototype(product)
    note(made, person="ann@example.com", notes="Ann was tired", sus=[3] * 10)
    space = default_id_space(product)
    ids = list(PrototypeTest.objects.values_list("person__distinct_id", flat=True))
    ((name, rows),) = export_person(space, ids)
    assert name == "prototype_tests" and rows[0]["notes"] == "Ann was tired"
    assert erase_person(space, ids, SYSTEM) == {"tests of prototypes": 1}
    assert erase_person(space, ids, SYSTEM) == {}
    left = PrototypeTest.objects.get()
    assert (left.person_id, left.notes, left.sus) == (None, "", [3] * 10)
    assert read_results(made).tasks[0].n_done == 1


def test_what_was_tried_stays_and_two_changes_do_not_overwrite(product, owner):
    made = make_prototype(product)
    test = note(made, person="ann@example.com")
    with pytest.raises(BadInput):
        note(made, person="ann@example.com")
    with pytest.raises(BadInput):
        actions.update_prototype(made, actor=owner, version=1, tasks=["Something else"])
    with pytest.raises(Conflict):
        actions.delete_prototype(made, actor=owner)
    actions.update_prototype(made, actor=owner, version=1, tasks=["Something else", "Invite somebody"])
    assert [task.text for task in made.tasks.all()] == ["Something else", "Invite somebody"]
    with pytest.raises(Conflict):
        actions.decide(made, actor=owner, version=1, decision="drop", why="No.")
    changed = update_test(test, actor=owner, version=1, held_on=DAY, outcomes={})
    assert changed.person_id == test.person_id and not changed.outcomes.exists()
    with pytest.raises(Conflict):
        update_test(test, actor=owner, version=1, held_on=DAY, outcomes={})
    for fault in (
        {"held_on": timezone.localdate() + dt.timedelta(days=1)},
        {"sus": [3] * 9},
        {"outcomes": {0: "done"}},
    ):
        with pytest.raises(BadInput):
            add_test(made, actor=owner, **{"held_on": DAY, "outcomes": {}, **fault})


def test_a_file_is_kept_handed_out_to_be_saved_and_removed(
    product, owner, client_of, django_capture_on_commit_callbacks
):
    made = make_prototype(product)
    client, path = client_of(owner), f"{made.get_absolute_url()}file/"
    page = SimpleUploadedFile("evil.html", b"<!doctype html><script>")
    assert client.post(path, {"file": page}).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        for name in ("first.pdf", "../second.pdf"):
            assert client.post(path, {"file": SimpleUploadedFile(name, PDF)}).status_code == 302
    kept = Prototype.objects.get()
    answer = client.get(path)
    assert answer.content == PDF and answer["Content-Disposition"] == 'attachment; filename="second.pdf"'
    assert len(default_storage.listdir("prototypes")[1]) == 1
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{path}drop/")
    assert client.get(path).status_code == 404 and not default_storage.exists(kept.file_path)


def test_they_hang_on_initiatives_and_what_is_alike_is_found(product, owner):
    named = create_initiative(product, actor=SYSTEM, title="Ask for a name of a colleague")
    problem = Opportunity.objects.create(product=product, team=product.team, title="Alone", visibility="team")
    made = make_prototype(product, initiative=named, opportunity=problem)
    other = make_prototype(product, title="Names of colleagues in a list")
    assert alike(owner, "colleagues and their names", but=made.pk) == [other]
    panel = next(one for one in registry.all(InitiativePanel) if one.slug == "prototypes")

    class Asked:
        user = owner

    shown = panel.context(named, Asked)
    assert shown["mine"] == [made] and shown["alike"] == [other]


def test_the_api_makes_tries_and_decides(product, owner, client_of):
    client = client_of(owner)

    def send(method, path, value):
        return getattr(client, method)(f"/api/v1/{path}", json.dumps(value), content_type="application/json")

    sent = {"product": product.slug, "title": "Draft", "hypothesis": "It works", "fidelity": "sketch", "tasks": ["Try"]}
    made = send("post", "prototypes/", sent).json()
    task = made["tasks"][0]["id"]
    tried = {"prototype": made["id"], "person": "ann", "held_on": "2024-01-05", "outcomes": {str(task): "done"}}
    test = send("post", "prototype-tests/", tried).json()
    assert test["outcomes"] == {str(task): "done"} and test["person"] == "ann"
    assert send("post", "prototype-tests/", {**tried, "outcomes": {"x": "done"}, "person": ""}).status_code == 400
    change = {"held_on": "2024-01-06", "outcomes": {str(task): "failed"}, "version": 1}
    assert send("patch", f"prototype-tests/{test['id']}/", change).json()["person"] == "ann"
    assert client.get(f"/api/v1/prototypes/{made['id']}/results/").json()["tasks"][0]["failed"] == 1
    decided = send("post", f"prototypes/{made['id']}/decide/", {"decision": "drop", "why": "No.", "version": 1}).json()
    assert decided["decision"] == "drop"
    assert send("patch", f"prototypes/{made['id']}/", {"title": "Other", "version": 1}).status_code == 409


def test_the_demo_tried_three(product, owner, client_of):
    for _ in range(2):  # run again it leaves all as it is
        seed_prototypes(DemoWorld(timezone.localdate(), 7, {}), lambda *told: None)
    assert Prototype.objects.count() == 3 and PrototypeTest.objects.count() == 17
    built = Prototype.objects.get(decision="build")
    page = client_of(owner).get(built.get_absolute_url()).content.decode()
    assert "89 %" in page and "Ask for a name where a task has none" in page


def test_a_long_list_pages_in_its_order_as_a_short_one(product, owner, client_of):
    values = {"product": product, "team": product.team, "hypothesis": "It holds.", "fidelity": "sketch"}
    made = Prototype.objects.bulk_create(Prototype(title=f"Drawing {no:03}", **values) for no in range(520))
    for number, n_tests in ((7, 3), (510, 2), (300, 1)):
        PrototypeTest.objects.bulk_create(PrototypeTest(prototype=made[number], held_on=DAY) for _ in range(n_tests))
    client = client_of(owner)

    def titles(address):
        page = client.get(f"/prototypes/{address}").context["list"].page
        return [row.title for row in page], page.paginator.count

    by_tests, n = titles("?sort=-tests")
    assert n == 520 and by_tests[:5] == [f"Drawing {no:03}" for no in (7, 510, 300, 0, 1)] and len(by_tests) == 50
    assert titles("?sort=title&page=11") == ([f"Drawing {no:03}" for no in range(500, 520)], 520)
