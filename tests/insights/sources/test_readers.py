"""Files of any kind become rows with their place; bad rows are set aside with their text, never lost, never fatal."""

import csv
import gzip
import io
import json

import openpyxl
import pytest
import zstandard
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from insights.sources.contracts import FileFault, ReadOptions
from insights.sources.readers.limits import Limits
from tests.insights.sources.reading import read, stage


def cells_of(folder, data, **kwargs):
    return read(folder, data, **kwargs)[1]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separator_is_found(tmp_path, separator):
    data = f"who{separator}when\nann{separator}2024-01-01\n".encode()
    table, rows, _ = read(tmp_path, data)
    assert table.columns == ("who", "when")
    assert rows == [(2, "ann", "2024-01-01")]


def test_ids_stay_as_written(tmp_path):
    rows = cells_of(tmp_path, b"id,n\n-9223372036854775808,1.0e5\n00017,+5\nNULL,\n")
    assert rows == [(2, "-9223372036854775808", "1.0e5"), (3, "00017", "+5"), (4, "NULL", "")]


def test_quoted_cells_may_hold_anything(tmp_path):
    data = b'a,b\n"x, y","he said ""no"""\n"two\nlines",z\n=1+1,last\n'
    rows = cells_of(tmp_path, data)
    assert rows == [(2, "x, y", 'he said "no"'), (3, "two\nlines", "z"), (5, "=1+1", "last")]


def test_malformed_rows_are_set_aside_with_their_line(tmp_path):
    data = b'a,b,c\n1,2,3\nonly\n1,2,3,4\n5,"bad"x,6\n7,"never closed,8\n9,10,11\n'
    _, rows, rejects = read(tmp_path, data)
    assert rows == [(2, "1", "2", "3"), (7, "9", "10", "11")]
    assert rejects == [
        (3, "only", "wrong_columns"),
        (4, "1,2,3,4", "wrong_columns"),
        (5, '5,"bad"x,6', "bad_quotes"),
        (6, '7,"never closed,8', "bad_quotes"),
    ]


