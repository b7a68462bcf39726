"""Saying which part of the product a theme is about."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from insights.adoption.public import Feature, read_events
from insights.voice.demand.models import ThemeArea
from insights.voice.themes.public import Theme
from portal.audit.public import record, state_of
from portal.people.public import require
from portal.shell.public import BadInput, is_storable, refuse_stale

MOST_EVENTS = 20


@transaction.atomic
def set_area(
    theme: Theme, *, actor: Any, version: int = 0, feature: Feature | None = None, events: Sequence[Any] = ()
) -> ThemeArea:
    """Say which feature or events a theme is about, if nobody did since `version`; 0: nobody has yet."""
    require(actor, "theme_areas.edit", theme)
    Theme.objects.select_for_update(no_key=True).get(pk=theme.pk)
    known = ThemeArea.objects.dressed().filter(theme=theme).first()
    area = known or ThemeArea(theme=theme, version=0, created_by_id=actor.pk)
    refuse_stale(area, version)
    before = state_of(known) if known else None
    area.feature, area.events = _checked(theme, feature, events)
    area.version = version + 1
    area.save()
    record(actor, "theme_area.changed" if known else "theme_area.set", area, before=before, after=state_of(area))
    return area


@transaction.atomic
def clear_area(area: ThemeArea, *, actor: Any) -> None:
    """Take back what a theme is about."""
    require(actor, "theme_areas.edit", area)
    record(actor, "theme_area.cleared", area, before=state_of(area))
    area.delete()


def _checked(theme: Theme, feature: Feature | None, events: Sequence[Any]) -> tuple[Feature | None, list[Any]]:
    """Return a feature or events of the theme's product, or say what is wrong with them."""
    if bool(feature) == bool(events):
        raise BadInput(fields={"feature": ["Choose a feature, or events; one of the two."]})
    if feature is not None:
        if feature.product_id != theme.product_id:
            raise BadInput(fields={"feature": ["Choose a feature of the theme's product."]})
        return feature, []
    if len(events) > MOST_EVENTS or not is_storable(list(events)):
        raise BadInput(fields={"events": [f"Name at most {MOST_EVENTS} events."]})
    return None, read_events(Feature(product=theme.product, name="area", events=list(events)), timezone.now())
