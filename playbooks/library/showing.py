"""Playbooks in lists and files, and all that the page of one shows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from playbooks.library.access import may_decide, may_read_draft
from playbooks.library.comparing import compare_fields
from playbooks.library.contracts import FieldChange
from playbooks.library.models import LibraryRules, Playbook, PlaybookStep, PlaybookVersion
from playbooks.library.rendering import render_texts
from portal.people.public import can
from portal.shell.public import Document, SearchHit, find_uses

SORTS = {
    "title": "face__title",
    "stage": "face__stage",
    "state": "state",
    "review": "review_on",
    "changed": "updated_at",
}

COLUMNS: dict[str, Callable[[Playbook], Any]] = {
    "address": lambda row: row.slug,
    "title": lambda row: row.face.title,
    "purpose": lambda row: row.face.purpose,
    "stage": lambda row: row.face.get_stage_display(),
    "tags": lambda row: ", ".join(row.face.tags),
    "state": lambda row: row.get_state_display(),
    "version": lambda row: row.face.number,
    "team": lambda row: row.team.name,
    "owner": lambda row: str(row.owner or ""),
    "verifier": lambda row: str(row.verifier or ""),
    "next review": lambda row: row.review_on,
}


@dataclass(frozen=True)
class ShownText:
    """A version as a reader sees it: `fields` are its short texts that say something, by label."""

    version: PlaybookVersion
    fields: list[tuple[str, Document]]
    body: Document
    steps: list[tuple[PlaybookStep, Document | None]]


@dataclass(frozen=True)
class PlaybookPage:
    """A playbook's page: the text, who may do what, and the draft where the reader may see it."""

    shown: ShownText
    draft: PlaybookVersion | None
    n_versions: int
    uses: list[SearchHit]
    may_edit: bool
    may_decide: bool
    may_confirm: bool


@dataclass(frozen=True)
class DraftPage:
    """A draft: as a reader would see it, what changes by it, and what may be done with it."""

    shown: ShownText
    changes: list[FieldChange]
    may_edit: bool
    may_publish: bool
    may_decline: bool
    has_four_eyes: bool
    is_own: bool


def show_text(version: PlaybookVersion, user: Any) -> ShownText:
    """Return a version as a reader sees it."""
    steps = list(version.steps.all()) if version.pk else []
    return _show(version, steps, user)


def _show(version: PlaybookVersion, steps: Sequence[PlaybookStep], user: Any) -> ShownText:
    named = [
        ("When and why", version.when_to_use),
        ("What goes in", version.inputs),
        ("What comes out", version.outputs),
    ]
    named = [(label, text) for label, text in named if text]
    documents = render_texts([version.body, *(text for _, text in named), *(step.text for step in steps)], user)
    body, rest = documents[0], documents[1:]
    fields = [(label, shown) for (label, _), shown in zip(named, rest, strict=False)]
    texts = rest[len(named) :]
    return ShownText(
        version,
        fields,
        body,
        [(step, text if step.text else None) for step, text in zip(steps, texts, strict=True)],
    )


def build_page(playbook: Playbook, user: Any) -> PlaybookPage:
    """Return what the page of a playbook shows to a reader."""
    decides, edits = may_decide(user, playbook), can(user, "playbooks.edit", playbook)
    is_in_force = playbook.state in (Playbook.State.PUBLISHED, Playbook.State.DUE)
    draft = playbook.draft if may_read_draft(user, playbook) else None
    return PlaybookPage(
        shown=show_text(playbook.face, user),
        draft=draft,
        n_versions=playbook.versions.exclude(number=None).count(),
        uses=find_uses(playbook, user),
        may_edit=edits,
        may_decide=decides,
        may_confirm=is_in_force and (decides or (edits and playbook.owner_id == user.pk)),
    )


def build_draft_page(playbook: Playbook, draft: PlaybookVersion, user: Any) -> DraftPage:
    """Return what the page of a draft shows to who may read it."""
    decides, has_four_eyes = may_decide(user, playbook), LibraryRules.current().has_four_eyes
    is_own = user.pk in draft.drafted_by or user.pk == draft.sent_by_id
    return DraftPage(
        shown=show_text(draft, user),
        changes=compare_versions(playbook.face, draft) if playbook.is_published else [],
        may_edit=can(user, "playbooks.edit", playbook),
        may_publish=decides and (not has_four_eyes or (draft.is_in_review and not is_own)),
        may_decline=decides and draft.is_in_review,
        has_four_eyes=has_four_eyes,
        is_own=is_own,
    )


def compare_versions(old: PlaybookVersion, new: PlaybookVersion) -> list[FieldChange]:
    """Return what changed from one version to another, field by field."""
    return compare_fields(
        [(label, one, other) for (label, one), (_, other) in zip(_told(old), _told(new), strict=True)]
    )


def _told(version: PlaybookVersion) -> list[tuple[str, str]]:
    """Return all that a version says, by label, as lines."""
    steps = "\n\n".join(
        "\n".join(
            filter(None, [f"{step.position}. {step.title}", f"Who: {step.who}" * bool(step.who), step.due, step.text])
        )
        for step in version.steps.all()
    )
    return [
        ("Title", version.title),
        ("Purpose", version.purpose),
        ("When and why", version.when_to_use),
        ("Stage", version.get_stage_display()),
        ("Tags", ", ".join(version.tags)),
        ("Roles", "\n".join(f"{part}: {', '.join(names)}" for part, names in version.parts)),
        ("What goes in", version.inputs),
        ("What comes out", version.outputs),
        ("Steps", steps),
        ("Text", version.body),
    ]
