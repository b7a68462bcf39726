"""What every text of a playbook is checked for, and how a version gets its content."""

from collections.abc import Iterable, Sequence
from typing import Any

from playbooks.library.contracts import PARTS, StepText
from playbooks.library.models import PlaybookStep, PlaybookVersion, Stage
from portal.shell.public import BadInput, is_storable
from roadmaps.goals.public import checked, line

LONGEST_BODY = 100_000
LONGEST_STEP = 10_000
MOST_STEPS = 60
MOST_TAGS = 20
MOST_OF_A_PART = 10
MOST_DAYS = 1_825
LONGEST = {"purpose": 1_000, "when_to_use": 2_000, "inputs": 2_000, "outputs": 2_000, "preamble": 20_000}
CONTENT = ("title", "purpose", "when_to_use", "inputs", "outputs", "roles", "body", "stage", "tags", "preamble")


def check_content(values: dict[str, Any]) -> dict[str, Any]:
    """Return what a version is to say, each field checked."""
    return {name: _check(name, value) for name, value in values.items()}


def _check(name: str, value: Any) -> Any:
    if name == "title":
        return line(name, value, 200)
    if name == "stage":
        if value not in Stage.values:
            raise BadInput(fields={name: [f"Use one of: {', '.join(Stage.values)}."]})
        return value
    if name == "tags":
        return _names("tags", value, 40, MOST_TAGS)
    if name == "roles":
        return _check_roles(value)
    if name in {"body", "preamble"}:  # kept letter by letter, so that an export gives back what was imported
        if len(value) > LONGEST.get(name, LONGEST_BODY) or not is_storable(value):
            raise BadInput(fields={name: [f"Use at most {LONGEST.get(name, LONGEST_BODY):,} readable characters."]})
        return value
    return checked(name, value, LONGEST[name])


def _names(field: str, values: Iterable[str], longest: int, most: int) -> list[str]:
    """Return names without their doubles, whatever their case."""
    found = {one.casefold(): one for value in reversed(list(values)) if (one := line(field, value, longest))}
    if len(found) > most:
        raise BadInput(fields={field: [f"Give at most {most}."]})
    return list(reversed(found.values()))


def _check_roles(roles: Any) -> dict[str, list[str]]:
    unknown = set(roles) - set(PARTS)
    if unknown:
        raise BadInput(fields={"roles": [f"Use only {', '.join(PARTS)}."]})
    found = {part: _names(part, roles[part], 60, MOST_OF_A_PART) for part in PARTS if roles.get(part)}
    if len(found.get("accountable", [])) > 1:
        raise BadInput(fields={"accountable": ["One role alone is accountable: name one."]})
    return found


def check_steps(steps: Sequence[StepText]) -> list[StepText]:
    """Return steps, each checked."""
    if len(steps) > MOST_STEPS:
        raise BadInput(fields={"steps": [f"Give at most {MOST_STEPS} steps. Split the playbook."]})
    for step in steps:
        if step.due_from not in PlaybookStep.DueFrom.values:
            raise BadInput(fields={"steps": [f"Use one of: {', '.join(PlaybookStep.DueFrom.values)}."]})
        if step.due_days is not None and not 0 <= step.due_days <= MOST_DAYS:
            raise BadInput(fields={"steps": [f"Give days from 0 to {MOST_DAYS:,}."]})
    return [
        StepText(
            line("steps", step.title, 200),
            checked("steps", step.text, LONGEST_STEP),
            line("steps", step.who, 100, is_needed=False),
            step.due_days,
            step.due_from if step.due_days is not None else "start",
        )
        for step in steps
    ]


def content_of(version: PlaybookVersion) -> dict[str, Any]:
    """Return what a version says, but for its steps."""
    return {name: getattr(version, name) for name in CONTENT}


def steps_of(version: PlaybookVersion) -> list[StepText]:
    """Return the steps of a version as they are written."""
    return [step.as_text() for step in version.steps.all()]


def set_steps(version: PlaybookVersion, steps: Sequence[StepText]) -> None:
    """Give a draft other steps."""
    version.steps.all().delete()
    PlaybookStep.objects.bulk_create(
        PlaybookStep(
            version=version,
            position=place,
            title=step.title,
            text=step.text,
            who=step.who,
            due_days=step.due_days,
            due_from=step.due_from,
        )
        for place, step in enumerate(steps, start=1)
    )
