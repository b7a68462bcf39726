"""What rooms hang into the shell: navigation, home panels, search, offers, digests, erasers, backups and demo seeds.

A room fills it from its own `registered.py`, imported by its `AppConfig.ready`; so left rooms show right rooms' pieces
without importing them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.models import QuerySet


@dataclass(frozen=True)
class NavItem:
    """One line of the left navigation; group is "Insights", "Roadmaps", "Playbooks", "Operations" or "" for the top.

    `under` is the label of the line that it stands below: it is seen while the reader is somewhere under that one.
    `also` are beginnings of other addresses that belong to it: there, too, the reader is under this line.
    `icon` is an id of static/img/icons.svg, such as dashboards, explore, data, source, catalogue, night,
    health or settings; `keys` a sequence such as "g d".
    """

    group: str
    label: str
    url_name: str
    order: int = 100
    keys: str = ""
    can_see: Callable[[Any], bool] = lambda user: True
    icon: str = "dot"
    under: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Command:
    """Something to do from the command palette ("New dashboard"): opens a page, for those who may."""

    label: str
    url_name: str
    can_see: Callable[[Any], bool] = lambda user: True
    order: int = 100
    detail: str = ""


@dataclass(frozen=True)
class KeyGuide:
    """Keys of a room's own page, for the keyboard overview: pairs of (what it does, its keys)."""

    name: str
    keys: tuple[tuple[str, tuple[str, ...]], ...]
    can_see: Callable[[Any], bool] = lambda user: True
    order: int = 100


@dataclass(frozen=True)
class FramePiece:
    """A piece of the frame on every page: place is "side" (foot of the side bar) or "top" (right end of the top bar).

    The template reads what build(request) returned as `piece`; None stays away. Runs on every page: keep it cheap.
    """

    name: str
    place: str
    template: str
    build: Callable[[Any], Any]
    order: int = 100


@dataclass(frozen=True)
class ProfileTab:
    """A page of a person's own settings, as a tab of the profile and a line of the profile menu."""

    name: str
    label: str
    url_name: str
    order: int = 100
    icon: str = "settings"


@dataclass(frozen=True)
class HomePanel:
    """A block of Home: build(request) returns the template's context, or None to stay away."""

    name: str
    template: str
    build: Callable[[Any], dict[str, Any] | None]
    order: int = 100


@dataclass(frozen=True)
class FirstStep:
    """A thing to do first in a fresh portal, shown on Home until it is done: is_done(user) is one cheap query."""

    name: str
    title: str
    text: str
    url_name: str
    is_done: Callable[[Any], bool]
    can_see: Callable[[Any], bool] = lambda user: True
    order: int = 100


@dataclass(frozen=True)
class SearchHit:
    """One result of the search: kind is the noun on screen ("Dashboard")."""

    kind: str
    title: str
    url: str
    detail: str = ""


@dataclass(frozen=True)
class SearchRows:
    """Finds things of one kind that are rows of a table; `search.find_things` asks all rooms for theirs in one query.

    find(user, text) returns the queryset of those that this user may see, ordered best first, None where none could be.
    `fields` are read of each row (as "product__name"), and show(values by field) returns the hit.
    """

    kind: str
    find: Callable[[Any, str], "QuerySet | None"]
    fields: tuple[str, ...]
    show: Callable[[dict[str, Any]], SearchHit]
    order: int = 100


@dataclass(frozen=True)
class SearchProvider:
    """Finds things of one kind in queries of its own: find(user, text, limit) returns hits for this user, best first.

    Each costs the palette and the search page what it asks: where one table tells it all, `SearchRows` is the way.
    """

    kind: str
    find: Callable[[Any, str, int], Iterable[SearchHit]]
    order: int = 100


@dataclass(frozen=True)
class Offer:
    """A button on the page of a thing: a link, or with `fields` a form that is sent by POST."""

    label: str
    url: str
    fields: dict[str, str] = field(default_factory=dict)
    detail: str = ""


@dataclass(frozen=True)
class OfferProvider:
    """What a room offers to do next with a thing of a room left of it: offer(thing, user) returns an Offer or None."""

    name: str
    offer: Callable[[Any, Any], Offer | None]
    order: int = 100


@dataclass(frozen=True)
class Panel:
    """A block that a room hangs on the page of a thing of a room left of it.

    build(thing, user) returns the template's context, read there as `panel`, or None to stay away.
    """

    name: str
    template: str
    build: Callable[[Any, Any], Any]
    order: int = 100


@dataclass(frozen=True)
class UsedBy:
    """Answers "who uses this?" for one kind of thing, the noun on screen; `uses.find_uses` asks all rooms in one query.

    find(thing, user) returns the queryset of those that use it and that this user may see, None where none could.
    `fields` are read of each row (as "dashboard__slug"), and show(values by field) returns the hit.
    """

    kind: str
    find: Callable[[Any, Any], "QuerySet | None"]
    fields: tuple[str, ...]
    show: Callable[[dict[str, Any]], SearchHit]


