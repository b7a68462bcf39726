"""The date range and filters that stand above a dashboard: read from its address, written back into one."""

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.utils import timezone

from insights.dashboards.contracts import Scope
from insights.questions.public import parse_question
from insights.questions.words import COHORT_WORDS, OPERATOR_WORDS, say_filter, say_period
from portal.shell.public import BadInput

OWN = "own"
PRESETS = (
    ("-7d", "Last 7 days"),
    ("-30d", "Last 30 days"),
    ("-90d", "Last 90 days"),
    ("-12w", "Last 12 weeks"),
    ("-12m", "Last 12 months"),
    (OWN, "Each tile's own dates"),
)
DATE_HELP = "a date such as 2026-01-31, or -30d, -8w, -12m."
_NUMERIC = frozenset({"gt", "gte", "lt", "lte"})
_BARE = frozenset({"is_set", "is_not_set"})
_OPS = ("is", "is_not", "contains", "not_contains", "gt", "gte", "lt", "lte", "is_set", "is_not_set")
OPS = tuple((op, OPERATOR_WORDS[op]) for op in _OPS)
OFS = (("event", "event"), ("person", "person"), ("account", "account"))
_RELATIVE = re.compile(r"-[1-9]\d{0,3}[dwmqy]")
MAX_FILTERS = 10


def clean_range_text(text: str, *, is_end: bool = False) -> str:
    """Return a first or last day as a question writes it, or raise a ValidationError with the fix."""
    text = text.strip()
    if not text or (not is_end and _RELATIVE.fullmatch(text)):
        return text
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        hint = "a date such as 2026-01-31." if is_end else DATE_HELP
        raise forms.ValidationError(f"“{text}” is not a day. Write {hint}") from None


def clean_filters(filters: Any) -> list[dict[str, Any]]:
    """Return filters of a dashboard, or raise a ValidationError: what no question could hold is refused."""
    asked = {"kind": "trend", "products": ["any"], "series": [{"event": None}], "filters": filters}
    try:
        parse_question(asked, now=timezone.now(), default_zone=settings.WORKSPACE_TIME_ZONE)
    except BadInput as error:
        told = [f"{path}: {text}" for path, texts in error.fields.items() for text in texts]
        raise forms.ValidationError(told or [error.message]) from error
    return filters


@dataclass(frozen=True)
class ScopeView:
    """The scope in force, and how the page shows and links it.

    `problems` are sentences about parts of the address that could not be used and were left out.
    """

    scope: Scope
    preset: str
    query: str
    is_changed: bool
    range_pairs: tuple[tuple[str, str], ...] = ()
    kept: tuple[str, ...] = ()
    n_own: int = 0
    problems: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Return the range in words."""
        known = dict(PRESETS)
        if self.preset in known:
            return known[self.preset]
        said = say_period({"date_from": self.scope.date_from, "date_to": self.scope.date_to})
        return said[0].upper() + said[1:]

    @property
    def filter_lines(self) -> list[dict[str, Any]]:
        """Return each filter in words, with the query that takes it away; the dashboard's own have none."""
        lines = []
        for number, one in enumerate(self.scope.filters):
            kept = [text for place, text in enumerate(self.kept) if place != number - self.n_own]
            without = urlencode([*self.range_pairs, *(("filter", text) for text in kept)])
            lines.append({"text": say_filter(one), "without": without if number >= self.n_own else None})
        return lines


def read_scope(params, dashboard) -> ScopeView:
    """Return the scope that an address asks for; what it does not say is the dashboard's own.

    Parameters: params — a QueryDict with `from`, `to` and one `filter` per filter as `of~property~op~value`.
    """
    problems: list[str] = []
    default = Scope(dashboard.date_from, dashboard.date_to, tuple(dashboard.filters))
    first, last = params.get("from", ""), params.get("to", "")
    scope = default
    if first == OWN:
        scope = replace(scope, date_from="", date_to="")
    elif first or last:
        try:
            start = clean_range_text(first) or dashboard.date_from
            end = clean_range_text(last, is_end=True)
            scope = replace(scope, date_from=start, date_to=end)
        except forms.ValidationError as error:
            problems += error.messages
    texts = [*params.getlist("filter"), *_typed_filter(params)][:MAX_FILTERS]
    added = [one for text in texts if (one := _read_filter(text, problems))]
    scope = replace(scope, filters=(*scope.filters, *added))
    range_pairs = _range_pairs(scope, dashboard)
    kept = tuple(_write_filter(one) for one in added)
    return ScopeView(
        scope=scope,
        preset=_preset_of(scope),
        query=urlencode([*range_pairs, *(("filter", text) for text in kept)]),
        is_changed=scope != default,
        range_pairs=range_pairs,
        kept=kept,
        n_own=len(dashboard.filters),
        problems=tuple(problems),
    )


def _typed_filter(params) -> list[str]:
    """Return the filter that the form on the page adds, as the address writes it."""
    if not params.get("property", "").strip():
        return []
    return ["~".join(params.get(name, "") for name in ("of", "property", "op", "value"))]


def _range_pairs(scope: Scope, dashboard) -> tuple[tuple[str, str], ...]:
    if (scope.date_from, scope.date_to) == (dashboard.date_from, dashboard.date_to):
        return ()
    return (("from", scope.date_from or OWN), *((("to", scope.date_to),) if scope.date_to else ()))


def _write_filter(one: dict[str, Any]) -> str:
    value = one["value"][0] if one["op"] in COHORT_WORDS else one.get("value", "")
    return "~".join([one["of"], one["property"], one["op"], str(value)])


def _preset_of(scope: Scope) -> str:
    if not scope.date_from:
        return OWN
    return scope.date_from if not scope.date_to and scope.date_from in dict(PRESETS) else ""


def _read_filter(text: str, problems: list[str]) -> dict[str, Any] | None:
    of, _, rest = text.partition("~")
    name, _, rest = rest.partition("~")
    op, _, value = rest.partition("~")
    if of == "cohort":
        if op in COHORT_WORDS and value:
            return {"property": "cohort", "of": "cohort", "op": op, "value": [value]}
        problems.append(f"The filter “{text}” is not complete, so it was left out.")
        return None
    if of not in dict(OFS) or op not in dict(OPS) or not name.strip() or (not value and op not in _BARE):
        if name.strip():
            problems.append(f"The filter “{text}” is not complete, so it was left out.")
        return None
    found: dict[str, Any] = {"property": name.strip(), "of": of, "op": op}
    if op in _NUMERIC:
        try:
            found["value"] = float(value) if "." in value else int(value)
        except ValueError:
            problems.append(f"“{value}” is not a number, so the filter on {name} was left out.")
            return None
    elif op not in _BARE:
        found["value"] = value
    return found
