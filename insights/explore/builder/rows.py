"""A draft as the rows and fields that the builder's template shows, each with its faults."""

import re
from dataclasses import dataclass, field
from typing import Any

from insights.explore.builder.drafts import ANY_EVENT, MANY_VALUES, VALUELESS, Draft
from insights.questions.contracts import VALUE_MEASURES
from insights.questions.words import COHORT_WORDS, MEASURE_WORDS, OPERATOR_WORDS, required_numbers

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
OWNERS = {"event": "Event", "person": "Person", "account": "Account", "cohort": "Cohort"}

_COHORT_OPS = {"in_cohort": "in", "not_in_cohort": "not in"}


def values_id(of: str, name: str) -> str:
    """Return the id of the list of values that one property takes."""
    return f"values-{of}-" + re.sub(r"[^A-Za-z0-9_-]", lambda match: f"-{ord(match[0]):x}", name)


@dataclass(frozen=True)
class Option:
    """A choice of a select."""

    value: str
    label: str
    is_selected: bool = False


@dataclass(frozen=True)
class Field:
    """An input: its name is the path into the question."""

    name: str
    value: str = ""
    errors: list[str] = field(default_factory=list)
    hint: str = ""
    has_focus: bool = False
    options: list[Option] = field(default_factory=list)

    @property
    def id(self) -> str:
        """Return the element's id."""
        return "f-" + self.name.replace(".", "-")


@dataclass(frozen=True)
class FilterRow:
    """One condition."""

    path: str
    property: Field
    of: Field
    op: Field
    values: list[Field]
    value_errors: list[str]
    kind: str  # none, one, many, range or cohort
    is_group: bool = False

    @property
    def is_cohort(self) -> bool:
        """Say whether it is about cohorts, of which each value is a choice."""
        return self.kind == "cohort"

    @property
    def values_id(self) -> str:
        """Return the id of the list of values to pick from."""
        return values_id(self.of.value, self.property.value)


@dataclass(frozen=True)
class FilterList:
    """Conditions of which all or any hold; `path` is where a new one goes."""

    path: str
    mode: str
    rows: list[Any]
    errors: list[str]
    is_root: bool
    can_nest: bool
    has_focus: bool = False
    is_group: bool = True
    is_denied: bool = False  # it must not hold

    @property
    def words(self) -> str:
        """Return what a group says of its rows."""
        if self.is_denied:
            return "None of these" if self.mode == "any" else "Not all of these together"
        return "Any of these" if self.mode == "any" else "All of these"

    @property
    def denied_name(self) -> str:
        """Return the name of the field that says that a group must not hold."""
        return f"{self.item_path}.not"

    @property
    def item_path(self) -> str:
        """Return the path of the group itself in its list."""
        return self.path.rpartition(".")[0]


@dataclass(frozen=True)
class SpecRow:
    """One event of the question."""

    path: str
    letter: str
    label: str
    event: Field
    filters: FilterList
    measure: Field | None = None
    property: Field | None = None
    optional: Field | None = None
    insight: Field | None = None
    can_remove: bool = False
    can_move: bool = False


@dataclass(frozen=True)
class ExclusionRow:
    """An event that must not happen between two steps."""

    path: str
    label: str
    event: Field
    filters: FilterList
    after: Field
    before: Field


