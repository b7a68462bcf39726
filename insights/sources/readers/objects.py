"""JSON Lines and JSON documents: one column of object texts, exactly as written; what is no object is set aside."""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

from insights.sources.contracts import FileFault, Progress, RawTable, ReadOptions
from insights.sources.readers.delimited import convert_rejects, fill_raw_rows, sample_text
from insights.sources.readers.intake import TextFile
from insights.sources.readers.limits import MIB, Limits, size_words
from insights.sources.readers.records import raw_text, read_lines

_LISTS = ("events", "batch", "data", "results")
_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]')
_BLANK = re.compile(r"[ \t\r\n]*")
_decoder = json.JSONDecoder()


def is_json(text: TextFile) -> bool:
    """Say whether a text file holds JSON, told by its first letter."""
    return sample_text(text.path, 4096).lstrip()[:1] in ("{", "[")


def is_json_lines(text: TextFile) -> bool:
    """Say whether each line is an object of its own: the first or the second filled line parses alone."""
    lines = [line for line in sample_text(text.path, 2 * MIB).split("\n") if line.strip()][:2]
    if len(lines) == 1:
        # One object is a document when it holds a list of events, else a file of one line.
        return _is_object(lines[0]) and not _list_key(json.loads(lines[0]))
    return any(line.lstrip().startswith("{") and _is_object(line) for line in lines)


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _list_key(value: dict) -> str:
    return next((key for key in _LISTS if isinstance(value.get(key), list)), "")


def read_json_lines(connection, text: TextFile, folder: Path, limits: Limits, progress: Progress) -> RawTable:
    """Read one object a line into a RawTable; its column names are found by `find_keys`."""
    table = None
    if text.is_plain and text.longest_line <= limits.line_bytes:
        table = _read_lines_fast(connection, text, limits, progress)
    return table or _read_lines_careful(connection, text, folder, limits, progress)


def _read_lines_fast(connection, text, limits, progress) -> RawTable | None:
    import duckdb

    progress("Reading the file", 0, text.n_lines)
    # A control character can stand in no JSON text, so none of these marks splits a line of it; one alone stays itself.
    sql = f"""CREATE OR REPLACE TABLE raw_rows AS SELECT coalesce(raw, '\x02') AS raw
        FROM read_csv($path, columns = {{'raw': 'VARCHAR'}}, auto_detect = false, header = false,
        delim = '\x01', quote = '', escape = '', new_line = $new_line, nullstr = '\x02', max_line_size = {2 * MIB})"""
    params = {"path": str(text.path), "new_line": text.new_line}
    try:
        n_rows = connection.execute(sql, params).fetchone()[0]
    except duckdb.InvalidInputException:
        return None
    if n_rows != text.n_lines:
        return None
    if n_rows > limits.rows:
        raise FileFault(f"The file has {n_rows:,} lines; the limit is {limits.rows:,}. Split it.")
    return RawTable((), is_json=True, line_sql="rowid + 1", n_rows=n_rows, kind="jsonl")


def _good_lines(text: TextFile, limits: Limits) -> Iterator[tuple[int, str, str, str]]:
    """Yield (line, text, reason code, reason) of each line that is not blank."""
    with text.path.open("rb") as file:
        for number, line, is_whole in read_lines(file, limits):
            stripped = line.strip(b" \t\r\n").removeprefix(b"\xef\xbb\xbf")
            if not stripped:
                continue
            if not is_whole:
                reason = f"The line is longer than {size_words(limits.line_bytes)}."
                yield number, raw_text(line, limits), "row_too_long", reason
                continue
            try:
                decoded = stripped.decode("utf-8")
            except UnicodeDecodeError:
                reason = "The line holds bytes that are no UTF-8 text."
                yield number, raw_text(line, limits), "bad_encoding", reason
                continue
            if any(ord(letter) < 32 and letter != "\t" for letter in decoded):
                yield (
                    number,
                    raw_text(line, limits),
                    "bad_json",
                    "The line holds a control character, so it is no JSON.",
                )
            else:
                yield number, decoded, "", ""


