"""All fields of the builder, for one draft."""

from dataclasses import dataclass, field, fields, replace
from typing import Any

from insights.explore.builder.drafts import CUSTOM_RANGE, RANGES, Draft, write_features
from insights.explore.builder.gaps import is_waiting_part, prune
from insights.explore.builder.rows import ExclusionRow, Field, FilterList, Option, Rows, SpecRow
from insights.questions.contracts import TrendQuestion
from insights.questions.words import INTERVAL_WORDS, required_numbers

_COMPARE = {"": "Nothing", "previous": "Period before", "year": "Year before"}
_OWNER_CHOICES = {
    "event": "Event property",
    "person": "Person trait",
    "account": "Account trait",
    "field:event": "Event name",
    "field:source": "Source",
}
_ORDER = {"ordered": "In this order", "strict": "Directly one after another", "any": "In any order"}
_VIEW = {
    "steps": "How many reach each step",
    "trend": "Conversion over time",
    "histogram": "Time to convert",
}
_WINDOW = {"minute": "minutes", "hour": "hours", "day": "days", "week": "weeks", "second": "seconds"}
_MODE = {"recurring": "Everybody who did it", "first_time": "Only their first time ever"}
_POINT = {"start": "After this event", "end": "Before this event"}
_GAP = {"second": "seconds", "minute": "minutes", "hour": "hours", "day": "days"}
_UNBROKEN = ("lifecycle", "paths", "adoption", "goes_with")  # kinds without a breakdown
_UNIT = {"person": "People", "account": "Accounts"}
_WEEK = {"monday": "Monday", "sunday": "Sunday"}


@dataclass(frozen=True)
class BreakdownRow:
    """One property that splits the answer; without a name of its own for the event's name and the source."""

    of: Field
    property: Field | None
    number: int

    @property
    def label(self) -> str:
        """Return what the row asks for."""
        return "Property to break down by" if self.number == 1 else f"Property {self.number} to break down by"

    @property
    def of_label(self) -> str:
        """Return what the row's choice is about."""
        return "What to break down by" if self.number == 1 else f"What to break down by, {self.number}"

    @property
    def placeholder(self) -> str:
        """Return what stands in an empty field."""
        return "none" if self.number == 1 else "and by, none"


@dataclass(frozen=True)
class Builder:
    """All fields of the builder."""

    kind: str
    products: Field
    specs: list[SpecRow]
    add_label: str
    add_path: str
    may_add_insight: bool
    filters: FilterList
    breakdown: list[BreakdownRow]
    breakdown_errors: list[str]
    range: Field
    date_from: Field
    date_to: Field
    is_custom_range: bool
    interval: Field | None
    compare: Field
    unit: Field
    timezone: Field
    week_start: Field
    zones: list[str]
    order: Field | None = None
    window_value: Field | None = None
    window_unit: Field | None = None
    view: Field | None = None
    attribution: Field | None = None
    exclusions: list[ExclusionRow] = field(default_factory=list)
    may_exclude: bool = False
    exclude_has_focus: bool = False
    mode: Field | None = None
    intervals: Field | None = None
    minimum: Field | None = None
    rolling: Field | None = None
    unbounded: bool = False
    formula: Field | None = None
    cumulative: Field | None = None
    moving_average: Field | None = None
    point: Field | None = None
    n_steps: Field | None = None
    n_edges: Field | None = None
    gap_value: Field | None = None
    gap_unit: Field | None = None
    repeats: bool = False
    features: Field | None = None
    days: Field | None = None
    until: Field | None = None
    feature_names: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    other_errors: list[str] = field(default_factory=list)
    is_more_open: bool = False


_SPANS = {"d": "days", "w": "weeks", "m": "months", "q": "quarters", "y": "years"}


def is_relative(text: str) -> bool:
    """Say whether a start is relative to the end, such as -30d."""
    return text[:1] == "-" and text[1:-1].isdigit() and text[-1:] in _SPANS


def range_choices(kind: str, start: str) -> dict[str, str]:
    """Return the ranges to choose from, the one in force among them."""
    if kind == "retention":
        found = {"": "Up to now", CUSTOM_RANGE: "Starting on a day"}
    else:
        found = {**RANGES, CUSTOM_RANGE: "Between two days"}
    if is_relative(start) and start not in found:
        span = f"{start[1:-1]} {_SPANS[start[-1]]}"
        found = {start: span if kind != "retention" else f"Starting {span} back", **found}
    return found