@dataclass(frozen=True)
class DatedNote:
    """What happened on a day or from one day to another, as rooms draw it on time axes."""

    starts_on: date
    text: str
    ends_on: date | None = None
    url: str = ""


@dataclass(frozen=True)
class NoteProvider:
    """Says what happened to a product: find(product, user) returns notes that this user may see."""

    name: str
    find: Callable[[Any, Any], Iterable[DatedNote]]
    order: int = 100


@dataclass(frozen=True)
class PersonEraser:
    """Erases what a room knows of one person: erase(id_space, distinct_ids, actor) returns a count by noun."""

    name: str
    erase: Callable[..., dict[str, int]]
    order: int = 100


@dataclass(frozen=True)
class PersonExporter:
    """Hands out what a room knows of one person: export(id_space, distinct_ids) yields (file name, rows).

    A file name has no ending and is used once in the portal; rows are dicts of plain values, JSON lines of the file.
    """

    name: str
    export: Callable[..., Iterable[tuple[str, Iterable[dict[str, Any]]]]]
    order: int = 100


@dataclass(frozen=True)
class BackupFiles:
    """Files that belong to the database's rows: folder() holds them, list_files() names them in the caller's snapshot.

    list_files yields (path below the folder, SHA-256 or ""); files that never change are linked, not copied.
    """

    name: str
    folder: Callable[[], Path]
    list_files: Callable[[], Iterable[tuple[str, str]]]
    are_immutable: bool = False


@dataclass(frozen=True)
class DemoSeed:
    """A room's part of the demo workspace: seed(world, progress), run in `order`, safe to run twice."""

    name: str
    seed: Callable[..., None]
    order: int = 100


@dataclass(frozen=True)
class NightStep:
    """A step of the nightly refresh: work(night) yields progress; a failing step does not stop the others."""

    name: str
    label: str
    work: Callable[..., Any]
    order: int = 100


@dataclass(frozen=True)
class DigestSubject:
    """Something that people subscribe to, by mail or webhook: kind is its name in the API, label the one on screen.

    find(user, thing_id) returns the thing if this user may read it now, else None; it is asked again before each send.
    describe(thing) returns its title and the path of its page. compose(thing, person, since=, now=) returns a tuple of
    `portal.messages.contracts.DigestPart`, the most important first; it runs in a worker, asks as that person, may ask
    heavy questions, and holds no personal data. Subjects that need no thing (“my products”) take "" as thing_id and are
    listed in `offers(user)` as (thing_id, title) pairs, as every subject that a person may choose from a short list.
    """

    kind: str
    label: str
    find: Callable[[Any, str], Any]
    describe: Callable[[Any], tuple[str, str]]
    compose: Callable[..., tuple[Any, ...]]
    offers: Callable[[Any], list[tuple[str, str]]] = lambda user: []
    order: int = 100


@dataclass(frozen=True)
class DigestSection:
    """What a room adds to the digest about a person's products, behind what their numbers did.

    compose(products, person, since=, now=) returns a tuple of `portal.messages.contracts.DigestPart`, empty where there
    is no news since the digest before. It only reads: a worker that died makes the digest again.
    """

    name: str
    compose: Callable[..., tuple[Any, ...]]
    order: int = 100


@dataclass(frozen=True)
class Schedule:
    """A default schedule of a task, every so many seconds or by crontab "minute hour day month weekday"."""

    name: str
    task: str
    every_s: int = 0
    crontab: str = ""
    time_zone: str = "UTC"
    description: str = ""


@dataclass
class Registry:
    """All that rooms have registered, by kind, in order."""

    pieces: dict[type, dict[str, Any]] = field(default_factory=dict)

    def add(self, piece: Any) -> None:
        """Register a piece under its name; a second piece of the same name is a mistake."""
        name = getattr(piece, "name", None) or getattr(piece, "kind", None) or piece.label
        shelf = self.pieces.setdefault(type(piece), {})
        if name in shelf:
            raise ValueError(f"{type(piece).__name__} {name!r} is registered twice")
        shelf[name] = piece

    def all(self, kind: type) -> list[Any]:
        """Return the pieces of a kind by order, then name."""
        shelf = self.pieces.get(kind, {})
        return [piece for _, piece in sorted(shelf.items(), key=lambda item: (getattr(item[1], "order", 100), item[0]))]


registry = Registry()


def offers_for(thing: Any, user: Any) -> list[Offer]:
    """Return what rooms offer to do next with a thing."""
    made = (piece.offer(thing, user) for piece in registry.all(OfferProvider))
    return [offer for offer in made if offer is not None]


def panels_for(thing: Any, user: Any) -> list[tuple[Panel, Any]]:
    """Return the blocks that rooms hang on the page of a thing, each with what it shows."""
    made = ((piece, piece.build(thing, user)) for piece in registry.all(Panel))
    return [(piece, built) for piece, built in made if built is not None]
