"""What the pages and the API say of persons and accounts; no Django.

Times are aware UTC; counts are of stored events of the sources that the reader may see into.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from insights.contacts.contracts import Standing


@dataclass(frozen=True)
class Trait:
    """The current value of one key, and when it was said."""

    key: str
    value: Any
    at: dt.datetime


@dataclass(frozen=True)
class AccountRef:
    """An account to link to: its number and its id."""

    no: int
    account_id: str


@dataclass(frozen=True)
class PersonRow:
    """One person of a list; `email` is the current trait, where there is one."""

    no: int
    label: str
    distinct_ids: tuple[str, ...]
    email: str
    account: AccountRef | None
    first_seen_at: dt.datetime | None
    last_seen_at: dt.datetime | None
    n_events: int

    @property
    def distinct_id(self) -> str:
        """Return the id that stands for the person."""
        return self.distinct_ids[0]


@dataclass(frozen=True)
class PersonFacts(PersonRow):
    """One person in full."""

    id_space: str = ""
    traits: tuple[Trait, ...] = ()
    sources: tuple[str, ...] = ()
    months: tuple[tuple[dt.datetime, dt.datetime, int], ...] = ()  # (first event, last event, number), a source's month


@dataclass(frozen=True)
class AccountRow:
    """One account of a list; `standing` is what it is to us.

    `n_people` counts who acted for it, is of its group, or works there as their contact says; each once.
    """

    no: int
    label: str
    account_id: str
    n_people: int
    first_seen_at: dt.datetime | None
    last_seen_at: dt.datetime | None
    n_events: int
    standing: Standing = field(default_factory=lambda: Standing({}))


@dataclass(frozen=True)
class Week:
    """One week of an account: events and people from `starts_at` on, seven local days."""

    starts_at: dt.datetime
    n_events: int
    n_people: int
    is_partial: bool = False


@dataclass(frozen=True)
class AccountFacts(AccountRow):
    """One account in full, with its weeks, oldest first."""

    id_space: str = ""
    traits: tuple[Trait, ...] = ()
    weeks: tuple[Week, ...] = ()


@dataclass(frozen=True)
class TimelineEvent:
    """One event of a person, as it is stored."""

    at: dt.datetime
    event: str
    source: str
    distinct_id: str
    account: AccountRef | None
    batch_no: int
    properties: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Timeline:
    """Events newest first; `older` is where the next page begins, None at the end.

    A page may hold fewer events than it could: it ends where it has read enough of the store.
    """

    events: tuple[TimelineEvent, ...]
    older: str | None


@dataclass(frozen=True)
class Counted:
    """When the counts of a list were made, None while they never were; not current: newer data came in since."""

    at: dt.datetime | None
    is_current: bool = True


@dataclass(frozen=True)
class Found:
    """One page of a search; `is_cut` says that more ids begin so than are looked at.

    `counted` says how old its counts are, where they can be older than the data; `known`, what is known of accounts by
    meaning, for the columns and filters of their list.
    """

    total: int
    number: int
    page_size: int
    rows: Sequence[Any]
    is_cut: bool = False
    counted: Counted | None = None
    known: Any = None

    def __len__(self) -> int:
        return self.total


@dataclass(frozen=True)
class Taken:
    """All rows of a list for a file: `n_rows` of `total`, read while the file is written; `is_cut` as in Found."""

    total: int
    n_rows: int
    rows: Iterator[Any]
    is_cut: bool = False
    counted: Counted | None = None


@dataclass(frozen=True)
class Subject:
    """Of whom a story is told: a person by the numbers of all their ids, or an account by its number.

    `source_ids` are the sources that the reader may see into; `sees_written`, whether what was written down as well.
    """

    is_account: bool
    no: int
    numbers: tuple[int, ...]
    space_id: int
    source_ids: tuple[int, ...]
    sees_written: bool


@dataclass(frozen=True)
class Moment:
    """One line of a story. `side` says whose: "did", "said" (by them) or "we" (what we asked, answered or noted).

    `has_time` is false where only the day is known: then `at` is the first moment of that day in the reader's zone.
    """

    at: dt.datetime
    side: str
    kind: str
    text: str
    url: str = ""
    detail: str = ""
    has_time: bool = True
    language: str = ""


@dataclass(frozen=True)
class StoryTeller:
    """Tells a part of the story of a person or an account, registered by the room that knows it.

    tell(subject, user, until, most) returns up to `most` moments at or before `until` (aware; None: all), the newest
    first, equal ones always in the same order; it reads no more than it must, and only what the user may see.
    """

    name: str
    tell: Callable[[Subject, Any, dt.datetime | None, int], Sequence[Moment]]
    order: int = 100


@dataclass(frozen=True)
class StoryRows:
    """The same for a room whose moments are rows of one table: all of these are read in one statement.

    find(subject, user, until, most) returns a queryset of the rows, None where there are none for this reader; `fields`
    are read of each (as "change__title"), and show(values by field) returns its moments. Times come as ISO texts.
    """

    name: str
    find: Callable[[Subject, Any, dt.datetime | None, int], Any]
    fields: tuple[str, ...]
    show: Callable[[dict[str, Any]], Sequence[Moment]]
    order: int = 100


@dataclass(frozen=True)
class NameTeller:
    """Says by which names a room knows a person: tell(id_space, distinct_ids) returns rows, of one or two columns.

    They hold names, addresses and telephone numbers; all rooms are asked in one query.

    A name that a room cannot vouch for, as an author that some sender typed, is not sure: it is only perhaps theirs.
    """

    name: str
    tell: Callable[[Any, Sequence[str]], Any]
    is_sure: bool = True


@dataclass(frozen=True)
class MentionKeeper:
    """Helps where taking a person's name out of the columns of a model's row is not enough, or is too much.

    `name` is the model's label, as "insights_voice_feedback.feedback". watch(row) is called before, in the transaction;
    what it returns is called after with the row as it is then. redact(row) does it all instead. sees_to(id_space,
    distinct_ids) returns the rows that the room's own eraser sees to, beside those that are the person's by a key.
    """

    name: str
    watch: Callable[[Any], Callable[[Any], None]] | None = None
    redact: Callable[[Any], None] | None = None
    sees_to: Callable[[Any, Sequence[str]], Any] | None = None


@dataclass(frozen=True)
class Mention:
    """A row in which others name a person; `is_sure` where by a whole name, an address or an id, not a first name."""

    label: str
    pk: str
    is_sure: bool

    @property
    def key(self) -> str:
        """Return what forms and the API call it."""
        return f"{self.label}:{self.pk}"
