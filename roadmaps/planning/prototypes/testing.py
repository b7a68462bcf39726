"""Noting what somebody did with a prototype: one test a person, each from the version that its writer saw."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from insights.contacts.public import find_speaker
from portal.audit.public import record
from portal.people.public import require
from portal.shell.public import BadInput, NotFound, refuse_stale
from roadmaps.goals.public import checked
from roadmaps.planning.prototypes.models import Prototype, PrototypeTask, PrototypeTest, TaskOutcome

MOST_TESTS = 500
Outcomes = Mapping[int, str]


@transaction.atomic
def add_test(
    prototype: Prototype,
    *,
    actor: Any,
    held_on: date,
    person: str = "",
    outcomes: Outcomes,
    sus: Sequence[int] = (),
    notes: str = "",
) -> PrototypeTest:
    """Note a test: who tried it (an id or e-mail address, or nobody known), and how each task went by its number."""
    current = _lock(prototype, actor)
    if current.tests.count() >= MOST_TESTS:
        raise BadInput(f"A prototype has at most {MOST_TESTS} tests.")
    test = PrototypeTest(prototype=current, created_by_id=actor.pk or None)
    _fill(test, person=person, held_on=held_on, sus=sus, notes=notes)
    _save(test)
    _set_outcomes(test, outcomes)
    record(actor, "prototype.tested", current, after={"held_on": held_on, "tasks": len(outcomes)})
    return test


@transaction.atomic
def update_test(
    test: PrototypeTest,
    *,
    actor: Any,
    version: int,
    held_on: date,
    person: str | None = None,
    outcomes: Outcomes,
    sus: Sequence[int] = (),
    notes: str = "",
) -> PrototypeTest:
    """Change what was noted if nobody changed it since `version`; without `person`, it stays who it was."""
    current = _lock(test.prototype, actor)
    now = PrototypeTest.objects.select_for_update().filter(pk=test.pk).first()
    if now is None:
        raise NotFound()
    refuse_stale(now, version)
    now.prototype = current
    _fill(now, person=person, held_on=held_on, sus=sus, notes=notes)
    now.version = version + 1
    _save(now)
    _set_outcomes(now, outcomes)
    record(actor, "prototype.test_changed", current, after={"held_on": held_on, "tasks": len(outcomes)})
    return now


@transaction.atomic
def delete_test(test: PrototypeTest, *, actor: Any) -> None:
    """Delete a test; it goes out of every number."""
    current = _lock(test.prototype, actor)
    record(actor, "prototype.test_deleted", current, before={"held_on": test.held_on})
    PrototypeTest.objects.filter(pk=test.pk).delete()


def _lock(prototype: Prototype, actor: Any) -> Prototype:
    current = Prototype.objects.select_for_update(of=["self"]).of_rows().filter(pk=prototype.pk).first()
    if current is None:
        raise NotFound()
    require(actor, "prototypes.edit", current)
    return current


def _fill(test: PrototypeTest, *, person: str | None, held_on: date, sus: Sequence[int], notes: str) -> None:
    if held_on > timezone.localdate():
        raise BadInput(fields={"held_on": ["This day has not come yet."]})
    if sus and (len(sus) != 10 or any(not 1 <= one <= 5 for one in sus)):
        raise BadInput(fields={"sus": ["Give all ten answers from 1 to 5, or none."]})
    test.held_on, test.sus, test.notes = held_on, list(sus), checked("notes", notes, 20_000)
    if person is not None:
        test.person_id = find_speaker(test.prototype.product, person=person).person_no if person.strip() else None


def _save(test: PrototypeTest) -> None:
    try:
        with transaction.atomic():
            test.save()
    except IntegrityError:
        raise BadInput(fields={"person": ["This person has tried it already. Change that test instead."]}) from None


def _set_outcomes(test: PrototypeTest, outcomes: Outcomes) -> None:
    known = set(PrototypeTask.objects.filter(prototype=test.prototype_id).values_list("pk", flat=True))
    if unknown := sorted(set(outcomes) - known):
        raise BadInput(fields={"outcomes": [f"This prototype has no task {unknown[0]}."]})
    if wrong := sorted(set(outcomes.values()) - set(TaskOutcome.Outcome.values)):
        raise BadInput(fields={"outcomes": [f"“{wrong[0]}” is no outcome."]})
    test.outcomes.all().delete()
    rows = [TaskOutcome(test=test, task_id=task, outcome=outcome) for task, outcome in outcomes.items()]
    TaskOutcome.objects.bulk_create(rows)
