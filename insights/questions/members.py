"""Cohorts in a question: which ones it names, as far as the reader may see them, and their members for the store.

The room of cohorts lies right of this one and registers a `CohortProvider`.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from insights.questions.contracts import COHORT_OPS, Question
from portal.people.public import SYSTEM
from portal.shell.public import BadInput, registry

if TYPE_CHECKING:
    from insights.events.public import Snapshot

MOST_KEPT = 8  # cohorts in memory: an eighth of a megabyte for a million members
_kept: "OrderedDict[tuple[str, int], Members]" = OrderedDict()
_lock = threading.Lock()

_UNKNOWN = "There is no such cohort, or it is not shared with you."
_UNCOUNTED = "This cohort was not counted yet. Wait until it is, then ask again."
_OTHER_UNIT = "This is a cohort of {}. Leave “of” out."


@dataclass(frozen=True)
class CohortInUse:
    """A cohort as a question uses it: `key` changes with its members and is "" before they were first counted."""

    name: str
    title: str
    unit: str
    size: int
    key: str
    as_of: datetime | None


@dataclass(frozen=True)
class CohortProvider:
    """Where cohorts come from: `find` returns, by name asked (slug or number), those that a user may see.

    `read_members` returns the sorted numbers of the persons or accounts as an array of unsigned integers.
    """

    name: str
    find: Callable[[Sequence[str], Any], Mapping[str, CohortInUse]]
    read_members: Callable[[CohortInUse], Any]


@dataclass(frozen=True)
class Members:
    """A cohort's members for the store: bit n of `bits` says whether number n is one; bit `last` is never set."""

    unit: str
    bits: bytes
    last: int


def named_cohorts(value: Any) -> list[str]:
    """Return the cohorts that a JSON value names anywhere, each once, in order."""
    return list(dict.fromkeys(name for _, name, _ in _named(value, "")))


def find_cohorts(question: Question, user: Any) -> tuple[CohortInUse, ...]:
    """Return the cohorts that a question names. Raises: BadInput, naming each one that this user may not see."""
    value = question.to_json()
    found, faults = find_named_cohorts(value, user)
    if faults:
        raise BadInput(fields=faults)
    return found


def find_named_cohorts(value: Any, user: Any) -> tuple[tuple[CohortInUse, ...], dict[str, list[str]]]:
    """Return the cohorts that a JSON value names anywhere, and a fault by path for each that cannot be used."""
    named = list(_named(value, ""))
    if not named:
        return (), {}
    found = _find(list(dict.fromkeys(name for _, name, _ in named)), user)
    faults: dict[str, list[str]] = {}
    for path, name, of in named:
        cohort = found.get(name)
        if cohort is None:
            faults[path] = [_UNKNOWN]
        elif not cohort.key:
            faults[path] = [_UNCOUNTED]
        elif of not in ("cohort", cohort.unit):
            faults[path] = [_OTHER_UNIT.format("accounts" if cohort.unit == "account" else "persons")]
    return tuple(found.values()), faults


def unseen_cohorts(values: Sequence[Any], user: Any) -> set[str]:
    """Return the cohorts that JSON values name and this user may not see."""
    names = list(dict.fromkeys(name for value in values for name in named_cohorts(value)))
    return set(names) - _find(names, user).keys() if names else set()


def current_cohorts(question: Question) -> tuple[CohortInUse, ...]:
    """Return the cohorts of a question as they are now; those that are gone are left out."""
    names = named_cohorts(question.to_json())
    return tuple(_find(names, SYSTEM).values()) if names else ()


def read_members(cohort: CohortInUse, snapshot: "Snapshot") -> Members:
    """Return a cohort's members as bits; who was joined to another person since is a member as that person.

    Those asked for last are kept in this process, by what names them and by the joins' version.
    """
    name = (cohort.key, snapshot.version if cohort.unit == "person" and snapshot.has_joins else 0)
    with _lock:
        if name in _kept:
            _kept.move_to_end(name)
            return _kept[name]
    found = _read_members(cohort, snapshot)
    with _lock:
        _kept[name] = found
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return found


def _read_members(cohort: CohortInUse, snapshot: "Snapshot") -> Members:
    import numpy as np

    (provider,) = registry.all(CohortProvider)
    numbers = provider.read_members(cohort)
    if cohort.unit == "person":
        numbers = resolve_joined(numbers, snapshot)
    last = int(numbers[-1]) + 1 if len(numbers) else 1
    is_member = np.zeros(last + 1, np.bool_)
    is_member[numbers] = True
    return Members(cohort.unit, np.packbits(is_member).tobytes(), last)


def resolve_joined(numbers: Any, snapshot: "Snapshot") -> Any:
    """Return the persons that ids' numbers, or persons' earlier ones, belong to now: sorted, each once."""
    import numpy as np

    if not snapshot.has_joins or not len(numbers):
        return numbers
    joined, _ = snapshot.fetch_arrays("select distinct_no, person_no from {person_map}", {})
    ids, persons = (np.ma.getdata(joined[name]) for name in ("distinct_no", "person_no"))
    is_member = np.zeros(max(int(each.max(initial=0)) for each in (numbers, ids, persons)) + 1, np.bool_)
    is_member[numbers] = True
    gone = ids[is_member[ids]]
    is_member[persons[is_member[ids]]] = True
    is_member[gone] = False
    return np.flatnonzero(is_member).astype(np.uint32)


def _find(names: Sequence[str], user: Any) -> dict[str, CohortInUse]:
    providers: list[CohortProvider] = registry.all(CohortProvider)
    return {name: cohort for provider in providers for name, cohort in provider.find(names, user).items()}


def _named(value: Any, path: str) -> Iterator[tuple[str, str, str]]:
    """Yield (path, cohort, of) of every filter and breakdown that names a cohort."""
    if isinstance(value, dict):
        if value.get("op") in COHORT_OPS:
            names = value.get("value")
            for place, name in enumerate(names if isinstance(names, list) else [names]):
                yield f"{path}.value[{place}]", str(name), str(value.get("of"))
            return
        if value.get("of") == "cohort":
            yield f"{path}.property", str(value.get("property")), "cohort"
        for key, inner in value.items():
            yield from _named(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _named(inner, f"{path}[{place}]")
