"""Deciding about playbooks: review, publish, decline, confirm, retire, bring back, restore, the rules."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from playbooks.library.access import require_decision
from playbooks.library.actions.texts import content_of, set_steps, steps_of
from playbooks.library.actions.writing import begin_draft, lock_playbook
from playbooks.library.models import LibraryRules, Playbook, PlaybookVersion
from portal.audit.public import record
from portal.messages.public import notify, notify_ops
from portal.people.public import User, require
from portal.shell.public import BadInput, Conflict, NotAllowed, NotFound, refuse_stale
from roadmaps.goals.public import line

State = Playbook.State


def _locked_draft(playbook: Playbook, revision: int | None) -> tuple[Playbook, PlaybookVersion]:
    current = lock_playbook(playbook)
    if revision is not None:
        refuse_stale(current, revision, "revision")
    if current.draft is None:
        raise Conflict("There is no draft. Somebody else may have published it or thrown it away.")
    return current, current.draft


def _save(playbook: Playbook) -> None:
    playbook.revision += 1
    playbook.save()


def _refuse_unfinished(draft: PlaybookVersion) -> None:
    faults: dict[str, list[str]] = {}
    if not draft.purpose:
        faults["purpose"] = ["Say what it is for before others read it."]
    if not draft.body.strip() and not draft.steps.exists():
        faults["body"] = ["Write how it is done, as text or as steps, before others read it."]
    if faults:
        raise BadInput(fields=faults)


@transaction.atomic
def send_to_review(playbook: Playbook, *, actor: Any, note: str = "", revision: int | None = None) -> Playbook:
    """Ask the verifier, or ops where nobody verifies it, to decide about the draft."""
    current, draft = _locked_draft(playbook, revision)
    require(actor, "playbooks.edit", current)
    if draft.is_in_review:
        raise Conflict("It is in review already.")
    _refuse_unfinished(draft)
    draft.note = line("note", note, 300, is_needed=False) or draft.note
    draft.sent_at, draft.sent_by_id, draft.answer = timezone.now(), actor.pk, ""
    draft.save()
    _save(current)
    record(actor, "playbook.sent_to_review", current, after={"revision": current.revision}, note=draft.note)
    said, key = f"“{draft.title}” waits for your review.", f"playbook-sent:{draft.pk}:{current.revision}"
    address = f"{current.get_absolute_url()}draft/"
    if current.verifier is not None and current.verifier_id != actor.pk:
        notify([current.verifier], said, key=key, url=address)
    else:
        notify_ops(said, key=key, url=address, kind="info")
    return current


@transaction.atomic
def take_back(playbook: Playbook, *, actor: Any) -> Playbook:
    """Take a draft out of review, to write on."""
    current, draft = _locked_draft(playbook, None)
    require(actor, "playbooks.edit", current)
    if not draft.is_in_review:
        raise Conflict("It is not in review.")
    draft.sent_at = draft.sent_by = None
    draft.save()
    _save(current)
    record(actor, "playbook.taken_back", current)
    return current


@transaction.atomic
def decline(playbook: Playbook, *, actor: Any, why: str, revision: int | None = None) -> Playbook:
    """Give a draft back to who wrote it, with a word why."""
    current, draft = _locked_draft(playbook, revision)
    require_decision(actor, current)
    if not draft.is_in_review:
        raise Conflict("It is not in review.")
    draft.answer = line("why", why, 500)
    draft.sent_at = draft.sent_by = None
    draft.save()
    _save(current)
    record(actor, "playbook.declined", current, note=f"revision {current.revision}")
    writers = User.objects.filter(pk__in=draft.drafted_by).exclude(pk=actor.pk)
    key = f"playbook-declined:{draft.pk}:{current.revision}"
    said = f"“{draft.title}” was given back: {draft.answer}"
    notify(writers, said, key=key, url=f"{current.get_absolute_url()}draft/", kind="warn")
    return current


@transaction.atomic
def publish(playbook: Playbook, *, actor: Any, note: str = "", revision: int | None = None) -> Playbook:
    """Let readers have the draft as the next version.

    Where four eyes are switched on, only out of review, and not by anybody who wrote in it.
    """
    current, draft = _locked_draft(playbook, revision)
    require_decision(actor, current)
    if LibraryRules.current().has_four_eyes and actor.pk is not None:
        if not draft.is_in_review:
            raise Conflict("What is published here was reviewed by a second person. Send it to review first.")
        if actor.pk in draft.drafted_by or actor.pk == draft.sent_by_id:
            raise NotAllowed("You wrote in this draft, or sent it. Somebody else has to decide about it.")
    _refuse_unfinished(draft)
    last = current.versions.aggregate(last=Max("number"))["last"] or 0
    draft.note = line("note", note, 300, is_needed=False) or draft.note
    draft.number, draft.published_at, draft.published_by_id = last + 1, timezone.now(), actor.pk
    draft.save()
    before = {"state": current.state, "version": last}
    current.face, current.state = draft, State.PUBLISHED
    _confirm(current)
    _save(current)
    after = {"state": current.state, "version": draft.number}
    record(actor, "playbook.published", current, before=before, after=after, note=draft.note)
    people = User.objects.filter(pk__in=[*draft.drafted_by, current.owner_id or 0]).exclude(pk=actor.pk or 0)
    said = f"“{draft.title}” is published as {draft.label}."
    notify(people, said, key=f"playbook-published:{draft.pk}", url=current.get_absolute_url())
    return current


def _confirm(playbook: Playbook) -> None:
    playbook.reviewed_on = timezone.localdate()
    playbook.review_on = playbook.reviewed_on + timedelta(days=playbook.review_days)


@transaction.atomic
def confirm(playbook: Playbook, *, actor: Any) -> Playbook:
    """Say that what is published is still right; the next review is due after the usual time."""
    current = lock_playbook(playbook)
    if current.owner_id != actor.pk or actor.pk is None:
        require_decision(actor, current)
    else:
        require(actor, "playbooks.edit", current)
    if current.state not in (State.PUBLISHED, State.DUE):
        raise Conflict("Only what is published is reviewed.")
    before = {"state": current.state, "review_on": current.review_on}
    current.state = State.PUBLISHED
    _confirm(current)
    _save(current)
    record(
        actor,
        "playbook.confirmed",
        current,
        before=before,
        after={"state": current.state, "review_on": current.review_on},
    )
    return current


@transaction.atomic
def retire(playbook: Playbook, *, actor: Any, why: str = "", successor: Playbook | None = None) -> Playbook:
    """Say that a playbook holds no more, and what to use in its place; its page and versions stay."""
    current = lock_playbook(playbook)
    require_decision(actor, current)
    if current.state not in (State.PUBLISHED, State.DUE):
        raise Conflict("Only what is published is retired. A draft is thrown away.")
    if current.draft is not None:
        raise Conflict("A draft of it is open. Publish it or throw it away first.")
    if successor is not None:
        _refuse_successor(current, successor, actor)
    before = {"state": current.state, "successor_id": current.successor_id}
    current.state, current.retired_at, current.review_on = State.RETIRED, timezone.now(), None
    current.retired_why, current.successor = line("why", why, 300, is_needed=False), successor
    _save(current)
    after = {"state": current.state, "successor_id": current.successor_id}
    record(actor, "playbook.retired", current, before=before, after=after)
    return current


def _refuse_successor(playbook: Playbook, successor: Playbook, actor: Any) -> None:
    if successor.pk == playbook.pk:
        raise BadInput(fields={"successor": ["A playbook does not succeed itself."]})
    if not Playbook.objects.visible_to(actor).in_force().filter(pk=successor.pk).exists():
        raise BadInput(fields={"successor": ["Choose a playbook that is published."]})


@transaction.atomic
def bring_back(playbook: Playbook, *, actor: Any) -> Playbook:
    """Let a retired playbook hold again, reviewed today."""
    current = lock_playbook(playbook)
    require_decision(actor, current)
    if not current.is_retired:
        raise Conflict("It is not retired.")
    current.state, current.retired_at, current.successor, current.retired_why = State.PUBLISHED, None, None, ""
    _confirm(current)
    _save(current)
    record(actor, "playbook.brought_back", current, before={"state": State.RETIRED}, after={"state": current.state})
    return current


@transaction.atomic
def restore(playbook: Playbook, number: int, *, actor: Any) -> Playbook:
    """Make an earlier version the draft of the next one; readers have it once that is published."""
    current = lock_playbook(playbook)
    require(actor, "playbooks.edit", current)
    old = current.versions.filter(number=number).first()
    if old is None:
        raise NotFound("There is no such version.")
    if current.draft is not None:
        raise Conflict("A draft is open. Publish it or throw it away before you restore another version.")
    draft = begin_draft(current, actor)
    for name, value in content_of(old).items():
        setattr(draft, name, value)
    draft.note = f"Version {number} again"
    draft.save()
    set_steps(draft, steps_of(old))
    _save(current)
    record(actor, "playbook.restored", current, after={"draft_of_version": number})
    return current


@transaction.atomic
def set_rules(*, actor: Any, has_four_eyes: bool) -> LibraryRules:
    """Switch four eyes on or off."""
    require(actor, "playbooks.rules")
    LibraryRules.objects.get_or_create(pk=1)
    rules = LibraryRules.objects.select_for_update().get(pk=1)
    if rules.has_four_eyes != has_four_eyes:
        before = {"has_four_eyes": rules.has_four_eyes}
        rules.has_four_eyes = has_four_eyes
        rules.save()
        record(actor, "library_rules.changed", rules, before=before, after={"has_four_eyes": has_four_eyes})
    return rules
