"""Trackers read over their APIs: pages, only what changed, limits obeyed, errors said, tokens kept."""

import base64
import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from portal.messages.models import Delivery, Notice
from portal.operations.models import OutboxMessage
from portal.shell.public import BadInput, Conflict
from roadmaps.delivery.work import actions, tasks
from roadmaps.delivery.work.models import Connection, Tracker, WorkItem
from roadmaps.delivery.work.pulling import running
from tests.roadmaps.delivery.work.access_rows import make_tracker
from tests.roadmaps.delivery.work.tracker_server import tracker_server


@pytest.fixture
def server(settings):
    settings.WEBHOOK_ALLOW_HTTP = True
    with tracker_server() as found:
        settings.WEBHOOK_ALLOWED_HOSTS = [f"127.0.0.1:{found.port}"]
        yield found


@pytest.fixture
def tracker(product):
    return make_tracker(product)


def connect(tracker, server, ops, kind="jira", **fields):
    project = "PLAN" if kind == "jira" else "acme/planner"
    account = "bot@example.com" if kind == "jira" else ""
    fields = {"project": project, "account": account, "token": "s3cret", **fields}
    return actions.connect_tracker(tracker, actor=ops, kind=kind, address=server.url, **fields)


def pull(tracker, ops):
    actions.pull_now(tracker, actor=ops)
    running.pull(tracker.connection.pk)
    return Connection.objects.get(tracker=tracker)


def issue(number, status="To Do", category="To Do", updated="2026-03-10T10:00:00.000+0100", changes=(), **fields):
    """Return an issue as Jira's search shows it."""
    histories = [
        {
            "created": at,
            "items": [{"field": "priority", "toString": "High"}, {"field": "status", "fromString": a, "toString": b}],
        }
        for at, a, b in changes
    ]
    return {
        "id": str(10_000 + number),
        "key": f"PLAN-{number}",
        "fields": {
            "summary": f"Issue {number}",
            "status": {"name": status, "statusCategory": {"key": "new", "name": category}},
            "issuetype": {"name": "Story"},
            "created": "2026-03-01T09:00:00.000+0100",
            "updated": updated,
            "resolutiondate": None,
            "labels": ["invite"],
            "fixVersions": [{"name": "4.2"}],
            "parent": {"key": "PLAN-1"},
            "project": {"name": "Planner"},
            **fields,
        },
        "changelog": {"startAt": 0, "maxResults": 40, "total": len(histories), "histories": histories},
    }  # fmt: skip


def of_github(number, state="open", updated="2026-03-10T10:00:00Z", **fields):
    """Return an issue as GitHub's list shows it."""
    return {
        "id": 9_000_000 + number,
        "number": number,
        "title": f"Issue {number}",
        "state": state,
        "state_reason": None,
        "created_at": "2026-03-01T08:00:00Z",
        "updated_at": updated,
        "closed_at": None,
        "labels": [{"id": 1, "name": "bug"}],
        "milestone": {"title": "v2"},
        "html_url": f"https://github.com/acme/planner/issues/{number}",
        **fields,
    }


def test_jira_is_read_page_by_page_with_its_history_and_then_only_what_changed(server, tracker, ops):
    moves = [
        ("2026-03-03T09:00:00.000+0100", "To Do", "In Progress"),
        ("2026-03-09T09:00:00.000+0100", "In Progress", "Done"),
    ]
    parked = issue(3, "Parked", "In Progress", "2026-03-11T10:00:00.000+0100")
    server.issues = [issue(1), issue(2, "Done", "Done", changes=moves), parked]
    connect(tracker, server, ops)
    connection = pull(tracker, ops)
    assert (connection.state, connection.error, connection.n_read) == ("idle", "", 3)
    assert connection.cursor_at == dt.datetime(2026, 3, 11, 9, tzinfo=dt.UTC)
    done = WorkItem.objects.get(key="PLAN-2")
    assert (done.phase, done.started_at.day, done.finished_at.day, done.labels) == ("done", 3, 9, ["invite"])
    assert (done.milestone, done.parent_key, done.link) == ("4.2", "PLAN-1", f"{server.url}/browse/PLAN-2")
    assert WorkItem.objects.get(key="PLAN-3").phase == "doing"  # by its category in Jira
    (_, first, headers), (_, second, _) = server.requests
    assert first["jql"] == ['project = "PLAN" ORDER BY updated ASC, key ASC']
    assert second["nextPageToken"] == ["2"]
    assert headers["Authorization"] == "Basic " + base64.b64encode(b"bot@example.com:s3cret").decode()
    assert pull(tracker, ops).n_read == 0
    # JQL reads times in a zone that nobody knows: fourteen hours and two minutes before the newest change.
    assert 'updated >= "2026-03-10 18:58"' in server.requests[-2][1]["jql"][0]
    assert WorkItem.objects.count() == 3


