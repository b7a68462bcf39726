"""The bytes of a request: bounded decompression, strict JSON, text that every store can hold."""

import base64
import gzip
import json
import zlib

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insights.capture.contracts import MAX_BODY_BYTES, RefusedBody
from insights.capture.payloads.wire import clean, decompress, from_base64, read_json, to_json

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(st.binary(max_size=3000))
def test_every_encoding_gives_the_body_back(body):
    assert decompress(gzip.compress(body), "gzip") == body
    assert decompress(zlib.compress(body), "deflate") == body
    assert decompress(zstandard.compress(body), "zstd") == body
    assert decompress(body, "") == body


def test_a_gzip_body_of_two_members_is_one_body():
    assert decompress(gzip.compress(b"ab") + gzip.compress(b"cd"), "GZIP") == b"abcd"


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, zstandard.compress])
def test_a_bomb_is_refused_before_it_unfolds(pack):
    encoding = {gzip.compress: "gzip", zlib.compress: "deflate"}.get(pack, "zstd")
    with pytest.raises(RefusedBody) as refused:
        decompress(pack(b"0" * (MAX_BODY_BYTES + 1)), encoding)
    assert refused.value.status == 413
    assert len(decompress(pack(b"0" * MAX_BODY_BYTES), encoding)) == MAX_BODY_BYTES


def test_many_small_members_do_not_add_up_to_a_bomb():
    with pytest.raises(RefusedBody) as refused:
        decompress(gzip.compress(b"0" * 1_000_000) * 5, "gzip")
    assert refused.value.status == 413


@pytest.mark.parametrize(("data", "encoding", "status"), [(b"no gzip", "gzip", 400), (b"{}", "br", 415)])
def test_a_body_that_is_not_what_it_says_is_refused(data, encoding, status):
    with pytest.raises(RefusedBody) as refused:
        decompress(data, encoding)
    assert refused.value.status == status


def test_a_body_that_ends_early_is_refused():
    with pytest.raises(RefusedBody):
        decompress(gzip.compress(b"x" * 5000)[:-12], "gzip")


@pytest.mark.parametrize("text", ["", "{", '{"a": 1} x', "[" * 100_000, '{"a": ' + "9" * 5000 + "}"])
def test_what_is_no_json_is_refused(text):
    with pytest.raises(RefusedBody) as refused:
        read_json(text.encode())
    assert refused.value.status == 400


def test_not_a_number_becomes_null():
    assert read_json(b'{"a": NaN, "b": -Infinity}') == {"a": None, "b": None}
    assert to_json(read_json(b'{"a": 1e999}')) == '{"a":null}'


def test_text_that_cannot_be_stored_is_mended():
    assert read_json(rb'{"a\u0000b": "x\ud800y", "c": "\ud83d\ude00"}') == {"a�b": "x?y", "c": "😀"}


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(JSON_VALUES)
def test_whatever_json_comes_can_be_written_as_strict_utf8_json(value):
    read = read_json(json.dumps(value).encode())
    text = to_json(read)
    assert json.loads(text.encode().decode(), parse_constant=pytest.fail) == clean(read)
    assert "\x00" not in str(read)


@given(st.binary(max_size=200))
def test_base64_is_read_with_and_without_padding(data):
    text = base64.b64encode(data).decode()
    assert from_base64(text) == from_base64(text.rstrip("=")) == from_base64(text.replace("+", " ")) == data
