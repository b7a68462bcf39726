"""Initiatives, and changes of their status, as kinds of imports."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.http import urlencode

from insights.imports.public import (
    Import,
    ImportKind,
    OptionsForm,
    Plan,
    Target,
    Worked,
    guess_day_format,
    guess_targets,
)
from insights.sources.public import PATTERNS, format_words
from portal.people.public import Product, can
from roadmaps.planning.initiatives.taking import ChangeTaker, InitiativeTaker
from roadmaps.planning.initiatives.undoing import find_worked, undo_changes, undo_initiatives

_REFERENCE = ("id", "key", "issue key", "reference", "number", "pep", "initiative id")
_STAGE = ("stage", "status", "state", "to status", "to stage", "new status")
TARGETS = (
    Target("reference", "Reference: its name in the other system", _REFERENCE),
    Target("title", "Title", ("title", "name", "initiative", "summary", "feature", "epic")),
    Target("summary", "What would be different", ("description", "details", "body")),
    Target("stage", "Status", _STAGE),
    Target("horizon", "Horizon: now, next or later", ("horizon", "when", "bucket")),
    Target("objective", "Goal, by its title", ("goal", "objective", "theme")),
    Target("owner", "Owner, by name or address", ("owner", "assignee", "lead", "owner email")),
    Target("effort_months", "Effort in person-months", ("effort", "person months", "estimate", "months")),
    Target("starts_on", "Begins on", ("start", "start date", "starts on", "begins")),
    Target("ends_on", "Ends on", ("end", "end date", "ends on", "target date", "due date")),
    Target("promised_on", "Promised by", ("promised", "promised on", "deadline", "committed date")),
    Target("begun", "Written down on: from this day it is in the past's roadmaps", ("created", "created at", "begun")),
    Target("needs", "What it needs: references, apart by commas", ("needs", "requires", "depends on", "blocked by")),
)
CHANGE_TARGETS = (
    Target("reference", "Reference of the initiative", _REFERENCE),
    Target("stage", "Status from then on", ("to status", "to stage", "new status", "to", "status", "stage")),
    Target(
        "at", "When it changed", ("timestamp utc", "timestamp", "changed at", "changed on", "at", "date", "when", "on")
    ),
)
_DAYS = (
    ("iso", "ISO: 2026-11-21"),
    *((name, format_words(name)) for name in ("epoch_s", "epoch_ms", *PATTERNS)),
)


class DayOptions(OptionsForm):
    """How days are written in the file."""

    day_format = forms.ChoiceField(label="Days are written as", choices=_DAYS, initial="iso")


class _PlanImport(ImportKind):
    """What both kinds share."""

    options_form = DayOptions
    day_targets: tuple[str, ...] = ()

    def may(self, user: Any, product: Product | None = None) -> bool:
        """Say whether a user may plan for a product."""
        return can(user, "initiatives.create", product)

    def guess(self, columns: Sequence[str], samples: Mapping[str, Sequence[str]]) -> tuple[str, Plan]:
        """Guess by names, and how days are written by what is written."""
        preset, plan = guess_targets(self.targets, self.presets, columns, samples)
        days = [text for column, name in plan.targets.items() if name in self.day_targets for text in samples[column]]
        return preset, Plan(plan.targets, {**plan.options, "day_format": guess_day_format(days)})

    def url_of(self, batch: Import) -> str:
        """Return the list of initiatives."""
        return f"{reverse('initiatives:initiative-list')}?{urlencode({'product': batch.product.slug})}"


class InitiativeImport(_PlanImport):
    """Files of initiatives: a row an initiative."""

    name = "initiatives"
    title = "initiatives"
    nouns = ("initiative", "initiatives")
    order = 50
    targets = TARGETS
    day_targets = ("starts_on", "ends_on", "promised_on", "begun")
    preview = (
        ("reference", "Reference"),
        ("title", "Title"),
        ("sent_stage", "Status"),
        ("horizon", "Horizon"),
        ("starts_on", "Begins on"),
        ("ends_on", "Ends on"),
        ("effort_months", "Effort"),
    )
    help = (
        "A roadmap of another tool: a row an initiative, known by its reference. Statuses that nobody named yet stay "
        "as they are sent, and are reported. How each came to be is a file of its own: changes of status."
    )

    def faults(self, plan: Plan) -> list[str]:
        """Ask for what an initiative is called by."""
        return [] if plan.column("title") or plan.column("reference") else ["Say which column holds the title."]

    def taker(self, product: Product, plan: Plan, *, actor: Any, batch: Import | None) -> InitiativeTaker:
        """Return what looks at rows and writes initiatives."""
        return InitiativeTaker(product, plan, actor=actor, batch=batch)

    def worked(self, batch: Import) -> Worked:
        """Return the initiatives that people changed since."""
        return find_worked(batch)

    def undo(self, batch: Import, *, actor: Any, keeps_worked: bool, progress: Callable[..., None]) -> int:
        """Delete what was new, and put back what stood there before."""
        return undo_initiatives(batch, actor=actor, keeps_worked=keeps_worked, progress=progress)


class ChangeImport(_PlanImport):
    """Files of changes of status: a row a change, of initiatives that are here."""

    name = "initiative_changes"
    title = "changes of status of initiatives"
    nouns = ("change of status", "changes of status")
    order = 51
    targets = CHANGE_TARGETS
    day_targets = ("at",)
    preview = (("reference", "Reference"), ("stage", "Status from then on"), ("at", "When"))
    help = (
        "How initiatives came to be as they are: a row a change, with the reference of the initiative, the status from "
        "then on, and when. The roadmaps of past days are read from it. Import the initiatives first."
    )

    def faults(self, plan: Plan) -> list[str]:
        """Ask for all three."""
        missing = [target.label for target in CHANGE_TARGETS if not plan.column(target.name)]
        return [f"Say which column is: {label}." for label in missing]

    def taker(self, product: Product, plan: Plan, *, actor: Any, batch: Import | None) -> ChangeTaker:
        """Return what looks at rows and writes changes."""
        return ChangeTaker(product, plan, actor=actor, batch=batch)

    def undo(self, batch: Import, *, actor: Any, keeps_worked: bool, progress: Callable[..., None]) -> int:
        """Take the changes back, and tell the past without them."""
        return undo_changes(batch, progress=progress)
