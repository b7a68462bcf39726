"""Files of trackers as kinds of imports: items of work, and the history of their statuses."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse

from insights.imports.public import Import, ImportKind, Plan, Worked
from portal.people.public import Product, can
from roadmaps.delivery.work.importing.change_taking import ChangeTaker
from roadmaps.delivery.work.importing.options import ChangeOptions, ItemOptions, tracker_name
from roadmaps.delivery.work.importing.presets import CHANGE_TARGETS, ITEM_PRESETS, ITEM_TARGETS
from roadmaps.delivery.work.importing.taking import ItemTaker
from roadmaps.delivery.work.importing.undoing import find_worked, undo_items
from roadmaps.delivery.work.models import ImportedItem, Tracker


class _TrackerImport(ImportKind):
    """What both kinds share."""

    taker_class: Any

    def may(self, user: Any, product: Product | None = None) -> bool:
        """Say whether a user may import work into a product."""
        return can(user, "trackers.edit", product)

    def taker(self, product: Product, plan: Plan, *, actor: Any, batch: Import | None) -> Any:
        """Return what looks at rows and writes."""
        return self.taker_class(product, plan, actor=actor, batch=batch)

    def url_of(self, batch: Import) -> str:
        """Return the tracker that it went into."""
        row = ImportedItem.objects.filter(batch=batch).select_related("item").first()
        return reverse("work:tracker-page", args=[row.item.tracker_id]) if row else ""

    def worked(self, batch: Import) -> Worked:
        """Return what changed since."""
        return find_worked(batch)

    def undo(self, batch: Import, *, actor: Any, keeps_worked: bool, progress: Callable[..., None]) -> int:
        """Put back what stood there before; return how many were kept."""
        return undo_items(batch, keeps_worked=keeps_worked, progress=progress)


class WorkImport(_TrackerImport):
    """Files of items: a row an item."""

    name = "work-items"
    title = "items of work"
    nouns = ("item of work", "items of work")
    order = 60
    targets = ITEM_TARGETS
    presets = ITEM_PRESETS
    preview = (
        ("key", "Key"),
        ("title", "Title"),
        ("kind", "Type"),
        ("status", "Status"),
        ("opened_at", "Opened"),
        ("sent_started_at", "Started"),
        ("sent_finished_at", "Finished"),
        ("labels", "Labels"),
    )
    options_form = ItemOptions
    taker_class = ItemTaker
    help = (
        "Issues, stories, pull requests: a row an item, known by its key. Files of Jira, Linear and GitHub are known "
        "by their columns. An item that is there already is brought up to date; names of people are not taken."
    )

    def faults(self, plan: Plan) -> list[str]:
        """Ask for what says which item it is, and of which tracker."""
        found = []
        if not plan.column("key") and not plan.column("url"):
            found.append("Say which column holds the key of an item, such as PLAN-12.")
        if not plan.options.get("tracker") and not tracker_name(plan):
            found.append("Choose the tracker, or say the name of a new one.")
        if not plan.column("status") and not plan.column("sent_finished_at"):
            found.append(
                "Say which column holds the status, or when an item was finished: without either nothing flows."
            )
        return found


class ChangesImport(_TrackerImport):
    """Files of status changes: a row a change."""

    name = "work-changes"
    title = "status changes of work"
    nouns = ("change of status", "changes of status")
    order = 61
    targets = CHANGE_TARGETS
    preview = (("key", "Item"), ("at", "When"), ("from", "From"), ("to", "To"))
    options_form = ChangeOptions
    taker_class = ChangeTaker
    help = (
        "The history of items that are there already: a row a change, with the item's key, when, and the status that "
        "it became. Work begins with the first status of work and ends with the last of the end."
    )

    def faults(self, plan: Plan) -> list[str]:
        """Ask for what says which item became what when."""
        needed = {"key": "key of the item", "at": "time of the change", "to_status": "status that it became"}
        found = [f"Say which column holds the {what}." for name, what in needed.items() if not plan.column(name)]
        text = str(plan.options.get("tracker") or "")
        if not text.isdecimal() or not Tracker.objects.filter(pk=int(text[:18])).exists():
            found.append("Choose the tracker whose items these changes are of. Import its items first.")
        return found
