"""What is read for the page of a theme: who asks, whether they use it, how few ask how much, what all would say."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache

from insights.adoption.public import adoption_question
from insights.contacts.public import GROUPED_BY, Groups, group_accounts, name_speakers, source_ids_of
from insights.events.public import Account
from insights.questions.public import open_finder, parse_question, question_key
from insights.voice.conversations.public import Participant
from insights.voice.demand.contracts import Doing, LoudAccount, SayAndDo
from insights.voice.demand.models import ThemeArea
from insights.voice.demand.weighting import Estimate, Loudest, Share, Stratum, find_loudest, post_stratify, share_of
from insights.voice.feedback.public import Feedback
from insights.voice.themes.public import Theme, Voice, build_tree, read_voices
from portal.people.public import is_insider

UNITS = {"person": "People", "account": "Accounts"}
BASES = {"all": "All that are known", "active": "Active in the last 90 days"}
GROUPINGS = {str(meaning): str(meaning.label) for meaning in GROUPED_BY}
N_WEEKS = 13
ACTIVE_DAYS = 90
CALLER = "voice.say_and_do"
_KEPT_S = 3600


@dataclass(frozen=True)
class Weighted:
    """Demand for a theme in the accounts of each segment, as it was said, and as all accounts would say it.

    `n_left_out`: accounts that ask and are not among those counted; `n_nameless`: pieces whose account nobody knows.
    """

    meaning: str
    base: str
    strata: tuple[Stratum, ...]
    estimate: Estimate | None
    share: Share
    n_left_out: int
    n_nameless: int

    @property
    def n_accounts(self) -> int:
        """Return how many accounts there are."""
        return sum(row.n_accounts for row in self.strata)

    @property
    def n_spoke(self) -> int:
        """Return how many of them said anything."""
        return sum(row.n_spoke for row in self.strata)

    @property
    def n_asked(self) -> int:
        """Return how many of them asked for this."""
        return sum(row.n_asked for row in self.strata)

    @property
    def unheard(self) -> tuple[Stratum, ...]:
        """Return the segments of which nobody spoke, about anything."""
        return tuple(row for row in self.strata if not row.n_spoke)


def voices_of(theme: Theme) -> list[Voice]:
    """Return who stands behind a theme, with all that counts for it."""
    nodes = build_tree(Theme.objects.branches(theme.product))
    return read_voices(next((node.counts for node in nodes if node.id == theme.pk), (theme.pk,)))


def area_of(theme: Theme) -> ThemeArea | None:
    """Return the area of a theme, else that of the nearest theme above it."""
    parents = {branch.id: branch.parent_id for branch in Theme.objects.branches(theme.product)}
    chain: list[int] = [theme.pk]
    while (parent := parents.get(chain[-1])) is not None and parent not in chain:
        chain.append(parent)
    areas = {area.theme_id: area for area in ThemeArea.objects.dressed().filter(theme__in=chain)}
    return next((areas[pk] for pk in chain if pk in areas), None)


def read_say_and_do(area: ThemeArea, voices: Sequence[Voice], user: Any, *, unit: str, now: datetime) -> SayAndDo:
    """Return whether those who ask used the area in the last 13 whole weeks, beside all who were active.

    Kept for an hour unless newer data comes: as counts, which name nobody.
    """
    numbers = sorted({no for voice in voices if (no := voice.person_no if unit == "person" else voice.account_no)})
    options = {"date_from": f"-{N_WEEKS}w", "date_to": last_sunday(now.date()).isoformat(), "unit": unit}
    value = adoption_question(area.theme.product, [area.as_feature()], interval="week", **options)
    question = parse_question(value, now=now, default_zone=settings.WORKSPACE_TIME_ZONE)
    with open_finder(question, user=user, caller=CALLER) as finder:
        mark = zlib.crc32(repr(numbers).encode())
        key = f"{CALLER}:{question_key(question)}:{finder.data_version}:{len(numbers)}:{mark}"
        counts = cache.get(key)
        if counts is None:
            used = {*finder.behind(question, {"feature": 0}).tolist()}
            others = {*finder.behind(question, {"feature": 0, "others": True}).tolist()}
            asking = {*numbers}
            counts = (len(asking & used), len(asking & others), len(used), len(others))
            cache.set(key, counts, _KEPT_S)
    asking = Doing(counts[0], counts[1], len(numbers) - counts[0] - counts[1])
    return compare_doing(unit, asking, Doing(counts[2], counts[3]))


def compare_doing(unit: str, asking: Doing, everybody: Doing) -> SayAndDo:
    """Return both shares of those who were active, and whether they differ by more than chance."""
    share, of_all = share_of(asking.n_used, asking.n_active), share_of(everybody.n_used, everybody.n_active)
    verdict = ""
    if share.low is not None and share.high is not None and of_all.rate is not None:
        verdict = "more" if share.low > of_all.rate else "less" if share.high < of_all.rate else "same"
    return SayAndDo(unit, asking, everybody, share, of_all, verdict)


def last_sunday(today: date) -> date:
    """Return the last day of the last whole week."""
    return today - timedelta(days=today.weekday() + 1)


def read_loudest(theme: Theme, voices: Sequence[Voice], user: Any) -> tuple[Loudest, list[LoudAccount], int]:
    """Return the share of the five loudest accounts, who they are for insiders, and pieces of no known account."""
    pieces: dict[int, set[int]] = {}
    for voice in voices:
        if voice.account_no is not None:
            pieces.setdefault(voice.account_no, set()).add(voice.piece)
    loudest = find_loudest({no: len(found) for no, found in pieces.items()})
    named: dict[int, Any] = {}
    if loudest.accounts and is_insider(user, theme.product.team_id):
        rows = Account.objects.filter(no__in=[no for no, _ in loudest.accounts])
        named = name_speakers([], rows, source_ids_of([theme.product_id]))[1]
    known = {piece for found in pieces.values() for piece in found}
    n_nameless = len({voice.piece for voice in voices} - known)
    return loudest, [LoudAccount(n, named.get(no)) for no, n in loudest.accounts], n_nameless


def read_weighted(theme: Theme, voices: Sequence[Voice], *, today: date, by: str = "", base: str = "all") -> Weighted:
    """Return the demand of those who speak, and weighted to all accounts or to those active in the last 90 days."""
    asked = {voice.account_no for voice in voices if voice.account_no is not None}
    spoke = _who_spoke(theme.product_id) | asked
    active_from = datetime.combine(today - timedelta(days=ACTIVE_DAYS), time(), UTC)
    meaning = by if by in GROUPINGS else ""
    groups = group_accounts(theme.product, meaning, active_from=active_from, numbers=spoke)
    strata = _strata(groups, spoke, asked, base)
    n_asked, n_spoke = sum(row.n_asked for row in strata), sum(row.n_spoke for row in strata)
    known = {voice.piece for voice in voices if voice.account_no is not None}
    return Weighted(
        meaning=groups.meaning,
        base=base,
        strata=strata,
        estimate=post_stratify(strata),
        share=share_of(n_asked, n_spoke),
        n_left_out=len(asked) - n_asked,
        n_nameless=len({voice.piece for voice in voices} - known),
    )


def _who_spoke(product_id: int) -> set[int]:
    """Return the accounts of which anybody ever said anything about a product; what the market says is not theirs."""
    wrote = Feedback.objects.filter(product=product_id, account__isnull=False).exclude(kind__in=Feedback.MARKET)
    talked = Participant.objects.filter(conversation__product=product_id, account__isnull=False).order_by()
    return {no for (no,) in wrote.order_by().values_list("account").union(talked.values_list("account"))}


def _strata(groups: Groups, spoke: set[int], asked: set[int], base: str) -> tuple[Stratum, ...]:
    """Return the segments; an account that only speaks, without an event or a trait, is one of all that are known."""
    is_active = base == "active"
    counted = spoke & groups.active if is_active else spoke
    only_spoke = set() if is_active else spoke - groups.known
    names = dict.fromkeys([*groups.sizes, *(groups.of[no] for no in counted)])
    found = []
    for name in names:
        size = groups.sizes.get(name)
        n_known = (size.n_active if is_active else size.n_accounts) if size else 0
        n_accounts = n_known + sum(1 for no in only_spoke if groups.of[no] == name)
        theirs = {no for no in counted if groups.of[no] == name}
        if n_accounts:
            found.append(Stratum(name, n_accounts, len(theirs), len(theirs & asked)))
    return tuple(found)
