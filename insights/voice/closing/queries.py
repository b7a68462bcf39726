"""What the pages of closing show: everybody behind a thing with what they heard, and how many hear in time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from insights.contacts.public import Named, check_askable
from insights.questions.rates import rate_of
from insights.voice.closing.access import get_kind
from insights.voice.closing.contracts import ToldShare
from insights.voice.closing.drafting import address_of, names_of
from insights.voice.closing.models import StatusChange, Telling
from insights.voice.closing.telling import MESSAGE
from insights.voice.themes.public import AskedWords, Asker, Importance

MOST_WORDS = 3
MOST_ON_HOME = 6
SHARE_DAYS = 180
STATES = [("", "Everybody"), ("waiting", "Not told yet"), ("told", "Told"), ("out", "Left out"), ("new", "Asked since")]


@dataclass
class Behind:
    """Somebody behind a thing: what they asked, and what they heard of its status; filled for the rows of a page."""

    asker: Asker
    telling: Telling | None = None
    person: Named | None = None
    account: Named | None = None
    address: str = ""
    words: list[AskedWords] = field(default_factory=list)
    why_not: str = ""

    @property
    def is_known(self) -> bool:
        """Say whether there is somebody to tell."""
        return self.asker.person_no is not None or self.asker.account_no is not None

    @property
    def label(self) -> str:
        """Return what they are called."""
        if self.asker.person_no is None:
            return f"somebody at {self.account_label}" if self.asker.account_no is not None else "somebody"
        if self.person is not None:
            return self.person.label
        return (self.telling.name if self.telling else "") or self.asker.person_label

    @property
    def account_label(self) -> str:
        """Return what their account is called."""
        return self.account.label if self.account else self.asker.account_label

    @property
    def importance(self) -> str:
        """Return how much it matters to them, in words."""
        return str(Importance(self.asker.importance).label)

    @property
    def state(self) -> str:
        """Return in which of STATES it is."""
        if self.telling is None:
            return "new"
        if self.telling.is_waiting:
            return "waiting"
        return "out" if self.telling.state == Telling.State.LEFT_OUT else "told"


@dataclass(frozen=True)
class ThingPage:
    """A thing that people asked for: its status now, those before, and everybody behind it."""

    change: StatusChange | None
    before: list[StatusChange]
    rows: list[Behind]
    n_people: int
    n_accounts: int
    n_missing: int


def read_thing(kind: str, thing: Any, *, now: datetime, state: str = "") -> ThingPage:
    """Return who stands behind a thing and what each heard of its status now; the state keeps some of them."""
    changes = list(StatusChange.objects.filter(kind=kind, thing_id=thing.pk).dressed().with_shares(now))
    change = next((one for one in changes if one.is_current), None)
    askers = get_kind(kind).behind(thing)
    tellings = list(change.tellings.select_related("told_by", "person")) if change else []
    of_person = {one.person.resolved_no: one for one in tellings if one.person}
    of_account = {one.account_id: one for one in tellings if not one.person_id}
    rows = [
        Behind(one, of_person.get(one.person_no) if one.person_no is not None else of_account.get(one.account_no))
        for one in askers
    ]
    return ThingPage(
        change=change,
        before=[one for one in changes if not one.is_current],
        rows=[row for row in rows if not state or (row.is_known and row.state == state)],
        n_people=sum(one.person_no is not None for one in askers),
        n_accounts=len({one.account_no for one in askers if one.account_no is not None}),
        n_missing=sum(row.is_known and row.telling is None for row in rows) if change and change.is_told else 0,
    )


def quote_behind(rows: Sequence[Behind], kind: str, thing: Any, user: Any, *, most: int = MOST_WORDS) -> None:
    """Give rows what they asked, in their words; one read for all of them."""
    links = {link for row in rows for link in row.asker.link_ids[:most]}
    words = get_kind(kind).words(thing, links, user) if links else {}
    for row in rows:
        row.words = [words[link] for link in row.asker.link_ids[:most] if link in words]


def name_behind(rows: Sequence[Behind], thing: Any) -> None:
    """Give rows their names and addresses as they are known now, and whether they may be written to."""
    askers = [row.asker for row in rows]
    persons, accounts = names_of(askers, thing.product)
    why = check_askable([one.person_no for one in askers if one.person_no is not None], MESSAGE)
    for row in rows:
        row.person = persons.get(row.asker.person_no or 0)
        row.account = accounts.get(row.asker.account_no or 0)
        row.address = address_of(row.person)
        row.why_not = _why_not(row, why)


def _why_not(row: Behind, why: dict[int, Any]) -> str:
    """Return why somebody cannot be sent a mail now, "" where they can; one that was told may not be asked again."""
    if not row.is_known or (row.telling is not None and not row.telling.is_waiting):
        return ""
    if row.asker.person_no is None:
        return "Nobody known asked for this account."
    if row.asker.person_no in why:
        return str(why[row.asker.person_no].reason)
    return "" if row.address else "No mail address of theirs is known."


def read_share(user: Any, *, now: datetime, product: Any = None) -> tuple[ToldShare, dict[str, Any]]:
    """Return who of the last SHARE_DAYS days' statuses was told in time, with the rate and its interval."""
    changes = StatusChange.objects.visible_to(user).filter(is_told=True, made_at__gte=now - timedelta(days=SHARE_DAYS))
    changes = changes.filter(product=product) if product is not None else changes
    share = sum((one.share for one in changes.with_shares(now)), ToldShare())
    return share, rate_of(share.n_in_time, share.n_counted)


def waiting_to_hear(user: Any, *, now: datetime) -> tuple[list[StatusChange], bool]:
    """Return the statuses that a person set of which some were not told yet, the first due in front."""
    own = StatusChange.objects.visible_to(user).current().filter(made_by_id=user.pk, is_told=True)
    found = list(own.with_shares(now).filter(n_waiting__gt=0).order_by("made_at", "pk")[: MOST_ON_HOME + 1])
    for one in found:
        one.is_late = one.tell_until < now
    return found[:MOST_ON_HOME], len(found) > MOST_ON_HOME
