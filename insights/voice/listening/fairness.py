"""In which order people are called, so that each segment is heard as much as it is large; knows no database."""

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Share:
    """One segment: how many accounts there are, with how many conversations lately; `is_unheard`: none for long."""

    name: str
    n_accounts: int
    n_conversations: int
    is_unheard: bool = False


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be called: `weight` of the reasons, and days since the last conversation, None for never."""

    person_no: int
    account_no: int | None
    segment: str
    weight: int
    days_since: int | None = None


def lot(number: int, day: date) -> int:
    """Return a person's lot of a day: in no order that anybody chose, the same all day, another one tomorrow.

    >>> lot(7, date(2024, 1, 1)) == lot(7, date(2024, 1, 1)), lot(7, date(2024, 1, 1)) == lot(7, date(2024, 1, 2))
    (True, False)
    """
    return zlib.crc32(f"{day.isoformat()}:{number}".encode())


def order_fairly(candidates: Sequence[Candidate], shares: Sequence[Share], *, day: date, most: int) -> list[Candidate]:
    """Return whom to call, the first one first: at each place somebody of the segment that lacks most conversations.

    A segment lacks its share of accounts times all conversations so far (this list's among them, one more counted)
    less its own. Within a segment: more reasons first, then who was never talked with or longest ago, then by lot. One
    person of an account.
    >>> shares = [Share("large", 20, 6), Share("small", 80, 2)]
    >>> people = [Candidate(1, 1, "large", 9), Candidate(2, 2, "small", 1), Candidate(3, 3, "small", 2)]
    >>> [one.person_no for one in order_fairly(people, shares, day=date(2024, 1, 1), most=3)]
    [3, 2, 1]
    """
    waiting: dict[str, list[Candidate]] = {}
    for one in sorted(candidates, key=_within(day)):
        waiting.setdefault(one.segment, []).append(one)
    total = sum(share.n_accounts for share in shares) or 1
    wanted = {share.name: share.n_accounts / total for share in shares}
    had = {share.name: float(share.n_conversations) for share in shares}
    chosen: list[Candidate] = []
    accounts: set[int] = set()
    n_all = sum(had.values())
    while waiting and len(chosen) < most:
        n_all += 1
        name = max(sorted(waiting), key=lambda name: wanted.get(name, 0.0) * n_all - had.get(name, 0.0))
        one = waiting[name].pop(0)
        if not waiting[name]:
            del waiting[name]
        if one.account_no is not None and one.account_no in accounts:
            n_all -= 1
            continue
        if one.account_no is not None:
            accounts.add(one.account_no)
        had[name] = had.get(name, 0.0) + 1
        chosen.append(one)
    return chosen


def _within(day: date) -> Callable[[Candidate], tuple[int, bool, int, int]]:
    def key(one: Candidate) -> tuple[int, bool, int, int]:
        return (-one.weight, one.days_since is not None, -(one.days_since or 0), lot(one.person_no, day))

    return key


def say_share(share: Share, shares: Sequence[Share]) -> str:
    """Return how much a segment is heard beside how large it is, in words; empty where it is heard enough.

    >>> say_share(Share("small", 80, 0), [Share("small", 80, 0), Share("large", 20, 5)])
    '80 % of accounts and was in 0 of 5 conversations in 13 weeks'
    """
    n_accounts, n_talks = sum(one.n_accounts for one in shares), sum(one.n_conversations for one in shares)
    if not n_accounts or not share.n_accounts:
        return ""
    wanted = share.n_accounts / n_accounts
    if share.n_conversations >= wanted * n_talks and n_talks:
        return ""
    return f"{wanted * 100:.0f} % of accounts and was in {share.n_conversations} of {n_talks} conversations in 13 weeks"


def sample(numbers: Sequence[int], *, day: date, most: int) -> list[int]:
    """Return so many numbers at most, drawn by the lots of a day."""
    if len(numbers) <= most:
        return list(numbers)
    return sorted(numbers, key=lambda no: lot(no, day))[:most]


def by_segment(shares: Sequence[Share]) -> Mapping[str, Share]:
    """Return the segments by name."""
    return {share.name: share for share in shares}
