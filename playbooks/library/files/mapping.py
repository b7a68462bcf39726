"""What a Markdown file says of a playbook, and a playbook as such a file."""

import re
from pathlib import PurePosixPath
from typing import Any

from django.utils.text import slugify

from playbooks.library.actions.texts import content_of, steps_of
from playbooks.library.actions.writing import TAKEN_BY_PAGES
from playbooks.library.contracts import PARTS, StepText
from playbooks.library.files.front_matter import BrokenHead, join, read, rewrite, split
from playbooks.library.models import PlaybookVersion, Stage

# What fields are called in heads of files; the first name is ours, others are those of collections that we have seen.
_NAMES = {
    "title": ("title",),
    "purpose": ("purpose", "what", "description", "summary"),
    "when_to_use": ("when_to_use", "when", "why"),
    "inputs": ("inputs",),
    "outputs": ("outputs",),
    "stage": ("stage",),
    "tags": ("tags", "category"),
    "roles": ("roles",),
    "steps": ("steps",),
}
_HEADING = re.compile(r"#{1,6}[ \t]+(.+?)[ \t#]*$", re.M)
_DUE = re.compile(r"(\d{1,4}) (start|previous|end)")


def slug_of(path: str, head: dict[str, Any]) -> str:
    """Return the address of a file's playbook: as it says, else the last part of its own address, else its name."""
    named = str(head.get("slug") or PurePosixPath(str(head.get("permalink") or "")).name)
    slug = slugify(named)[:80].strip("-") or slugify(PurePosixPath(path).stem)[:80].strip("-") or "playbook"
    return f"{slug}-playbook"[:80] if slug in TAKEN_BY_PAGES else slug


def read_file(path: str, text: str) -> tuple[str, dict[str, Any], list[StepText]]:
    """Return the address, the content and the steps that a file holds, or raise BrokenHead."""
    preamble, body = split(text)
    head = read(preamble)
    values, steps = _values(path, head, body)
    return slug_of(path, head), {**values, "body": body, "preamble": preamble}, steps


def write_file(path: str, slug: str, version: PlaybookVersion) -> str:
    """Return a version as a Markdown file: as it was imported, but for what was changed since."""
    try:
        head = read(version.preamble)
        before, old_steps = _values(path, head, version.body)
    except BrokenHead:  # a name was blotted out in it
        head, version.preamble = {}, ""
        before, old_steps = _values(path, head, version.body)
    now, steps = content_of(version), steps_of(version)
    changes: dict[str, Any] = {}
    for field, names in _NAMES.items():
        is_same = steps == old_steps if field == "steps" else now[field] == before[field]
        if not is_same:
            value = _plain_steps(steps) if field == "steps" else now[field]
            changes[next((name for name in names if name in head), names[0])] = value or None
    if slug_of(path, head) != slug:
        changes["slug"] = slug
    return join(rewrite(version.preamble, changes) if changes else version.preamble, version.body)


def _values(path: str, head: dict[str, Any], body: str) -> tuple[dict[str, Any], list[StepText]]:
    heading = _HEADING.search(body)
    title = _text(_named(head, "title")) or (heading[1].strip() if heading else "") or PurePosixPath(path).stem
    stage = _text(_named(head, "stage")).lower()
    values = {name: _text(_named(head, name)) for name in ("purpose", "when_to_use", "inputs", "outputs")}
    roles = _named(head, "roles")
    return {
        "title": " ".join(title.split()),
        **values,
        "stage": stage if stage in Stage.values else Stage.PRACTICE.value,
        "tags": _list(_named(head, "tags")),
        "roles": {part: _list(roles[part]) for part in PARTS if roles.get(part)} if isinstance(roles, dict) else {},
    }, _steps(_named(head, "steps"))


def _named(head: dict[str, Any], field: str) -> Any:
    return next((head[name] for name in _NAMES[field] if head.get(name) is not None), None)


def _text(value: Any) -> str:
    """Return a value as the texts of a playbook are kept; what is no text and no number says nothing."""
    return str(value).strip() if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _list(value: Any) -> list[str]:
    """Return names, from a list or from one line with commas; each once, whatever its case."""
    names = value if isinstance(value, list) else _text(value).split(",")
    found: dict[str, str] = {}
    for one in names:
        name = " ".join(_text(one).split())
        if name:
            found.setdefault(name.casefold(), name)
    return list(found.values())


def _steps(value: Any) -> list[StepText]:
    if not isinstance(value, list):
        return []
    return [_step(one) for one in value]


def _step(value: Any) -> StepText:
    if not isinstance(value, dict):
        return StepText(" ".join(_text(value).split()))
    due = _DUE.fullmatch(_text(value.get("due")))
    if value.get("due") is not None and not due:
        raise BrokenHead("A step says when it is due as days and from where: “3 start”, “2 previous” or “1 end”.")
    return StepText(
        " ".join(_text(value.get("title")).split()),
        _text(value.get("text")),
        " ".join(_text(value.get("who")).split()),
        int(due[1]) if due else None,
        due[2] if due else "start",
    )


def _plain_steps(steps: list[StepText]) -> list[dict[str, str]]:
    return [
        {
            name: value
            for name, value in (
                ("title", step.title),
                ("who", step.who),
                ("due", "" if step.due_days is None else f"{step.due_days} {step.due_from}"),
                ("text", step.text),
            )
            if value
        }
        for step in steps
    ]