def _write_items(connection, items, folder: Path, limits: Limits, progress: Progress, total: int) -> RawTable:
    """Write (place, text, reason code, reason) as raw rows and rejects."""
    good, bad, n_good, n_bad = folder / "rows.csv", folder / "rejects.csv", 0, 0
    with good.open("w", newline="", encoding="utf-8") as good_file, bad.open("w", newline="", encoding="utf-8") as out:
        write_good = csv.writer(good_file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow
        write_bad = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow
        for place, item, reason_code, reason in items:
            if reason_code:
                n_bad += 1
                write_bad([place, item, reason_code, reason])
            else:
                n_good += 1
                write_good([place, item])
            if (n_good + n_bad) % 20_000 == 0:
                progress("Reading item by item", place, total)
            if n_good + n_bad > limits.rows:
                raise FileFault(f"The file has more than {limits.rows:,} rows, which is the limit. Split it.")
    fill_raw_rows(connection, good, "{'line': 'BIGINT', 'raw': 'VARCHAR'}")
    table = RawTable((), is_json=True, line_sql="line", n_rows=n_good, kind="jsonl")
    return table.with_rejects(convert_rejects(connection, bad, folder), n_bad) if n_bad else table


def _read_lines_careful(connection, text, folder, limits, progress) -> RawTable:
    return _write_items(connection, _good_lines(text, limits), folder, limits, progress, text.n_lines)


def read_json_document(connection, text: TextFile, folder: Path, limits: Limits, progress: Progress) -> RawTable:
    """Read a JSON array, or an object with a list of events, into a RawTable; a single object is one item."""
    if text.n_bytes > limits.json_bytes:
        cap = size_words(limits.json_bytes)
        raise FileFault(f"A JSON document may have {cap}. Write one object a line (JSON Lines) to load more.")
    content = text.path.read_bytes().decode("utf-8", "replace").lstrip("\ufeff")
    progress("Reading the file", 0, 0)
    items = ((n, raw_text(raw, limits) if code else raw, code, why) for n, raw, code, why in _items(content))
    return _write_items(connection, items, folder, limits, progress, 0)


def _items(content: str) -> Iterator[tuple[int, str, str, str]]:
    start = _BLANK.match(content).end()
    if content[start : start + 1] == "[":
        yield from _list_items(content, start + 1)
        return
    found = _find_list(content, start)
    if found is not None:
        yield from _list_items(content, found)
    else:
        yield 1, content.strip(), "", ""


def _find_list(content: str, start: int) -> int | None:
    """Return where the list of events of a document's top object begins, without parsing the rest."""
    depth = 0
    for token in _TOKENS.finditer(content, start):
        text = token.group()
        if text in "{[":
            depth += 1
        elif text in "}]":
            depth -= 1
            if depth == 0:
                return None
        elif depth == 1 and text[1:-1] in _LISTS:
            rest = re.compile(r"\s*:\s*\[").match(content, token.end())
            if rest:
                return rest.end()
    return None


def _list_items(content: str, at: int) -> Iterator[tuple[int, str, str, str]]:
    """Yield each item of a list as written; a broken one is set aside up to its closing bracket."""
    number = 0
    while True:
        at = _BLANK.match(content, at).end()
        letter = content[at : at + 1]
        if letter == ",":
            at += 1
            continue
        if letter in ("]", ""):
            if not letter:
                yield number + 1, "", "bad_json", "The file ends in the middle of its list; it may be cut off."
            return
        number += 1
        try:
            _, end = _decoder.raw_decode(content, at)
            yield number, content[at:end], "", ""
        except (ValueError, RecursionError):
            end = _end_of_item(content, at)
            yield number, content[at:end], "bad_json", "This item is no valid JSON."
        at = end


def _end_of_item(content: str, at: int) -> int:
    depth = 0
    for token in _TOKENS.finditer(content, at):
        if token.group() in "{[":
            depth += 1
        elif token.group() in "}]":
            depth -= 1
            if depth <= 0:
                return token.end() if depth == 0 else token.start()
    return len(content)


def options_of(text: TextFile) -> ReadOptions:
    """Return how a JSON file was read."""
    return ReadOptions(encoding=text.encoding)
