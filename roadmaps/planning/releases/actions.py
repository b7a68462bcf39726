"""Writes of releases: what is in one, when it comes, and that it is out."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from insights.dashboards.public import Annotation, create_annotation, delete_annotation, update_annotation
from portal.audit.public import record, state_of
from portal.operations.public import enqueue_on_commit
from portal.people.public import SYSTEM, Product, User, Visibility, require
from portal.shell.public import BadInput, Conflict, NotFound, refuse_stale, refuse_unknown
from roadmaps.goals.public import checked, line
from roadmaps.planning.initiatives.public import Initiative, Stage, change_initiatives
from roadmaps.planning.releases.models import Release, ReleaseItem

MOST_INITIATIVES = 200
LONGEST_NOTES, LONGEST_SAID = 20_000, 2_000
_FIELDS = frozenset({"name", "planned_on", "notes", "owner", "visibility"})
_BEFORE_OUT = (Stage.DISCOVERY, Stage.PROTOTYPING, Stage.BUILDING)


@transaction.atomic
def create_release(
    product: Product,
    *,
    name: str,
    planned_on: dt.date,
    actor: Any,
    notes: str = "",
    visibility: str = Visibility.COMPANY,
    owner: User | None = None,
    initiatives: Iterable[Initiative] = (),
) -> Release:
    """Plan a release of a product for a day."""
    release = Release(product=product, team=product.team, visibility=visibility, owner=owner)
    require(actor, "releases.create", release)
    if owner is None and actor.pk:
        release.owner_id = actor.pk
    _save(release, {"name": name, "planned_on": planned_on, "notes": notes})
    record(actor, "release.created", release, after=state_of(release))
    _add(release, initiatives, actor)
    return release


@transaction.atomic
def update_release(release: Release, *, actor: Any, version: int, **changes: Any) -> Release:
    """Change a release if nobody changed it since `version`; one that is out keeps its note on charts in step."""
    require(actor, "releases.edit", release)
    refuse_unknown(changes, _FIELDS)
    current = _locked(release)
    refuse_stale(current, version)
    before = state_of(current)
    current.version = version + 1
    _save(current, changes)
    if current.is_out:
        _annotate(current, actor)
    record(actor, "release.changed", current, before=before, after=state_of(current))
    return current


@transaction.atomic
def add_initiatives(release: Release, initiatives: Iterable[Initiative], *, actor: Any) -> int:
    """Put initiatives of the same product into a release; returns how many are new in it."""
    require(actor, "releases.edit", release)
    current = _locked(release)
    if current.state != Release.State.PLANNED:
        raise Conflict(f"It is {current.get_state_display().lower()}: what is in it does not change any more.")
    return _add(current, initiatives, actor)


@transaction.atomic
def remove_initiative(release: Release, initiative_id: int, *, actor: Any) -> None:
    """Take an initiative out of a release."""
    require(actor, "releases.edit", release)
    current = _locked(release)
    if current.state != Release.State.PLANNED:
        raise Conflict(f"It is {current.get_state_display().lower()}: what is in it does not change any more.")
    deleted, _ = ReleaseItem.objects.filter(release=current, initiative_id=initiative_id).delete()
    if deleted:
        record(actor, "release.initiative_removed", current, before={"initiative": initiative_id})


@transaction.atomic
def release_now(
    release: Release, actor: Any, on: dt.date | None = None, *, said: str = "", version: int | None = None
) -> Release:
    """Say that a release is out since a day, today if none is named; what is in it is launched.

    said: what those who asked for it are to hear; letters are drafted from it, "" drafts none. Charts of the product
    carry it, and each ReleaseListener is told once, in a worker.
    """
    require(actor, "releases.edit", release)
    current = _locked(release)
    if current.state != Release.State.PLANNED:
        raise Conflict(f"It is {current.get_state_display().lower()} already. Reload the page.")
    if version is not None:
        refuse_stale(current, version)
    now, today = timezone.now(), timezone.localdate()
    on = on or today
    if on > today:
        raise BadInput(
            fields={"on": ["It is out on that day or was: a day that is to come is what it is planned for."]}
        )
    if on < today - dt.timedelta(days=3660):
        raise BadInput(fields={"on": ["Name a day of the last ten years."]})
    before = state_of(current)
    current.said = checked("said", said, LONGEST_SAID)
    noon = timezone.make_aware(dt.datetime.combine(on, dt.time(12)))
    current.state, current.released_at = Release.State.RELEASED, now if on == today else noon
    current.released_by_id, current.version = actor.pk, current.version + 1
    current.save()
    _annotate(current, actor)
    under_way = list(current.initiatives.filter(stage__in=_BEFORE_OUT).order_by("pk"))
    if under_way:
        why = f"Out with {current.name}"
        change_initiatives(under_way, actor=actor, changes={"stage": Stage.LAUNCHED}, why=why)
    record(actor, "release.released", current, before=before, after=state_of(current))
    enqueue_on_commit("planning.tell_listeners", release_id=current.pk)
    return current


@transaction.atomic
def take_back(release: Release, *, actor: Any, why: str) -> Release:
    """Say that a release is not out after all; drafts that were written stay drafts, stages are set by hand."""
    require(actor, "releases.edit", release)
    current = _locked(release)
    if not current.is_out:
        raise Conflict("It is not out. Reload the page.")
    note = line("why", why, 300)
    before = state_of(current)
    current.state, current.released_at, current.released_by = Release.State.PLANNED, None, None
    current.version += 1
    current.save()
    _annotate(current, actor)
    record(actor, "release.taken_back", current, before=before, after=state_of(current), note=note)
    return current


@transaction.atomic
def cancel_release(release: Release, *, actor: Any, why: str) -> Release:
    """Say that a planned release will not come."""
    return _turn(release, actor, Release.State.PLANNED, Release.State.CANCELLED, "release.cancelled", why)


@transaction.atomic
def reopen_release(release: Release, *, actor: Any) -> Release:
    """Plan a cancelled release again."""
    return _turn(release, actor, Release.State.CANCELLED, Release.State.PLANNED, "release.reopened", "Planned again")


@transaction.atomic
def delete_release(release: Release, *, actor: Any) -> None:
    """Delete a release that never came out; others keep their story."""
    require(actor, "releases.edit", release)
    current = _locked(release)
    if current.is_out or current.reactions.exists():
        raise Conflict("It came out once: others count on its day. Cancel or rename it instead.")
    record(actor, "release.deleted", current, before=state_of(current))
    current.delete()


def _turn(release: Release, actor: Any, state: str, to: str, verb: str, why: str) -> Release:
    require(actor, "releases.edit", release)
    current = _locked(release)
    if current.state != state:
        raise Conflict(f"It is {current.get_state_display().lower()}. Reload the page.")
    note = line("why", why, 300)
    before = state_of(current)
    current.state, current.version = to, current.version + 1
    current.save()
    record(actor, verb, current, before=before, after=state_of(current), note=note)
    return current


def _locked(release: Release) -> Release:
    current = Release.objects.select_for_update(of=("self",)).select_related("product__team", "annotation")
    found = current.filter(pk=release.pk).first()
    if found is None:
        raise NotFound()
    return found


def _save(release: Release, values: dict[str, Any]) -> None:
    for name, value in values.items():
        if name == "name":
            value = line(name, value, 120)
        elif name == "notes":
            value = checked(name, value, LONGEST_NOTES)
        setattr(release, name, value)
    if not 1990 <= release.planned_on.year <= 2200:
        raise BadInput(fields={"planned_on": ["Name a day that people plan for."]})
    try:
        with transaction.atomic():
            release.save()
    except IntegrityError:
        raise BadInput(fields={"name": [f"{release.product} has a release of this name already."]}) from None


def _add(release: Release, initiatives: Iterable[Initiative], actor: Any) -> int:
    known = set(release.items.values_list("initiative_id", flat=True))
    new = [one for one in dict.fromkeys(initiatives) if one.pk not in known]
    for one in new:
        require(actor, "initiatives.edit", one)
        if one.product_id != release.product_id:
            raise BadInput(fields={"initiatives": [f"“{one}” is of another product than this release."]})
    if len(known) + len(new) > MOST_INITIATIVES:
        raise BadInput(fields={"initiatives": [f"A release holds at most {MOST_INITIATIVES} initiatives."]})
    added_by_id = actor.pk
    items = [ReleaseItem(release=release, initiative=one, added_by_id=added_by_id) for one in new]
    ReleaseItem.objects.bulk_create(items, ignore_conflicts=True)
    if new:
        record(actor, "release.initiatives_added", release, after={"initiatives": [one.pk for one in new]})
    return len(new)


def _annotate(release: Release, actor: Any) -> None:
    """Keep the note that charts of its product carry in step: none where it is not out, or for its team alone."""
    is_noted = release.is_out and release.visibility == Visibility.COMPANY
    if not is_noted:
        if release.annotation is not None:
            delete_annotation(release.annotation, actor=SYSTEM)
            release.annotation = None
            release.save(update_fields=["annotation"])
        return
    said = {"text": f"Release {release.name}"[:300], "starts_on": release.released_on}
    if release.annotation is None:  # somebody may have noted it by hand already
        by_hand = Annotation.objects.filter(product=release.product, release=None, **said).first()
        release.annotation = by_hand or create_annotation(actor=SYSTEM, product=release.product, **said)
        release.save(update_fields=["annotation"])
    elif (release.annotation.text, release.annotation.starts_on) != tuple(said.values()):
        update_annotation(release.annotation, actor=SYSTEM, ends_on=None, **said)
