"""SQL that reads cells of a RawTable: text, typed values, the whole row; names and values are always parameters."""

import datetime as dt
import json
from typing import Any

from insights.sources.contracts import RawTable
from insights.sources.mapping import Mapping
from insights.sources.times import naive_sql, shift_sql

_JSON_NUMBER = r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?"
_TRUE, _FALSE = "('true', 't', 'yes', 'y', '1')", "('false', 'f', 'no', 'n', '0')"


def keys_of(name: str, columns: tuple[str, ...]) -> list[str]:
    """Return the keys that lead to a value; "outer.inner" goes one level down when there is a key "outer".

    >>> keys_of("properties.time", ("properties",)), keys_of("a.b", ("a.b",))
    (['properties', 'time'], ['a.b'])
    """
    outer, dot, inner = name.partition(".")
    return [outer, inner] if dot and inner and outer in columns else [name]


def pointer(name: str, columns: tuple[str, ...]) -> str:
    """Return the JSON pointer of a key.

    >>> pointer("properties.time", ("properties",)), pointer("a/b", ())
    ('/properties/time', '/a~1b')
    """
    return "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in keys_of(name, columns))


class _Structure:
    """The keys that one parse of a JSON object brings to light, as the columns of a STRUCT named `found`."""

    def __init__(self) -> None:
        self.keys: dict[str, Any] = {}

    def place(self, keys: list[str], kind: str) -> str | None:
        """Return SQL for the value at `keys`; None where the engine's STRUCT cannot hold it beside the others."""
        level, sql = self.keys, "found"
        for depth, key in enumerate(keys):
            is_last = depth == len(keys) - 1
            if not key or any(key != other and key.lower() == other.lower() for other in level):
                return None  # a STRUCT tells names apart by their letters, not by their case
            value = level.setdefault(key, kind if is_last else {})
            if value != kind if is_last else not isinstance(value, dict):
                return None
            sql = f"struct_extract_at({sql}, {list(level).index(key) + 1})"
            level = value
        return sql

    def as_json(self) -> str:
        """Return the structure in the engine's words; it refuses an empty one."""
        return json.dumps(self.keys or {"item": "VARCHAR"})


