"""Uploaded lists: ids read out of a file or a pasted text, kept compressed, and matched with what the store knows."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from insights.cohorts.models import Cohort, CohortList
from insights.cohorts.packing import Numbers, as_numbers
from insights.events.public import Account, DistinctId, Source
from insights.sources.contracts import ReadOptions
from insights.sources.readers.dialect import guess_dialect, looks_like_header
from portal.shell.public import BadInput, NotFound, TooMuch

MOST_BYTES = 64 * 1024 * 1024
MOST_IDS = 1_000_000
LONGEST_ID = DistinctId.MAX_LENGTH
_AT_ONCE = 5000
_HEAD_BYTES = 64 * 1024
_ID_COLUMNS = ("distinct_id", "user_id", "userid", "person_id", "account_id", "account", "customer_id", "id", "email")
_NOT_TEXT = "This is not a text file. Give a CSV or a text file with one id a line; save a spreadsheet as CSV first."


@dataclass(frozen=True)
class ReadList:
    """The ids of a file, each once, and what was left out."""

    ids: tuple[str, ...]
    n_repeated: int = 0
    n_too_long: int = 0


def read_ids(data: bytes, *, unit: str = "person") -> ReadList:
    """Return the ids in a file: one a line, or the column of a CSV file that is named like one, else the first.

    Raises: BadInput for what is no text or holds no id; TooMuch for too many bytes or ids.
    """
    if len(data) > MOST_BYTES:
        raise TooMuch(f"A list has at most {MOST_BYTES // 2**20} MB. Split it.")
    seen: dict[str, None] = {}
    n_read = n_too_long = 0
    for cell in _cells(_decode(data), unit):
        text = cell.strip()
        if not text:
            continue
        n_read += 1
        if len(text) > LONGEST_ID or not text.isprintable():
            n_too_long += 1
        else:
            seen[text] = None
        if len(seen) > MOST_IDS:
            raise TooMuch(f"A list has at most {MOST_IDS:,} ids. Use a rule, or split it.")
    if not seen:
        raise BadInput(
            fields={"file": ["There is no id in it. Give one id a line, or a CSV file with a column of ids."]}
        )
    return ReadList(tuple(seen), n_read - n_too_long - len(seen), n_too_long)


def _decode(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    if b"\x00" in data or data[:2] == b"PK" or data[:4] == b"%PDF":
        raise BadInput(_NOT_TEXT, fields={"file": [_NOT_TEXT]})
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _cells(text: str, unit: str) -> Iterator[str]:
    head = text[:_HEAD_BYTES]
    dialect = guess_dialect(head, ReadOptions()).for_python()
    first = head.partition("\n")[0]
    if dialect["delimiter"] not in first and '"' not in first:
        lines = text.splitlines()
        is_head = bool(lines) and lines[0].strip().lower() in _ID_COLUMNS
        yield from lines[1:] if is_head else lines
        return
    rows = csv.reader(io.StringIO(text, newline=""), **dialect)
    try:
        sample = [row for _, row in zip(range(20), rows, strict=False) if row]
        column, has_header = _column(sample, unit)
        for number, row in enumerate(sample):
            if number or not has_header:
                yield from row[column : column + 1]
        for row in rows:
            yield from row[column : column + 1]
    except csv.Error as error:
        raise BadInput(fields={"file": [f"This cannot be read as CSV: {error}. Give one id a line."]}) from None


def _column(sample: Sequence[list[str]], unit: str) -> tuple[int, bool]:
    """Return the place of the ids' column and whether the first row is a head."""
    if not sample:
        return 0, False
    names = [cell.strip().lower() for cell in sample[0]]
    wanted = [name for name in _ID_COLUMNS if name.startswith("account") == (unit == "account") or name == "id"]
    found = next((names.index(name) for name in wanted if name in names), None)
    if found is not None:
        return found, True
    return 0, len(sample) > 1 and looks_like_header([list(row) for row in sample])


def pack_ids(ids: Sequence[str]) -> bytes:
    """Return ids as compressed lines."""
    import zstandard

    return zstandard.ZstdCompressor(level=3).compress("\n".join(ids).encode())


def unpack_ids(packed: bytes | memoryview) -> list[str]:
    """Return the ids that `pack_ids` was given."""
    import zstandard

    text = zstandard.ZstdDecompressor().decompress(bytes(packed)).decode()
    return text.split("\n") if text else []


def known_ids(cohort: Cohort, ids: Sequence[str]) -> dict[str, list[int]]:
    """Return the numbers of those ids that the store knows in the products' spaces, a person's own number."""
    sources = Source.objects.filter(product__in=cohort.products.all())
    spaces = list(sources.order_by().values_list("id_space", flat=True).distinct())
    is_account = cohort.unit == Cohort.Unit.ACCOUNT
    field = "account_id" if is_account else "distinct_id"
    model: Any = Account if is_account else DistinctId
    found: dict[str, list[int]] = {}
    for start in range(0, len(ids), _AT_ONCE):
        some = {f"{field}__in": list(ids[start : start + _AT_ONCE])}
        columns = (field, "no") if is_account else (field, "no", "person_no")
        for text, no, *person in model.objects.filter(id_space__in=spaces, **some).values_list(*columns):
            found.setdefault(text, []).append(person[0] if person and person[0] is not None else no)
    return found


def match_list(cohort: Cohort) -> Numbers:
    """Return the members that a list's ids mean by now, and note how many ids are known."""
    listed = CohortList.objects.filter(cohort=cohort).first()
    if listed is None:
        raise NotFound("The list of this cohort is gone. Upload it again.")
    found = known_ids(cohort, unpack_ids(listed.ids))
    CohortList.objects.filter(pk=listed.pk).update(n_known=len(found))
    return as_numbers(number for numbers in found.values() for number in numbers)


def unknown_ids(cohort: Cohort, most: int) -> list[str]:
    """Return some of the ids that the store does not know yet, in the list's order."""
    listed = CohortList.objects.filter(cohort=cohort).first()
    if listed is None:
        raise NotFound("This cohort is not made from a list.")
    ids = unpack_ids(listed.ids)
    found: list[str] = []
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        known = known_ids(cohort, some)
        found += [text for text in some if text not in known]
        if len(found) >= most:
            break
    return found[:most]
