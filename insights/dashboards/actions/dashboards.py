"""Making, changing and putting away dashboards."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify

from insights.dashboards.models import Dashboard
from portal.audit.public import record, state_of
from portal.people.public import require
from portal.shell.public import Conflict, refuse_unknown

_FIELDS = ("title", "purpose", "product", "visibility", "owner", "date_from", "date_to", "filters")
_TAKEN_BY_PAGES = frozenset({"new", "tiles", "starter", "annotations", "csv"})


def _free_slug(title: str) -> str:
    base = slugify(title)[:60].strip("-") or "dashboard"
    taken = set(Dashboard.objects.filter(slug__startswith=base).values_list("slug", flat=True)) | _TAKEN_BY_PAGES
    return next(slug for n in range(len(taken) + 2) if (slug := base if not n else f"{base}-{n + 1}") not in taken)


def create_dashboard(*, actor: Any, product: Any, title: str, **fields: Any) -> Dashboard:
    """Make an empty dashboard of a product, owned by the actor in the product's team."""
    values = {"team": product.team, "owner": actor if actor.pk else None, **fields}
    for attempt in range(3):
        dashboard = Dashboard(product=product, title=title.strip(), slug=_free_slug(title), **values)
        dashboard.changed_by = actor if actor.pk else None
        require(actor, "dashboards.create", dashboard)
        try:
            with transaction.atomic():
                dashboard.save()
                record(actor, "dashboard.created", dashboard, after=state_of(dashboard))
            return dashboard
        except IntegrityError as error:  # the same title, made at the same moment: the next number is free
            if "slug" not in str(error) or attempt == 2:
                raise
    raise AssertionError("the loop returns or raises")


@transaction.atomic
def update_dashboard(dashboard: Dashboard, *, actor: Any, revision: int, **fields: Any) -> Dashboard:
    """Change what a dashboard says of itself, if nobody changed it since `revision`."""
    require(actor, "dashboards.edit", dashboard)
    refuse_unknown(fields, _FIELDS)
    current = Dashboard.objects.select_for_update(of=("self",)).select_related("changed_by").get(pk=dashboard.pk)
    if current.revision != revision:
        raise changed_meanwhile(current)
    before = state_of(current)
    for name, value in fields.items():
        setattr(current, name, value)
    if "product" in fields:
        current.team = current.product.team
        require(actor, "dashboards.edit", current)
    current.revision = revision + 1
    current.changed_by = actor if actor.pk else None
    current.save()
    record(actor, "dashboard.changed", current, before=before, after=state_of(current))
    return current


def changed_meanwhile(dashboard: Dashboard) -> Conflict:
    """Return the error that tells a second editor who was first."""
    who = dashboard.changed_by or "Somebody"
    return Conflict(
        f"{who} changed “{dashboard}” while you were at it. Nothing of yours is lost: look at what is new, "
        "then save again to keep yours."
    )


@transaction.atomic
def archive_dashboard(dashboard: Dashboard, *, actor: Any) -> bool:
    """Put a dashboard away: it leaves lists and the night, and can be restored. Return False if it was away."""
    require(actor, "dashboards.edit", dashboard)
    live = Dashboard.objects.filter(pk=dashboard.pk, archived_at=None)
    if not live.update(archived_at=timezone.now(), revision=F("revision") + 1):
        return False
    record(actor, "dashboard.archived", dashboard, before={"is_archived": False}, after={"is_archived": True})
    dashboard.refresh_from_db()
    return True


@transaction.atomic
def restore_dashboard(dashboard: Dashboard, *, actor: Any) -> bool:
    """Bring an archived dashboard back; return False if it was not away."""
    require(actor, "dashboards.edit", dashboard)
    away = Dashboard.objects.filter(pk=dashboard.pk, archived_at__isnull=False)
    if not away.update(archived_at=None, revision=F("revision") + 1):
        return False
    record(actor, "dashboard.restored", dashboard, before={"is_archived": True}, after={"is_archived": False})
    dashboard.refresh_from_db()
    return True
