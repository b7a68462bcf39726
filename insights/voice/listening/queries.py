"""What the contact clock shows: of each product manager, each team, each segment; numbers that name no customer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import models
from django.db.models import Count, Max, Q, Value
from django.db.models.functions import Cast

from insights.contacts.public import GROUPED_BY, Groups, group_accounts
from insights.voice.conversations.public import Conversation, Participant
from insights.voice.feedback.public import Feedback
from insights.voice.listening.access import may_set_target
from insights.voice.listening.contracts import (
    FEEDBACK_DAYS,
    Clock,
    PersonClock,
    SegmentClock,
    SegmentClocks,
    Target,
    TeamClock,
    Weeks,
    build_clock,
)
from insights.voice.listening.models import ContactTarget
from portal.people.public import Product, Role, User

GROUPINGS = {str(meaning): str(meaning.label) for meaning in GROUPED_BY}


@dataclass(frozen=True)
class ClockPage:
    """The clock of all chosen products together, of their product managers and of their teams; longest silent first."""

    weeks: Weeks
    total: Clock
    people: list[PersonClock]
    teams: list[TeamClock]
    mine: PersonClock | None
    may_set: frozenset[int]

    @property
    def n_on_target(self) -> int:
        """Return how many product managers talked as often as their team wants."""
        return sum(1 for one in self.people if one.clock.is_on_target)

    @property
    def n_with_target(self) -> int:
        """Return how many product managers there are, for whom something is wanted."""
        return sum(1 for one in self.people if one.clock.target is not None)


def _counts(weeks: Weeks) -> dict[str, Any]:
    """Return the columns of a clock: the newest day, and a count for each week."""
    starts = (*weeks.starts, weeks.this_week)
    by_week = {
        f"week_{place}": Count("pk", filter=Q(held_on__gte=start, held_on__lt=start + timedelta(days=7)), distinct=True)
        for place, start in enumerate(starts)
    }
    return {"last_on": Max("held_on"), **by_week}


def _clock(label: str, row: dict[str, Any] | None, weeks: Weeks, target: float | None) -> Clock:
    starts = (*weeks.starts, weeks.this_week)
    by_week = {start: row[f"week_{place}"] for place, start in enumerate(starts)} if row else {}
    return build_clock(label, row["last_on"] if row else None, by_week, weeks, target)


def _silent_first(clock: Clock) -> tuple[Any, ...]:
    return (clock.days_since is not None, -(clock.days_since or 0), clock.per_week, clock.label.casefold())


def read_clock(products: Sequence[Product], user: Any, *, today: date) -> ClockPage:
    """Return the clock of some products that the reader may see, whoever may read the conversations themselves."""
    weeks, columns = Weeks(today), _counts(Weeks(today))
    held = Conversation.objects.filter(product__in=[product.pk for product in products]).order_by()
    team_ids = {product.team_id for product in products}
    targets = read_targets()
    by_team = {row["team"]: row for row in held.values("team").annotate(**columns)}
    by_person = {row["led_by"]: row for row in held.exclude(led_by=None).values("led_by").annotate(**columns)}
    people = [
        PersonClock(
            one.pk,
            str(one),
            "" if one.role == Role.PRODUCT_MANAGER else str(Role(one.role).label),
            _clock(str(one), by_person.get(one.pk), weeks, _target_of(one, _teams_of(one) & team_ids, targets)),
        )
        for one in _managers(team_ids, {pk for pk, row in by_person.items() if _is_recent(row)})
    ]
    teams = [
        TeamClock(
            one.pk, one.slug, one.name, _clock(one.name, by_team.get(one.pk), weeks, _want(one.pk, targets).per_team)
        )
        for one in {product.team_id: product.team for product in products}.values()
    ]
    return ClockPage(
        weeks=weeks,
        total=_clock("All", held.aggregate(**columns), weeks, None),
        people=sorted(people, key=lambda one: _silent_first(one.clock)),
        teams=sorted(teams, key=lambda one: _silent_first(one.clock)),
        mine=next((one for one in people if one.user_id == user.pk), None),
        may_set=frozenset(one.team_id for one in teams if may_set_target(user, one.team_id)),
    )


def read_mine(user: Any, *, today: date) -> Clock:
    """Return somebody's own clock, over all that they led."""
    weeks = Weeks(today)
    row = Conversation.objects.filter(led_by=user.pk).order_by().aggregate(**_counts(weeks))
    return _clock(str(user), row, weeks, _target_of(user, user.team_ids, read_targets()))


def _is_recent(row: dict[str, Any]) -> bool:
    return any(row[name] for name in row if name.startswith("week_"))


def _managers(team_ids: Iterable[int], leaders: set[int]) -> list[Any]:
    """Return the product managers of some teams, and whoever else led a conversation of late, with their teams."""
    managers = Q(role=Role.PRODUCT_MANAGER, teams__in=list(team_ids)) | Q(pk__in=leaders)
    return list(
        User.objects.filter(managers, is_active=True).distinct().prefetch_related("teams").order_by("name", "pk")
    )


