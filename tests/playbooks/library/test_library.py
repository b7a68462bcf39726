"""Playbooks from the first draft to a retired version: who sees what, who decides, what stays."""

import datetime as dt
import json

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction

from playbooks.library import actions
from playbooks.library.contracts import StepText
from playbooks.library.models import Playbook, PlaybookVersion
from playbooks.library.night import find_due
from portal.audit.models import AuditEntry
from portal.messages.models import Notice
from portal.people.models import Membership
from portal.people.public import SYSTEM
from portal.shell.public import BadInput, Conflict, NotAllowed, Stale
from portal.shell.search import find_things

pytestmark = pytest.mark.django_db
STEPS = [
    StepText("Choose whom to call", who="Product manager", due_days=2),
    StepText("Call five", "Ask about the *last time*.", "Product manager", 5, "previous"),
]


class _Night:
    def __init__(self, day):
        self.now = dt.datetime.combine(day, dt.time(3), dt.UTC)

    def progress(self, *said):
        pass

    def check_still_mine(self):
        pass


@pytest.fixture
def round_(team, owner):
    return actions.create_playbook(
        team,
        actor=owner,
        title="Interview round",
        purpose="Hear what keeps customers.",
        body="## How\n\nAsk.",
        roles={"responsible": ["Product manager"], "accountable": ["Head of product"]},
        tags=["Interviews", "interviews", "customers"],
        steps=STEPS,
    )


@pytest.fixture
def published(round_):
    return actions.publish(round_, actor=SYSTEM, note="First")


def test_readers_keep_what_is_published_until_the_next_version_is(published, owner, viewer, outsider, client_of):
    assert published.face.number == 1 and published.face.tags == ["Interviews", "customers"]
    actions.update_playbook(published, actor=owner, title="Rounds of interviews", body="## How\n\nListen.")
    page = client_of(outsider).get("/playbooks/interview-round/").content.decode()
    assert "Interview round" in page and "Ask." in page and "Listen." not in page and "Open the draft" not in page
    assert client_of(outsider).get("/playbooks/interview-round/draft/").status_code == 403
    draft = client_of(owner).get("/playbooks/interview-round/draft/").content.decode()
    assert "<del>Ask.</del>" in draft and "<ins>Listen.</ins>" in draft
    actions.publish(published, actor=SYSTEM)
    page = client_of(viewer).get("/playbooks/interview-round/").content.decode()
    assert "Rounds of interviews" in page and "Listen." in page
    assert [step.title for step in Playbook.objects.get().face.steps.all()] == ["Choose whom to call", "Call five"]
    old = client_of(viewer).get("/playbooks/interview-round/versions/1/").content.decode()
    assert "Ask." in old and "This is an earlier version" in old
    assert client_of(viewer).get("/playbooks/interview-round/versions/9/").status_code == 404


def test_what_was_never_published_is_for_its_team_and_ops(round_, owner, viewer, ops, outsider, client_of):
    assert client_of(outsider).get("/playbooks/interview-round/").status_code == 404
    assert find_things(outsider, "interview round", 5) == []
    assert b"Interview round" not in client_of(outsider).get("/playbooks/?state=draft").content
    assert [hit.title for group in find_things(ops, "keeps customers", 5) for hit in group.hits] == ["Interview round"]
    assert client_of(viewer).get("/playbooks/interview-round/").status_code == 200
    assert client_of(owner).get("/playbooks/interview-round/")["Location"].endswith("/draft/")
    Membership.objects.filter(user=owner).delete()
    del owner.team_ids
    assert client_of(owner).get("/playbooks/interview-round/draft/").status_code == 404
    with pytest.raises(NotAllowed):
        actions.update_playbook(round_, actor=owner, title="Mine")


def test_a_published_version_is_never_changed(published):
    version = published.face
    for change in (
        lambda: PlaybookVersion.objects.filter(pk=version.pk).update(body="Other"),
        lambda: version.steps.update(title="Other"),
        lambda: version.steps.create(position=9, title="One more"),
        lambda: version.steps.all().delete(),
        lambda: version.delete(),
    ):
        with (
            pytest.raises((DatabaseError, Exception), match=r"stays as it was published|protected"),
            transaction.atomic(),
        ):
            change()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.erases_person', 'yes', true)")
    assert PlaybookVersion.objects.filter(pk=version.pk).update(body="[erased]") == 1


def test_four_eyes_let_nobody_publish_what_they_wrote(round_, owner, ops, admin_user):
    with pytest.raises(NotAllowed):
        actions.set_rules(actor=ops, has_four_eyes=True)
    actions.set_rules(actor=admin_user, has_four_eyes=True)
    with pytest.raises(Conflict):
        actions.publish(round_, actor=ops)
    actions.update_playbook(round_, actor=ops, purpose="Hear five customers.")
    actions.send_to_review(round_, actor=owner)
    with pytest.raises(NotAllowed):
        actions.publish(round_, actor=ops)  # wrote in it
    with pytest.raises(Conflict):
        actions.update_playbook(round_, actor=owner, purpose="While it is read")
    assert actions.publish(round_, actor=admin_user).face.published_by == admin_user
    assert AuditEntry.objects.filter(verb="playbook.published", actor_id=admin_user.pk).count() == 1


