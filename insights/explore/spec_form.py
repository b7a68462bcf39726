"""Rows of events with their conditions, for forms of other rooms: read from fields, edited by buttons, shown.

A draft is that of a question with `series`; the fields are named as on the explore page, such as "series.0.event".
"""

from dataclasses import dataclass
from typing import Any

from insights.catalogue.public import list_event_names, sources_of_products
from insights.explore.builder.drafts import Draft, read_fields
from insights.explore.builder.edits import apply_edit
from insights.explore.builder.gaps import place_faults, prune
from insights.explore.builder.rows import Rows, SpecRow
from insights.explore.cohort_choices import cohort_choices
from insights.explore.picking import MOST_ON_PAGE, Pickers, build_pickers
from portal.people.public import Product

_KIND = "stickiness"  # whose series are events with conditions, and nothing more


@dataclass(frozen=True)
class SpecList:
    """The rows as the builder's templates show them."""

    specs: list[SpecRow]
    pickers: Pickers
    kind: str = _KIND
    add_label: str = "Add event"
    add_path: str = "series"


@dataclass(frozen=True)
class SpecDraft:
    """Events with conditions that may not be filled in yet; `focus` names the field that gets the focus."""

    draft: Draft
    focus: str = ""

    def edited(self, command: str) -> "SpecDraft":
        """Return the rows after a button."""
        return SpecDraft(*apply_edit(self.draft, command))

    def specs(self) -> list[dict[str, Any]]:
        """Return the events that are named, with the conditions that are filled in, as a question takes them."""
        return list(prune(self.draft)[0]["series"])

    def place_faults(self, faults: dict[str, list[str]]) -> dict[str, list[str]]:
        """Return faults by path into `specs`, such as "[0].filters[0].value", under the names of the fields."""
        return place_faults({f"series{path}": texts for path, texts in faults.items()}, prune(self.draft)[1])

    def show(self, product: Product, user: Any, faults: dict[str, list[str]]) -> SpecList:
        """Return the rows to show, with what can be picked in a product."""
        events = list_event_names(sources_of_products([product.pk]), limit=MOST_ON_PAGE + 1)
        scope = {**self.draft, "products": [product.slug]}
        rows = Rows(self.draft, faults, {}, self.focus, cohort_choices(scope, [product.pk], user))
        return SpecList(rows.specs(), build_pickers(sources_of_products([product.pk]), events, scope))


def start_specs(specs: list[dict[str, Any]]) -> SpecDraft:
    """Return the rows of given events; one empty row for none."""
    return SpecDraft({"kind": _KIND, "series": specs or [{"event": ""}]})


def read_specs(post: Any) -> SpecDraft:
    """Return the rows that a form's fields describe."""
    found = read_fields((name, post.getlist(name)) for name in post if name.startswith("series."))
    series = found.get("series")
    return start_specs([one for one in series if isinstance(one, dict)] if isinstance(series, list) else [])
