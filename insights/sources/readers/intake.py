"""From any uploaded file to UTF-8 text on disk: kind, decompression under caps, encoding, a look at its lines."""

import codecs
import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from insights.sources.contracts import FileFault, Progress, ReadOptions
from insights.sources.readers.limits import MIB, Limits, size_words

_CHUNK = 1 * MIB
_SAMPLE = 256 * 1024
_SHORT_LINE = 4096
_MAGIC = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd", b"PAR1": "parquet", b"PK\x03\x04": "xlsx"}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OLD_FORMATS = {b"\xd0\xcf\x11\xe0": "an old Excel file (.xls)", b"%PDF": "a PDF", b"SQLite format 3": "a database"}


@dataclass(frozen=True)
class TextFile:
    """A text file ready to parse, and what one pass over its bytes saw."""

    path: Path
    encoding: str  # of the file as it came
    n_bytes: int
    n_lines: int  # physical lines
    n_lone_cr: int
    n_crlf: int
    n_lf: int
    longest_line: int  # bytes; of lines that are all shorter than 4 KiB no more is known than that
    has_nul: bool
    is_utf8: bool  # False: some lines hold bytes that are no UTF-8, and are rejected one by one

    @property
    def is_plain(self) -> bool:
        """Say whether a fast parser may read it: one kind of line end, no NUL, no broken bytes, no endless line."""
        has_one_line_end = self.n_lone_cr == 0 and self.n_crlf in (0, self.n_lf)
        return has_one_line_end and not self.has_nul and self.is_utf8

    @property
    def new_line(self) -> str:
        """Return the line end in the spelling of DuckDB's option."""
        return "\\r\\n" if self.n_crlf else "\\n"


def container_of(path: Path) -> str:
    """Return gzip, zstd, parquet, xlsx or text, told by the first bytes; refuse what nobody can read as rows."""
    with path.open("rb") as file:
        head = file.read(16)
    for magic, name in _OLD_FORMATS.items():
        if head.startswith(magic):
            raise FileFault(f"This is {name}. Export it as CSV, XLSX, JSON Lines or Parquet and upload that.")
    return next((kind for magic, kind in _MAGIC.items() if head.startswith(magic)), "text")


def check_size(path: Path, limits: Limits) -> int:
    """Refuse an empty file and one above the cap; return its bytes."""
    n_bytes = path.stat().st_size
    if n_bytes == 0:
        raise FileFault("The file is empty. Check the export and upload it again.")
    if n_bytes > limits.file_bytes:
        raise FileFault(f"The file has {size_words(n_bytes)}; the limit is {size_words(limits.file_bytes)}. Split it.")
    return n_bytes


def open_packed(path: Path, kind: str) -> IO[bytes]:
    """Open a gzip or zstd file for reading what is inside."""
    if kind == "gzip":
        return gzip.open(path, "rb")
    import zstandard

    unpacker = zstandard.ZstdDecompressor(max_window_size=128 * MIB)
    return unpacker.stream_reader(path.open("rb"), read_across_frames=True, closefd=True)


def unpack(path: Path, kind: str, target: Path, limits: Limits, progress: Progress) -> Path:
    """Decompress into `target`, stopping at the cap on expanded bytes, so that a bomb never fills the disk."""
    import zstandard

    n_written = 0
    try:
        with open_packed(path, kind) as packed, target.open("wb") as out:
            while chunk := packed.read(_CHUNK):
                n_written += len(chunk)
                if n_written > limits.expanded_bytes:
                    cap = size_words(limits.expanded_bytes)
                    raise FileFault(f"The file unpacks to more than {cap}, which is the limit. Split it.")
                out.write(chunk)
                progress("Unpacking", n_written, 0)
    except (OSError, EOFError, zlib.error, zstandard.ZstdError) as fault:
        target.unlink(missing_ok=True)
        raise FileFault(f"The {kind} file is damaged or cut off ({fault}). Make it again and upload it.") from fault
    if n_written == 0:
        raise FileFault("The file is empty once unpacked. Check the export and upload it again.")
    return target


