"""SQL that reads cells of a RawTable: text, typed values, the whole row; names and values are always parameters."""

import datetime as dt
import json
from typing import Any

from insights.sources.contracts import RawTable
from insights.sources.mapping import Mapping
from insights.sources.times import naive_sql, shift_sql

_JSON_NUMBER = r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?"
_TRUE, _FALSE = "('true', 't', 'yes', 'y', '1')", "('false', 'f', 'no', 'n', '0')"


def pointer(name: str, columns: tuple[str, ...]) -> str:
    """Return the JSON pointer of a key; "outer.inner" goes one level down when there is a key "outer".

    >>> pointer("properties.time", ("properties",)), pointer("a.b", ("a.b",)), pointer("a/b", ())
    ('/properties/time', '/a.b', '/a~1b')
    """
    outer, dot, inner = name.partition(".")
    parts = [outer, inner] if dot and inner and outer in columns else [name]
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)


class Cells:
    """Expressions over one table and mapping; `params` collects what they bind."""

    def __init__(self, table: RawTable, mapping: Mapping):
        self.table, self.mapping = table, mapping
        self.params: dict[str, Any] = {"raw_path": str(table.path)}
        self._places = {name: f"c{n}" for n, name in enumerate(table.columns)}
        self._paths: dict[str, int] = {}

    def bind(self, name: str, value: Any) -> str:
        """Bind a value under a name; return its placeholder."""
        self.params[name] = value
        return f"${name}"

    def text(self, name: str) -> str:
        """Return SQL for a cell's text; NULL where an object lacks the key."""
        if not self.table.is_json:
            return self._places.get(name, "NULL::VARCHAR")
        place = self._paths.setdefault(pointer(name, self.table.columns), len(self._paths) + 1)
        return f"texts[{place}]"

    def first_filled(self, names: tuple[str, ...]) -> str:
        """Return SQL for the first of several cells that is filled, exactly as written, else NULL."""
        # Most texts begin with a visible letter, which is quicker to see than a trim is done.
        cells = [
            f"CASE WHEN {text} >= '!' AND {text} < '\x7f' THEN {text} WHEN trim({text}) <> '' THEN {text} END"
            for text in map(self.text, names)
        ]
        if not cells:
            return "NULL::VARCHAR"
        return cells[0] if len(cells) == 1 else f"coalesce({', '.join(cells)})"

    def json_value(self, name: str, local_time: str = "iso") -> str:
        """Return SQL for a cell as JSON text by its type; NULL when it is empty."""
        if self.table.is_json:
            path = self.bind(f"path_{len(self.params)}", pointer(name, self.table.columns))
            value = f"json_extract(item, {path})::VARCHAR"
            return f"CASE WHEN {value} <> 'null' THEN {value} END"
        cell, kind = self.text(name), self.mapping.types.get(name, "text")
        text = f"to_json({cell})::VARCHAR"
        if kind == "number":
            value = self._number(cell, text)
        elif kind == "boolean":
            word = f"lower(trim({cell}))"
            value = f"CASE WHEN {word} IN {_TRUE} THEN 'true' WHEN {word} IN {_FALSE} THEN 'false' ELSE {text} END"
        elif kind == "time":
            utc, local, _ = naive_sql(cell, "iso")
            value = f"coalesce('\"' || strftime(coalesce({utc}, {local}), '%Y-%m-%dT%H:%M:%S.%f') || '\"', {text})"
        else:
            value = text
        return f"CASE WHEN {cell} <> '' THEN {value} END"

    def _number(self, cell: str, text: str) -> str:
        # A number keeps its digits as written; what is no number stays text, so nothing is lost and nothing summed.
        plain = f"trim({cell})"
        if self.mapping.decimal_comma:
            plain = f"replace(replace(replace(trim({cell}), '.', ''), ' ', ''), ',', '.')"
        number = f"try_cast({plain} AS DOUBLE)"
        return (
            f"CASE WHEN regexp_full_match({plain}, '{_JSON_NUMBER}') THEN {plain} "
            f"WHEN isfinite({number}) THEN to_json({number})::VARCHAR ELSE {text} END"
        )

    def time_parts(self) -> tuple[str, str]:
        """Return SQL for (a UTC time, a local time without zone) of the row; at most one is set."""
        utc, local, params = naive_sql("sent_time", self.mapping.time_format)
        self.params.update(params)
        return utc, local

    def shifted(self, steps: list[tuple[dt.datetime, int]]) -> str:
        """Return SQL for the row's time in UTC, once the zone's offsets are known."""
        sql, params = shift_sql("local_ts", steps)
        self.params.update(params)
        return f"coalesce(utc_ts, {sql})"

    def source_sql(self) -> str:
        """Return the innermost query: item_no and the columns of the table, blank lines of JSON left out."""
        filled = r" WHERE raw NOT IN ('', ' ')" if self.table.is_json else ""
        return (
            f"SELECT {self.table.line_sql} AS item_no, * FROM read_parquet($raw_path, file_row_number = true){filled}"
        )

    def rows_sql(self) -> str:
        """Return the rows to judge; of JSON also `item` (NULL if it is no object) and the `texts` of mapped keys."""
        if not self.table.is_json:
            return self.source_sql()
        paths = self.bind("text_paths", list(self._paths) or ["/"])
        return f"""SELECT *, json_extract_string(item, {paths}) AS texts FROM (
            SELECT *, CASE WHEN json_valid(raw) THEN CASE WHEN json_type(raw) = 'OBJECT' THEN raw END END AS item
            FROM ({self.source_sql()}))"""

    def properties(self) -> str:
        """Return SQL for the properties as the text of a JSON object, or NULL when there are none."""
        spread = self._spread()
        own = self._rest_of_object() if self._takes_rest() else self._object(self._own_columns())
        if not spread:
            return f"nullif({own}, '{{}}')" if own else "NULL::VARCHAR"
        if not own:
            return f"nullif({spread}, '{{}}')"
        merged = f"json_merge_patch({own}, coalesce({spread}, '{{}}'))::VARCHAR"
        return f"nullif(CASE WHEN {own} = '{{}}' THEN {spread} ELSE {merged} END, '{{}}')"

    def _takes_rest(self) -> bool:
        return self.table.is_json and self.mapping.properties == "others"

    def _own_columns(self) -> tuple[str, ...]:
        if self.table.is_json and isinstance(self.mapping.properties, tuple):
            return self.mapping.properties
        return self.mapping.property_columns(self.table.columns)

    def _object(self, names: tuple[str, ...]) -> str:
        pairs = []
        for n, name in enumerate(names):
            key = self.bind(f"key_{n}", json.dumps(name, ensure_ascii=False) + ":")
            pairs.append(f"{key} || {self.json_value(name)}")
        return f"('{{' || concat_ws(',', {', '.join(pairs)}) || '}}')" if pairs else ""

    def _patched(self, bound_as: str, *dropped: str) -> str:
        """Return SQL for the object without `dropped` and the keys of another role; the patch is bound by a name."""
        patch: dict[str, Any] = {}
        for name in sorted(self.mapping.used() - {self.mapping.json_column}):
            parts = [
                part.replace("~1", "/").replace("~0", "~") for part in pointer(name, self.table.columns).split("/")
            ]
            if len(parts) == 2:
                patch[parts[1]] = None
            elif patch.get(parts[1], {}) is not None:
                patch.setdefault(parts[1], {})[parts[2]] = None
        patch.update(dict.fromkeys(dropped))
        if not patch:
            return "item"
        return f"json_merge_patch(item, {self.bind(bound_as, json.dumps(patch))})::VARCHAR"

    def _rest_of_object(self) -> str:
        """Return SQL for the object of all other keys."""
        column = self.mapping.json_column
        return self._patched("rest_patch", *([column] if column else []))

    def _spread(self) -> str:
        """Return SQL for the object inside the JSON column; a cell that holds no object stays one property."""
        name = self.mapping.json_column
        if not name:
            return ""
        key = self.bind("json_key", name)
        if not self.table.is_json:
            return _spread_text(self.text(name), key)
        path = self.bind("json_path", pointer(name, self.table.columns))
        is_bare = not any(used.startswith(f"{name}.") for used in self.mapping.used())
        owner = "item" if is_bare else self._patched("spread_patch")
        inside = f"json_extract({owner}, {path})::VARCHAR"
        text = f"json_extract_string(item, {path})"
        return f"CASE WHEN left({inside}, 1) = '{{' THEN {inside} ELSE {_spread_text(text, key)} END"

    def row_hash(self) -> str:
        """Return SQL for the identity of a whole row, mapped or not; bytes become a UUID quicker than text does."""
        if self.table.is_json:
            return "unhex(md5(raw))::UUID"
        cells = ", ".join(f"c{n}" for n in range(len(self.table.columns)))
        return f"unhex(md5(concat_ws(chr(31), {cells})))::UUID"

    def raw_text(self) -> str:
        """Return SQL for the row's text: the object as written, or the cells as a line of CSV."""
        if self.table.is_json:
            return "raw"
        separator = self.bind("raw_separator", self.table.options.separator or ",")
        quote = self.bind("raw_quote", self.table.options.quote or '"')
        needs = self.bind("raw_needs_quotes", f"[\"'\\r\\n{_in_class(self.table.options.separator or ',')}]")
        cells = [
            f"CASE WHEN regexp_matches(c{n}, {needs}) "
            f"THEN {quote} || replace(c{n}, {quote}, {quote} || {quote}) || {quote} ELSE c{n} END"
            for n in range(len(self.table.columns))
        ]
        return f"concat_ws({separator}, {', '.join(cells)})"


def _spread_text(cell: str, key: str) -> str:
    return (
        f"CASE WHEN json_valid({cell}) THEN CASE WHEN json_type({cell}) = 'OBJECT' THEN {cell} "
        f"WHEN json_type({cell}) <> 'NULL' THEN json_object({key}, {cell})::VARCHAR END "
        f"WHEN trim({cell}) <> '' THEN json_object({key}, {cell})::VARCHAR END"
    )


def _in_class(letter: str) -> str:
    return {"^": "\\^", "\\": "\\\\", "]": "\\]", "\t": "\\t"}.get(letter, letter)
