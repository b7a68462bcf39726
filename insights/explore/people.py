"""The list of people (or accounts) behind a number."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from typing import Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.urls import reverse

from insights.cohorts.public import say_cell, shortened
from insights.explore.actions import note_download
from insights.explore.builder.drafts import Draft, to_query
from insights.explore.builder.gaps import prune
from insights.explore.charts.words import say_breakdown, say_bucket, say_within
from insights.explore.onward import cohort_url, has_paths, paths_words
from insights.explore.queries import may_see_people, products_of
from insights.questions.public import (
    Behind,
    Question,
    list_people,
    parse_question,
    say_question,
    take_people,
    title_question,
)
from portal.people.public import Product, can
from portal.shell.public import BadInput, NotFound, about_cut, say_reach

_MOST_TRAITS = 5
_SHOWN = 50  # whose traits choose the columns
_FIRST = ("name", "email")


@dataclass(frozen=True)
class PeopleList:
    """One page of those behind a number, with the traits that most of them have."""

    page: Page
    units: str
    title: str
    words: str
    explore_query: str
    head: list[str]
    rows: list[tuple[str, list[Any]]]  # address of the person or account, values
    cohort_url: str = ""  # keeps them as a cohort, for those who may
    paths_words: str = ""  # what the button to their paths says, where there are any
    question: str = ""
    cell: str = ""
    files_hold: str = ""  # what its files hold, where that is not all


@dataclass(frozen=True)
class PeopleFile:
    """All of those behind a number, for a file: `about` says who they are, `left_out` whether some are not here."""

    units: str
    head: list[str]
    rows: Iterator[list[Any]]
    about: list[tuple[str, str]]
    left_out: list[tuple[str, str]]


class _Counted:
    """Stands for the whole list while only one page of it is held."""

    def __init__(self, total: int):
        self.total = total

    def __len__(self) -> int:
        return self.total

    def __getitem__(self, piece: slice) -> list[None]:
        return []


def read_cell(text: str) -> dict[str, Any]:
    try:
        cell = json.loads(text)
    except ValueError:
        cell = None
    if not isinstance(cell, dict):
        raise BadInput("This address names no number. Open it from a chart again.")
    return cell


def read_people(params: QueryDict, draft: Draft, *, user: Any, now: datetime) -> PeopleList:
    """Return a page of the people behind the cell that the address names; only for insiders of all its products."""
    question, cell, _ = _asked(params, draft, user, now)
    wanted = int(params["page"][:9]) if params.get("page", "")[:9].isdecimal() else 1
    found = list_people(question, cell, user=user, page=max(wanted, 1))
    keys = _trait_keys(found.people)
    is_account = found.unit == "account"
    place = "persons:account-page" if is_account else "persons:person-page"
    units = "accounts" if is_account else "people"
    value = {**question.to_json(), "compare": None}
    return PeopleList(
        page=Paginator(_Counted(found.total), found.page_size).get_page(found.page),
        units=units,
        title=say_title(found.total, units, cell, value),
        words=say_question(value),
        explore_query=to_query(draft),
        head=_head(found.unit, keys),
        rows=[(reverse(place, args=[one.no]), _cells(one, keys)) for one in found.people],
        cohort_url=cohort_url(value, cell, _name(value, cell)) if can(user, "cohorts.create") else "",
        paths_words=paths_words(cell) if found.total and has_paths(value, cell) else "",
        question=json.dumps(prune(draft)[0]),
        cell=json.dumps(cell),
        files_hold=say_reach(found.total),
    )


def take_people_along(params: QueryDict, draft: Draft, *, user: Any, now: datetime, most: int) -> PeopleFile:
    """Return all people behind the cell that the address names, up to `most`, for a file; it is kept who took them.

    Its columns are those of the first page.
    """
    question, cell, products = _asked(params, draft, user, now)
    taken = take_people(question, cell, user=user, most=most)
    first = list(islice(taken.people, _SHOWN))
    keys = _trait_keys(first)
    units = "accounts" if taken.unit == "account" else "people"
    value = {**question.to_json(), "compare": None}
    title = say_title(taken.total, units, cell, value)
    note_download(products, f"{taken.n_rows:,} {units} behind a number", actor=user)
    about = [("These are", title), ("Question", say_question(value))]
    rows = (_cells(one, keys) for one in chain(first, taken.people))
    return PeopleFile(units, _head(taken.unit, keys), rows, about, about_cut(taken.n_rows, taken.total, units))


def _asked(params: QueryDict, draft: Draft, user: Any, now: datetime) -> tuple[Question, dict[str, Any], list[Product]]:
    products = products_of(draft, user)
    if not may_see_people(products, user):
        raise NotFound("The list of people is for the product's team and for ops. You can see the numbers.")
    cell = read_cell(params.get("cell", ""))
    question = parse_question(prune(draft)[0], now=now, default_zone=settings.WORKSPACE_TIME_ZONE)
    return question, cell, products


def _head(unit: str, keys: list[str]) -> list[str]:
    return ["Account" if unit == "account" else "Person", *keys]


def _cells(one: Behind, keys: list[str]) -> list[Any]:
    return [one.id, *(one.traits.get(key) for key in keys)]


def _name(question: dict[str, Any], cell: dict[str, Any]) -> str:
    """Return a name to begin with for a cohort of them."""
    return shortened(f"{title_question(question)}: {say_cell(cell, question)}", 120)


def _trait_keys(people: Sequence[Behind]) -> list[str]:
    counts: dict[str, int] = {}
    for person in people:
        for key, value in person.traits.items():
            if value not in (None, "") and not key.startswith("$"):
                counts[key] = counts.get(key, 0) + 1
    kept = sorted(counts, key=lambda key: (-counts[key], key))[:_MOST_TRAITS]
    return sorted(kept, key=lambda key: (_FIRST.index(key) if key in _FIRST else len(_FIRST), key))


def say_stretch(cell: dict[str, Any], question: dict[str, Any]) -> str:
    """Return where in the paths a number was counted, such as “from 1. signed up to 2. invited”."""
    step = cell.get("step") or 1
    if "event" in cell:
        place = f"{step}. {cell['event'] or 'other'}"
        stop = "paths begin here" if question.get("end") else "paths end here"
        return f"{place}, {stop}" if cell.get("ended") else place
    start, to = (cell.get(key) or "other" for key in ("from_event", "to_event"))
    return f"from {step}. {start} to {step + 1}. {to}"


def say_title(total: int, units: str, cell: dict[str, Any], question: dict[str, Any]) -> str:
    """Return what the number says, such as “412 people, 3 Jan 2024”."""
    if total == 1:
        units = {"people": "person", "accounts": "account"}[units]
    interval = str(question.get("interval", "day"))
    parts = [f"{total:,} {units}"]
    if question.get("kind") == "stickiness":
        parts.append(f"in {cell.get('label', 1)} different {interval}{'' if cell.get('label', 1) == 1 else 's'}")
    elif cell.get("label"):
        upto = "up to " if question.get("cumulative") else ""
        parts.append(upto + say_bucket(cell["label"], interval))
    if question.get("kind") == "lifecycle":
        parts.append(str(cell.get("part") or "new"))
    if cell.get("row"):
        parts.append(f"first {say_bucket(cell['row'], interval)}, {interval} {cell.get('column', 0)}")
    if cell.get("to_s"):
        parts.append(f"converted in {say_within(cell.get('from_s') or 0, cell['to_s'])}")
    if question.get("kind") == "goes_with":
        if cell.get("event"):
            parts.append(f"{'did not do' if cell.get('others') else 'did'} “{cell['event']}” in the first days")
        parts += ["did what was asked for later"] if cell.get("later") else []
    if "feature" in cell:
        name = question["features"][cell["feature"]]["name"]
        parts.append(f"active without “{name}”" if cell.get("others") else f"used “{name}”")
    if question.get("kind") == "paths":
        parts.append(say_stretch(cell, question))
    elif cell.get("step"):
        parts.append(f"step {cell['step']}" + (", did not get there" if cell.get("dropped") else ""))
    if cell.get("breakdown"):
        parts.append(say_breakdown(cell["breakdown"]))
    return " · ".join(parts)