def read_targets() -> dict[int, Target]:
    """Return what each team wants that said so."""
    return {one.team_id: one.as_value() for one in ContactTarget.objects.all()}


def _want(team_id: int, targets: dict[int, Target]) -> Target:
    return targets.get(team_id, Target())


def _teams_of(one: User) -> set[int]:
    return {team.pk for team in one.teams.all()}


def _target_of(one: User, team_ids: Iterable[int], targets: dict[int, Target]) -> float | None:
    """Return what is wanted of a product manager: the most that any of their teams wants; of others, nothing."""
    if one.role != Role.PRODUCT_MANAGER:
        return None
    return max((_want(pk, targets).per_person for pk in team_ids), default=Target().per_person)


def read_segments(product: Product, *, today: date, by: str = "") -> SegmentClocks:
    """Return the clock of each segment of a product's accounts; `by` is another meaning, empty: the best known one."""
    weeks, since = Weeks(today), today - timedelta(days=FEEDBACK_DAYS)
    pairs, last, pieces = _heard(product, weeks.starts[0], since)
    with_account = {conversation for conversation, _, account in pairs if account}
    n_without = len({conversation for conversation, _, _ in pairs} - with_account)
    pairs = {pair for pair in pairs if pair[2]}
    active_from = datetime.combine(since, time(), UTC)
    groups = group_accounts(product, by if by in GROUPINGS else "", active_from=active_from, numbers={*last, *pieces})
    want = _want(product.team_id, read_targets())
    rows = [_segment(name, groups, last, pairs, pieces, weeks, want) for name in _names(groups)]
    rows.sort(key=lambda row: (row.name == "", not row.is_unheard, -(row.clock.days_since or 10**6), -row.n_accounts))
    return SegmentClocks(groups.meaning, tuple(rows), groups.n_accounts, n_without)


def _heard(product: Product, since: date, wrote_since: date) -> tuple[set[Any], dict[int, date], dict[int, int]]:
    """Return what was heard of accounts, in one statement.

    These are (conversation, day, account or None) since a day, the day of each account's newest conversation, and how
    many pieces of feedback each wrote after another day; what is about the market is not of customers.
    """
    number, text = models.BigIntegerField(), models.CharField()
    held = Conversation.objects.filter(product=product, held_on__gte=since).order_by()
    talks = held.values_list(Value("talk", text), Cast("pk", number), "held_on", "participants__account")
    took_part = (
        Participant.objects.filter(conversation__product=product, account__isnull=False).order_by().values("account")
    )
    newest = took_part.annotate(n=Value(0, number), on=Max("conversation__held_on"))
    wrote = Feedback.objects.filter(product=product, said_on__gt=wrote_since, account__isnull=False)
    wrote = (
        wrote.exclude(kind__in=Feedback.MARKET).order_by().values("account").annotate(n=Count("pk"), on=Max("said_on"))
    )
    rows = talks.union(
        newest.values_list(Value("last", text), "n", "on", "account"),
        wrote.values_list(Value("wrote", text), "n", "on", "account"),
        all=True,
    )
    found: dict[str, list[Any]] = {"talk": [], "last": [], "wrote": []}
    for what, *row in rows:
        found[what].append(tuple(row))
    last = {account: on for _, on, account in found["last"]}
    return set(found["talk"]), last, {account: n for n, _, account in found["wrote"]}


def _names(groups: Groups) -> list[str]:
    return list(dict.fromkeys([*groups.sizes, *groups.of.values()]))


def _segment(
    name: str,
    groups: Groups,
    last: dict[int, date],
    pairs: set[tuple[int, date, int]],
    pieces: dict[int, int],
    weeks: Weeks,
    want: Target,
) -> SegmentClock:
    """Return the clock of one segment: a conversation with two of its accounts is one.

    Its target is what its accounts are of all, taken of the team's target.
    """
    held = {conversation: day for conversation, day, account in pairs if groups.of[account] == name}
    by_week: dict[date, int] = {}
    for day in held.values():
        start = day - timedelta(days=day.weekday())
        by_week[start] = by_week.get(start, 0) + 1
    days = [day for account, day in last.items() if groups.of[account] == name]
    n_accounts = groups.sizes[name].n_accounts if name in groups.sizes else 0
    share = n_accounts / groups.n_accounts if groups.n_accounts else None
    target = want.per_team * share if share and name else None
    return SegmentClock(
        name=name,
        n_accounts=n_accounts,
        share=share,
        n_accounts_talked=len({account for _, _, account in pairs if groups.of[account] == name}),
        n_feedback=sum(n for account, n in pieces.items() if groups.of[account] == name),
        clock=build_clock(name, max(days, default=None), by_week, weeks, target),
        unheard_days=want.unheard_days,
    )


def chosen_products(user: Any, slug: str) -> list[Product]:
    """Return the product that a reader chose among those that they may see, or all of those."""
    return [product for product in user.visible_products if not slug or product.slug == slug]
