"""Writing on the time line: annotations of a dashboard or of a product."""

from typing import Any

from django.db import transaction

from insights.dashboards.models import Annotation
from portal.audit.public import record, state_of
from portal.people.public import require


@transaction.atomic
def create_annotation(*, actor: Any, text: str, starts_on, ends_on=None, dashboard=None, product=None) -> Annotation:
    """Note what happened on a day or over a range of days, on one dashboard or on all of a product."""
    annotation = Annotation(
        text=text.strip(),
        starts_on=starts_on,
        ends_on=ends_on,
        dashboard=dashboard,
        product=None if dashboard else product,
        author=actor if actor.pk else None,
    )
    require(actor, "dashboards.edit", annotation)
    annotation.save()
    record(actor, "annotation.created", annotation, after=state_of(annotation))
    return annotation


@transaction.atomic
def update_annotation(annotation: Annotation, *, actor: Any, **fields: Any) -> Annotation:
    """Change an annotation's text, days or place."""
    require(actor, "dashboards.edit", annotation)
    before = state_of(Annotation.objects.get(pk=annotation.pk))
    for name, value in fields.items():
        setattr(annotation, name, value)
    require(actor, "dashboards.edit", annotation)
    annotation.save()
    record(actor, "annotation.changed", annotation, before=before, after=state_of(annotation))
    return annotation


@transaction.atomic
def delete_annotation(annotation: Annotation, *, actor: Any) -> None:
    """Remove an annotation; the audit trail keeps what it said."""
    require(actor, "dashboards.edit", annotation)
    record(actor, "annotation.deleted", annotation, before=state_of(annotation))
    annotation.delete()
