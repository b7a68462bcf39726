"""Everything that the portal keeps, searched for words: a dump of the database, every file, everything in Valkey.

Packed bytes are unpacked as far as a thief would: zlib, gzip, zip, Parquet, mails, pickles.
"""

import contextlib
import email
import email.policy
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.core.cache import cache

from portal.operations.postgres_tools import run_tool

_HEX = re.compile(rb"\\\\x([0-9a-f]{16,})")
_TABLE = re.compile(r"^COPY (\S+) ", re.MULTILINE)


def find_traces(words: Iterable[str]) -> list[str]:
    """Return “place: word” for every word found anywhere, in any letters."""
    wanted = [word.casefold() for word in words]
    found = set()
    for place, data in _everything():
        for text in _unpacked(data):
            low = text.decode("utf-8", "replace").casefold()
            found |= {f"{place}: {word}" for word in wanted if word in low}
    return sorted(found)


def _everything() -> Iterator[tuple[str, bytes]]:
    yield from _dump()
    for root in {Path(settings.VAR_DIR), Path(settings.EVENT_STORE_DIR), Path(settings.MEDIA_ROOT)}:
        yield from _files(root)
    yield from _files(Path(settings.EMAIL_FILE_PATH))
    yield from _kept_in_valkey()


def _dump() -> Iterator[tuple[str, bytes]]:
    dump = run_tool("pg_dump", ["--data-only"])
    starts = [*_TABLE.finditer(dump)]
    for number, start in enumerate(starts):
        end = starts[number + 1].start() if number + 1 < len(starts) else len(dump)
        for line in dump[start.end() : end].splitlines():
            if line:
                yield f"table {start[1]}", line.encode()


def _files(root: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(root.rglob("*")) if root.is_dir() else ():
        if path.is_file() and not path.is_symlink() and "static" not in path.relative_to(root).parts:
            yield f"name of a file in {root.name}", path.name.encode()
            if path.suffix == ".parquet":
                yield f"file {path.relative_to(root)}", _parquet(path)
            else:
                with contextlib.suppress(FileNotFoundError):
                    yield f"file {path.relative_to(root)}", path.read_bytes()


def _parquet(path: Path) -> bytes:
    import duckdb

    with duckdb.connect() as duck:
        columns = duck.execute("DESCRIBE SELECT * FROM read_parquet($1)", [str(path)]).fetchall()
        texts = ", ".join(f'"{name}"::VARCHAR' for name, *_ in columns)
        rows = duck.execute(f"SELECT {texts} FROM read_parquet($1)", [str(path)]).fetchall()
    return "\n".join(str(row) for row in rows).encode() + path.read_bytes()


def _kept_in_valkey() -> Iterator[tuple[str, bytes]]:
    client = cache._cache.get_client(write=True)
    for key in client.scan_iter(count=1000):
        yield f"cache {key.decode('utf-8', 'replace')}", key
        for read in (
            client.get,
            lambda key: str(client.hgetall(key)).encode(),
            lambda key: str(client.smembers(key)).encode(),
        ):
            with contextlib.suppress(Exception):
                yield f"cache {key.decode('utf-8', 'replace')}", read(key) or b""


def _unpacked(data: bytes, depth: int = 0) -> Iterator[bytes]:
    yield data
    if depth > 2:
        return
    for packed in _HEX.findall(data):
        yield from _unpacked(
            bytes.fromhex(packed.decode() if len(packed) % 2 == 0 else packed[:-1].decode()), depth + 1
        )
    for unpack in (zlib.decompress, gzip.decompress):
        with contextlib.suppress(Exception):
            yield from _unpacked(unpack(data), depth + 1)
    if data[:2] == b"PK":
        with contextlib.suppress(Exception), zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield from _unpacked(archive.read(name), depth + 1)
    if b"Content-Transfer-Encoding" in data[:5000]:
        mail = email.message_from_bytes(data, policy=email.policy.default)
        for part in mail.walk():
            yield b"\n".join(str(part.get(name, "")).encode() for name in part)
            with contextlib.suppress(Exception):
                yield part.get_payload(decode=True) or b""
