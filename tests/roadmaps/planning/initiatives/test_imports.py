"""Roadmaps of other tools out of files: initiatives, the changes of their status, and what those mean."""

import csv
import datetime as dt
import os
from collections import Counter
from pathlib import Path

import pytest

from insights.imports.actions import undo_import
from insights.imports.models import ImportProblem
from insights.imports.public import import_at_once
from insights.imports.running import run_task
from roadmaps.planning.initiatives.models import Initiative, InitiativeVersion, StageName, ToldStage
from roadmaps.planning.initiatives.public import change_initiative, initiatives_on
from roadmaps.planning.initiatives.retelling import name_stage

pytestmark = pytest.mark.django_db
REAL = os.environ.get("PORTAL_REAL_DATA")

PLAN = b"""Key,Title,Status,Created,Effort,Target date,Requires
P-1,Guide,Final,2024-01-02,2.5,2024-06-30,"P-2, P-9"
P-2,Link,Parked,2024-01-03,much,2024-02-31,P-1
P-1,Again,Draft,2024-01-02,,,
,,Draft,,,,
"""
CHANGES = b"""when,key,from,to
2024-01-02 09:00,P-1,,Draft
2024-02-01 09:00,P-1,Draft,Accepted
2024-03-01 09:00,P-1,Accepted,Parked
2024-04-01 09:00,P-1,Parked,Final
2024-04-01 09:00,P-7,Parked,Final
someday,P-1,Final,Draft
"""


def stage_on(number, month, day, user):
    found = initiatives_on(dt.date(2024, month, day), user).filter(number=number).first()
    return (found.stage, found.sent_stage) if found else None


def problems(batch):
    return [(one.row_no, one.reason.split(".")[0]) for one in ImportProblem.objects.filter(batch=batch).order_by("pk")]


def test_a_roadmap_and_its_past_come_out_of_two_files_and_go_again(product, owner, outsider):
    plan = import_at_once("initiatives", product, "plan.csv", PLAN, actor=owner)
    assert (plan.n_new, plan.n_refused, plan.n_noted) == (2, 2, 4)
    guide, link = Initiative.objects.order_by("reference")
    assert (guide.title, guide.stage, guide.sent_stage, guide.effort_months) == ("Guide", "done", "Final", 2.5)
    assert (link.stage, link.sent_stage, link.ends_on) == ("discovery", "Parked", None)
    assert [one.needs for one in guide.dependencies.all()] == [link], "what would close a circle is left out"
    assert stage_on(guide.pk, 1, 1, owner) is None and stage_on(guide.pk, 1, 2, owner) == ("done", "Final")

    changes = import_at_once("initiative_changes", product, "changes.csv", CHANGES, actor=owner)
    assert (changes.n_new, changes.n_refused, changes.n_noted) == (4, 2, 1)
    seen = {month: stage_on(guide.pk, month, 15, owner) for month in (1, 2, 3, 4)}
    assert seen == {
        1: ("discovery", "Draft"),
        2: ("building", "Accepted"),
        3: ("building", "Parked"),
        4: ("done", "Final"),
    }
    again = import_at_once("initiative_changes", product, "changes.csv", CHANGES, actor=owner)
    assert (again.n_new, again.n_known) == (0, 4)

    parked = StageName.objects.get(sent="Parked")
    name_stage(parked, actor=owner, stage="prototyping", version=1)
    assert stage_on(guide.pk, 3, 15, owner) == ("prototyping", "Parked")
    link.refresh_from_db()
    assert link.stage == "prototyping"
    guide.refresh_from_db()
    mended = change_initiative(guide, actor=owner, changes={"stage": "measuring"})
    assert (mended.stage, mended.sent_stage) == ("measuring", "")
    name_stage(parked, actor=owner, stage="dropped", version=2)
    mended.refresh_from_db()
    assert mended.stage == "measuring", "what somebody said by hand is no file's to change"
    assert stage_on(guide.pk, 3, 15, owner) == ("dropped", "Parked")
    assert InitiativeVersion.objects.filter(number=guide.pk, valid_to=None).count() == 1

    _undo(changes, owner)
    assert not ToldStage.objects.filter(batch=changes).exists()
    assert stage_on(guide.pk, 2, 15, owner) == ("done", "Final")
    mended.refresh_from_db()
    assert mended.stage == "measuring"
    _undo(plan, owner, keeps_worked=True)
    assert [one.reference for one in Initiative.objects.order_by("pk")] == ["P-1"], "what was worked on is kept"


def _undo(batch, actor, keeps_worked=True):
    undo_import(batch, actor=actor, keeps_worked=keeps_worked)
    run_task(batch.pk)
    batch.refresh_from_db()
    assert batch.state == "undone", batch.error


@pytest.mark.long
@pytest.mark.skipif(not REAL, reason="PORTAL_REAL_DATA names no folder")
def test_740_real_proposals_stood_on_a_day_of_2015_as_their_history_says(product, owner):
    folder = Path(REAL) / "roadmap_peps"
    targets = {"pep": "reference", "title": "title", "status": "stage", "created": "begun", "requires": "needs"}
    plan = import_at_once(
        "initiatives", product, "peps.csv", (folder / "peps.csv").read_bytes(), actor=owner, targets=targets
    )
    assert (plan.n_new, plan.n_refused) == (740, 0)
    content = (folder / "pep_status_changes.csv").read_bytes()
    targets = {"pep": "reference", "to_status": "stage", "timestamp_utc": "at"}
    changes = import_at_once("initiative_changes", product, "changes.csv", content, actor=owner, targets=targets)
    assert (changes.state, changes.n_refused) == ("done", 1)  # the change that says no status

    last: dict[str, tuple[str, str]] = {}
    for row in sorted(csv.DictReader(content.decode().splitlines()), key=lambda row: row["timestamp_utc"]):
        if row["timestamp_utc"] < "2015-01-02" and row["to_status"]:
            last[row["pep"]] = row["to_status"]
    shown = initiatives_on(dt.date(2015, 1, 1), owner).select_related("initiative")
    found = {one.initiative.reference: one.sent_stage for one in shown if one.sent_stage}
    assert found == last
    print(Counter(found.values()).most_common())
    now = {one.reference: one.sent_stage for one in Initiative.objects.all()}
    with (folder / "peps.csv").open() as file:
        assert now == {row["pep"]: row["status"] for row in csv.DictReader(file)}
    unknown = set(StageName.objects.filter(stage="").values_list("sent", flat=True))
    assert "Deferred" in unknown and "Draft" not in unknown
