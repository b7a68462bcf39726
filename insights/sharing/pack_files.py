"""A pack as a file: each number then and now."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.text import slugify

from insights.sharing.comparing import Pair, compare_tables
from insights.sharing.packs import FrozenTile, PackView
from portal.shell.public import FileValue, Sheet, book_answer, sheet_answer

_HEAD = ["Row", "Number", "Then", "Now", "Difference", "Note"]


def pack_file(request: HttpRequest, view: PackView, kind: str) -> HttpResponse | StreamingHttpResponse:
    """Answer with a pack: CSV has a line a number, all tiles below one another; XLSX a sheet a tile."""
    name = slugify(view.pack.name)[:80] or "pack"
    about = [*_about(view), ("Open it at", request.build_absolute_uri(view.pack.get_absolute_url()))]
    tiles = [tile for tile in view.tiles if tile.then is not None]
    if kind == "csv":
        rows = ([tile.tile.title, *row] for tile in tiles for row in _rows(tile))
        return sheet_answer(kind, name, Sheet(view.pack.name, ["Tile", *_HEAD], rows, about))
    sheets = [Sheet(tile.tile.title, _HEAD, _rows(tile), _about_tile(tile)) for tile in tiles]
    return book_answer(name, sheets, about)


def _about(view: PackView) -> list[tuple[str, str]]:
    pack = view.pack
    said = [("Pack", pack.name), ("For the meeting on", f"{pack.held_on:%-d %b %Y}"), ("Note", pack.note or "none")]
    zone = timezone.get_current_timezone_name()
    frozen = f"{timezone.localtime(pack.frozen_at):%-d %b %Y, %H:%M} ({zone})"
    said += [("Frozen", f"{frozen} by {pack.frozen_by or 'the portal'}"), ("Dashboard", pack.dashboard_title)]
    said += [("Range", pack.range_words), ("Data", f"version {pack.data_version} of the event store")]
    said += [(f"Tile: {tile.tile.title}", tile.sentence) for tile in view.tiles if tile.then is None and tile.sentence]
    return said


def _about_tile(tile: FrozenTile) -> list[tuple[str, str]]:
    said = [("In words", tile.words), ("State", say_state(tile))]
    return [*said, *(("Why", reason.text) for reason in tile.reasons)]


def say_state(tile: FrozenTile) -> str:
    """Return in words whether a tile's numbers are still what they were."""
    n_moved, n_all = len(tile.comparison.moved), len(tile.comparison.pairs)
    if tile.state == "moved":
        return f"{n_moved:,} of {n_all:,} numbers are others now"
    words = {"same": f"all {n_all:,} numbers are as they were", "pending": "now is still to be computed"}
    return words.get(tile.state, tile.sentence)


def _rows(tile: FrozenTile) -> Iterator[list[Any]]:
    assert tile.then is not None
    is_compared = bool(tile.comparison.pairs)
    pairs = tile.comparison.pairs if is_compared else compare_tables(tile.then, tile.then).pairs
    for pair in pairs:
        now = _value(pair.now) if is_compared else None
        yield [pair.row, pair.column, _value(pair.then), now, pair.difference, _note(pair)]


def _value(cell: Any) -> Any:
    return None if cell is None or cell.value is None else FileValue(cell.value, cell.form)


def _note(pair: Pair) -> str:
    return "was not over then" if pair.was_partial else ""
