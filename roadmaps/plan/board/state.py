"""What the address of the roadmap asks for: a view of the one set, its filters, and the day as of which it is read.

Knows no database: the address holds the whole state, so it is read, written and sent on in one place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from urllib.parse import urlencode

VIEWS = {
    "board": "Now, next, later",
    "timeline": "Timeline",
    "goals": "By goal",
    "teams": "By team",
    "list": "List",
    "calendar": "Releases",
}
LANES = {"": "None", "goal": "Goal", "team": "Team", "product": "Product", "owner": "Owner", "stage": "Stage"}
COLOURS = {
    "": "None",
    "stage": "Stage",
    "health": "Health",
    "goal": "Goal",
    "team": "Team",
    "product": "Product",
    "owner": "Owner",
}
ZOOMS = {"quarter": "Quarters", "month": "Months"}
HORIZONS = {"now": "Now", "next": "Next", "later": "Later"}
HEALTHS = {"good": "On track", "warn": "At risk", "bad": "Off track", "unknown": "Nothing to say yet"}
_CHOICES = {
    "view": VIEWS,
    "lanes": LANES,
    "colour": COLOURS,
    "zoom": ZOOMS,
    "horizon": {"": "", **HORIZONS},
    "health": {"": "", **HEALTHS},
    "done": {"": "", "1": ""},
}
_NUMBERS = {"goal", "owner", "release", "saved"}
_DAYS = {"day", "start"}
_LONGEST = 200
_NOT_FILTERS = ("view", "lanes", "colour", "zoom", "start", "day", "saved")


@dataclass(frozen=True)
class State:
    """A view with its filters as the address names them; an empty field is not asked for.

    goal, owner, release — a number as text, or "none" for those without. stage — one, "" for all that are not done or
    dropped. day — the roadmap as of the end of that past day. start — the first day of a timeline. saved — the number
    of the saved view that this began from.
    """

    view: str = "board"
    lanes: str = ""
    colour: str = ""
    zoom: str = "quarter"
    q: str = ""
    product: str = ""
    team: str = ""
    goal: str = ""
    owner: str = ""
    stage: str = ""
    horizon: str = ""
    health: str = ""
    release: str = ""
    done: str = ""
    start: date | None = None
    day: date | None = None
    saved: str = ""

    @property
    def grouped_by(self) -> str:
        """Return what swim lanes stand for: two views are nothing but lanes."""
        return {"goals": "goal", "teams": "team"}.get(self.view, self.lanes)

    @property
    def is_filtered(self) -> bool:
        """Say whether a filter takes something away."""
        return any(value for name, value in self.asked().items() if name not in _NOT_FILTERS)

    def asked(self) -> dict[str, str]:
        """Return what differs from the plain roadmap, by its name in the address."""
        plain = State()
        found = ((one.name, getattr(self, one.name)) for one in fields(self))
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in found
            if value != getattr(plain, name)
        }

    def address(self, **changes: object) -> str:
        """Return the address's query for this state with changes, without the question mark.

        >>> State(view="timeline", team="core").address(view="list", team="")
        'view=list'
        """
        return urlencode(replace(self, **changes).asked())  # type: ignore[arg-type]


def read_state(asked: Mapping[str, str], *, stages: Mapping[str, str], today: date) -> tuple[State, dict[str, str]]:
    """Return the state that an address asks for, and a sentence for each part of it that means nothing.

    >>> state, faults = read_state({"view": "list", "colour": "mood"}, stages={}, today=date(2024, 1, 1))
    >>> state.view, state.colour, faults
    ('list', '', {'colour': 'There is no colour “mood”.'})
    """
    found: dict[str, object] = {}
    faults: dict[str, str] = {}
    for one in fields(State):
        text = asked.get(one.name, "").strip().replace("\0", "")[:_LONGEST]
        if not text:
            continue
        value = _read(one.name, text, stages, today)
        if value is None:
            faults[one.name] = f"There is no {one.name} “{text[:40]}”."
        else:
            found[one.name] = value
    return State(**found), faults  # type: ignore[arg-type]


def _read(name: str, text: str, stages: Mapping[str, str], today: date) -> object | None:
    if name in _CHOICES:
        return text if text in _CHOICES[name] else None
    if name in _NUMBERS:
        is_number = text.isascii() and text.isdigit() and len(text) <= 18
        return text if is_number or (text == "none" and name != "saved") else None
    if name == "stage":
        return text if text in stages or text == "all" else None
    if name in _DAYS:
        return _day(name, text, today)
    return text


def _day(name: str, text: str, today: date) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    if name == "day":
        return found if date(1970, 1, 1) <= found < today else None
    return found if 1970 <= found.year <= 2200 else None