@dataclass
class _Scan:
    """Counts over the bytes of a file, chunk by chunk."""

    n_bytes: int = 0
    n_lf: int = 0
    n_cr: int = 0
    n_crlf: int = 0
    longest_line: int = _SHORT_LINE
    has_nul: bool = False
    first_bad: int | None = None  # offset of the first byte that is no UTF-8
    last: bytes = b""
    _run: int = 0

    def add(self, chunk: bytes) -> None:
        self.n_bytes += len(chunk)
        self.n_lf += chunk.count(b"\n")
        self._measure_lines(chunk)
        if b"\r" in chunk or self.last == b"\r":
            self.n_cr += chunk.count(b"\r")
            self.n_crlf += chunk.count(b"\r\n") + (self.last == b"\r" and chunk.startswith(b"\n"))
        self.has_nul = self.has_nul or b"\0" in chunk
        self.last = chunk[-1:]

    def _measure_lines(self, chunk: bytes) -> None:
        # In leaps from line end to line end: to split a chunk into its lines takes seven times as long.
        start = -self._run  # of the line at hand; its head may lie in earlier chunks
        while True:
            end = chunk.rfind(b"\n", max(start, 0), start + _SHORT_LINE) if start + _SHORT_LINE > 0 else -1
            if end < 0:
                end = chunk.find(b"\n", max(start + _SHORT_LINE, 0))
                self.longest_line = max(self.longest_line, (end if end >= 0 else len(chunk)) - start)
            if end < 0:
                break
            start = end + 1
        self._run = len(chunk) - start


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _scan(path: Path, progress: Progress) -> _Scan:
    scan, decoder = _Scan(), codecs.getincrementaldecoder("utf-8")("strict")
    total, pending = path.stat().st_size, 0
    for chunk in _chunks(path):
        # Most files are plain ASCII, which is seen at once; a letter cut in two by the last chunk must be finished.
        if scan.first_bad is None and (pending or not chunk.isascii()):
            try:
                decoder.decode(chunk)
                pending = len(decoder.getstate()[0])
            except UnicodeDecodeError as fault:
                scan.first_bad = max(0, scan.n_bytes - pending + fault.start)
        scan.add(chunk)
        progress("Looking at the file", scan.n_bytes, total)
    if pending and scan.first_bad is None:  # cut off in the middle of a letter
        scan.first_bad = scan.n_bytes - pending
    return scan


def _sample(path: Path, at: int = 0) -> bytes:
    with path.open("rb") as file:
        file.seek(max(0, at - _SAMPLE // 2))
        return file.read(_SAMPLE)


def _utf16_without_mark(sample: bytes) -> str:
    """Return utf-16-le or -be when every second byte of the sample is mostly NUL."""
    half = max(1, len(sample) // 2)
    even, odd = sample[0::2].count(0) / half, sample[1::2].count(0) / half
    if odd > 0.4 > even:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 > odd else ""


def _is_damaged_utf8(sample: bytes) -> bool:
    """Say whether the text is UTF-8 with some broken bytes, rather than another encoding."""
    n_letters = len(re.findall(rb"[\xc3-\xf4][\x80-\xbf]{1,3}", sample))
    n_broken = sample.decode("utf-8", "replace").count("\ufffd")
    return n_letters > 0 and n_letters >= n_broken


def guess_encoding(path: Path, scan: _Scan) -> str:
    """Return the encoding of a file: by its mark, as UTF-8 when all of it is, else by its bytes."""
    head = _sample(path)
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    if scan.has_nul and (name := _utf16_without_mark(head)):
        return name
    if scan.first_bad is None:
        return "utf-8"
    sample = _sample(path, scan.first_bad)
    if _is_damaged_utf8(sample) or head.lstrip()[:1] in (b"{", b"["):  # JSON is UTF-8 or nothing
        return "utf-8"
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    # One broken byte in an ASCII file says little; the Windows code page reads every such file.
    return best.encoding if best and best.encoding not in ("ascii", "utf_8") else "cp1252"


def _transcode(path: Path, encoding: str, target: Path, limits: Limits, progress: Progress) -> Path:
    try:
        decoder = codecs.getincrementaldecoder(encoding)("replace")
    except LookupError:
        raise FileFault(f"There is no encoding called “{encoding}”. Use a name such as utf-8 or cp1252.") from None
    n_read, total, n_written = 0, path.stat().st_size, 0
    with target.open("wb") as out:
        for chunk in _chunks(path):
            n_read += len(chunk)
            text = decoder.decode(chunk).encode("utf-8", "replace")
            n_written += len(text)
            if n_written > limits.expanded_bytes:
                raise FileFault(f"The file is larger than {size_words(limits.expanded_bytes)} as text. Split it.")
            out.write(text)
            progress("Converting to UTF-8", n_read, total)
        out.write(decoder.decode(b"", final=True).encode("utf-8", "replace"))
    return target


def _with_line_feeds(path: Path, target: Path) -> Path:
    with target.open("wb") as out:
        for chunk in _chunks(path):
            out.write(chunk.replace(b"\r", b"\n"))
    return target


def prepare_text(path: Path, folder: Path, limits: Limits, options: ReadOptions, progress: Progress) -> TextFile:
    """Return the file as UTF-8 text with one pass's counts; the original is used as it is when it can be."""
    scan = _scan(path, progress)
    encoding = options.encoding or guess_encoding(path, scan)
    if not _is_utf8(encoding):
        path = _transcode(path, encoding, folder / "text.utf8", limits, progress)
        scan = _scan(path, progress)
    if scan.n_lf == 0 and scan.n_cr:  # line ends of the old Macintosh
        path = _with_line_feeds(path, folder / "text.lf")
        scan = _scan(path, progress)
    return TextFile(
        path=path,
        encoding=encoding,
        n_bytes=scan.n_bytes,
        n_lines=scan.n_lf + (scan.last != b"\n"),
        n_lone_cr=scan.n_cr - scan.n_crlf,
        n_crlf=scan.n_crlf,
        n_lf=scan.n_lf,
        longest_line=scan.longest_line,
        has_nul=scan.has_nul,
        is_utf8=scan.first_bad is None,
    )


def _is_utf8(encoding: str) -> bool:
    try:
        return codecs.lookup(encoding).name in ("utf-8", "utf-8-sig", "ascii")
    except LookupError:
        return False
