"""What of a draft can be asked already, what is still missing, and where the engine's faults belong."""

import re
from typing import Any

from insights.explore.builder.drafts import VALUELESS, Draft, renumber_steps
from insights.questions.contracts import COHORT_OPS, VALUE_MEASURES

SINGLE_SPECS = ("target", "returning", "event", "start", "end")  # those that are in no list
_CHOOSE = {"event": "Choose an event.", "insight": "Choose a saved insight."}
_INDEX = re.compile(r"\[(\d+)\]")


def field_name(path: str) -> str:
    """Return the form field of a fault's path.

    >>> field_name("series[0].measure")
    'series.0.measure'
    """
    return _INDEX.sub(r".\1", path)


def _is_waiting(row: Draft) -> bool:
    """Say whether a filter's row is not filled in yet."""
    if row.get("op") in COHORT_OPS:
        return not row.get("value")
    if not row.get("property"):
        return True
    if row.get("op") in VALUELESS:
        return False
    value = row.get("value")
    if row.get("op") == "between":
        return not (isinstance(value, list) and len(value) == 2)
    return value in (None, "", [])


def _prune_filters(rows: Any, path: str, old_path: str, origins: dict[str, str]) -> Any:
    if not isinstance(rows, list):
        return rows
    kept: list[Any] = []
    for number, row in enumerate(rows):
        here, old = f"{path}[{len(kept)}]", f"{old_path}[{number}]"
        group = next((key for key in ("any", "all") if isinstance(row, dict) and key in row), "")
        if group:
            inner = _prune_filters(row[group], f"{here}.{group}", f"{old}.{group}", origins)
            if inner != []:
                kept.append({group: inner})
                origins[here] = old
        elif not (isinstance(row, dict) and _is_waiting(row)):
            kept.append(row)
            origins[here] = old
    return kept


def _prune_spec(spec: Any, path: str, old_path: str, origins: dict[str, str]) -> Any:
    if not isinstance(spec, dict):
        return spec
    found = dict(spec)
    if "filters" in found:
        found["filters"] = _prune_filters(found["filters"], f"{path}.filters", f"{old_path}.filters", origins)
    if found.get("measure", "total") not in VALUE_MEASURES:
        found.pop("property", None)
    return found


def prune(draft: Draft) -> tuple[Draft, dict[str, str]]:
    """Return the draft without rows that are not filled in, and where each row that moved came from."""
    origins: dict[str, str] = {}
    found = {**draft}
    if "filters" in found:
        found["filters"] = _prune_filters(found["filters"], "filters", "filters", origins)
    for key in ("series", "steps", "exclusions"):
        if not isinstance(found.get(key), list):
            continue
        kept: list[Any] = []
        for number, spec in enumerate(found[key]):
            if waits_for(spec) and not found.get("formula"):
                continue  # a formula counts on every letter, so it keeps its rows
            origins[f"{key}[{len(kept)}]"] = f"{key}[{number}]"
            kept.append(_prune_spec(spec, f"{key}[{len(kept)}]", f"{key}[{number}]", origins))
        given, found[key] = found[key], kept
        if key == "steps" and len(kept) < len(given):
            _renumber(found, given)
    for key in SINGLE_SPECS:
        if key in found:
            found[key] = _prune_spec(found[key], key, key, origins)
    if isinstance(found.get("breakdown"), list):
        parts = [(number, one) for number, one in enumerate(found["breakdown"]) if not is_waiting_part(one)]
        origins |= {f"breakdown[{place}]": f"breakdown[{number}]" for place, (number, _) in enumerate(parts)}
        found["breakdown"] = [one for _, one in parts]
    return found, origins


def waits_for(spec: Any) -> str:
    """Return which choice a series or step still waits for: its event, or its saved insight; "" for none."""
    return next((key for key in ("event", "insight") if isinstance(spec, dict) and spec.get(key) == ""), "")


def is_waiting_part(item: Any) -> bool:
    """Say whether a row of a breakdown says whose property it is, and not yet which."""
    return isinstance(item, dict) and not item.get("property") and item.get("of") in {"person", "account"}


def _renumber(draft: Draft, given: list[Any]) -> None:
    """Let what names steps by their numbers speak of the steps that are asked."""
    asked = [place for place, spec in enumerate(given, 1) if not isinstance(spec, dict) or spec.get("event") != ""]
    renumber_steps(draft, lambda step: sum(place <= step for place in asked))


def find_gaps(draft: Draft) -> dict[str, str]:
    """Return what must be chosen before there is anything to ask, as {field name: sentence}."""
    gaps: dict[str, str] = {}
    for key in ("series", "steps"):
        specs = draft.get(key)
        if not isinstance(specs, list):
            continue
        if all(map(waits_for, specs)):
            wanted = waits_for(specs[0]) if specs else "event"
            gaps[f"{key}.0.{wanted}"] = _CHOOSE[wanted]
        for number, spec in enumerate(specs):
            if draft.get("formula") and (wanted := waits_for(spec)):
                gaps[f"{key}.{number}.{wanted}"] = f"{_CHOOSE[wanted][:-1]}: the formula counts on every letter."
            needs_number = isinstance(spec, dict) and spec.get("measure") in VALUE_MEASURES
            if needs_number and spec.get("event") != "" and not spec.get("property"):
                gaps[f"{key}.{number}.property"] = "Choose the number to measure."
    for key in SINGLE_SPECS:
        spec = draft.get(key)
        if isinstance(spec, dict) and spec.get("event") == "":
            gaps[f"{key}.event"] = "Choose an event."
    if draft.get("kind") == "adoption" and not draft.get("features"):
        gaps["features"] = "Choose the features on the page “Adoption”."
    if not draft.get("products") and not draft.get("sources"):
        gaps["products"] = "Choose a product."
    return gaps


def place_faults(fields: dict[str, list[str]], origins: dict[str, str]) -> dict[str, list[str]]:
    """Return the engine's faults under the names of the form's fields."""
    found: dict[str, list[str]] = {}
    for path, sentences in fields.items():
        best = max(
            (new for new in origins if path == new or path.startswith((f"{new}.", f"{new}["))), key=len, default=""
        )
        old = origins[best] + path[len(best) :] if best else path
        found.setdefault(field_name(old), []).extend(sentences)
    return found
