"""Files of trackers through the wizard's own steps: Jira, Linear and GitHub as they export, histories, undoing."""

import datetime as dt
import os
from pathlib import Path

import pytest

from insights.imports.actions import undo_import
from insights.imports.models import Import, ImportProblem
from insights.imports.public import import_at_once
from insights.imports.running import run_task
from roadmaps.delivery.work import actions
from roadmaps.delivery.work.models import StatusChange, Tracker, WorkItem
from roadmaps.delivery.work.queries import items_of_product, read_flow
from roadmaps.delivery.work.writing import renew_tracker
from tests.roadmaps.delivery.work.access_rows import make_tracker

FILES = Path(__file__).parent / "files"
JIRA = (FILES / "jira.csv").read_text()
LINEAR = (FILES / "linear.csv").read_text()
GITHUB = (FILES / "github.csv").read_text()


def take(product, owner, text, name="work-items", **options):
    options = {"tracker_name": "The tracker", **options} if name == "work-items" else options
    targets = options.pop("targets", None)
    return import_at_once(name, product, "file.csv", text.encode(), actor=owner, options=options, targets=targets)


def test_a_file_of_jira_is_known_by_its_columns_and_its_oddities_are_read(product, owner, settings):
    settings.WORKSPACE_TIME_ZONE = "Europe/Berlin"
    batch = take(product, owner, JIRA)
    assert (batch.state, batch.n_new, batch.n_refused, batch.n_empty) == ("done", 3, 1, 1)
    tracker = Tracker.objects.get()
    assert (tracker.name, tracker.kind) == ("The tracker", "jira")
    done = WorkItem.objects.get(key="PLAN-2")
    assert (done.title, done.estimate, done.parent_key) == ('Line one and "two"', 3.0, "PLAN-1")
    assert done.labels == ["ui", "invite"]
    assert (done.phase, done.milestone) == ("done", "4.2")
    assert done.finished_at == dt.datetime(2025, 7, 19, 22, 5, tzinfo=dt.UTC)  # the 20th in Berlin
    odd = WorkItem.objects.get(key="PLAN-3")
    assert (odd.status, odd.phase, odd.estimate, odd.changed_at) == ("Ready for Mars", "", None, None)
    told = dict(ImportProblem.objects.filter(batch=batch, is_refused=False).values_list("column", "value"))
    assert told == {"Status": "Ready for Mars", "Updated": "soon", "Custom field (Story Points)": "XL"}
    again = take(product, owner, JIRA, tracker=str(tracker.pk))
    assert (again.n_new, again.n_changed, again.n_known) == (0, 0, 3)


def test_files_of_linear_and_github_are_known_too(product, owner):
    take(product, owner, LINEAR, tracker_name="Linear")
    first, second = WorkItem.objects.filter(tracker__name="Linear").order_by("key")
    assert (first.started_at, first.finished_at.day, first.labels) == (
        dt.datetime(2024, 1, 9, 8, tzinfo=dt.UTC), 11, ["Bug", "API"],
    )  # fmt: skip
    assert (second.phase, second.dropped_at.day, second.parent_key) == ("dropped", 10, "APP-1")
    take(product, owner, GITHUB, tracker_name="GitHub")
    fixed, never = WorkItem.objects.filter(tracker__name="GitHub").order_by("key")
    assert (fixed.status, fixed.phase, fixed.labels) == ("CLOSED (COMPLETED)", "done", ["bug", "ui"])
    assert (never.phase, never.finished_at) == ("dropped", None)
    assert list(Tracker.objects.order_by("kind").values_list("kind", flat=True)) == ["github", "linear"]


def test_a_history_is_imported_after_its_items_and_taken_back(product, owner):
    take(product, owner, "Key,Title,Status\nP-1,One,Done\nP-2,Two,Done\n")
    tracker = Tracker.objects.get()
    changes = "Key,At,From,To\nP-1,2026-03-02,To Do,In Progress\nP-1,2026-03-09,In Progress,Done\n"
    changes += "P-9,2026-03-02,,Done\nP-1,soon,,Done\n"
    batch = take(product, owner, changes, "work-changes", tracker=str(tracker.pk))
    assert (batch.n_new, batch.n_refused) == (2, 2)
    item = WorkItem.objects.get(key="P-1")
    assert (item.started_at.day, item.finished_at.day) == (2, 9)
    assert take(product, owner, changes, "work-changes", tracker=str(tracker.pk)).n_known == 2
    undo(batch, owner)
    item.refresh_from_db()
    assert (item.started_at, item.finished_at, StatusChange.objects.count()) == (None, None, 0)


