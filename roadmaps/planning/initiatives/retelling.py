"""Telling the past of initiatives anew: what files said of their stages in time, and all that people changed."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from portal.audit.public import record
from portal.people.public import Product, require
from portal.shell.public import BadInput, refuse_stale
from roadmaps.planning.initiatives.contracts import KEPT
from roadmaps.planning.initiatives.models import (
    ImportedInitiative,
    Initiative,
    InitiativeVersion,
    Stage,
    StageName,
    ToldStage,
)
from roadmaps.planning.initiatives.stage_names import stages_of

_TICK = dt.timedelta(microseconds=1)
Told = tuple[dt.datetime, str]


@dataclass
class _Past:
    """One initiative with what its past is told from.

    `forgotten` is what files said once and say no more; `file_said` the status of the file of initiatives that brought
    it, None where somebody added it by hand.
    """

    initiative: Initiative
    versions: list[InitiativeVersion] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    forgotten: set[Told] = field(default_factory=set)
    file_said: str | None = None
    is_changed: bool = False


@transaction.atomic
def name_stage(name: StageName, *, actor: Any, stage: str, version: int | None = None) -> StageName:
    """Say what a status means; all that files said with it means this from its day on, also in the past."""
    require(actor, "initiatives.create", name.product)
    if stage and stage not in Stage.values:
        raise BadInput(fields={"stage": [f"Use one of: {', '.join(Stage.values)}."]})
    current = StageName.objects.select_for_update(of=("self",)).select_related("product").get(pk=name.pk)
    if version is not None:
        refuse_stale(current, version)
    if current.stage == stage:
        return current
    before = current.stage
    current.stage, current.version = stage, current.version + 1
    current.save()
    after = {"sent": current.sent, "stage": stage}
    record(actor, "stage_name.set", current, before={"sent": current.sent, "stage": before}, after=after)
    told = ToldStage.objects.filter(sent__iexact=current.sent).values("initiative")
    own = Initiative.objects.filter(product=current.product)
    hit = own.filter(pk__in=told) | own.filter(sent_stage__iexact=current.sent)
    retell(current.product, list(hit.values_list("pk", flat=True)))
    return current


@transaction.atomic
def retell(
    product: Product, numbers: Collection[int], forgotten: Collection[tuple[int, dt.datetime, str]] = ()
) -> None:
    """Tell the past of some initiatives anew, without what is `forgotten`: (initiative, moment, status).

    A status holds from its moment until the next status or until somebody changed the stage by hand. One of which
    nobody knows what it means leaves the stage as it was before, and stays as it was sent.
    """
    rows = Initiative.objects.select_for_update().filter(product=product, pk__in=numbers).order_by("pk")
    pasts = {one.pk: _Past(one) for one in rows}
    for version in InitiativeVersion.objects.filter(number__in=pasts).order_by("valid_from"):
        pasts[version.number].versions.append(version)
    told = ToldStage.objects.filter(initiative__in=pasts).order_by("at")
    for number, at, sent in told.values_list("initiative", "at", "sent"):
        pasts[number].told.append((at, sent))
    for number, at, sent in forgotten:
        if number in pasts:
            pasts[number].forgotten.add((at, sent))
    brought = ImportedInitiative.objects.filter(initiative__in=pasts).order_by("pk")
    for number, was_new, sent in brought.values_list("initiative", "was_new", "sent_stage"):
        past = pasts[number]
        if was_new or past.file_said is not None:
            past.file_said = sent or past.file_said or ""
    texts = {version.sent_stage for past in pasts.values() for version in past.versions}
    texts |= {sent for past in pasts.values() for sent in (past.file_said or "", *(said for _, said in past.told))}
    meaning = stages_of(product, texts)
    made = [version for past in pasts.values() for version in _retold(past, meaning)]
    InitiativeVersion.objects.filter(number__in=pasts).delete()
    InitiativeVersion.objects.bulk_create(made, batch_size=500)
    changed = [past.initiative for past in pasts.values() if past.is_changed]
    untouched = ImportedInitiative.objects.filter(initiative__in=changed, version=F("initiative__version"))
    same = list(untouched.values_list("pk", flat=True))  # it is no hand's work: an undo still takes them back
    ImportedInitiative.objects.filter(pk__in=same).update(version=F("version") + 1)
    Initiative.objects.bulk_update(changed, ["stage", "sent_stage", "version", "updated_at"], batch_size=500)


def _retold(past: _Past, meaning: dict[str, str]) -> list[InitiativeVersion]:
    one, versions, points = past.initiative, past.versions, _points(past)
    found: list[InitiativeVersion] = []
    stage = str(Stage.DISCOVERY) if past.file_said is not None or past.told else versions[0].stage
    sent, at_point, at_version = "", 0, 0
    for start in sorted({at for at, *_ in points} | {version.valid_from for version in versions}):
        while at_version + 1 < len(versions) and versions[at_version + 1].valid_from <= start:
            at_version += 1
        while at_point < len(points) and points[at_point][0] <= start:
            _, said, by_hand = points[at_point]
            sent, stage = ("", by_hand) if by_hand else (said, meaning[said.lower()] or stage)
            at_point += 1
        base = versions[at_version]
        kept = {name: getattr(base, name) for name in KEPT} | {"stage": stage, "sent_stage": sent}
        if found and all(getattr(found[-1], name) == value for name, value in kept.items()):
            continue
        made = InitiativeVersion(initiative=one, number=one.pk, valid_from=start, **kept)
        is_own = base.valid_from == start and (start, sent) not in past.told
        made.by_id, made.why = (base.by_id, base.why) if is_own else (None, f"The file said: {sent}"[:300])
        if found:
            found[-1].valid_to = start
        found.append(made)
    if (one.stage, one.sent_stage) != (found[-1].stage, found[-1].sent_stage):
        one.stage, one.sent_stage = found[-1].stage, found[-1].sent_stage
        one.version, one.updated_at = one.version + 1, timezone.now()
        past.is_changed = True
    return found


def _points(past: _Past) -> list[tuple[dt.datetime, str, str]]:
    """Return when the stage became another: (moment, status of a file, stage that somebody set by hand)."""
    points = [(at, sent, "") for at, sent in past.told]
    first = past.versions[0]
    if past.file_said is None:
        points += [] if first.sent_stage else [(first.valid_from, "", first.stage)]
    elif past.file_said and not past.told:
        points.append((first.valid_from, past.file_said, ""))
    heard = {*past.told, *past.forgotten}
    for before, version in pairwise(past.versions):
        if (version.valid_from, version.sent_stage) in heard:
            continue
        is_other = before.stage != version.stage or before.sent_stage != version.sent_stage
        if is_other and not version.sent_stage:
            points.append((version.valid_from, "", version.stage))
        elif before.sent_stage != version.sent_stage:
            points.append((version.valid_from, version.sent_stage, ""))
    points.sort(key=lambda point: point[0])
    last = points[-1] if points else None
    if past.file_said and last and not last[2] and last[1].lower() != past.file_said.lower():
        points.append((max(past.initiative.created_at, last[0] + _TICK), past.file_said, ""))
    return points