def test_a_changelog_that_a_search_cuts_short_is_read_whole(server, tracker, ops):
    cut = issue(1, "Done", "Done", changes=[("2026-03-09T09:00:00Z", "In Progress", "Done")])
    cut["changelog"]["total"] = 2
    (begun,) = issue(2, changes=[("2026-03-02T09:00:00Z", "To Do", "In Progress")])["changelog"]["histories"]
    server.logs["PLAN-1"] = [begun, *cut["changelog"]["histories"]]
    server.issues = [cut]
    connect(tracker, server, ops)
    pull(tracker, ops)
    assert WorkItem.objects.get().started_at.day == 2


def test_github_is_read_by_what_changed_so_that_nothing_is_skipped(server, tracker, ops):
    merged = {"merged_at": "2026-03-12T10:00:00Z"}
    server.issues = [
        of_github(1),
        of_github(2, "closed", "2026-03-10T11:00:00Z", state_reason="not_planned", closed_at="2026-03-10T11:00:00Z"),
        of_github(3, "closed", "2026-03-10T11:00:00Z", state_reason="completed", closed_at="2026-03-10T11:00:00Z"),
        of_github(4, "closed", "2026-03-10T11:00:00Z", state_reason="completed", closed_at="2026-03-10T11:00:00Z"),
        of_github(5, "closed", "2026-03-12T10:00:00Z", closed_at=merged["merged_at"], pull_request=merged),
    ]
    connect(tracker, server, ops, "github", takes_pulls=True)
    assert pull(tracker, ops).n_read == 5
    phases = dict(WorkItem.objects.values_list("key", "phase"))
    assert phases == {"1": "waiting", "2": "dropped", "3": "done", "4": "done", "5": "done"}
    assert {asked.get("since", [""])[0] for _, asked, _ in server.requests} >= {"", "2026-03-10T11:00:00Z"}
    assert server.requests[0][2]["Authorization"] == "Bearer s3cret"
    server.issues.append(of_github(6, updated="2026-03-12T10:00:00Z"))  # in the very second that was read last
    assert pull(tracker, ops).n_read == 1
    actions.connect_tracker(
        tracker, actor=ops, kind="github", address=server.url, project="acme/planner", token="s3cret", version=1
    )
    assert not Connection.objects.get().takes_pulls


