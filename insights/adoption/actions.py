"""Saving, changing and deleting features."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from insights.adoption.models import Feature
from insights.adoption.questions import read_events
from portal.audit.public import record, state_of
from portal.people.public import Product, require
from portal.shell.public import BadInput, NotFound, refuse_stale, refuse_unknown

_FIELDS = frozenset({"name", "description", "events", "is_core", "visibility"})
_TAKEN = "The product has a feature of this name already. Choose another name."


@transaction.atomic
def create_feature(
    product: Product,
    *,
    name: str,
    events: list[Any],
    actor: Any,
    now: datetime,
    description: str = "",
    is_core: bool = False,
    visibility: str = "company",
) -> Feature:
    """Name a group of events of a product as a feature; it belongs to the product's team."""
    feature = Feature(
        product=product,
        team=product.team,
        owner_id=actor.pk,
        name=" ".join(name.split()),
        description=description.strip(),
        events=events,
        is_core=is_core,
        visibility=visibility,
    )
    require(actor, "features.create", feature)
    _save(feature, now)
    record(actor, "feature.created", feature, after={"name": feature.name, "product": product.name})
    return feature


@transaction.atomic
def update_feature(feature: Feature, *, actor: Any, now: datetime, version: int, **changes: Any) -> Feature:
    """Change a feature if nobody changed it since `version`."""
    require(actor, "features.edit", feature)
    refuse_unknown(changes, _FIELDS)
    current = Feature.objects.select_for_update().select_related("product").filter(pk=feature.pk).first()
    if current is None:
        raise NotFound()
    refuse_stale(current, version)
    before = state_of(current)
    for name, value in changes.items():
        setattr(current, name, " ".join(value.split()) if name == "name" else value)
    current.version = version + 1
    _save(current, now)
    record(actor, "feature.changed", current, before=before, after=state_of(current))
    return current


@transaction.atomic
def delete_feature(feature: Feature, *, actor: Any) -> None:
    """Delete a feature; its events stay."""
    require(actor, "features.edit", feature)
    record(actor, "feature.deleted", feature, before=state_of(feature))
    feature.delete()


def _save(feature: Feature, now: datetime) -> None:
    if not feature.name:
        raise BadInput(fields={"name": ["Give it a name."]})
    feature.events = read_events(feature, now)
    try:
        with transaction.atomic():
            feature.save()
    except IntegrityError as error:
        raise BadInput(fields={"name": [_TAKEN]}) from error