def undo(batch, owner, **more):
    undo_import(Import.objects.get(pk=batch.pk), actor=owner, **more)
    run_task(batch.pk)


def test_an_undo_puts_back_what_stood_there_and_leaves_what_changed_since(product, owner):
    first = take(product, owner, "Key,Title,Status\nP-1,One,To Do\nP-2,Two,To Do\n")
    tracker = str(Tracker.objects.get().pk)
    second = take(product, owner, "Key,Title,Status\nP-1,One,Done\nP-3,Three,To Do\n", tracker=tracker)
    assert (second.n_new, second.n_changed) == (1, 1)
    undo(second, owner)
    found = dict(WorkItem.objects.values_list("key", "status"))
    assert found == {"P-1": "To Do", "P-2": "To Do"}
    assert not StatusChange.objects.exists()
    take(product, owner, "Key,Title,Status\nP-2,Two,Done\n", tracker=tracker)
    undo(first, owner)
    assert list(WorkItem.objects.values_list("key", flat=True)) == ["P-1", "P-2"]  # both were changed since
    assert Import.objects.get(pk=first.pk).n_kept == 2


def test_hostile_files_are_refused_row_by_row(product, owner):
    rows = "Key,Title,Status,Labels\nP-1,=cmd|'/C calc'!A0,Done,\"[[[[\"\nP-1,Another,Done,\nP\0-2,Nul,Done,\n"
    batch = take(product, owner, rows)
    assert batch.state == "done"
    assert WorkItem.objects.get(key="P-1").title == "=cmd|'/C calc'!A0"
    assert batch.n_refused == 2


def real(name):
    folder = os.environ.get("PORTAL_REAL_DATA")
    if not folder:
        pytest.skip("PORTAL_REAL_DATA is not set")
    return Path(folder, name).read_text()


@pytest.mark.long
def test_real_sets_come_in_by_the_wizard(product, owner, capsys):
    merged = real("throughput_growthbook/merged_prs.csv")
    targets = {"pr_number": "key", "merged_at_utc": "sent_finished_at", "kind": "kind"}
    batch = take(product, owner, merged, tracker_name="Growth", targets=targets)
    assert (batch.state, batch.n_new, batch.n_refused) == ("done", 4038, 2)  # two numbers come twice
    flow = read_flow(items_of_product(owner, product), today=dt.date(2026, 12, 1), n_weeks=300)
    expected = [int(line.split(",")[1]) for line in real("throughput_growthbook/weekly_throughput.csv").split()[1:]]
    found = [week.n_done for week in flow.weeks][: len(expected) - 1]
    assert sum(abs(a - b) for a, b in zip(found, expected[:-1], strict=True)) <= 2
    peps = {"pep": "key", "title": "title", "status": "status", "type": "kind", "created": "opened_at"}
    take(
        product,
        owner,
        real("roadmap_peps/peps.csv"),
        tracker="",
        tracker_name="PEPs",
        targets=peps,
        counts_from_opening=True,
    )
    tracker = Tracker.objects.get(name="PEPs")
    columns = {"pep": "key", "timestamp_utc": "at", "from_status": "from_status", "to_status": "to_status"}
    history = take(
        product, owner, real("roadmap_peps/pep_status_changes.csv"), "work-changes",
        tracker=str(tracker.pk), targets=columns,
    )  # fmt: skip
    assert (history.n_new + history.n_known, history.n_refused) == (1830, 1)  # one change of PEP 382 says no status
    unknown = set(tracker.statuses.filter(phase="").values_list("name", flat=True))
    assert {"Acepted", "Draught"} <= unknown
    meanings = {"Accepted": "doing", "Active": "done", "Acepted": "doing", "Draught": "waiting", "Draft": "doing"}
    actions.map_statuses(tracker, meanings, actor=owner)
    renew_tracker(tracker.pk)
    final = WorkItem.objects.filter(tracker=tracker, status="Final")
    flow = read_flow(WorkItem.objects.filter(tracker=tracker), today=dt.date(2026, 8, 10), n_weeks=1500)
    with capsys.disabled():
        print(f"\nPEPs: {final.count()} final; {flow.times}, backwards {flow.n_backwards}; left {flow.n_left}")
    unfinished = final.filter(finished_at=None).values_list("key", flat=True)
    assert list(unfinished) == ["405"]  # its last change is not in the file
    assert make_tracker(product, "PEPs") == tracker
