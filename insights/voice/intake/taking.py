"""Rows of a file as pieces of feedback: what each comes to, and writing what is new with its themes."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from insights.imports.public import Fate, Import, Note, Plan, Seen, guess_day_format, read_day, row_key
from insights.sources.public import FileRow
from insights.voice.feedback.public import Channel, Draft, Feedback, draft_feedback, known_origin_ids, write_drafts
from insights.voice.intake.options import DEFAULT_ORIGIN, SEPARATORS
from insights.voice.intake.presets import CHANNEL_WORDS, KIND_WORDS
from insights.voice.intake.theming import ThemeMaker
from insights.voice.texts.public import LANGUAGES, excerpt, text_of_html
from portal.people.public import Product
from portal.shell.public import BadInput

_NO = frozenset({"", "0", "0.0", "no", "n", "false", "f", "none", "nein", "non", "-"})
_LONGEST_ID = 200
# Where a piece's faults belong in the file: the target whose column said it.
_TARGET_OF = {"text": "text", "title": "title", "said_on": "said_on", "origin_url": "origin_url", "author": "author"}


@dataclass
class _Piece:
    """One thing to be taken out of a row: its words, subject and id, and the column that it stands in."""

    text: str
    title: str
    origin_id: str
    column: str


@dataclass
class _About:
    """What a row says of all its pieces, and which values of it could not be read."""

    values: dict[str, Any]
    person: str
    account: str
    themes: list[str]
    notes: list[Note] = field(default_factory=list)


class FeedbackTaker:
    """Looks at rows in the order of the file and writes new pieces; made anew for each check and run."""

    def __init__(self, product: Product, plan: Plan, *, actor: Any, batch: Import | None):
        self.product, self.plan, self.batch, self.actor = product, plan, batch, actor
        options = plan.options
        self.origin = str(options.get("origin") or DEFAULT_ORIGIN)
        self.channels = {channel.slug: channel for channel in Channel.objects.all()}
        self.by_name = {channel.name.lower(): channel for channel in self.channels.values()}
        self.channel = self.channels.get(str(options.get("channel"))) or next(iter(self.channels.values()))
        self.today = timezone.localdate()
        self.said_on = date.fromisoformat(str(options["said_on"])) if options.get("said_on") else self.today
        self.day_format = str(options.get("day_format") or "")
        self.zone = ZoneInfo(settings.WORKSPACE_TIME_ZONE)
        self.themes = ThemeMaker(product, batch, actor=actor, parent=str(options.get("parent") or ""))
        self._identical: Counter[str] = Counter()
        self._seen: dict[str, tuple[int, str]] = {}  # origin id → line and words of the first

    def look(self, rows: Sequence[FileRow]) -> list[Seen]:
        """Say what each row comes to: several pieces where several columns are answers."""
        if not self.day_format and (column := self.plan.column("said_on")):
            self.day_format = guess_day_format([row.cells.get(column, "") for row in rows[:200]])
        looked = [(row, self._pieces(row)) for row in rows]
        ids = [piece.origin_id for _, pieces in looked for piece in pieces]
        known = known_origin_ids(self.product, self.origin, ids)
        seen: list[Seen] = []
        for row, pieces in looked:
            seen += self._look_at(row, pieces, known) if pieces else [Seen(row, Fate.EMPTY)]
        return seen

    def _pieces(self, row: FileRow) -> list[_Piece]:
        key = self.plan.cell(row, "origin_id") or row_key(row, self._identical)
        pieces, title = [], self.plan.cell(row, "title")
        if text := self._words(self.plan.cell(row, "text")):
            pieces.append(_Piece(text, title, _short(key), self.plan.column("text")))
        for column in self.plan.columns("question"):
            if text := self._words(row.cells.get(column, "").strip()):
                mark = hashlib.sha256(column.encode()).hexdigest()[:8]
                pieces.append(_Piece(text, column, _short(f"{key}/{mark}"), column))
        return pieces

    def _words(self, text: str) -> str:
        return text_of_html(text) if self.plan.options.get("is_html") else text.strip()

    def _look_at(self, row: FileRow, pieces: list[_Piece], known: set[str]) -> list[Seen]:
        try:
            about = self._about(row)
        except BadInput as fault:
            column, reason = self._fault(fault)
            return [Seen(row, Fate.REFUSED, reason, column)]
        return [self._judge(row, piece, about, known) for piece in pieces]

    def _judge(self, row: FileRow, piece: _Piece, about: _About, known: set[str]) -> Seen:
        first = self._seen.setdefault(piece.origin_id, (row.no, piece.text))
        if first[0] != row.no and first[1] != piece.text:
            reason = f"Line {first[0]:,} has this id with other words. The first is taken."
            return Seen(row, Fate.REFUSED, reason, self.plan.column("origin_id"))
        shown = self._shown(piece, about)
        if first[0] != row.no or piece.origin_id in known:
            return Seen(row, Fate.KNOWN, shown=shown)
        title = " ".join(piece.title.split())
        values = {**about.values, "text": piece.text, "title": title[:300], "origin_id": piece.origin_id}
        try:
            draft = draft_feedback(
                self.product,
                today=self.today,
                owner_id=self.actor.pk,
                person=about.person,
                account=about.account,
                **values,
            )
        except BadInput as fault:
            column, reason = self._fault(fault, piece.column)
            return Seen(row, Fate.REFUSED, reason, column)
        return Seen(row, Fate.NEW, notes=tuple(about.notes), shown=shown, value=(draft, about.themes))

    def _about(self, row: FileRow) -> _About:
        cell, options, notes = self.plan.cell, self.plan.options, []
        person = cell(row, "person") or (cell(row, "origin_id") if options.get("row_is_person") else "")
        values = {
            "origin": self.origin,
            "said_on": self._day(cell(row, "said_on")),
            "author": cell(row, "author"),
            "visibility": options.get("visibility", "team"),
            "kind": self._kind(cell(row, "kind"), notes),
            "channel": self._channel(cell(row, "channel"), notes),
            "language": self._language(cell(row, "language"), notes),
            "origin_url": self._url(cell(row, "origin_url"), notes),
        }
        themes = self.themes.clean(self._labels(row), notes)
        return _About(values, person, cell(row, "account").split("\n")[0].strip(), themes, notes)

    def _day(self, text: str) -> date:
        if not text:
            return self.said_on
        day = read_day(text, self.day_format or "iso", self.zone)
        if day is None:
            raise BadInput(fields={"said_on": ["This day cannot be read. Write it like the others."]})
        return day

    def _kind(self, text: str, notes: list[Note]) -> str:
        default = str(self.plan.options.get("kind") or Feedback.Kind.OTHER)
        plain = text.lower().replace("_", " ").strip()
        found = plain if plain in Feedback.Kind.values else KIND_WORDS.get(plain)
        if text and found is None:
            notes.append(self._note("kind", text, "No kind of feedback is called so; the one for all rows was taken."))
        return found or default

    def _channel(self, text: str, notes: list[Note]) -> Channel:
        plain = text.lower().replace("_", " ").strip()
        found = self.channels.get(plain) or self.by_name.get(plain) or self.channels.get(CHANNEL_WORDS.get(plain, ""))
        if text and found is None:
            notes.append(self._note("channel", text, "No channel is called so; the one for all rows was taken."))
        return found or self.channel

    def _language(self, text: str, notes: list[Note]) -> str:
        default = str(self.plan.options.get("language") or "")
        code = text.lower().replace("_", "-").split("-")[0]
        by_name = next((key for key, (name, _) in LANGUAGES.items() if name.lower() == code), "")
        if text and code not in LANGUAGES and not by_name:
            notes.append(self._note("language", text, "This is no language of the list, so none was taken."))
            return default
        return (code if code in LANGUAGES else by_name) or default

    def _url(self, text: str, notes: list[Note]) -> str:
        if text and not text.startswith(("https://", "http://")):
            notes.append(self._note("origin_url", text, "This is no whole web address, so none was taken."))
            return ""
        return text

    def _note(self, target: str, value: str, reason: str) -> Note:
        return Note(self.plan.column(target), value[:500], reason)

    def _labels(self, row: FileRow) -> list[tuple[str, str]]:
        """Return the (column, name) of each theme that a row names: by labels, and by yes in a column of its own."""
        separator = SEPARATORS.get(str(self.plan.options.get("apart")), "\n")
        named = [
            (column, name.strip())
            for column in self.plan.columns("theme")
            for line in row.cells.get(column, "").split("\n")
            for name in line.split(separator)
        ]
        flags = self.plan.columns("flag")
        said = [(column, column) for column in flags if row.cells.get(column, "").strip().lower() not in _NO]
        return [(column, name) for column, name in (*named, *said) if name]

    def _shown(self, piece: _Piece, about: _About) -> dict[str, str]:
        values = about.values
        return {
            "text": excerpt(piece.text, 140),
            "title": piece.title,
            "who": ", ".join(filter(None, [about.person or values["author"], about.account])),
            "said_on": f"{values['said_on']:%-d %b %Y}",
            "about": f"{Feedback.Kind(values['kind']).label}, {values['channel'].name}",
            "themes": ", ".join(about.themes),
        }

    def _fault(self, fault: BadInput, column: str = "") -> tuple[str, str]:
        """Return the column and the sentence of what is wrong first."""
        name, sentences = next(iter(fault.fields.items()), ("", [fault.message]))
        return self.plan.column(_TARGET_OF.get(name, name)) or column, sentences[0]

    def write(self, seen: Sequence[Seen]) -> None:
        """Write new pieces, and link them to the themes that their rows name."""
        drafts: list[Draft] = []
        for one in seen:
            draft, themes = one.value
            draft.feedback.imported_in = self.batch
            if themes:  # as with links that people make, what is linked to a theme does not wait to be triaged
                draft.feedback.state = Feedback.State.TRIAGED
            drafts.append(draft)
        written = write_drafts(self.product, drafts) if drafts else []
        self.themes.link([(feedback, one.value[1]) for feedback, one in zip(written, seen, strict=True)])


def _short(key: str) -> str:
    """Return an id as short as it is kept; a longer one as its hash."""
    return key if len(key) <= _LONGEST_ID else "sha-" + hashlib.sha256(key.encode()).hexdigest()
