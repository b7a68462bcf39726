"""Taking Markdown files in: tried first, then run; what is there already stays as it is."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from playbooks.library import actions
from playbooks.library.actions.texts import check_content, check_steps, content_of, steps_of
from playbooks.library.contracts import StepText
from playbooks.library.files.front_matter import BrokenHead
from playbooks.library.files.mapping import read_file, write_file
from playbooks.library.files.reading import SourceFile
from playbooks.library.models import LibraryRules, Playbook
from portal.people.public import Team, require
from portal.shell.public import BadInput, Conflict

NEW, CHANGED, SAME, FAULT = "new", "changed", "same", "fault"


@dataclass(frozen=True)
class PlannedFile:
    """What an import does with one file: new, changed, same, or fault with its reason in `why`."""

    path: str
    kind: str
    title: str = ""
    slug: str = ""
    why: str = ""
    content: dict[str, Any] | None = None
    steps: tuple[StepText, ...] = ()


@dataclass(frozen=True)
class ImportPlan:
    """What an import does, or did: file by file, and how many of each kind."""

    files: tuple[PlannedFile, ...]
    n_published: int = 0

    def _count(self, kind: str) -> int:
        return Counter(file.kind for file in self.files)[kind]

    @property
    def n_new(self) -> int:
        """Return how many playbooks are new."""
        return self._count(NEW)

    @property
    def n_changed(self) -> int:
        """Return how many get another draft."""
        return self._count(CHANGED)

    @property
    def n_same(self) -> int:
        """Return how many stay as they are."""
        return self._count(SAME)

    @property
    def n_faults(self) -> int:
        """Return how many files cannot be taken."""
        return self._count(FAULT)


def plan_import(files: Sequence[SourceFile], *, actor: Any) -> ImportPlan:
    """Return what an import would do; nothing is changed."""
    require(actor, "playbooks.import")
    read = [_read(file) for file in files]
    slugs = [one.slug for one in read]
    known = {one.slug: one for one in Playbook.objects.select_related("face").filter(slug__in=slugs)}
    planned, taken = [], set[str]()
    for file, one in zip(files, read, strict=True):
        if one.kind != FAULT and one.slug in taken:
            one = PlannedFile(one.path, FAULT, one.title, why=f"Another file is the playbook “{one.slug}” already.")
        taken.add(one.slug)
        planned.append(_against(one, file.text, known[one.slug]) if one.slug in known and one.kind != FAULT else one)
    return ImportPlan(tuple(planned))


@transaction.atomic
def run_import(files: Sequence[SourceFile], team: Team, *, actor: Any, publishes: bool = False) -> ImportPlan:
    """Take files in as drafts of a team, those of known playbooks as drafts of their next version; all or none.

    With `publishes` what says enough is published at once, where no second person has to agree to that.
    """
    if publishes and LibraryRules.current().has_four_eyes:
        raise Conflict("Four eyes are switched on: take the files in as drafts and send them to review.")
    plan, n_published = plan_import(files, actor=actor), 0
    for file in plan.files:
        if file.kind not in (NEW, CHANGED):
            continue
        made = _take(file, team, actor)
        if publishes:
            n_published += _publish(made, actor)
    return ImportPlan(plan.files, n_published)


def _read(file: SourceFile) -> PlannedFile:
    if file.fault:
        return PlannedFile(file.path, FAULT, why=file.fault)
    try:
        slug, content, steps = read_file(file.path, file.text)
        content, steps = check_content(content), check_steps(steps)
    except BrokenHead as fault:
        return PlannedFile(file.path, FAULT, why=str(fault))
    except BadInput as fault:
        why = " ".join(f"{name}: {' '.join(said)}" for name, said in fault.fields.items()) or fault.message
        return PlannedFile(file.path, FAULT, why=why)
    return PlannedFile(file.path, NEW, content["title"], slug, content=content, steps=tuple(steps))


def _against(file: PlannedFile, text: str, playbook: Playbook) -> PlannedFile:
    """Compare a file with the playbook of its address."""
    version = playbook.draft or playbook.face
    is_same = content_of(version) == file.content and steps_of(version) == list(file.steps)
    kind, why = CHANGED, ""
    if is_same or write_file(file_path(playbook), playbook.slug, version) == text:
        kind = SAME
    elif playbook.is_retired or version.is_in_review:
        kind, why = (
            FAULT,
            "The playbook is retired. Bring it back first." if playbook.is_retired else "It is in review.",
        )
    return PlannedFile(file.path, kind, file.title, file.slug, why, file.content, file.steps)


def _take(file: PlannedFile, team: Team, actor: Any) -> Playbook:
    content = dict(file.content or {})
    if file.kind == CHANGED:
        known = Playbook.objects.get(slug=file.slug)
        return actions.update_playbook(known, actor=actor, steps=file.steps, **content)
    title = content.pop("title")
    return actions.create_playbook(
        team, actor=actor, title=title, slug=file.slug, path=file.path, steps=file.steps, **content
    )


def _publish(playbook: Playbook, actor: Any) -> bool:
    try:
        actions.publish(playbook, actor=actor, note="Imported")
    except BadInput:  # it does not say what it is for: it stays a draft
        return False
    return True


def file_path(playbook: Playbook) -> str:
    """Return the path of a playbook in a folder of files."""
    return playbook.path or f"{playbook.slug}.md"
