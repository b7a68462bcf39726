"""Writes to the catalogue by people: what a name means, whose it is, whether it is expected, whether it is personal."""

from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction

from insights.catalogue.access import EDIT
from insights.catalogue.models import CatalogueEvent, CatalogueProperty, Entry, PropertyUse
from portal.audit.public import record, state_of
from portal.people.public import SYSTEM, require
from portal.shell.public import BadInput, refuse_unknown

_EVENT_FIELDS = frozenset({"description", "owner", "status"})
_PROPERTY_FIELDS = _EVENT_FIELDS | {"is_personal"}
Thing = TypeVar("Thing", bound=Entry)


def describe_event(event: CatalogueEvent, *, actor: Any, **fields: Any) -> CatalogueEvent:
    """Change an event's description, owner or status."""
    return _describe(event, "event_name.described", _EVENT_FIELDS, fields, actor)


@transaction.atomic
def describe_property(prop: CatalogueProperty, *, actor: Any, **fields: Any) -> CatalogueProperty:
    """Change a property's description, owner, status, or whether it is personal; then its examples are forgotten."""
    was_personal = prop.is_personal
    prop = _describe(prop, "property.described", _PROPERTY_FIELDS, fields, actor)
    if prop.is_personal != was_personal:
        CatalogueProperty.objects.filter(pk=prop.pk).update(is_settled=True)
    if prop.is_personal:
        PropertyUse.objects.filter(property=prop).update(examples=[])
    return prop


@transaction.atomic
def describe_by_seed(
    product_id: int, events: dict[str, str], properties: dict[str, str] | None = None, *, owner: Any = None
) -> None:
    """Describe what nobody has described yet of a product, for a workspace that is made ready for somebody."""
    for event in CatalogueEvent.objects.filter(product=product_id, name__in=events, description=""):
        describe_event(event, actor=SYSTEM, description=events[event.name], owner=owner)
    words = properties or {}
    for one in CatalogueProperty.objects.filter(product=product_id, name__in=words, description=""):
        describe_property(one, actor=SYSTEM, description=words[one.name], owner=owner)


@transaction.atomic
def _describe(thing: Thing, verb: str, allowed: frozenset[str], fields: dict[str, Any], actor: Any) -> Thing:
    require(actor, EDIT, thing)
    refuse_unknown(fields, allowed)
    thing = type(thing).objects.select_for_update(of=("self",)).select_related("product").get(pk=thing.pk)
    before = state_of(thing)
    for name, value in fields.items():
        setattr(thing, name, value)
    try:
        thing.clean_fields()
    except ValidationError as error:
        raise BadInput(fields=error.message_dict) from error
    thing.save(update_fields=list(fields))
    record(actor, verb, thing, before=before, after=state_of(thing))
    return thing
