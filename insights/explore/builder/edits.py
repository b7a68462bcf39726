"""The builder's buttons: add, remove, move, group; each a text such as "add:series" or "remove:filters.0"."""

import copy
from typing import Any

from insights.explore.builder.drafts import Draft, fill_kind, renumber_steps
from insights.explore.builder.gaps import SINGLE_SPECS
from insights.explore.builder.rows import LETTERS

MAX_ROWS = 26
_KEPT = (  # whatever the kind
    "products", "sources", "unit", "date_from", "date_to", "timezone", "week_start", "filters", "breakdown", "compare",
)  # fmt: skip
_BLANK: dict[str, Draft] = {
    "series": {"event": "", "measure": "total"},
    "steps": {"event": ""},
    "exclusions": {"event": ""},
    "filter": {"property": "", "of": "event", "op": "is", "value": []},
    "insight": {"insight": ""},
}


def apply_edit(draft: Draft, command: str) -> tuple[Draft, str]:
    """Return the draft after a button, and which field takes the focus; unknown commands do nothing."""
    verb, _, path = command.partition(":")
    edit = _EDITS.get(verb)
    if edit is None:
        return draft, ""
    found = copy.deepcopy(draft)
    try:
        return found, edit(found, path.split("."))
    except (KeyError, IndexError, TypeError, ValueError):
        return draft, ""


def _at(draft: Draft, path: list[str]) -> Any:
    here: Any = draft
    for part in path:
        here = here[int(part)] if isinstance(here, list) else here[part]
    return here


def _rows(draft: Draft, path: list[str]) -> list[Any]:
    owner = _at(draft, path[:-1])
    rows = owner.setdefault(path[-1], []) if isinstance(owner, dict) else owner[int(path[-1])]
    if not isinstance(rows, list) or len(rows) >= MAX_ROWS:
        raise ValueError(path)
    return rows


def _name(path: list[str], *more: object) -> str:
    return ".".join([*path, *map(str, more)])


def _add(draft: Draft, path: list[str]) -> str:
    rows = _rows(draft, path)
    blank = dict(_BLANK[path[-1]])
    if draft.get("kind") == "stickiness":
        blank.pop("measure", None)
    rows.append(blank)
    return _name(path, len(rows) - 1, "event")


def _add_insight(draft: Draft, path: list[str]) -> str:
    """Add a series that takes its number from a saved insight."""
    if path != ["series"] or draft.get("kind") != "trend":
        raise ValueError(path)
    rows = _rows(draft, path)
    rows.append(dict(_BLANK["insight"]))
    return _name(path, len(rows) - 1, "insight")


def _add_filter(draft: Draft, path: list[str]) -> str:
    rows = _rows(draft, path)
    rows.append(dict(_BLANK["filter"]))
    return _name(path, len(rows) - 1, "property")


def _add_group(draft: Draft, path: list[str]) -> str:
    if sum(part in ("any", "all") for part in path) >= 4:
        raise ValueError(path)
    rows = _rows(draft, path)
    mode = "all" if path[-1] == "any" else "any"
    rows.append({mode: [dict(_BLANK["filter"]), dict(_BLANK["filter"])]})
    return _name(path, len(rows) - 1, mode, 0, "property")


def _remove(draft: Draft, path: list[str]) -> str:
    rows, number = _at(draft, path[:-1]), int(path[-1])
    del rows[number]
    if path == ["series", str(number)]:
        _rename_series(draft, {place: place - 1 for place in range(number + 1, MAX_ROWS)} | {number: -1})
    if not rows and path[-2] in ("any", "all"):
        return _remove(draft, path[:-2])
    if path[0] == "steps" and len(path) == 2:
        renumber_steps(draft, lambda step: step - (step > number + 1))
    if path[0] == "exclusions" and len(path) == 2 and rows:
        return _name(path[:-1], max(number - 1, 0), "event")
    if path[-2] in ("series", "steps"):
        return _name(path[:-1], max(number - 1, 0), "event")
    return "add-" + _name(path[:-1])


