"""Where days lie on a timeline: its columns, and bars and marks as shares of its width; knows no database."""

from dataclasses import dataclass
from datetime import date, timedelta

N_COLUMNS = {"quarter": 6, "month": 9}
STEP_DAYS = {"quarter": 7, "month": 1}  # what one press of an arrow key moves a bar by


@dataclass(frozen=True)
class Column:
    """A month or quarter of a timeline: its name, first day, and where it lies, in percent of the width."""

    label: str
    starts_on: date
    x: float
    width: float
    is_current: bool


@dataclass(frozen=True)
class Span:
    """Where a bar lies, in percent of the width; it goes on beyond an edge where it is cut there."""

    x: float
    width: float
    is_cut_before: bool
    is_cut_after: bool


@dataclass(frozen=True)
class Window:
    """The days that a timeline shows: from the first, up to and without the last."""

    zoom: str
    first: date
    end: date

    @property
    def n_days(self) -> int:
        """Return how many days it shows."""
        return (self.end - self.first).days

    @property
    def step_days(self) -> int:
        """Return by how many days one press of an arrow key moves."""
        return STEP_DAYS[self.zoom]

    def at(self, day: date) -> float | None:
        """Return where the beginning of a day lies, in percent of the width; None where it is not shown."""
        return _percent((day - self.first).days, self.n_days) if self.first <= day < self.end else None

    def span(self, starts_on: date | None, ends_on: date | None) -> Span | None:
        """Return where a bar from one day to another lies, both included; None where none of it is shown.

        With one of the days alone, it is that day.
        >>> window_of("quarter", date(2024, 2, 9)).span(date(2024, 1, 1), date(2024, 3, 31)).x
        0.0
        """
        first, last = starts_on or ends_on, ends_on or starts_on
        if first is None or last is None or last < self.first or first >= self.end:
            return None
        shown, after = max(first, self.first), min(last + timedelta(days=1), self.end)
        x = _percent((shown - self.first).days, self.n_days)
        return Span(x, _percent((after - shown).days, self.n_days), first < self.first, last >= self.end)

    def columns(self, today: date) -> list[Column]:
        """Return its months or quarters."""
        found, at = [], self.first
        while at < self.end:
            after = add_months(at, 3 if self.zoom == "quarter" else 1)
            label = f"Q{(at.month + 2) // 3} {at.year}" if self.zoom == "quarter" else f"{at:%b %Y}"
            x, width = _percent((at - self.first).days, self.n_days), _percent((after - at).days, self.n_days)
            found.append(Column(label, at, x, width, at <= today < after))
            at = after
        return found

    def moved(self, columns: int) -> date:
        """Return the first day of the window so many columns later, or earlier below zero."""
        return add_months(self.first, columns * (3 if self.zoom == "quarter" else 1))


def window_of(zoom: str, start: date) -> Window:
    """Return the window of a timeline that begins with the month or quarter of a day.

    >>> window_of("quarter", date(2024, 2, 9)).end
    datetime.date(2025, 7, 1)
    """
    months = 3 if zoom == "quarter" else 1
    first = date(start.year, start.month - (start.month - 1) % months, 1)
    return Window(zoom, first, add_months(first, months * N_COLUMNS[zoom]))


def add_months(first: date, months: int) -> date:
    """Return the first day of the month so many months later."""
    total = first.year * 12 + first.month - 1 + months
    return date(total // 12, total % 12 + 1, 1)


def _percent(days: int, n_days: int) -> float:
    return round(100 * days / n_days, 3)
