"""Work: what trackers tell is written once; statuses get a meaning; items belong to initiatives; flow is counted."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from portal.shell.public import BadInput, Conflict, NotAllowed, NotFound
from roadmaps.delivery.work import actions
from roadmaps.delivery.work.access import get_item, get_tracker
from roadmaps.delivery.work.models import StatusChange, WorkItem
from roadmaps.delivery.work.queries import items_of_product, read_flow
from roadmaps.delivery.work.writing import renew_tracker, write_items
from tests import factories
from tests.roadmaps.delivery.work.access_rows import give, make_initiative, make_tracker, moved

TODAY = dt.date(2026, 3, 25)  # a Wednesday


@pytest.fixture
def tracker(product):
    return make_tracker(product)


def of(tracker, key):
    return WorkItem.objects.get(tracker=tracker, key=key)


def test_what_is_told_twice_is_written_once_and_a_history_is_never_doubled(tracker):
    told = [moved("P-1", (2, "To Do"), (3, "In Progress"), (9, "Done")), give("P-2", estimate=3.0)]
    assert write_items(tracker, told) == {"new": 2}
    assert write_items(tracker, told) == {"known": 2}
    item = of(tracker, "P-1")
    assert (item.phase, item.started_at.day, item.finished_at.day, item.version) == ("done", 3, 9, 1)
    again = moved("P-1", (2, "To Do"), (3, "In Progress"), (9, "Done"), (10, "In Progress"))
    assert write_items(tracker, [again]) == {"changed": 1}
    item.refresh_from_db()
    assert (item.phase, item.finished_at, item.changes.count()) == ("doing", None, 4)


def test_a_change_that_nobody_told_of_is_seen(tracker):
    write_items(tracker, [give("7", status="open", changed_at=1)])
    write_items(tracker, [give("7", status="closed (not_planned)", changed_at=5, sent_finished_at=5)])
    change = StatusChange.objects.get(item__key="7")
    assert (change.from_status, change.to_status, change.at.day, change.was_seen) == (
        "open",
        "closed (not_planned)",
        5,
        True,
    )
    item = of(tracker, "7")
    assert (item.phase, item.finished_at, item.dropped_at.day) == ("dropped", None, 5)


def test_a_number_outlives_a_key(tracker):
    write_items(tracker, [give("OLD-1", origin_id="10001")])
    write_items(tracker, [give("NEW-7", origin_id="10001"), give("NEW-8", origin_id="10002", parent_key="10001")])
    assert sorted(tracker.items.values_list("key", "parent_key")) == [("NEW-7", ""), ("NEW-8", "NEW-7")]


def test_statuses_stay_as_sent_until_somebody_says_what_they_mean(tracker, owner, django_capture_on_commit_callbacks):
    write_items(tracker, [moved("P-1", (2, "Limbo"), (9, "Shipped to Mars")), give("P-2", status="In Progress")])
    assert dict(tracker.statuses.values_list("name", "phase")) == {
        "Limbo": "",
        "Shipped to Mars": "",
        "In Progress": "doing",
    }
    item = of(tracker, "P-1")
    assert (item.status, item.phase, item.finished_at) == ("Shipped to Mars", "", None)
    actions.map_statuses(tracker, {"Limbo": "doing", "Shipped to Mars": "done"}, actor=owner)
    assert renew_tracker(tracker.pk) == 1
    assert renew_tracker(tracker.pk) == 0
    item.refresh_from_db()
    assert (item.phase, item.started_at.day, item.finished_at.day) == ("done", 2, 9)
    with pytest.raises(BadInput):
        actions.map_statuses(tracker, {"Nowhere": "done"}, actor=owner)
    with pytest.raises(BadInput):
        actions.map_statuses(tracker, {"Limbo": "lost"}, actor=owner)


def test_items_belong_where_the_first_rule_or_somebody_says(tracker, product, owner):
    first, second = make_initiative(product, "First"), make_initiative(product, "Second")
    told = [
        give("P-1", labels=["Invite", "ui"]),
        give("P-2", title="An invitation is lost"),
        give("P-3", labels=["ui"]),
    ]
    write_items(tracker, told)
    actions.add_rule(tracker, field="label", value="invite", initiative=first, actor=owner)
    actions.add_rule(tracker, field="title", value="INVIT", initiative=second, actor=owner)
    renew_tracker(tracker.pk)
    places = dict(tracker.items.values_list("key", "initiative"))
    assert places == {"P-1": first.pk, "P-2": second.pk, "P-3": None}
    assert actions.place_items([of(tracker, "P-1")], second, actor=owner) == 1
    write_items(tracker, [give("P-1", labels=["invite"])])
    renew_tracker(tracker.pk)
    assert of(tracker, "P-1").initiative_id == second.pk  # what was placed by hand stays
    with pytest.raises(BadInput):
        actions.add_rule(tracker, field="label", value="INVITE ", initiative=second, actor=owner)
    other = factories.make_product("Other", product.team)
    with pytest.raises(BadInput):
        actions.add_rule(tracker, field="label", value="x", initiative=make_initiative(other, "Far"), actor=owner)
    actions.remove_rule(tracker.rules.last(), actor=owner)
    renew_tracker(tracker.pk)
    assert of(tracker, "P-2").initiative_id is None


def test_flow_counts_whole_weeks_cycle_times_ages_and_sizes(tracker, owner, product):
    done = [moved(f"D-{n}", (2, "In Progress"), (2 + n, "Done"), estimate=float(n), opened_at=1) for n in range(1, 13)]
    told = [
        *done,
        moved("B-1", (12, "In Progress"), (12, "Done")),
        give("X-1", status="Won't Do", sent_finished_at=10),
        moved("W-1", (4, "In Progress"), estimate=20.0),
        moved("W-2", (24, "In Progress")),
        give("N-1", status="Done", sent_finished_at=5),
        moved("Z-1", (24, "In Progress"), (25, "Done")),
    ]
    write_items(tracker, told)
    flow = read_flow(items_of_product(owner, product), today=TODAY)
    # Weeks from 2 March: D-1 … D-6 finish on 3 … 8 March with N-1; D-7 … D-12 and B-1 the week after; then none.
    assert [(str(week.starts_on), week.n_done) for week in flow.weeks] == [
        ("2026-03-02", 7),
        ("2026-03-09", 7),
        ("2026-03-16", 0),
    ]
    days = [*range(2, 14), 1, 2]  # D-n took n + 1 days, B-1 one, Z-1 two
    ordered = sorted(days)
    assert (flow.times.n, flow.times.p50, flow.times.p85) == (14, ordered[6], ordered[11])
    assert (flow.n_without_start, flow.n_in_work, flow.n_left) == (1, 2, 2)
    assert [(one.item.key, one.age, one.is_old) for one in flow.oldest] == [("W-1", 22, True), ("W-2", 2, False)]
    assert flow.n_old == 1
    assert (flow.size_limit, [item.key for item in flow.large]) == (11.0, ["W-1"])


def test_who_may_see_and_change(product, owner, viewer, outsider):
    tracker = make_tracker(product, visibility="team")
    write_items(tracker, [give("P-1")])
    item = of(tracker, "P-1")
    with pytest.raises(NotFound):
        get_tracker(outsider, tracker.pk)
    with pytest.raises(NotFound):
        get_item(outsider, item.pk)
    assert get_item(viewer, item.pk) == item
    with pytest.raises(NotAllowed):
        actions.map_statuses(tracker, {"To Do": "done"}, actor=viewer)
    with pytest.raises(NotAllowed):
        actions.connect_tracker(tracker, actor=owner, kind="github", address="https://x.example", project="a/b")
    renamed = actions.update_tracker(tracker, actor=owner, version=1, name="Renamed")
    with pytest.raises(Conflict):
        actions.update_tracker(tracker, actor=owner, version=1, name="Too late")
    assert renamed.version == 2


@time_machine.travel("2026-03-25T12:00:00Z", tick=False)
def test_pages_and_api_tell_the_same(client, tracker, owner, outsider, product, django_assert_max_num_queries):
    place = make_initiative(product)
    told = [moved(f"P-{n}", (1, "To Do"), (3, "In Progress"), (3 + n, "Done"), labels=["bug"]) for n in range(1, 15)]
    write_items(tracker, [*told, moved("W-1", (4, "In Progress")), give("Q-1", status="Limbo")])
    client.force_login(owner)
    client.get(reverse("work:flow"))
    with django_assert_max_num_queries(12):
        page = client.get(reverse("work:flow"), {"product": product.slug, "tracker": tracker.pk, "weeks": "13"})
    text = page.content.decode()
    assert "1 item has a status of which nobody has said what it means" in " ".join(text.split())
    assert "W-1" in text
    flow = client.get("/api/v1/flow/", {"product": product.slug}).json()
    assert [week["n_done"] for week in flow["weeks"]] == [5, 7, 2]
    assert (flow["cycle_times"]["n"], flow["n_in_work"], flow["n_unmapped"]) == (14, 1, 1)
    item = of(tracker, "P-2")
    url = reverse("work:item-place", args=[item.pk])
    assert client.post(url, {"initiative": place.pk}).status_code == 302
    found = client.get("/api/v1/work-items/", {"initiative": place.pk}).json()["results"]
    assert [(one["key"], one["placed_by"], one["initiative"]) for one in found] == [("P-2", "hand", place.pk)]
    changes = client.get(f"/api/v1/work-items/{item.pk}/changes/").json()
    assert [one["to_status"] for one in changes] == ["To Do", "In Progress", "Done"]
    answer = client.post(
        f"/api/v1/trackers/{tracker.pk}/statuses/", {"statuses": {"Limbo": "done"}}, content_type="application/json"
    )
    assert answer.status_code == 200
    assert b"Limbo" in client.get(tracker.get_absolute_url()).content
    lines = client.get(reverse("work:item-list"), {"format": "csv", "phase": "done"}).getvalue().decode().splitlines()
    assert len(lines) == 15
    client.force_login(outsider)
    assert client.get("/api/v1/flow/", {"product": product.slug}).json()["n_in_work"] == 1  # shared with the company


def test_deleting_a_tracker_takes_its_items(tracker, owner):
    write_items(tracker, [give("P-1")])
    actions.delete_tracker(tracker, actor=owner)
    assert not WorkItem.objects.exists()