def test_its_verifier_decides_while_they_are_of_the_team(round_, owner, editor, outsider, ops):
    actions.update_playbook(round_, actor=owner, verifier=editor)
    sent = actions.send_to_review(round_, actor=owner, note="First")
    assert Notice.objects.get(user=editor).text == "“Interview round” waits for your review."
    with pytest.raises(Stale):
        actions.decline(round_, actor=editor, why="Too long", revision=sent.revision - 1)
    actions.decline(round_, actor=editor, why="Too long", revision=sent.revision)
    assert "Too long" in Notice.objects.get(user=owner).text
    actions.send_to_review(round_, actor=owner)
    for stranger in (owner, outsider):
        with pytest.raises(NotAllowed):
            actions.publish(round_, actor=stranger)
    Membership.objects.filter(user=editor).delete()
    del editor.team_ids
    with pytest.raises(NotAllowed):
        actions.publish(round_, actor=editor)
    actions.take_back(round_, actor=owner)
    actions.publish(round_, actor=ops)
    with pytest.raises(NotAllowed):  # who verifies what is published is for those who decide
        actions.update_playbook(Playbook.objects.get(), actor=owner, verifier=owner)


def test_a_review_that_is_due_is_told_once_and_ends_by_a_word(team, owner, client_of):
    with time_machine.travel("2026-01-10 12:00:00Z", tick=False):
        made = actions.create_playbook(team, actor=owner, title="Launch", purpose="Go", body="Go.", review_days=30)
        actions.publish(made, actor=SYSTEM)
    Notice.objects.all().delete()
    find_due(_Night(dt.date(2026, 2, 8)))
    assert Playbook.objects.get().state == "published"
    for day in (9, 10, 10):
        find_due(_Night(dt.date(2026, 2, day)))
    assert Playbook.objects.get().state == "due"
    assert [(one.user, one.text) for one in Notice.objects.all()] == [
        (owner, "“Launch” was to be reviewed by 9 Feb 2026. Say that it still holds, or change it.")
    ]
    client = client_of(owner)
    assert "Its review is due" in client.get("/playbooks/launch/").content.decode()
    with time_machine.travel("2026-02-11 12:00:00Z", tick=False):
        actions.confirm(made, actor=owner)
    now = Playbook.objects.get()
    assert (now.state, now.review_on) == ("published", dt.date(2026, 3, 13))
    assert "Its review is due" not in client.get("/playbooks/launch/").content.decode()


def test_an_address_never_breaks(published, team, owner, ops, client_of):
    actions.update_playbook(published, actor=owner, title="Quite another name")
    actions.publish(published, actor=SYSTEM)
    assert Playbook.objects.get().slug == "interview-round"
    again = actions.create_playbook(team, actor=owner, title="Interview round", purpose="Again", body="Again.")
    new = actions.create_playbook(team, actor=owner, title="New")
    assert (again.slug, new.slug) == ("interview-round-2", "new-2")
    with pytest.raises(BadInput):
        actions.retire(published, actor=ops, successor=again)  # a draft
    actions.publish(again, actor=ops)
    actions.retire(published, actor=ops, why="Two became one", successor=again)
    page = client_of(owner).get("/playbooks/interview-round/").content.decode()
    assert "Two became one" in page and "/playbooks/interview-round-2/" in page
    assert b"Quite another name" not in client_of(owner).get("/playbooks/").content
    assert b"Quite another name" in client_of(owner).get("/playbooks/?state=retired").content
    with pytest.raises(Conflict):
        actions.update_playbook(published, actor=owner, title="Later")
    assert actions.bring_back(published, actor=ops).state == "published"


def test_an_earlier_version_is_restored_as_the_next_one(published, owner):
    actions.update_playbook(published, actor=owner, body="Other", steps=[])
    actions.publish(published, actor=SYSTEM)
    actions.restore(published, 1, actor=owner)
    with pytest.raises(Conflict):
        actions.restore(published, 1, actor=owner)
    actions.publish(published, actor=SYSTEM)
    now = Playbook.objects.get().face
    assert (now.number, now.body, now.note) == (3, "## How\n\nAsk.", "Version 1 again")
    assert [step.as_text() for step in now.steps.all()] == STEPS


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": "  "},
        {"title": "x" * 201},
        {"stage": "somewhere"},
        {"body": "x" * 100_001},
        {"body": "a\0b"},
        {"roles": {"accountable": ["One", "Another"]}},
        {"roles": {"blamed": ["Intern"]}},
        {"tags": [f"tag {n}" for n in range(21)]},
        {"steps": [StepText("")]},
        {"steps": [StepText("Wait", due_days=-1)]},
        {"steps": [StepText("One")] * 61},
        {"review_days": 0},
        {"visibility": "world"},
        {"slug": "mine"},
    ],
)
def test_what_no_playbook_says_is_refused(round_, owner, wrong):
    with pytest.raises(BadInput):
        actions.update_playbook(round_, actor=owner, **wrong)
    assert Playbook.objects.get().revision == 1


