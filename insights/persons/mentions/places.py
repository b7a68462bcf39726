"""Every column of the portal's tables in which words can stand, read from the tables themselves: none is forgotten."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from insights.events.public import DistinctId

# Whose rows name colleagues, not customers; what the store itself takes out; what the trail's own door takes out.
_OTHERS = frozenset(
    {
        "portal_people",
        "portal_audit.auditentry",
        "insights_events.distinctid",
        "insights_events.personjoin",
        "insights_events.inboxrequest",
        "insights_events.part",
        "insights_persons.personjob",
    }
)
_PACKAGES = ("portal.", "insights.", "roadmaps.", "playbooks.", "django.contrib.admin.")


@dataclass(frozen=True)
class Place:
    """A table with the columns that hold words."""

    model: type[models.Model]
    fields: tuple[models.Field, ...]

    @property
    def label(self) -> str:
        """Return the model's label, as "insights_voice_feedback.feedback"."""
        return self.model._meta.label_lower

    @property
    def rows(self) -> models.QuerySet:
        """Return all rows, whoever may see them."""
        return self.model._base_manager.all()


@cache
def all_places() -> dict[str, Place]:
    """Return the tables with words, by label."""
    found = {}
    for model in apps.get_models(include_auto_created=False):
        meta = model._meta
        is_others = meta.app_label in _OTHERS or meta.label_lower in _OTHERS
        if is_others or not meta.managed or meta.proxy or not model.__module__.startswith(_PACKAGES):
            continue
        fields = tuple(field for field in meta.local_concrete_fields if _holds_words(field))
        if fields:
            found[meta.label_lower] = Place(model, fields)
    return dict(sorted(found.items()))


def _holds_words(field: Any) -> bool:
    if getattr(field, "generated", False) or field.primary_key or field.choices:
        return False
    if isinstance(field, ArrayField):
        return isinstance(field.base_field, models.CharField | models.TextField)
    if isinstance(field, models.CharField):  # shorter ones are codes
        return field.max_length is None or field.max_length > 8
    return isinstance(field, models.TextField | models.JSONField)


def own_paths(model: type[models.Model]) -> Iterator[str]:
    """Yield the lookups from a model to the ids of the person whose row it is, over at most two foreign keys.

    A row that goes when its person goes is theirs, and so is one that hangs on such a row.
    """
    for field in model._meta.local_concrete_fields:
        if not isinstance(field, models.ForeignKey) or field.remote_field.on_delete is not models.CASCADE:
            continue
        if field.related_model is DistinctId:
            yield field.name
        else:
            yield from (f"{field.name}__{path}" for path in _persons_of(field.related_model))


def _persons_of(model: Any) -> list[str]:
    keys = [field for field in model._meta.local_concrete_fields if isinstance(field, models.ForeignKey)]
    return [
        key.name for key in keys if key.related_model is DistinctId and key.remote_field.on_delete is models.CASCADE
    ]
