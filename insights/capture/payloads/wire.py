"""From the bytes of a request to plain values: bounded decompression, strict JSON, text that every store can hold."""

import base64
import binascii
import json
import re
import zlib
from typing import Any

from insights.capture.contracts import MAX_BODY_BYTES, RefusedBody

_NEEDS_CLEANING = re.compile(rb"\\u(?:0000|d[89a-f])", re.IGNORECASE)
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
_SORTING_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, sort_keys=True)


def _too_large() -> RefusedBody:
    return RefusedBody(413, "too_large", f"The body is larger than {MAX_BODY_BYTES:,} bytes. Send smaller batches.")


def _inflate(data: bytes) -> bytes:
    parts, room = [], MAX_BODY_BYTES
    while data:
        stream = zlib.decompressobj(_GZIP_OR_ZLIB)
        # One byte more than allowed is asked for, so a bomb is noticed before it unfolds.
        part = stream.decompress(data, room + 1)
        if len(part) > room:
            raise _too_large()
        if not stream.eof:
            raise zlib.error("the stream ends early")
        parts.append(part)
        room -= len(part)
        data = stream.unused_data
    return b"".join(parts)


def _unpack_zstd(data: bytes) -> bytes:
    import zstandard  # only some clients send it

    with zstandard.ZstdDecompressor(max_window_size=2**23).stream_reader(data) as reader:
        body = reader.read(MAX_BODY_BYTES + 1)
    if len(body) > MAX_BODY_BYTES:
        raise _too_large()
    return body


def decompress(data: bytes, encoding: str) -> bytes:
    """Return a body without its compression; encoding is "", identity, gzip, deflate or zstd.

    Raises: RefusedBody 413 for more than 4 MB after decompression, 415 for another encoding, 400 for broken data.
    """
    name = encoding.strip().lower()
    if name in {"", "identity"}:
        if len(data) > MAX_BODY_BYTES:
            raise _too_large()
        return data
    try:
        if name in {"gzip", "x-gzip", "gzip-js", "deflate"}:
            return _inflate(data)
        if name == "zstd":
            return _unpack_zstd(data)
    except RefusedBody:
        raise
    except Exception as error:  # zlib and zstandard each raise their own kinds
        raise RefusedBody(400, "bad_compression", f"The body is not readable as {name}.") from error
    raise RefusedBody(415, "unknown_encoding", f"The encoding {name[:40]!r} is not supported. Use gzip or none.")


def from_base64(text: str) -> bytes:
    """Return the bytes of base64 text, with or without its padding; a blank stands for the plus that a form ate."""
    text = text.strip("\r\n\t").replace(" ", "+").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise RefusedBody(400, "bad_base64", "The data is not readable as base64.") from error


def clean(value: Any) -> Any:
    """Return a JSON value without what UTF-8, PostgreSQL or JSON cannot hold: half characters, NUL, infinity."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode().replace("\x00", "�")
    if isinstance(value, dict):
        return {clean(key): clean(item) for key, item in value.items()}
    if isinstance(value, list):
        return [clean(item) for item in value]
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return None
    return value


def read_json(data: bytes) -> Any:
    """Return the value of a JSON body; NaN and Infinity, which are no JSON, become null."""
    try:
        value = json.loads(data.decode("utf-8-sig"), parse_constant=lambda _: None)
    except UnicodeDecodeError as error:
        raise RefusedBody(400, "bad_json", f"The body is not UTF-8 (byte {error.start + 1}).") from error
    except json.JSONDecodeError as error:
        raise RefusedBody(
            400, "bad_json", f"The body is not JSON: {error.msg} (line {error.lineno}, column {error.colno})."
        ) from error
    except (ValueError, RecursionError) as error:
        raise RefusedBody(
            400, "bad_json", "The body is not readable as JSON: too deep, or a number is too long."
        ) from (error)
    return clean(value) if _NEEDS_CLEANING.search(data) else value


def to_json(value: Any, *, is_sorted: bool = False) -> str:
    """Return the shortest JSON text of a value."""
    encoder = _SORTING_ENCODER if is_sorted else _ENCODER
    try:
        return encoder.encode(value)
    except (ValueError, TypeError):  # an infinite number, such as 1e999 is read
        return encoder.encode(clean(value))