class Rows:
    """Makes rows of one draft; `errors` and `hints` are by field name, `focus` names the field that gets it.

    `cohorts` are the cohorts to choose from, by slug; `insights` the saved insights, by number.
    """

    def __init__(
        self,
        draft: Draft,
        errors: dict[str, list[str]],
        hints: dict[str, str],
        focus: str = "",
        cohorts: dict[str, str] | None = None,
        insights: dict[str, str] | None = None,
    ):
        self.draft, self.errors, self.hints, self.focus = draft, errors, hints, focus
        self.cohorts, self.insights = cohorts or {}, insights or {}

    def field(self, name: str, value: Any = "", options: list[Option] | None = None) -> Field:
        """Return a field with its faults, its hint, and the focus if it is its turn."""
        return Field(
            name=name,
            value="" if value is None else str(value),
            errors=self.errors.get(name, []),
            hint=self.hints.get(name, ""),
            has_focus=self.focus == name,
            options=options or [],
        )

    def select(self, name: str, value: Any, choices: dict[str, str]) -> Field:
        """Return a field with choices; a value that is not among them is shown too."""
        text = "" if value is None else str(value)
        if text not in choices:
            choices = {**choices, text: text or "…"}
        return self.field(name, text, [Option(key, label, key == text) for key, label in choices.items()])

    def specs(self) -> list[SpecRow]:
        """Return the question's events, whatever its kind calls them."""
        draft = self.draft
        for key in ("series", "steps"):
            items = draft.get(key)
            if isinstance(items, list):
                return [
                    self._spec(f"{key}.{number}", spec, self._label(key, number), len(items), number)
                    for number, spec in enumerate(items)
                    if isinstance(spec, dict)
                ]
        labels = {"target": "First did", "returning": "Came back and did", "event": "Event"}
        labels |= {"start": "Start", "end": "End"}
        if draft.get("kind") == "goes_with":
            labels["returning"] = "Later did"
        return [
            self._spec(key, draft[key], label, 1, 0)
            for key, label in labels.items()
            if isinstance(draft.get(key), dict)
        ]

    def exclusions(self) -> list[ExclusionRow]:
        """Return what must not happen between the steps of a funnel."""
        items, steps = self.draft.get("exclusions"), self.draft.get("steps")
        if not isinstance(items, list) or not isinstance(steps, list):
            return []
        required = required_numbers(self.draft) or [1]
        places = {str(number): f"step {number}" for number in required}
        found = []
        for number, item in enumerate(items):
            if isinstance(item, dict):
                row = self._spec(f"exclusions.{number}", item, f"Excluded event {number + 1}", 2, 0)
                after = self.select(f"{row.path}.after", item.get("after") or 1, places)
                before = self.select(f"{row.path}.before", item.get("before") or required[-1], places)
                found.append(ExclusionRow(row.path, row.label, row.event, row.filters, after, before))
        return found

    def _label(self, key: str, number: int) -> str:
        return f"Step {number + 1}" if key == "steps" else f"Series {LETTERS[number % 26]}"

    def _spec(self, path: str, spec: Draft, label: str, n_rows: int, number: int) -> SpecRow:
        event = spec.get("event")
        is_insight = path.startswith("series.") and "insight" in spec
        is_trend = self.draft.get("kind") == "trend" and not is_insight
        measure = spec.get("measure", "total")
        words = {key: text[0].upper() + text[1:] for key, text in MEASURE_WORDS.items()}
        if self.draft.get("unit") == "account":
            words = {
                key: text.replace("People", "Accounts").replace("person", "account") for key, text in words.items()
            }
        needs_number = is_trend and measure in VALUE_MEASURES
        own_errors = [sentence for key in (path, f"{path}.kind") for sentence in self.errors.get(key, [])]
        shown = self.field(f"{path}.event", ANY_EVENT if event is None else event)
        if own_errors:
            shown = Field(shown.name, shown.value, [*shown.errors, *own_errors], shown.hint, shown.has_focus)
        return SpecRow(
            path=path,
            letter=LETTERS[number % 26] if path.startswith("series") else str(number + 1),
            label=label,
            event=shown,
            filters=self.filter_list(f"{path}.filters", spec.get("filters"), "all", is_root=True),
            measure=self.select(f"{path}.measure", measure, words) if is_trend else None,
            property=self.field(f"{path}.property", spec.get("property")) if needs_number else None,
            optional=self._optional(path, spec, number),
            insight=self._insight(path, spec.get("insight")) if is_insight else None,
            can_remove=n_rows > 1,
            can_move=number > 0,
        )

    def _insight(self, path: str, value: Any) -> Field:
        """Return the choice of the saved insight whose number a series takes."""
        blank = "Choose a saved insight" if self.insights else "No saved insight fits: save a trend of one event first"
        return self.select(f"{path}.insight", value, {"": blank, **self.insights})

    def _optional(self, path: str, spec: Draft, number: int) -> Field | None:
        """Return the choice whether a step is optional: an attempt begins with the first one, unless in any order."""
        is_first = number == 0 and self.draft.get("order") != "any"
        if not path.startswith("steps.") or (is_first and not spec.get("optional")):
            return None
        return self.field(f"{path}.optional", "1" if spec.get("optional") else "")

    def filter_list(self, path: str, rows: Any, mode: str, *, is_root: bool) -> FilterList:
        """Return a list of conditions, groups inside it as lists of their own."""
        found: list[Any] = []
        for number, row in enumerate(rows if isinstance(rows, list) else []):
            here = f"{path}.{number}"
            if not isinstance(row, dict):
                continue
            group = next((key for key in ("any", "all") if key in row), "")
            if group:
                found.append(self.filter_list(f"{here}.{group}", row[group], group, is_root=False))
            else:
                found.append(self._filter(here, row))
        depth = sum(part in ("any", "all") for part in path.split("."))
        return FilterList(
            path=path,
            mode=mode,
            rows=found,
            errors=self.errors.get(path, []),
            is_root=is_root,
            can_nest=depth < 3,
            has_focus=self.focus in (f"add-{path}", f"flip-{path}"),
        )

    def _cohort_filter(self, path: str, row: Draft) -> FilterRow:
        """Return a condition on cohorts: one choice for each, and one more."""
        name, given = f"{path}.value", row.get("value")
        values = [str(one) for one in (given if isinstance(given, list) else [given]) if one not in (None, "")]
        blank = {"": "or …" if values else "choose a cohort"}
        choices = [self.select(name, value, self.cohorts) for value in values]
        rest = {slug: label for slug, label in self.cohorts.items() if slug not in values}
        choices.append(self.select(name, "", blank | rest))
        faults = {key: texts for key, texts in self.errors.items() if key == name or key.startswith(f"{name}.")}
        return FilterRow(
            path=path,
            property=Field(f"{path}.property", "cohort"),
            of=self.select(f"{path}.of", "cohort", OWNERS),
            op=self.select(f"{path}.op", row.get("op"), _COHORT_OPS),
            values=choices,
            value_errors=[text for texts in faults.values() for text in texts],
            kind="cohort",
        )

    def _filter(self, path: str, row: Draft) -> FilterRow:
        op = str(row.get("op", "is"))
        if op in COHORT_WORDS:
            return self._cohort_filter(path, row)
        kind = "none" if op in VALUELESS else "range" if op == "between" else "many" if op in MANY_VALUES else "one"
        given = row.get("value")
        values = given if isinstance(given, list) else [] if given in (None, "") else [given]
        shown = [*values, ""] if kind == "many" else [*values, "", ""][: {"none": 0, "one": 1, "range": 2}[kind]]
        name = f"{path}.value"
        return FilterRow(
            path=path,
            property=self.field(f"{path}.property", row.get("property")),
            of=self.select(f"{path}.of", row.get("of", "event"), OWNERS),
            op=self.select(f"{path}.op", op, OPERATOR_WORDS),
            values=[
                Field(name, _say(value), has_focus=self.focus == name and place == len(values))
                for place, value in enumerate(shown)
            ],
            value_errors=self.errors.get(name, []),
            kind=kind,
        )


def _say(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
