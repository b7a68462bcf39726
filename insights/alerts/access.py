"""The only door to an alert, an incident, a day off or a dry run; and who may do what to them."""

from typing import Any

from insights.alerts.models import Alert, DayOff, DryRun, Incident
from portal.people.public import Role, allow, get_visible, require
from portal.shell.public import NotFound

allow("alerts.create", Role.PRODUCT_MANAGER)
allow("alerts.edit", Role.PRODUCT_MANAGER)
allow("days_off.edit", Role.PRODUCT_MANAGER)


def get_alert(user: Any, pk: int, write: bool = False) -> Alert:
    """Return an alert that this user may see, on duty or not."""
    return get_visible(
        Alert.objects.with_subjects().with_marks().with_told(), user, "alerts.edit" if write else "", pk=pk
    )


def get_incident(user: Any, pk: int, write: bool = False) -> Incident:
    """Return an incident of an alert that this user may see."""
    related = ("alert__product", "alert__team", "alert__owner", "acknowledged_by", "resolved_by", "annotation")
    return get_visible(Incident.objects.select_related(*related), user, "alerts.edit" if write else "", pk=pk)


def get_day_off(user: Any, pk: int, write: bool = False) -> DayOff:
    """Return a day off of the company or of a product that this user may see."""
    return get_visible(DayOff.objects.select_related("product"), user, "days_off.edit" if write else "", pk=pk)


def get_dry_run(user: Any, pk: int, write: bool = False) -> DryRun:
    """Return one of a person's own dry runs, while they may still make alerts."""
    found = DryRun.objects.visible_to(user).filter(pk=pk).first()
    if found is None:
        raise NotFound()
    require(user, "alerts.create")
    return found
