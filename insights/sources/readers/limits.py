"""The caps of every file, checked before and while it is read; settings named SOURCES_<CAP> override them."""

from dataclasses import dataclass, fields

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Caps of one file. Sizes in bytes, lengths in characters."""

    file_bytes: int = 2048 * MIB
    expanded_bytes: int = 8192 * MIB  # after decompression
    json_bytes: int = 256 * MIB  # a JSON document is held in memory; JSON Lines are not
    xlsx_bytes: int = 512 * MIB  # of the workbook's parts, unpacked
    rows: int = 50_000_000
    columns: int = 1000
    cell_length: int = 131_072
    line_bytes: int = 1 * MIB
    record_lines: int = 200  # lines that one quoted record may span
    raw_length: int = 65_536  # text kept of a bad row
    head_rows: int = 0  # of a table: read only so many rows; 0 reads all


def limits_from(settings: object) -> Limits:
    """Return the caps with a project's settings applied."""
    return Limits(**{f.name: getattr(settings, f"SOURCES_{f.name.upper()}", f.default) for f in fields(Limits)})


def size_words(n_bytes: int) -> str:
    """Write a size for a person: "2 GB".

    >>> size_words(2048 * MIB), size_words(1500), size_words(300)
    ('2 GB', '1.5 kB', '300 bytes')
    """
    for unit, step in (("GB", 1024**3), ("MB", 1024**2), ("kB", 1024)):
        if n_bytes >= step:
            return f"{n_bytes / step:.1f}".removesuffix(".0") + f" {unit}"
    return f"{n_bytes} bytes"
