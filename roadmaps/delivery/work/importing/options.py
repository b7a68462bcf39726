"""What holds for all rows of a tracker's file: which tracker, how days are written."""

from typing import Any

from django import forms

from insights.imports.public import OptionsForm, Plan
from portal.people.public import Product, can
from roadmaps.delivery.work.models import Tracker

DAYS = [
    ("", "As guessed from the file"),
    ("%d/%m/%Y %H:%M", "31/01/2026 17:05"),
    ("%m/%d/%Y %H:%M", "01/31/2026 17:05"),
    ("%m/%d/%Y %I:%M %p", "01/31/2026 05:05 PM"),
    ("%d/%b/%y %I:%M %p", "31/Jan/26 05:05 PM"),
    ("%d.%m.%Y %H:%M", "31.01.2026 17:05"),
    ("iso", "2026-01-31 17:05"),
]
_MOST = 200


class _TrackerOptions(OptionsForm):
    """What both kinds of files ask."""

    tracker = forms.ChoiceField(required=False, label="Tracker")
    day_format = forms.ChoiceField(choices=DAYS, required=False, label="Times are written as")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        mine = Tracker.objects.visible_to(self.user).filter(product=self.product).select_related("team")[:_MOST]
        found = [one for one in mine if can(self.user, "trackers.edit", one)]
        self.fields["tracker"].choices = [*self._first, *((str(one.pk), one.name) for one in found)]
        alike = [one for one in found if one.kind == self.initial.get("kind", one.kind)]
        if len(alike) == 1:
            self.fields["tracker"].initial = str(alike[0].pk)

    _first: tuple[tuple[str, str], ...] = ()


class ItemOptions(_TrackerOptions):
    """Of a file of items."""

    _first = (("", "A new one, with the name below"),)
    tracker_name = forms.CharField(
        required=False, max_length=100, label="Name of a new tracker", help_text="Such as “Planner in Jira”."
    )
    kind = forms.ChoiceField(choices=Tracker.Kind.choices, initial=Tracker.Kind.OTHER, label="A new tracker is")
    counts_from_opening = forms.BooleanField(
        required=False,
        label="In a new tracker, work begins when an item is opened, where the file does not say when it began",
    )


class ChangeOptions(_TrackerOptions):
    """Of a file of status changes: its items must be there."""

    _first = (("", "Choose one"),)


def chosen_tracker(plan: Plan, product: Product) -> Tracker | None:
    """Return the tracker that options name: by its number, else by the name of a new one that is there by now."""
    text = str(plan.options.get("tracker") or "")
    trackers = Tracker.objects.select_related("product__team", "team").filter(product=product)
    if text:
        return trackers.filter(pk=int(text)).first() if text.isdecimal() and len(text) < 19 else None
    name = tracker_name(plan)
    return trackers.filter(name=name).first() if name else None


def tracker_name(plan: Plan) -> str:
    """Return the name of a new tracker."""
    return " ".join(str(plan.options.get("tracker_name") or "").split())[:100]