@pytest.mark.parametrize(
    ("status", "headers", "minutes"),
    [
        (429, {"Retry-After": "600"}, 10),
        (429, {"Retry-After": "Wed, 25 Mar 2026 12:20:00 GMT"}, 20),
        (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1774441800"}, 30),
        (429, {}, 1),
        (429, {"Retry-After": "999999999"}, 360),
        (503, {"Retry-After": "120"}, 2),
    ],
    ids=["seconds", "date", "reset", "silent", "too-long", "unavailable"],
)
def test_a_tracker_that_wants_to_be_left_alone_is(server, tracker, ops, status, headers, minutes):
    server.issues = [issue(1), issue(2), issue(3)]
    connect(tracker, server, ops)
    with time_machine.travel("2026-03-25T12:00:00Z", tick=False):
        server.faults = [(status, headers)]
        connection = pull(tracker, ops)
        assert (connection.state, connection.error) == ("idle", "")
        assert connection.not_before == timezone.now() + dt.timedelta(minutes=minutes)
        assert running.announce_due() == 0
        with pytest.raises(Conflict):
            actions.pull_now(tracker, actor=ops)
    with time_machine.travel(connection.not_before, tick=False):
        assert running.announce_due() == 1
        running.pull(connection.pk)
    assert WorkItem.objects.count() == 3


def test_errors_that_pass_are_tried_again_and_others_said(server, tracker, ops):
    server.issues = [issue(1), issue(2), issue(3)]
    connect(tracker, server, ops)
    server.faults = [(500, {})]
    connection = pull(tracker, ops)
    assert (connection.state, connection.not_before > timezone.now()) == ("idle", True)
    assert "error of its own (500)" in connection.error
    Connection.objects.update(not_before=None)
    server.faults = [(401, {})]
    failed = pull(tracker, ops)
    assert (failed.state, "does not accept the token" in failed.error) == ("failed", True)
    assert running.announce_due() == 0
    server.faults = [(302, {"Location": "http://127.0.0.1:9/"})]  # a redirect is not followed: it would take the token
    assert "at another address now" in pull(tracker, ops).error
    good = pull(tracker, ops)
    assert (good.state, good.error, WorkItem.objects.count()) == ("idle", "", 3)


def tell(at):
    """Do what the schedule does each minute; return who was told, and how often in all."""
    with time_machine.travel(at, tick=False):
        tasks.pull_due()
        tasks.pull_due()
    told = Notice.objects.filter(key__startswith="tracker-failing:")
    mails = Delivery.objects.filter(key__startswith="tracker-failing:")
    return sorted(one.user.name for one in told), sorted(one.user.name for one in mails)


def test_who_may_mend_a_failing_tracker_sees_it_on_home_and_its_owner_hears_after_a_day(
    server, tracker, ops, owner, editor, client
):
    Tracker.objects.filter(pk=tracker.pk).update(owner=owner)
    server.issues = [issue(1)]
    connect(tracker, server, ops)
    server.faults = [(500, {})]
    failing = pull(tracker, ops)
    began = failing.failing_since
    server.faults = [(401, {})]
    Connection.objects.update(not_before=None)
    assert pull(tracker, ops).failing_since == began
    client.force_login(ops)
    assert 'hx-get="/delivery/trackers/failing/"' in client.get("/").content.decode()
    piece = client.get("/delivery/trackers/failing/", headers={"HX-Request": "true"}).content.decode()
    assert "Trackers that need attention" in piece and "does not accept the token" in piece and "<html" not in piece
    client.force_login(editor)
    assert "trackers/failing" not in client.get("/").content.decode()
    assert tell(began + dt.timedelta(hours=23)) == ([], [])
    assert tell(began + dt.timedelta(hours=24)) == (["Owner"], ["Owner"])
    assert tell(began + dt.timedelta(days=3)) == (["Owner"], ["Owner"])
    said = Notice.objects.get(user=owner, key__startswith="tracker-failing:").text
    assert "was not read for a day" in said and "Ops can mend how it is read." in said
    assert (pull(tracker, ops).failing_since, pull(tracker, ops).error) == (None, "")
    client.force_login(ops)
    piece = client.get("/delivery/trackers/failing/", headers={"HX-Request": "true"}).content.decode()
    assert "does not accept the token" not in piece
    assert "All trackers are read well" in client.get("/delivery/trackers/failing/").content.decode()


def test_ops_hear_of_a_failing_tracker_that_nobody_owns_or_whose_owner_may_not_see_it(server, tracker, ops, outsider):
    Tracker.objects.filter(pk=tracker.pk).update(owner=outsider, visibility="team")
    connect(tracker, server, ops)
    server.faults = [(401, {})]
    began = pull(tracker, ops).failing_since
    actions.pause_connection(tracker, actor=ops, is_paused=True)
    assert tell(began + dt.timedelta(days=2)) == ([], [])
    actions.pause_connection(tracker, actor=ops, is_paused=False)
    assert tell(began + dt.timedelta(days=2)) == (["Ops"], [])


def test_a_reading_that_dies_goes_on_where_it_was(server, tracker, ops, monkeypatch):
    server.issues = [issue(n, updated=f"2026-03-1{n}T10:00:00.000+0000") for n in range(1, 6)]
    connect(tracker, server, ops)
    actions.pull_now(tracker, actor=ops)
    written = []

    def dies(tracker, items, **more):
        if len(written) == 2:
            raise KeyboardInterrupt
        written.append(items)
        return write(tracker, items, **more)

    write = running.write_items
    monkeypatch.setattr(running, "write_items", dies)
    with pytest.raises(KeyboardInterrupt):
        running.pull(tracker.connection.pk)
    monkeypatch.undo()
    assert (WorkItem.objects.count(), Connection.objects.get().state) == (4, "running")
    Connection.objects.update(heartbeat_at=timezone.now() - dt.timedelta(minutes=5))
    assert running.requeue_dead_pulls() == [tracker.connection.pk]
    running.pull(tracker.connection.pk)
    assert (WorkItem.objects.count(), Connection.objects.get().state) == (5, "idle")


def test_a_token_is_kept_encrypted_and_goes_nowhere_else(server, tracker, ops, client):
    connect(tracker, server, ops)
    connection = Connection.objects.get()
    assert "s3cret" not in connection.token
    with pytest.raises(BadInput):  # a stored token is not sent to another address
        actions.connect_tracker(
            tracker, actor=ops, kind="jira", address=server.url + "/other", project="PLAN", version=1
        )
    with pytest.raises(BadInput):
        actions.connect_tracker(
            tracker, actor=ops, kind="jira", address="http://user:pw@x/", project='P" OR 1', version=1
        )
    client.force_login(ops)
    for url in (tracker.get_absolute_url(), f"{tracker.get_absolute_url()}connection/"):
        assert b"s3cret" not in client.get(url).content
    assert not OutboxMessage.objects.filter(arguments__icontains="s3cret").exists()
    place = f"/api/v1/trackers/{tracker.pk}/connection/"
    told = client.get(place).json()
    assert (told["has_token"], "s3cret" in str(told), "token" in told) == (True, False, False)
    wanted = {"kind": "jira", "address": server.url, "project": "OTHER", "account": "bot@example.com", "version": 1}
    changed = client.put(place, wanted, content_type="application/json").json()
    assert (changed["project"], changed["has_token"], changed["version"]) == ("OTHER", True, 2)
    assert client.put(place, wanted, content_type="application/json").status_code == 409
    assert client.post(place, {"act": "pause"}, content_type="application/json").json()["is_paused"]
    actions.disconnect_tracker(tracker, actor=ops)
    assert not Connection.objects.exists()


def test_private_addresses_are_refused_unless_ops_allows_them(tracker, ops, settings, server):
    connect(tracker, server, ops)
    settings.WEBHOOK_ALLOWED_HOSTS = []
    connection = pull(tracker, ops)
    assert (connection.state, "lies inside a network" in connection.error) == ("failed", True)
