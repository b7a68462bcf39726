"""The builder of a cohort's rule: a rule as rows that all hold, groups of rows of which any does, and back again.

The rows are those of a question's filters, with one kind more: what somebody did. A draft is {"filters": rows}; a row
{"did", "event", "filters", "at_least", "when", "last_days", "date_from", "date_to"}, a filter, or {"any": rows}, which
must not hold where it says {"not": "1"}.
"""

import copy
import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from insights.cohorts.public import RuleReader
from insights.explore.builder.drafts import Draft, read_fields, to_number
from insights.explore.builder.edits import apply_edit
from insights.explore.builder.rows import Field, FilterList, Rows
from portal.shell.public import BadInput

WHEN = {"ever": "at any time", "last": "in the last …", "between": "between two days"}
DID = {"1": "Did", "0": "Did not do"}
_BLANK_DID: Draft = {"did": "1", "event": "", "filters": [], "at_least": 1, "when": "last", "last_days": 30}
_PATH = re.compile(r"\[(\d+)\]")
_NOT = re.compile(r"\.not(?=\.|$)")


@dataclass(frozen=True)
class DidRow:
    """What somebody did, or did not do, how often and when."""

    path: str
    did: Field
    event: Field
    filters: FilterList
    at_least: Field
    when: Field
    last_days: Field
    date_from: Field
    date_to: Field
    is_group: bool = False
    is_did: bool = True


class RuleRows(Rows):
    """Makes the rows of a rule."""

    def filter_list(self, path: str, rows: Any, mode: str, *, is_root: bool) -> FilterList:
        """Return a list of conditions; its groups say whether they must not hold."""
        found = super().filter_list(path, rows, mode, is_root=is_root)
        given = {f"{path}.{place}": row for place, row in enumerate(rows if isinstance(rows, list) else [])}
        shown = [
            replace(one, is_denied=bool(given[one.item_path].get("not"))) if isinstance(one, FilterList) else one
            for one in found.rows
        ]
        return replace(found, rows=shown)

    def _filter(self, path: str, row: Draft) -> Any:
        if "did" not in row:
            return super()._filter(path, row)
        event = row.get("event")
        return DidRow(
            path=path,
            did=self.select(f"{path}.did", row.get("did", "1"), DID),
            event=self.field(f"{path}.event", "(any event)" if event is None else event),
            filters=self.filter_list(f"{path}.filters", row.get("filters"), "all", is_root=True),
            at_least=self.field(f"{path}.at_least", row.get("at_least", 1)),
            when=self.select(f"{path}.when", row.get("when", "last"), WHEN),
            last_days=self.field(f"{path}.last_days", row.get("last_days", 30)),
            date_from=self.field(f"{path}.date_from", row.get("date_from")),
            date_to=self.field(f"{path}.date_to", row.get("date_to")),
        )


def start_rows() -> Draft:
    """Return a rule that is not begun: one row to fill in."""
    return {"filters": [copy.deepcopy(_BLANK_DID)]}


def read_rows(post: Any) -> Draft:
    """Return the draft that a form's fields describe."""
    found = read_fields((name, post.getlist(name)) for name in post if name.startswith("filters."))
    rows = found.get("filters")
    return {"filters": rows if isinstance(rows, list) else []}


def edit_rows(draft: Draft, command: str) -> tuple[Draft, str]:
    """Return the draft after a button, and which field takes the focus."""
    verb, _, path = command.partition(":")
    edit = {"did": _add_did, "deny": _deny}.get(verb)
    if edit is None:
        return apply_edit(draft, command)
    found = copy.deepcopy(draft)
    try:
        here: Any = found
        for part in path.split("."):
            here = here[int(part)] if isinstance(here, list) else here[part]
        return found, edit(here, path)
    except (KeyError, IndexError, TypeError, ValueError):
        return draft, ""


def _add_did(rows: Any, path: str) -> str:
    if not isinstance(rows, list) or len(rows) >= 26:
        raise ValueError(path)
    rows.append(copy.deepcopy(_BLANK_DID))
    return f"{path}.{len(rows) - 1}.event"


def _deny(group: Any, path: str) -> str:
    """Let a group hold that must not, and the other way round."""
    if not isinstance(group, dict) or not {"any", "all"} & group.keys():
        raise ValueError(path)
    if not group.pop("not", ""):
        group["not"] = "1"
    return ""


def to_rule(draft: Draft) -> dict[str, Any]:
    """Return the rule that a draft's rows say."""
    return {"all": [_to_condition(row) for row in draft.get("filters") or [] if isinstance(row, dict)]}


def _to_condition(row: Draft) -> dict[str, Any]:
    for mode in ("any", "all"):
        if mode in row:
            rows = row[mode] if isinstance(row[mode], list) else []
            group = {mode: [_to_condition(one) for one in rows if isinstance(one, dict)]}
            return {"not": group} if row.get("not") else group
    if "did" not in row:
        return row
    found: dict[str, Any] = {
        "did": row.get("did") != "0",
        "event": row.get("event"),
        "filters": row.get("filters") or [],
        "at_least": to_number(str(row.get("at_least") or 1)),
    }
    if row.get("when") == "last":
        found["last_days"] = to_number(str(row.get("last_days") or ""))
    elif row.get("when") == "between":
        found["date_from"], found["date_to"] = row.get("date_from") or "", row.get("date_to") or ""
    return found


def to_rows(rule: dict[str, Any]) -> Draft:
    """Return a rule as rows."""
    return {"filters": [_to_row(item) for item in rule.get("all", [rule])]}


def _to_row(item: dict[str, Any]) -> Draft:
    for mode in ("any", "all"):
        if mode in item:
            return {mode: [_to_row(one) for one in item[mode]]}
    if "not" in item:
        return _to_denied(item["not"])
    if "did" not in item:
        return item
    when = "last" if item.get("last_days") else "between" if item.get("date_from") else "ever"
    kept = {key: value for key, value in item.items() if key != "did"}
    return {**kept, "did": "1" if item["did"] else "0", "when": when}


def _to_denied(item: dict[str, Any]) -> Draft:
    """Return what must not hold: a row that says so itself where it can, else a group that must not."""
    if "not" in item:
        return _to_row(item["not"])
    if "did" in item:
        return _to_row({**item, "did": not item["did"]})
    other = {"in_cohort": "not_in_cohort", "not_in_cohort": "in_cohort"}.get(str(item.get("op")))
    if other:
        return {**item, "op": other}
    row = _to_row(item)
    return {**(row if {"any", "all"} & row.keys() else {"all": [row]}), "not": "1"}


def check_rule(draft: Draft, products: list[str], unit: str, *, user: Any, now: datetime) -> dict[str, list[str]]:
    """Return the faults of a draft's rule under the names of the form's fields; {} when it can be used."""
    try:
        RuleReader(products, unit, user, now).read(to_rule(draft))
    except BadInput as fault:
        return {field_of(path): sentences for path, sentences in fault.fields.items()}
    return {}


def field_of(path: str) -> str:
    """Return the form field of a fault's path.

    >>> field_of("rule.all[0].any[1].filters[0].value"), field_of("rule.all[2].not.any[0].event")
    ('filters.0.any.1.filters.0.value', 'filters.2.any.0.event')
    """
    path = path.replace("rule.all", "filters", 1) if path.startswith("rule.all") else path
    return _PATH.sub(r".\1", _NOT.sub("", path))