def test_hostile_bytes_cost_their_own_row_only(tmp_path):
    data = "a,b\ncafé,1\n".encode() + b"x\x00y,2\nbr\xffken,3\n" + "größe,4\n".encode()
    _, rows, rejects = read(tmp_path, data)
    assert rows == [(2, "café", "1"), (5, "größe", "4")]
    assert rejects == [(3, "x\\x00y,2", "nul_byte"), (4, "br\\xffken,3", "bad_encoding")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252", "iso8859-15"])
def test_encoding_is_found(tmp_path, encoding):
    text = "name,city\nJörg,München\nZoë,Besançon\nÅsa,Malmö\n" * 5
    rows = cells_of(tmp_path, text.encode(encoding))
    assert rows[:2] == [(2, "Jörg", "München"), (3, "Zoë", "Besançon")]


def test_named_encoding_wins(tmp_path):
    rows = cells_of(tmp_path, "имя,n\nюля,1\n".encode("cp1251"), options=ReadOptions(encoding="cp1251"))
    assert rows == [(2, "юля", "1")]


def test_unknown_encoding_is_refused(tmp_path):
    with pytest.raises(FileFault, match="no encoding called"):
        read(tmp_path, b"a,b\n1,2\n", options=ReadOptions(encoding="utf-9"))


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_every_line_end_is_read(tmp_path, end):
    rows = cells_of(tmp_path, end.join(["a,b", "1,2", "3,4", ""]).encode())
    assert rows == [(2, "1", "2"), (3, "3", "4")]


def test_mixed_line_ends_and_blank_lines_keep_line_numbers(tmp_path):
    rows = cells_of(tmp_path, b"a,b\r\n1,2\n\n3,4\r\n\r\n")
    assert rows == [(2, "1", "2"), (4, "3", "4")]


def test_one_column_file(tmp_path):
    table, rows, _ = read(tmp_path, b"name\nann\nbob\n")
    assert (table.columns, rows) == (("name",), [(2, "ann"), (3, "bob")])


def test_header_only_file_has_no_rows(tmp_path):
    assert cells_of(tmp_path, b"a,b\n") == []


def test_file_without_header_gets_names(tmp_path):
    table, rows, _ = read(tmp_path, b"17,2024-01-01,x\n18,2024-01-02,y\n")
    assert table.columns == ("column 1", "column 2", "column 3")
    assert [row[0] for row in rows] == [1, 2]


def test_repeated_and_empty_headers_are_told_apart(tmp_path):
    table, _, _ = read(tmp_path, b"Labels,Labels,,id\na,b,c,d\n")
    assert table.columns == ("Labels", "Labels (2)", "column 3", "id")


@pytest.mark.parametrize("data", [b"", b"\n\n\n"])
def test_empty_file_is_refused(tmp_path, data):
    with pytest.raises(FileFault):
        read(tmp_path, data)


def test_huge_line_is_one_reject(tmp_path):
    limits = Limits(line_bytes=10_000, cell_length=10_000, raw_length=100)
    _, rows, rejects = read(tmp_path, b"a,b\n1,2\n" + b"x" * 2_000_000 + b",3\n4,5\n", limits=limits)
    assert rows == [(2, "1", "2"), (4, "4", "5")]
    assert [(line, code) for line, _, code in rejects] == [(3, "row_too_long")]
    assert "more characters were cut" in rejects[0][1]


def test_long_cell_is_one_reject(tmp_path):
    _, rows, rejects = read(tmp_path, b"a,b\n1,2\n" + b"x" * 500 + b",3\n", limits=Limits(cell_length=100))
    assert len(rows) == 1
    assert rejects[0][2] == "cell_too_long"


def test_caps_on_rows_columns_and_bytes(tmp_path):
    with pytest.raises(FileFault, match="rows"):
        read(tmp_path, b"a,b\n" + b"1,2\n" * 20, limits=Limits(rows=10))
    with pytest.raises(FileFault, match="columns"):
        read(tmp_path, b",".join([b"x"] * 50) + b"\n", limits=Limits(columns=10))
    with pytest.raises(FileFault, match="limit is"):
        read(tmp_path, b"a,b\n" + b"1,2\n" * 20, limits=Limits(file_bytes=10))


@pytest.mark.parametrize("pack", [gzip.compress, lambda data: zstandard.ZstdCompressor().compress(data)])
def test_packed_files_are_unpacked(tmp_path, pack):
    assert cells_of(tmp_path, pack(b"a,b\n1,2\n")) == [(2, "1", "2")]


@pytest.mark.parametrize("pack", [gzip.compress, lambda data: zstandard.ZstdCompressor().compress(data)])
def test_bomb_is_refused_while_unpacking(tmp_path, pack):
    with pytest.raises(FileFault, match="unpacks to more"):
        read(tmp_path, pack(b"a,b\n" + b"0" * 30_000_000), limits=Limits(expanded_bytes=5_000_000))
    assert not any(file.stat().st_size > 6_000_000 for file in tmp_path.iterdir())


def test_cut_off_gzip_is_refused(tmp_path):
    with pytest.raises(FileFault, match="damaged"):
        read(tmp_path, gzip.compress(b"a,b\n" + bytes(range(32, 127)) * 1000)[:-20])


def test_json_lines_keep_their_text_and_place(tmp_path):
    data = b'{"a": 1.0e5}\n\n{"b": \n[1]\n{"c": "x"}\n'
    table, rows, rejects = read(tmp_path, data)
    assert table.is_json
    assert [row for row in rows if row[1].startswith("{") and row[1].endswith("}")] == [
        (1, '{"a": 1.0e5}'),
        (5, '{"c": "x"}'),
    ]
    assert rejects == []  # what is no object is judged with the mapping


def test_broken_bytes_in_json_lines_cost_one_line(tmp_path):
    _, rows, rejects = read(tmp_path, b'{"a": "\xc3\xa9"}\n{"a": "\xff"}\n{"a": "\x01"}\n{"a": 2}\n')
    assert rows == [(1, '{"a": "é"}'), (4, '{"a": 2}')]
    assert [code for _, _, code in rejects] == ["bad_encoding", "bad_json"]


@pytest.mark.parametrize("wrap", ["[%s]", '{"events": [%s]}', '{"sent": "now", "batch": [%s], "n": 2}'])
def test_json_documents_are_lists_of_items(tmp_path, wrap):
    table, rows, _ = read(tmp_path, (wrap % ' {"a": 1},\n {"a": {"b": [2]}}').encode())
    assert table.kind == "json"
    assert rows == [(1, '{"a": 1}'), (2, '{"a": {"b": [2]}}')]
    assert table.columns == ("a", "a.b")


def test_broken_item_of_a_document_costs_itself(tmp_path):
    _, rows, rejects = read(tmp_path, b'[{"a": 1}, {"a": oops}, {"a": 3}')
    assert rows == [(1, '{"a": 1}'), (3, '{"a": 3}')]
    assert [(place, code) for place, _, code in rejects] == [(2, "bad_json"), (4, "bad_json")]


def _workbook(rows):
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def test_workbook_is_read_as_text(tmp_path):
    data = _workbook([["id", "n", "f"], ["007", 12, "=1+1"], [None, None, None], ["x", 1.5, True]])
    table, rows, _ = read(tmp_path, data)
    assert table.columns == ("id", "n", "f")
    assert rows == [(2, "007", "12", "=1+1"), (4, "x", "1.5", "true")]


def test_workbook_row_wider_than_its_header_is_set_aside(tmp_path):
    _, rows, rejects = read(tmp_path, _workbook([["id", "n"], ["a", 1, "extra"], ["b", 2]]))
    assert rows == [(3, "b", "2")]
    assert rejects == [(2, "a,1,extra", "wrong_columns")]


def test_workbook_above_the_cap_is_refused(tmp_path):
    with pytest.raises(FileFault, match="workbook unpacks"):
        read(tmp_path, _workbook([["a"], ["b"]]), limits=Limits(xlsx_bytes=100))


def test_parquet_values_become_text(tmp_path):
    import duckdb

    with duckdb.connect() as duck:
        duck.execute(
            f"""COPY (SELECT (-9223372036854775808)::BIGINT AS id, TIMESTAMP '2024-01-01 10:00:00' AS at, 1.5 AS n,
            {{'a': [1, 2]}} AS nested, NULL::VARCHAR AS nothing) TO '{tmp_path}/x.parquet' (FORMAT parquet)"""
        )
    table, rows, _ = read(tmp_path, (tmp_path / "x.parquet").read_bytes())
    assert rows == [(1, "-9223372036854775808", "2024-01-01T10:00:00.000000", "1.5", '{"a":[1,2]}', "")]
    assert table.types == {"id": "number", "at": "time", "n": "number"}


def test_damaged_parquet_is_refused(tmp_path):
    with pytest.raises(FileFault, match="damaged"):
        read(tmp_path, b"PAR1" + b"x" * 100)


def test_other_files_are_named(tmp_path):
    with pytest.raises(FileFault, match="PDF"):
        read(tmp_path, b"%PDF-1.7 ...")
    with pytest.raises(FileFault, match=r"damaged|zip archive"):
        read(tmp_path, b"PK\x03\x04 no workbook")


_CELL = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0\r", exclude_categories=["Cs"]), max_size=8)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(_CELL, min_size=3, max_size=3), min_size=1, max_size=6), quoting=st.sampled_from([0, 1]))
def test_what_a_csv_writer_wrote_is_read_back(tmp_path, rows, quoting):
    out = io.StringIO()
    csv.writer(out, quoting=quoting, lineterminator="\n").writerows([["k1", "k2", "k3"], *rows])
    options = ReadOptions(separator=",", quote='"', has_header=True, encoding="utf-8")
    _, found, rejects = read(tmp_path, out.getvalue().encode(), options=options)
    assert rejects == []
    assert [list(row[1:]) for row in found] == rows


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=300))
def test_no_bytes_break_the_reader(tmp_path, data):
    try:
        _, rows, rejects = read(tmp_path, b"a,b\n1,2\n" + data)
    except FileFault:
        return
    assert len(rows) + len(rejects) <= data.count(b"\n") + data.count(b"\r") + 2


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=300))
@example(data=b"\x01")
@example(data=b"\x02")
def test_every_line_of_json_is_accounted_for(tmp_path, data):
    lines = [line for line in (b'{"a": 1}\n' + data).split(b"\n") if line.strip(b" \t\r\n")]
    _, rows, rejects = read(tmp_path, b'{"a": 1}\n' + data, options=ReadOptions(encoding="utf-8"))
    n_blank = sum(not row[1].strip(" \t\r\n") for row in rows)
    assert len(rows) - n_blank + len(rejects) == len(lines)


