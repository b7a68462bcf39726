"""What themes show of themselves: the tree, and how much stands behind each; no Django."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Branch:
    """A theme as the tree needs it: its number, name, parent, and the theme that it was merged into."""

    id: int
    name: str
    parent_id: int | None = None
    merged_into_id: int | None = None


@dataclass(frozen=True)
class Node:
    """A theme in its place: how deep it stands, and which themes count for it (itself, merged ones, those below)."""

    id: int
    depth: int
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Size:
    """Who stands behind a theme: pieces of feedback and conversations, different people, different accounts.

    An account counts once, whoever and however often it asked, at the highest importance that it was linked with.
    """

    n_pieces: int = 0
    n_people: int = 0
    n_accounts: int = 0
    n_critical: int = 0
    n_important: int = 0
    n_nice: int = 0
    n_recent_accounts: int = 0
    last_said_on: date | None = None


@dataclass(frozen=True)
class Voice:
    """That somebody said a theme in one piece: a piece of feedback, below 0 a conversation; numbers as joined now."""

    piece: int
    person_no: int | None
    account_no: int | None
    importance: int
    said_on: date


@dataclass(frozen=True)
class Asker:
    """Somebody who stands behind a theme: a person, an account of which nobody known spoke, or neither.

    importance is the highest that they gave; link_ids are their links, the weightiest and newest first. The labels are
    what is written down of them, else their ids, for who does not ask the store.
    """

    person_no: int | None
    account_no: int | None
    importance: int
    n_pieces: int
    last_said_on: date | None
    link_ids: tuple[int, ...] = ()
    person_label: str = ""
    account_label: str = ""


@dataclass(frozen=True)
class AskedWords:
    """What was said, where and when; is_own: it is sure who of a conversation's people said it."""

    text: str
    url: str
    said_on: date
    is_own: bool
    is_conversation: bool


def build_tree(branches: Sequence[Branch]) -> list[Node]:
    """Return the live themes in the order of the tree, by name within a parent.

    A merged theme is not among them: it, and what hangs below it, counts for the theme that it was merged into. What
    would run in a circle is taken as if it had no parent.
    >>> rows = [Branch(1, "Start"), Branch(2, "Invite", 1), Branch(3, "Invites", merged_into_id=2), Branch(4, "Bus", 3)]
    >>> [(node.id, node.depth, node.counts) for node in build_tree(rows)]
    [(1, 0, (1, 2, 3, 4)), (2, 1, (2, 3, 4)), (4, 2, (4,))]
    """
    by_id = {branch.id: branch for branch in branches}
    target = {branch.id: resolve(branch.id, by_id) for branch in branches}
    live = [branch for branch in branches if target[branch.id] == branch.id]
    below: dict[int | None, list[Branch]] = {}
    for branch in live:
        parent = target.get(branch.parent_id) if branch.parent_id is not None else None
        is_circle = parent is not None and branch.id in _above(parent, by_id, target)
        below.setdefault(None if is_circle or parent == branch.id else parent, []).append(branch)
    merged: dict[int, list[int]] = {}
    for one, into in target.items():
        merged.setdefault(into, []).append(one)

    def walk(parent: int | None, depth: int) -> list[Node]:
        found = []
        for branch in sorted(below.get(parent, []), key=lambda one: (one.name.casefold(), one.id)):
            lower = walk(branch.id, depth + 1)
            counts = {*merged[branch.id], *(no for node in lower for no in node.counts)}
            found += [Node(branch.id, depth, tuple(sorted(counts))), *lower]
        return found

    return walk(None, 0)


def resolve(theme_id: int, by_id: Mapping[int, Branch]) -> int:
    """Return the theme that a theme counts as, along all merges."""
    seen: set[int] = set()
    while (branch := by_id.get(theme_id)) and branch.merged_into_id is not None and theme_id not in seen:
        seen.add(theme_id)
        theme_id = branch.merged_into_id
    return theme_id


def _above(theme_id: int, by_id: Mapping[int, Branch], target: Mapping[int, int]) -> set[int]:
    """Return a theme and all above it."""
    found: set[int] = set()
    at: int | None = theme_id
    while at is not None and at not in found:
        found.add(at)
        parent = by_id[at].parent_id if at in by_id else None
        at = target.get(parent) if parent is not None else None
    return found