def test_a_playbook_is_written_reviewed_and_published_on_pages(team, owner, ops, client_of):
    client = client_of(owner)
    rows = {"steps-TOTAL_FORMS": 3, "steps-INITIAL_FORMS": 0, "steps-0-place": 2, "steps-0-title": "Second"}
    rows |= {"steps-1-place": 1, "steps-1-title": "First", "steps-1-due_days": 3, "steps-1-due_from": "end"}
    values = {"team": team.slug, "title": "Launch list", "stage": "release", "responsible": "PM, Designer"}
    values |= {"body": "## Before\r\n\r\n- [ ] Told", "review_days": 90, "visibility": "company", "purpose": "Calm"}
    assert client.post("/playbooks/new/", {**values, **rows, "title": ""}).status_code == 422
    page = client.post("/playbooks/new/", {**values, **rows})["Location"]
    assert page == "/playbooks/launch-list/draft/"
    made = Playbook.objects.get()
    assert [(step.title, step.due) for step in made.face.steps.all()] == [
        ("First", "3 days before the end"),
        ("Second", ""),
    ]
    assert made.face.body == "## Before\n\n- [ ] Told" and made.face.roles == {"responsible": ["PM", "Designer"]}
    edit = client.get("/playbooks/launch-list/edit/").content.decode()
    assert "PM, Designer" in edit and 'value="First"' in edit
    stale = client.post("/playbooks/launch-list/edit/", {**values, **rows, "revision": 7})
    assert stale.status_code == 409
    assert client.post("/playbooks/launch-list/publish/", {"revision": 1}).status_code == 403
    client.post("/playbooks/launch-list/review/send/", {"revision": 1, "note": "Please"})
    client = client_of(ops)
    assert b"Launch list" in client.get("/playbooks/?state=in_review").content
    assert "Approve and publish" in client.get(page).content.decode()
    client.post("/playbooks/launch-list/publish/", {"revision": 1})
    assert not Playbook.objects.get().is_published  # somebody sent it since that page was opened
    client.post("/playbooks/launch-list/publish/", {"revision": 2})
    assert Playbook.objects.get().face.number == 1
    listed = client.get("/playbooks/?stage=release&role=Designer").content.decode()
    assert "Launch list" in listed
    assert b"Launch list" not in client.get("/playbooks/?stage=evidence").content
    assert "Launch list" in client.get("/playbooks/?format=csv").getvalue().decode()
    shown = client.post("/playbooks/preview/", {"body": "## A\n\n<script>alert(1)</script>"}).content.decode()
    assert '<h2 id="text-a">A</h2>' in shown and "script" not in shown


def test_the_api_does_what_the_pages_do(team, owner, ops, outsider, client_of):
    def send(client, path, body=None, method="post"):
        return getattr(client, method)(f"/api/v1/playbooks/{path}", json.dumps(body or {}), "application/json")

    client = client_of(owner)
    values = {"team": team.slug, "title": "Outcome review", "purpose": "Learn", "body": "Look.\n"}
    made = send(client, "", {**values, "steps": [{"title": "Read", "due_days": 1}]}).json()
    assert made["slug"] == "outcome-review" and made["text"]["steps"][0]["title"] == "Read"
    assert made["text"]["body"] == "Look.\n"
    assert send(client, "outcome-review/", {"body": "Twice"}, "patch").status_code == 400
    moved = send(client, "outcome-review/", {"team": "other-team", "revision": 1, "body": "Twice"}, "patch").json()
    assert moved["team"] == team.slug and moved["revision"] == 2
    assert send(client, "outcome-review/publish/", {"revision": 2}).status_code == 403
    assert send(client, "outcome-review/send-to-review/", {"revision": 2}).status_code == 200
    assert client_of(outsider).get("/api/v1/playbooks/outcome-review/").status_code == 404
    assert send(client_of(outsider), "", {**values, "team": team.slug}).status_code == 403
    client = client_of(ops)
    assert send(client, "outcome-review/publish/", {"revision": 3}).json()["state"] == "published"
    assert client.delete("/api/v1/playbooks/outcome-review/").status_code == 400
    assert [one["number"] for one in client.get("/api/v1/playbooks/outcome-review/versions/").json()] == [1]
    assert client.get("/api/v1/playbooks/?stage=practice").json()["results"][0]["title"] == "Outcome review"
    assert send(client, "outcome-review/retire/", {"successor": "nothing"}).status_code == 400
    assert send(client, "outcome-review/retire/", {"why": "Done"}).json()["state"] == "retired"