def test_json_dump_of_nested_values_is_one_item(tmp_path):
    _, rows, _ = read(tmp_path, json.dumps([{"a": "[{"}, {"b": "}]"}]).encode())
    assert [json.loads(row[1]) for row in rows] == [{"a": "[{"}, {"b": "}]"}]


def test_keys_told_apart_by_case_or_depth_are_all_found(tmp_path):
    lines = (
        b'{"User":"ann","user":"opened","at":"2024-01-01T10:00:00Z","extra":{"at":"x","n":1}}\n'
        b'{"User":"bob","user":"closed","at":null,"extra":{"at":"2024-01-02","n":null}}\n'
    )
    mapping = {"who": "User", "what": "user", "when": ["at", "extra.at"], "json_column": "extra"}
    events, rejects, _ = stage(tmp_path, lines, mapping)
    assert rejects == []
    assert [(row["distinct_id"], row["event"], row["ts"].day, row["properties"]) for row in events] == [
        ("ann", "opened", 1, '{"n":1}'),
        ("bob", "closed", 2, '{"n":null}'),
    ]


def test_keys_without_a_role_are_kept_even_when_the_first_rows_have_none(tmp_path, monkeypatch):
    monkeypatch.setattr("insights.sources.readers.read._KEY_SAMPLE", 1)
    lines = [f'{{"event":"e","distinct_id":"ann","timestamp":"2024-01-0{day}"' for day in (1, 2, 3)]
    data = "\n".join(
        [lines[0] + ',"properties":{}}', lines[1] + ',"late":true}', lines[2] + ',"properties":{"p":1},"late":2}']
    )
    events, _, _ = stage(tmp_path, data.encode())
    assert [row["properties"] for row in events] == [None, '{"late":true}', '{"late":2,"p":1}']