def build_fields(
    draft: Draft, rows: Rows, *, products: dict[str, str], zones: list[str], zone: str, resolved: tuple[str, str]
) -> Builder:
    """Return all fields of a draft.

    `products` are names by slug, `zone` is the workspace's, `resolved` the first and last day that the range came to.
    """
    kind = draft["kind"]
    start = str(draft.get("date_from") or "")
    end = str(draft.get("date_to") or "")
    if kind == "retention" and start == f"-{draft.get('intervals')}{str(draft.get('interval'))[:1]}":
        start = ""  # what its intervals say anyway
    is_custom = bool(end) or not (is_relative(start) or (kind == "retention" and not start))
    intervals = {key: f"By {text}" for key, text in INTERVAL_WORDS.items()} | {"all": "One number"}
    if kind != "trend":
        intervals.pop("all")
    if kind == "adoption":
        intervals = {key: text for key, text in intervals.items() if key in ("week", "month", "quarter")}
    has_more = (
        draft.get("unit", "person") != "person"
        or draft.get("timezone")
        or draft.get("week_start", "monday") != "monday"
    )
    builder = Builder(
        kind=kind,
        products=_product_field(draft, rows, products),
        specs=rows.specs(),
        add_label={"trend": "Add event", "stickiness": "Add event", "funnel": "Add step"}.get(kind, ""),
        add_path="steps" if kind == "funnel" else "series",
        may_add_insight=kind == "trend",
        filters=rows.filter_list("filters", draft.get("filters"), "all", is_root=True),
        breakdown=_breakdown_rows(draft, rows),
        breakdown_errors=rows.errors.get("breakdown", []),
        range=rows.select("range", CUSTOM_RANGE if is_custom else start, range_choices(kind, start)),
        date_from=rows.field("date_from", resolved[0] if is_relative(start) else start[:10]),
        date_to=rows.field("date_to", end[:10] or resolved[1]),
        is_custom_range=is_custom or bool(rows.errors.get("date_from") or rows.errors.get("date_to")),
        interval=None if _is_uncut(draft) else rows.select("interval", draft.get("interval", "day"), intervals),
        compare=rows.select("compare", draft.get("compare"), _COMPARE),
        unit=rows.select("unit", draft.get("unit", "person"), _UNIT),
        timezone=rows.field("timezone", draft.get("timezone") or zone),
        week_start=rows.select("week_start", draft.get("week_start", "monday"), _WEEK),
        zones=zones,
        unbounded=bool(draft.get("unbounded")),
        **_own_fields(draft, rows, has_parts=bool(prune(draft)[0].get("breakdown"))),
        sources=[str(slug) for slug in draft.get("sources") or [] if isinstance(slug, str)],
        is_more_open=bool(has_more),
    )
    return _with_other_errors(builder, rows)


def _breakdown_rows(draft: Draft, rows: Rows) -> list[BreakdownRow]:
    """Return the properties that split the answer, with an empty row for one more where there may be one."""
    if draft["kind"] in _UNBROKEN:
        return []
    most = TrendQuestion.most_breakdowns if draft["kind"] == "trend" else 1
    items = [item for item in draft.get("breakdown") or [] if isinstance(item, dict)]
    owners = _OWNER_CHOICES | {f"cohort:{slug}": f"Cohort: {name}" for slug, name in rows.cohorts.items()}
    found = []
    spare = [] if items and is_waiting_part(items[-1]) else [{}]
    for number, item in enumerate([*items, *spare][: max(most, len(items))]):
        owner = str(item.get("of", "event"))
        owner = f"{owner}:{item.get('property')}" if owner in ("field", "cohort") else owner
        path = f"breakdown.{number}"
        name = None if owner.startswith(("field:", "cohort:")) else rows.field(f"{path}.property", item.get("property"))
        found.append(BreakdownRow(rows.select(f"{path}.of", owner, owners), name, number + 1))
    return found


def _is_uncut(draft: Draft) -> bool:
    """Say whether the question has no interval."""
    return draft["kind"] in ("paths", "goes_with") or (draft["kind"] == "funnel" and draft.get("view") != "trend")


