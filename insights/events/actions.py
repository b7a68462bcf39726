"""Writes to sources and batches, each checked and recorded."""

from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from insights.events.models import Batch, IdSpace, Source
from portal.audit.public import record, state_of
from portal.people.public import Product, require
from portal.shell.public import BadInput, Conflict

_EDITABLE = frozenset(
    {"name", "description", "product", "id_space", "time_zone", "identical_rows", "earliest_on", "mapping"}
    | {"schedule", "fresh_by", "owner"}
)


def default_id_space(product: Product) -> IdSpace:
    """Return the id space of a product, made when it is first needed."""
    space = IdSpace.objects.filter(product=product).first()
    if space is None:
        slug = _free_slug(IdSpace, product.slug)
        space, _ = IdSpace.objects.get_or_create(product=product, defaults={"name": product.name, "slug": slug})
    return space


@transaction.atomic
def create_source(
    *,
    actor: Any,
    product: Product,
    name: str,
    kind: str,
    id_space: IdSpace | None = None,
    slug: str = "",
    **fields: Any,
) -> Source:
    """Make a source of a product; its ids live in the product's space unless another is named."""
    require(actor, "sources.edit", product)
    if kind == Source.Kind.SQL:
        require(actor, "sources.edit_sql")
    _only_known(fields)
    fields.setdefault("owner", actor if actor.pk else None)
    source = Source(
        product=product,
        name=name,
        kind=kind,
        id_space=id_space or default_id_space(product),
        slug=slug or _free_slug(Source, name),
        **fields,
    )
    _check(source)
    source.save()
    record(actor, "source.created", source, after=state_of(source))
    return source


@transaction.atomic
def update_source(source: Source, *, actor: Any, **fields: Any) -> Source:
    """Change some fields of a source; ids keep the space in which their events were stored."""
    require(actor, "sources.edit", source)
    if source.kind == Source.Kind.SQL:
        require(actor, "sources.edit_sql")
    _only_known(fields)
    source = Source.objects.select_for_update(of=("self",)).select_related("product", "id_space").get(pk=source.pk)
    if "product" in fields:
        require(actor, "sources.edit", fields["product"])
    if fields.get("id_space", source.id_space) != source.id_space and source.parts.exists():
        raise Conflict("This source has events already, so its id space cannot change. Make a new source instead.")
    before = state_of(source)
    for name, value in fields.items():
        setattr(source, name, value)
    _check(source)
    source.save()
    record(actor, "source.changed", source, before=before, after=state_of(source))
    return source


def pause_source(source: Source, *, actor: Any) -> Source:
    """Stop taking new events from a source; what is stored stays."""
    return _set_state(source, Source.State.PAUSED, "source.paused", actor)


def resume_source(source: Source, *, actor: Any) -> Source:
    """Take new events from a source again."""
    return _set_state(source, Source.State.ACTIVE, "source.resumed", actor)


@transaction.atomic
def start_batch(source: Source, kind: str, *, actor: Any, file_name: str = "", file_path: str = "") -> Batch:
    """Make a waiting batch of a source; the mapping is copied, so that the load can be run again as it was."""
    require(actor, "sources.load", source)
    if not source.is_active and kind != Batch.Kind.API:  # what the API accepted before the pause is still stored
        raise Conflict("This source is paused. Resume it before you load into it.")
    batch = Batch.objects.create(
        source=source,
        kind=kind,
        file_name=PurePath(file_name).name[-255:],
        file_path=file_path,
        mapping=source.mapping,
        created_by=actor if actor.pk else None,
    )
    if kind not in (
        Batch.Kind.API,
        Batch.Kind.PORTAL,
    ):  # a flush every few seconds would drown the trail; its requests carry the key
        record(actor, "batch.started", batch, after={"source": source.slug, "kind": kind, "file_name": batch.file_name})
    return batch


@transaction.atomic
def cancel_batch(batch: Batch, *, actor: Any) -> Batch:
    """Ask a load to stop; a waiting one is cancelled at once, a running one at its next step."""
    require(actor, "sources.load", batch.source)
    now = timezone.now()
    waiting = Batch.objects.filter(pk=batch.pk, state=Batch.State.WAITING)
    running = Batch.objects.filter(pk=batch.pk, state=Batch.State.RUNNING, cancel_requested_at=None)
    if waiting.update(state=Batch.State.CANCELLED, cancel_requested_at=now, finished_at=now) or running.update(
        cancel_requested_at=now
    ):
        record(actor, "batch.cancelled", batch)
    batch.refresh_from_db()
    return batch


@transaction.atomic
def _set_state(source: Source, state: str, verb: str, actor: Any) -> Source:
    require(actor, "sources.edit", source)
    changed = Source.objects.filter(pk=source.pk).exclude(state=state).update(state=state, updated_at=timezone.now())
    if changed:
        record(actor, verb, source, before={"state": source.state}, after={"state": state})
    source.refresh_from_db(fields=["state", "updated_at"])
    return source


def _only_known(fields: dict[str, Any]) -> None:
    unknown = sorted(fields.keys() - _EDITABLE)
    if unknown:
        raise BadInput(fields={name: ["A source has no such field that can be changed."] for name in unknown})


def _check(source: Source) -> None:
    try:
        source.full_clean()
    except ValidationError as fault:
        raise BadInput(fields=fault.message_dict) from fault


def _free_slug(model: Any, name: str) -> str:
    stem = slugify(name)[:50] or "source"
    taken = set(model.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    return next(slug for slug in (stem, *(f"{stem}-{n}" for n in range(2, 10_000))) if slug not in taken)
