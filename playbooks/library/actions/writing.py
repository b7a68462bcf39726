"""Writing playbooks: new ones, drafts of the next version, who owns and verifies them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from playbooks.library.access import require_decision
from playbooks.library.actions.texts import CONTENT, check_content, check_steps, content_of, set_steps, steps_of
from playbooks.library.contracts import StepText
from playbooks.library.models import Playbook, PlaybookVersion
from portal.audit.public import record
from portal.people.public import Team, Visibility, require
from portal.shell.public import BadInput, Conflict, NotFound, refuse_stale, refuse_unknown

_SETTINGS = ("owner", "verifier", "visibility", "review_days")
_FIELDS = frozenset({*CONTENT, *_SETTINGS})
_FOR_DECIDERS = ("verifier", "review_days")  # of what is published: nobody makes themselves its verifier
# Addresses that pages of the library have, which a playbook would hide.
TAKEN_BY_PAGES = {"new", "import", "export", "preview", "rules"}


def free_slug(title: str) -> str:
    """Return the address of a new playbook: of its title, with a number where that one is taken."""
    base = slugify(title)[:60].strip("-") or "playbook"
    taken = set(Playbook.objects.filter(slug__startswith=base).values_list("slug", flat=True)) | TAKEN_BY_PAGES
    return next(slug for n in range(len(taken) + 2) if (slug := base if not n else f"{base}-{n + 1}") not in taken)


@transaction.atomic
def create_playbook(
    team: Team,
    *,
    actor: Any,
    title: str,
    slug: str = "",
    path: str = "",
    steps: Sequence[StepText] = (),
    **values: Any,
) -> Playbook:
    """Begin a playbook as a draft of a team; it is read by others once it is published."""
    refuse_unknown(values, _FIELDS)
    playbook = Playbook(team=team, path=path)
    require(actor, "playbooks.create", playbook)
    values.setdefault("owner", actor if actor.pk else None)
    _set_settings(playbook, {name: values.pop(name) for name in _SETTINGS if name in values})
    content, steps = check_content({"title": title, **values}), check_steps(steps)
    playbook.slug = slug or free_slug(content["title"])
    try:
        with transaction.atomic():
            playbook.save()
    except IntegrityError as fault:
        raise Conflict("There is a playbook of this address already. Try again with another title.") from fault
    draft = PlaybookVersion.objects.create(playbook=playbook, drafted_by=_writers([], actor), **content)
    set_steps(draft, steps)
    Playbook.objects.filter(pk=playbook.pk).update(face=draft)
    playbook.face = draft
    record(actor, "playbook.created", playbook, after=content)
    return playbook


@transaction.atomic
def update_playbook(
    playbook: Playbook,
    *,
    actor: Any,
    revision: int | None = None,
    steps: Sequence[StepText] | None = None,
    **changes: Any,
) -> Playbook:
    """Change the draft of the next version, beginning one where there is none; owner and the like hold at once.

    With `revision` only if nobody changed the playbook since. What readers see stays until the draft is published.
    """
    refuse_unknown(changes, _FIELDS)
    current = lock_playbook(playbook)
    require(actor, "playbooks.edit", current)
    if revision is not None:
        refuse_stale(current, revision, "revision")
    own = {name: changes.pop(name) for name in _SETTINGS if name in changes}
    content = check_content(changes)
    is_changed = _change_settings(current, own, actor)
    is_changed |= _change_text(current, content, None if steps is None else check_steps(steps), actor)
    if is_changed:
        current.revision += 1
        current.save()
    return current


@transaction.atomic
def drop_draft(playbook: Playbook, *, actor: Any) -> None:
    """Throw a draft away; of a playbook that was never published nothing is left."""
    current = lock_playbook(playbook)
    require(actor, "playbooks.edit", current)
    if current.draft is None:
        raise Conflict("There is no draft to throw away.")
    if current.draft.is_in_review:
        raise Conflict("It is in review. Take it back first.")
    if current.is_published:
        record(actor, "playbook.draft_dropped", current)
        current.draft.delete()
        Playbook.objects.filter(pk=current.pk).update(revision=current.revision + 1)
        return
    record(actor, "playbook.deleted", current, before=content_of(current.face))
    Playbook.objects.filter(pk=current.pk).update(face=None)
    current.delete()


def lock_playbook(playbook: Playbook) -> Playbook:
    """Return a playbook with its row locked until the transaction ends."""
    rows = Playbook.objects.select_related("face", "team", "owner", "verifier").select_for_update(of=("self",))
    current = rows.filter(pk=playbook.pk).first()
    if current is None:
        raise NotFound()
    return current


def begin_draft(playbook: Playbook, actor: Any) -> PlaybookVersion:
    """Return the draft of a locked playbook, a copy of what is published where there was none."""
    if playbook.is_retired:
        raise Conflict("It is retired. Bring it back before you change it.")
    if playbook.draft is None:
        playbook.draft = PlaybookVersion.objects.create(playbook=playbook, **content_of(playbook.face))
        set_steps(playbook.draft, steps_of(playbook.face))
    if playbook.draft.is_in_review:
        raise Conflict("It is in review. Take it back before you change it.")
    playbook.draft.drafted_by = _writers(playbook.draft.drafted_by, actor)
    return playbook.draft


def _writers(known: list[int], actor: Any) -> list[int]:
    return known if actor.pk is None or actor.pk in known else [*known, actor.pk]


def _change_text(playbook: Playbook, content: dict[str, Any], steps: list[StepText] | None, actor: Any) -> bool:
    base = playbook.draft or playbook.face
    before = content_of(base)
    has_other_steps = steps is not None and steps != steps_of(base)
    if not has_other_steps and all(before[name] == value for name, value in content.items()):
        return False
    draft = begin_draft(playbook, actor)
    for name, value in content.items():
        setattr(draft, name, value)
    draft.save()
    if steps is not None and has_other_steps:
        set_steps(draft, steps)
    said = {"steps": "changed"} if has_other_steps else {}
    record(actor, "playbook.draft_changed", playbook, before=before, after={**before, **content, **said})
    return True


def _change_settings(playbook: Playbook, values: dict[str, Any], actor: Any) -> bool:
    before = _told(playbook)
    is_for_deciders = any(name in values and getattr(playbook, name) != values[name] for name in _FOR_DECIDERS)
    if playbook.is_published and is_for_deciders:
        require_decision(actor, playbook)
    _set_settings(playbook, values)
    after = _told(playbook)
    if before == after:
        return False
    if playbook.review_on and playbook.reviewed_on:
        playbook.review_on = playbook.reviewed_on + timedelta(days=playbook.review_days)
    record(actor, "playbook.changed", playbook, before=before, after=after)
    return True


def _told(playbook: Playbook) -> dict[str, Any]:
    names = ("owner_id", "verifier_id", "visibility", "review_days")
    return {name: getattr(playbook, name) for name in names}


def _set_settings(playbook: Playbook, values: dict[str, Any]) -> None:
    for name, value in values.items():
        if name == "visibility" and value not in Visibility.values:
            raise BadInput(fields={name: [f"Use one of: {', '.join(Visibility.values)}."]})
        if name == "review_days" and not 1 <= value <= 1_825:
            raise BadInput(fields={name: ["Give days from 1 to 1,825."]})
        setattr(playbook, name, value)