class Cells:
    """Expressions over one table and mapping; `params` collects what they bind."""

    def __init__(self, table: RawTable, mapping: Mapping):
        self.table, self.mapping = table, mapping
        self.params: dict[str, Any] = {}
        self._places = {name: f"c{n}" for n, name in enumerate(table.columns)}
        self._structure = _Structure()

    def bind(self, name: str, value: Any) -> str:
        """Bind a value under a name; return its placeholder."""
        self.params[name] = value
        return f"${name}"

    def text(self, name: str) -> str:
        """Return SQL for a cell's text; NULL where an object lacks the key."""
        if not self.table.is_json:
            return self._places.get(name, "NULL::VARCHAR")
        return self._found(name, "VARCHAR") or f"json_extract_string(item, {self._path(name)})"

    def _found(self, name: str, kind: str) -> str | None:
        return self._structure.place(keys_of(name, self.table.columns), kind)

    def _path(self, name: str) -> str:
        return self.bind(f"path_{len(self.params)}", pointer(name, self.table.columns))

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
            found = self._found(name, "JSON")
            if found:
                return f"{found}::VARCHAR"
            value = f"json_extract(item, {self._path(name)})::VARCHAR"
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
        return f"SELECT {self.table.line_sql} AS item_no, * FROM raw_rows{filled}"

    def rows_sql(self) -> str:
        """Return the rows to judge; of JSON also `item` (NULL if it is no object) and the values `found` in it.

        Each object is parsed once for all mapped keys, so this is asked for when all of them are known.
        """
        if not self.table.is_json:
            return self.source_sql()
        structure = self.bind("structure", self._structure.as_json())
        return f"""SELECT *, CASE WHEN found IS NULL THEN NULL WHEN starts_with(raw, '{{') THEN raw
                WHEN starts_with(ltrim(raw, ' \t\r\n'), '{{') THEN raw END AS item
            FROM (SELECT *, TRY(json_transform(raw, {structure})) AS found FROM ({self.source_sql()}))"""

    def property_sources(self) -> str:
        """Return SQL for `own`, the object of properties named one by one, and `inside`, what the JSON column holds."""
        own = self._rest_of_object() if self._takes_rest() else self._object(self._own_columns())
        return f"{own or 'NULL::VARCHAR'} AS own, {self._inside()} AS inside"

    def spread(self) -> str:
        """Return SQL for the object in `inside`, to be spread; what is no object stays one property."""
        if not self.mapping.json_column:
            return "NULL::VARCHAR"
        key = self.bind("json_key", self.mapping.json_column)
        if not self.table.is_json:
            return _spread_text("inside", key)
        text = _spread_text("json_extract_string(inside, '$')", key)
        return f"CASE WHEN starts_with(inside, '{{') THEN inside ELSE {text} END"

    def properties(self) -> str:
        """Return SQL for the properties' object, made of `own` and `spread`; "{}" or NULL when there are none."""
        merged = "json_merge_patch(own, coalesce(spread, '{}'))::VARCHAR"
        if not self.mapping.json_column:
            return "own"
        return f"CASE WHEN coalesce(own, '{{}}') = '{{}}' THEN spread ELSE {merged} END"

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
        rest = self._patched("rest_patch", *([column] if column else []))
        found = self._found_of_used()
        if not found:
            return rest
        # Most objects have no other key. To see that a compact one is what it is made of is a fifth of counting its
        # keys, and that a third of making the rest.
        n_used = " + ".join(f"({value} IS NOT NULL)::INTEGER" for _, value, _ in found)
        counted = f"CASE WHEN len(json_keys(item)) > {n_used} THEN {rest} ELSE '{{}}' END"
        return (
            f"CASE WHEN raw = {self._rebuilt(found)} THEN '{{}}' ELSE {counted} END"
            if self.table.is_compact
            else counted
        )

    def _rebuilt(self, found: list[tuple[str, str, bool]]) -> str:
        """Return SQL for the text of an object without other keys, blanks or escapes, whose texts are all strings.

        A line that equals it byte for byte holds these keys alone: each key, quote and comma stands where it must.
        """
        pairs = []
        for n, (name, value, is_text) in enumerate(found):
            quote = '"' if is_text else ""
            key = self.bind(f"rebuilt_{n}", json.dumps(name, ensure_ascii=False) + ":" + quote)
            pairs.append(f"{key} || {value}" + (" || '\"'" if is_text else ""))
        return f"('{{' || concat_ws(',', {', '.join(pairs)}) || '}}')"

    def _found_of_used(self) -> list[tuple[str, str, bool]]:
        """Return (key, SQL of its value, is text) of the keys with another role, in the order of the file's columns.

        Nothing when most objects have further keys, or when a role's key cannot be told in one parse.
        """
        used, columns = self.mapping.used(), self.table.columns
        if any(name not in used for name in columns if len(keys_of(name, columns)) == 1):
            return []
        if any(len(keys_of(name, columns)) > 1 for name in used):
            return []
        roles = {name for names in self.mapping.roles().values() for name in names}
        ordered = sorted(used, key=lambda name: (columns.index(name) if name in columns else len(columns), name))
        found = [(name, self._found(name, "VARCHAR" if name in roles else "JSON"), name in roles) for name in ordered]
        return [(name, value, is_text) for name, value, is_text in found if value] if all(f[1] for f in found) else []

    def _inside(self) -> str:
        """Return SQL for what the JSON column holds: its text, of objects as JSON without the keys of another role."""
        name = self.mapping.json_column
        if not name:
            return "NULL::VARCHAR"
        if not self.table.is_json:
            return self.text(name)
        if any(used.startswith(f"{name}.") for used in self.mapping.used()):
            return f"json_extract({self._patched('spread_patch')}, {self._path(name)})::VARCHAR"
        return self.json_value(name)

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
    bare = f"trim({cell}, ' \t\r\n')"
    return (
        f"CASE WHEN json_valid({cell}) THEN CASE WHEN starts_with({bare}, '{{') THEN {cell} "
        f"WHEN {bare} <> 'null' THEN json_object({key}, {cell})::VARCHAR END "
        f"WHEN trim({cell}) <> '' THEN json_object({key}, {cell})::VARCHAR END"
    )


def _in_class(letter: str) -> str:
    return {"^": "\\^", "\\": "\\\\", "]": "\\]", "\t": "\\t"}.get(letter, letter)
