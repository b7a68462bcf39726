"""Reading the cells of trackers' files: their own forms of dates, labels in one cell or many, estimates. Pure."""

import datetime as dt
import json
import re
from zoneinfo import ZoneInfo

from insights.imports.public import read_time

# Forms that can mean only one day, beside the one that the file's dates were found to have.
_FORMS = (
    *("%d/%b/%y", "%d/%b/%Y", "%d/%b/%y %I:%M %p", "%d/%b/%y %H:%M", "%d/%b/%Y %I:%M %p", "%d/%b/%Y %H:%M"),
    *("%Y/%m/%d %I:%M %p", "%Y/%m/%d %H:%M", "%b %d, %Y, %I:%M %p", "%b %d, %Y %I:%M %p", "%b %d, %Y, %H:%M"),
    *("%d %b %Y, %H:%M", "%d %b %Y %H:%M", "%d.%b.%y %H:%M", "%Y-%m-%d %H:%M:%S %z"),
)
# "Mon Jan 08 2024 12:34:56 GMT+0100 (Central European Standard Time)", as a browser's script writes a date.
_SCRIPT = re.compile(r"^[A-Z][a-z]{2} ([A-Z][a-z]{2} \d{1,2} \d{4} \d\d:\d\d:\d\d) GMT([+-]\d{4})(?: \(.*\))?$")
_NUMBER = re.compile(r"^-?\d{1,9}([.,]\d{1,6})?$")
_OF_ADDRESS = re.compile(r"/(?:issues|pull|pulls|browse)/([\w-]+)/?$")


def read_moment(text: str, how: str, zone: ZoneInfo) -> dt.datetime | None:
    """Return the moment that a cell names, in UTC; None where it names none.

    how — the form of the file's dates, as `guess_day_format` names it; a day alone is its first moment in `zone`.
    >>> berlin = ZoneInfo("Europe/Berlin")
    >>> read_moment("14/Jul/25 3:42 PM", "iso", berlin).isoformat()
    '2025-07-14T13:42:00+00:00'
    >>> read_moment("Mon Jan 08 2024 12:34:56 GMT+0100 (CET)", "iso", berlin).isoformat()
    '2024-01-08T11:34:56+00:00'
    >>> read_moment("6/21/2025 16:14", "%m/%d/%Y %H:%M", berlin).isoformat(), read_moment("soon", "iso", berlin)
    ('2025-06-21T14:14:00+00:00', None)
    """
    plain = " ".join(text.split())
    if found := _SCRIPT.match(plain):
        return dt.datetime.strptime(" ".join(found.groups()), "%b %d %Y %H:%M:%S %z").astimezone(dt.UTC)
    at = read_time(plain, how, zone) or _by_form(plain, zone)
    try:
        return at.astimezone(dt.UTC) if at else None
    except OverflowError:  # the first day of all times, west of Greenwich
        return None


def _by_form(text: str, zone: ZoneInfo) -> dt.datetime | None:
    for form in _FORMS:
        try:
            at = dt.datetime.strptime(text, form)
        except ValueError:
            continue
        return at if at.tzinfo else at.replace(tzinfo=zone)
    return None


def read_estimate(text: str) -> float | None:
    """Return the number of an estimate; None for what is no number.

    >>> read_estimate("3.0"), read_estimate("0,5"), read_estimate("XL")
    (3.0, 0.5, None)
    """
    return float(text.replace(",", ".")) if _NUMBER.match(text.strip()) else None


def read_labels(cells: list[str]) -> list[str]:
    """Return the labels of one or several cells: one a cell, a list with commas, or JSON of names or of objects.

    >>> read_labels(["bug, ui", "", "api"]), read_labels(['[{"name": "bug"}, {"name": "ui"}]'])
    (['bug', 'ui', 'api'], ['bug', 'ui'])
    """
    found: list[str] = []
    for cell in cells:
        found += _of_json(cell) if cell.lstrip().startswith("[") else re.split(r"[,;\n]", cell)
    return list(dict.fromkeys(label for text in found if (label := " ".join(text.split())[:200])))[:100]


def _of_json(cell: str) -> list[str]:
    try:
        values = json.loads(cell)
    except (ValueError, RecursionError):
        return [cell.strip("[] ")]
    named = [value.get("name", "") if isinstance(value, dict) else value for value in values]
    return [value for value in named if isinstance(value, str)]


def key_of_address(url: str) -> str:
    """Return the key that the address of an item ends with.

    >>> key_of_address("https://github.com/a/b/issues/12"), key_of_address("https://x.atlassian.net/browse/PLAN-3")
    ('12', 'PLAN-3')
    """
    found = _OF_ADDRESS.search(url)
    return found[1] if found else ""