def _up(draft: Draft, path: list[str]) -> str:
    rows, number = _at(draft, path[:-1]), int(path[-1])
    if number:
        rows[number - 1], rows[number] = rows[number], rows[number - 1]
        if path == ["series", str(number)]:
            _rename_series(draft, {number: number - 1, number - 1: number})
    return _name(path[:-1], max(number - 1, 0), "event")


def _rename_series(draft: Draft, places: dict[int, int]) -> None:
    """Let the formula mean the same series under their new letters; one that is gone leaves a "?" to mend."""
    formula = draft.get("formula")
    if not isinstance(formula, str):
        return
    letters = {LETTERS[old]: LETTERS[new] if new >= 0 else "?" for old, new in places.items()}
    draft["formula"] = "".join(letters.get(one, one) for one in formula.upper())


def _flip(draft: Draft, path: list[str]) -> str:
    """Turn a group from any to all, and back; the question's own list into a group of alternatives."""
    mode = path[-1]
    if mode in ("any", "all"):
        owner = _at(draft, path[:-1])
        other = "all" if mode == "any" else "any"
        owner[other] = owner.pop(mode)
        return "flip-" + _name([*path[:-1], other])
    owner = _at(draft, path[:-1])
    owner["filters"] = [{"any": owner["filters"]}]
    return "flip-" + _name([*path, "0", "any"])


_EDITS = {
    "add": _add, "insight": _add_insight, "filter": _add_filter, "group": _add_group, "remove": _remove, "up": _up,
    "flip": _flip,
}  # fmt: skip


def switch_kind(draft: Draft, kind: str) -> Draft:
    """Return the same matter asked as another kind: its events, filters and range are kept where they fit."""
    specs = [spec for spec in _specs_of(draft) if kind == "trend" or "insight" not in spec]
    if "retention" in (kind, draft.get("kind")) and kind != draft.get("kind"):
        draft = {key: value for key, value in draft.items() if key not in ("date_from", "date_to")}
    found: Draft = {"kind": kind, **{key: draft[key] for key in _KEPT if key in draft}}
    bare = [{key: spec[key] for key in ("event", "filters") if key in spec} for spec in specs]
    if kind == "trend":
        found["series"] = [
            spec
            if "insight" in spec
            else {"measure": "total", **{key: value for key, value in spec.items() if key != "optional"}}
            for spec in specs
        ]
    elif kind == "stickiness":
        found["series"] = bare
    elif kind == "funnel":
        found["steps"] = bare if len(bare) > 1 else [*bare, {"event": ""}]
    elif kind in ("retention", "goes_with") and bare:
        found["target"] = bare[0]
        found["returning"] = bare[1] if len(bare) > 1 else {"event": None}
        if kind == "goes_with":
            found.pop("breakdown", None)
    elif kind == "lifecycle" and bare:
        found["event"] = bare[0]
        found.pop("breakdown", None)
    elif kind == "paths":
        found |= {"start": bare[0]} if bare else {}
        found.pop("breakdown", None)
    if kind != "trend" and found.get("breakdown"):
        found["breakdown"] = found["breakdown"][:1]
    is_cut = kind not in ("funnel", "paths", "goes_with")
    if draft.get("interval") and is_cut and not (kind != "trend" and draft["interval"] == "all"):
        found["interval"] = draft["interval"]
    return fill_kind(found)


def _specs_of(draft: Draft) -> list[Draft]:
    lists = [draft[key] for key in ("series", "steps") if draft.get(key) and isinstance(draft[key], list)]
    specs = lists[0] if lists else [draft.get(key) for key in SINGLE_SPECS]
    found = [dict(spec) for spec in specs if isinstance(spec, dict)]
    if draft.get("kind") in ("retention", "goes_with") and len(found) == 2 and found[1].get("event") is None:
        found.pop()  # "any event" is how retention starts, nobody chose it
    return found