_AT = '"timestamp":"2024-01-01T00:00:00Z"'
_USUAL = f'{{"event":"a","distinct_id":"x",{_AT},"properties":{{"n":1}}}}'
_UNUSUAL = [
    # (a line among compact ones, its properties)
    (f'{{"distinct_id":"x","event":"a",{_AT},"properties":{{"n":1}}}}', {"n": 1}),
    (f'{{"event":"a","distinct_id":"x",{_AT},"properties":{{"n":1}},"m":2}}', {"n": 1, "m": 2}),
    (f'{{"m":2,"event":"a","distinct_id":"x",{_AT}}}', {"m": 2}),
    (f'{{"event":"a","distinct_id":7,{_AT},"m":2}}', {"m": 2}),
    (f'{{"event":"a","distinct_id":1e5,{_AT},"":0}}', {"": 0}),
    (f'{{"event":"a","distinct_id":"x\\u00e9",{_AT},"m":2}}', {"m": 2}),
    (f'{{"event":"a","distinct_id":"x\\"",{_AT},"m":2}}', {"m": 2}),
    (f'{{"event":"a","distinct_id":"x",{_AT},"properties":{{"n":1.50,"o":1e3}}}}', {"n": 1.5, "o": 1000.0}),
    (f'{{"event":"a","distinct_id":"x","distinct_id":"y",{_AT},"m":2}}', {"m": 2}),
    (f'{{ "event":"a","distinct_id":"x",{_AT},"properties":{{"n": 1}},"m":2}}', {"n": 1, "m": 2}),
]


@pytest.mark.parametrize("n", range(len(_UNUSUAL)))
def test_an_unusual_line_among_compact_ones_keeps_every_key(tmp_path, monkeypatch, n):
    monkeypatch.setattr("insights.sources.readers.read._KEY_SAMPLE", 3)
    line, properties = _UNUSUAL[n]
    events, rejects, _ = stage(tmp_path, "\n".join([_USUAL] * 3 + [line]).encode())
    assert not rejects
    assert [json.loads(event["properties"]) for event in events[-2:]] == [{"n": 1}, properties]


@pytest.mark.parametrize("text", ["nan", "NaN", "-NAN", "inf", "-Infinity", "[1, inf]", "[-nan]", "[1,]", '{"a":1 , }'])
def test_what_only_a_lenient_parser_takes_for_json_is_set_aside(tmp_path, text):
    good = '{"event":"a","distinct_id":"in:info, nan","timestamp":"2024-01-01","note":", inf :nan [inf ,}"}'
    bad = f'{{"event":"a","distinct_id":"x","timestamp":"2024-01-01","v": {text}}}'
    events, rejects, _ = stage(tmp_path, f"{good}\n{bad}\n".encode())
    assert [event["item_no"] for event in events] == [1]
    assert [(one["item_no"], one["reason_code"]) for one in rejects] == [(2, "bad_json")]