def _own_fields(draft: Draft, rows: Rows, *, has_parts: bool) -> dict[str, Any]:
    """Return the fields that only some kinds have."""
    if draft["kind"] == "trend":
        return {
            "formula": rows.field("formula", draft.get("formula")),
            "cumulative": rows.field("cumulative", "1" if draft.get("cumulative") else ""),
            "moving_average": rows.field("moving_average", draft.get("moving_average")),
        }
    if draft["kind"] == "adoption":
        named = draft["features"] if isinstance(draft.get("features"), list) else []
        names = [str(one.get("name")) for one in named if isinstance(one, dict)]
        return {"features": rows.field("features", write_features(draft)), "feature_names": names}
    if draft["kind"] == "goes_with":
        return {"days": rows.field("days", draft.get("days", 7)), "until": rows.field("until", draft.get("until", 28))}
    if draft["kind"] == "paths":
        return _paths_fields(draft, rows)
    if draft["kind"] == "funnel":
        return _funnel_fields(draft, rows, has_parts=has_parts)
    if draft["kind"] != "retention":
        return {}
    return {
        "mode": rows.select("mode", draft.get("mode", "recurring"), _MODE),
        "intervals": rows.field("intervals", draft.get("intervals", 8)),
        "minimum": rows.field("minimum", draft.get("minimum", 1)),
        "rolling": rows.field("rolling", "1" if draft.get("rolling") else ""),
    }


def _paths_fields(draft: Draft, rows: Rows) -> dict[str, Any]:
    """Return the fields that only paths have."""
    gap = draft.get("session_gap")
    gap = gap if isinstance(gap, dict) else {}
    return {
        "point": rows.select("point", "end" if draft.get("end") else "start", _POINT),
        "n_steps": rows.field("steps", draft.get("steps", 5)),
        "n_edges": rows.field("edges", draft.get("edges", 50)),
        "gap_value": rows.field("session_gap.value", gap.get("value", 30)),
        "gap_unit": rows.select("session_gap.unit", gap.get("unit", "minute"), _GAP),
        "repeats": bool(draft.get("repeats")),
    }


def _funnel_fields(draft: Draft, rows: Rows, *, has_parts: bool) -> dict[str, Any]:
    """Return the fields that only a funnel has."""
    window = draft.get("window") or {}
    return {
        "order": rows.select("order", draft.get("order", "ordered"), _ORDER),
        "window_value": rows.field("window.value", window.get("value", 14)),
        "window_unit": rows.select("window.unit", window.get("unit", "day"), _WINDOW),
        "view": rows.select("view", draft.get("view", "steps"), _VIEW),
        "attribution": _attribution(draft, rows) if has_parts else None,
        "exclusions": rows.exclusions(),
        "may_exclude": len(required_numbers(draft)) > 1,
        "exclude_has_focus": rows.focus == "add-exclusions",
    }


def _attribution(draft: Draft, rows: Rows) -> Field:
    """Return the choice of the step whose event says the part that somebody counts in."""
    steps = required_numbers(draft)
    choices = {"first": "As at the first step", "last": "As at the last step reached"}
    choices |= {"all": "The same at every step"} | {str(step): f"As at step {step}" for step in steps}
    return rows.select("attribution", draft.get("attribution", "first"), choices)


def _with_other_errors(builder: Builder, rows: Rows) -> Builder:
    """Add the faults that have no field of their own, with the name of what they speak of."""
    shown = {"filters"} | {
        value.name for item in fields(builder) if isinstance(value := getattr(builder, item.name), Field)
    }
    prefixes = (
        *("series.", "steps.", "exclusions.", "target", "returning", "event.", "start", "end", "features["),
        *("filters.", "breakdown", "products"),
    )
    others = [
        text if name == "question" else f"{name}: {text}"
        for name, texts in rows.errors.items()
        if name not in shown and not name.startswith(prefixes)
        for text in texts
    ]
    return replace(builder, other_errors=others)


def _product_field(draft: Draft, rows: Rows, products: dict[str, str]) -> Field:
    chosen = [str(slug) for slug in draft.get("products") or []]
    options = [Option(slug, name, slug in chosen) for slug, name in products.items()]
    errors = [text for name, texts in rows.errors.items() if name.startswith("products") for text in texts]
    return replace(rows.field("products", ",".join(chosen), options), errors=errors)
