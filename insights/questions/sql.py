"""Building of SQL over the store's relations: values are bound, joins are added only where an expression needs them.

The text uses the store's placeholders ({events}, {all_events}, {person_map}, {first_seen}, {traits}). Event rows have
the alias `e`. A missing value (no such property, or JSON null) is NULL.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from insights.events.contracts import LATEST_VALUE
from insights.questions.contracts import COHORT_OPS, Breakdown, EventSpec, Filter, FilterGroup, Filters, Scalar
from insights.questions.members import Members

_NOT_NUMBERS = "('VARCHAR', 'BOOL_TRUE', 'BOOL_FALSE', 'VARIANT_NULL')"
NONE = "(none)"
SEPARATOR = "\x01"  # between the values of several properties: below every letter, so texts order as their parts do
_COMPARE = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


@dataclass
class Statement:
    """One SQL statement in the making: its bound values and its named subqueries, in order of need."""

    params: dict[str, Any] = field(default_factory=dict)
    ctes: dict[str, str] = field(default_factory=dict)

    def bind(self, value: Any) -> str:
        """Bind a value; return its placeholder."""
        name = f"p{len(self.params)}"
        self.params[name] = value
        return f"${name}"

    def bind_once(self, value: Any) -> str:
        """Bind a large value; return its placeholder, the same one each time."""
        for name, bound in self.params.items():
            if bound is value:
                return f"${name}"
        return self.bind(value)

    def bind_all(self, values: Sequence[Any]) -> str:
        """Bind several values; return them as a list in brackets for `in`."""
        return "(" + ", ".join(self.bind(value) for value in values) + ")"

    def cte(self, name: str, sql: str, *, is_materialized: bool = False) -> str:
        """Name a subquery; return the name."""
        self.ctes[name] = f"{name} as {'materialized ' if is_materialized else ''}({sql})"
        return name

    def text(self, final: str) -> str:
        """Return the whole statement."""
        return (f"with {', '.join(self.ctes.values())} " if self.ctes else "") + final


@dataclass(frozen=True)
class Value:
    """A property in SQL: its text form, its number (NULL unless it is one), and whether it is a text."""

    text: str
    number: str
    is_text: str


@dataclass(frozen=True)
class Scope:
    """What every statement of a question shares: unit, codes of event names, joins, names of sources, cohorts."""

    unit: str
    has_joins: bool
    codes: Mapping[str, int]
    names: Mapping[int, str]
    source_slugs: Mapping[int, str]
    cohorts: Mapping[str, Members] = field(default_factory=dict)


class EventRows:
    """Event rows with the joins that the asked expressions need."""

    def __init__(self, statement: Statement, scope: Scope, relation: str = "{events}"):
        self.statement = statement
        self.scope = scope
        self.relation = relation
        self.joins: dict[str, str] = {}

    def unit(self) -> str:
        """Return the number of the person or account of a row; NULL where an event has no account."""
        return self.account() if self.scope.unit == "account" else self.person()

    def person(self) -> str:
        """Return the number of the person of a row."""
        if not self.scope.has_joins:
            return "e.distinct_no"
        self.joins.setdefault("m", "left join {person_map} m on m.distinct_no = e.distinct_no")
        return "coalesce(m.person_no, e.distinct_no)"

    def account(self) -> str:
        """Return the number of the account of a row: its own, else its person's latest."""
        if "pa" not in self.joins:
            person = self.person()
            latest = self._latest("person", "$account")
            self.statement.cte("person_account", f"select no, try_cast(value as uinteger) account_no from ({latest})")
            self.joins["pa"] = f"left join person_account pa on pa.no = {person}"
        return "coalesce(e.account_no, pa.account_no)"

    def value(self, of: str, key: str) -> Value:
        """Return a property of the event, or of its person or account."""
        if of == "event":
            item = f"variant_extract(e.properties, {self._bound_key(key)})"
            is_number = f"variant_typeof({item}) not in {_NOT_NUMBERS}"
            number = f"case when {is_number} then try_cast({item} as double) end"
            return Value(f"{item}::varchar", number, f"variant_typeof({item}) = 'VARCHAR'")
        alias = self._join_trait(of, key)
        return Value(f"{alias}.text", f"{alias}.number", f"{alias}.is_text")

    def groups(self, breakdown: Sequence[Breakdown]) -> str:
        """Return the text by which a breakdown groups: of several properties all values, a missing one as (none)."""
        if len(breakdown) == 1:
            return self.group(breakdown[0])
        parts = [f"coalesce(replace({self.group(one)}, chr(1), ' '), '{NONE}')" for one in breakdown]
        return f"concat_ws(chr(1), {', '.join(parts)})"

    def group(self, breakdown: Breakdown) -> str:
        """Return the text by which one property groups; NULL where it is missing."""
        if breakdown.of == "cohort":
            return f"case when {self._is_member([breakdown.property])} then 'in' else 'not in' end"
        if breakdown.of != "field":
            return self.value(breakdown.of, breakdown.property).text
        names = self.scope.names if breakdown.property == "event" else self.scope.source_slugs
        column = "event_code" if breakdown.property == "event" else "source_no"
        codes, words = self.statement.bind(list(names)), self.statement.bind(list(names.values()))
        self.statement.cte(
            f"{column}_names", f"select unnest({codes}::uinteger[]) code, unnest({words}::varchar[]) name"
        )
        self.joins.setdefault(column, f"left join {column}_names on {column}_names.code = e.{column}")
        return f"{column}_names.name"

    def matches(self, spec: EventSpec) -> list[str]:
        """Return the conditions of an event spec."""
        found = []
        if spec.event is not None:
            code = self.scope.codes.get(spec.event)
            found.append("false" if code is None else f"e.event_code = {self.statement.bind(code)}")
        return found + self.holds(spec.filters)

    def holds(self, filters: Filters) -> list[str]:
        """Return the conditions of filters that must all hold."""
        return [self._condition(item) for item in filters]

    def between(self, since: datetime | None, until: datetime | None) -> list[str]:
        """Return the conditions on time: from `since` up to, not including, `until`; naive UTC."""
        found = [] if since is None else [f"e.ts >= {self.statement.bind(since)}"]
        return found if until is None else [*found, f"e.ts < {self.statement.bind(until)}"]

    def outside(self, start: datetime, end: datetime) -> str:
        """Return the condition that the time is before `start` or not before `end`; naive UTC."""
        return f"(e.ts < {self.statement.bind(start)} or e.ts >= {self.statement.bind(end)})"

    def select(self, columns: Mapping[str, str], where: Sequence[str], tail: str = "") -> str:
        """Return the select; ask for every expression before, so that its joins are there."""
        shown = ", ".join(f"{sql} as {name}" for name, sql in columns.items())
        joined = " ".join([f"{self.relation} e", *self.joins.values()])
        conditions = f" where {' and '.join(where)}" if where else ""
        return f"select {shown} from {joined}{conditions}{f' {tail}' if tail else ''}"

    def _bound_key(self, key: str) -> str:
        for name, value in self.statement.params.items():
            if value == key and isinstance(value, str):
                return f"${name}"
        return self.statement.bind(key)

    def _latest(self, subject: str, key: str) -> str:
        bound = self._bound_key(key)
        number, join = "t.subject_no", ""
        if subject == "person" and self.scope.has_joins:
            number = "coalesce(tm.person_no, t.subject_no)"
            join = " left join {person_map} tm on tm.distinct_no = t.subject_no"
        return (
            f"select {number} as no, {LATEST_VALUE} as value from {{traits}} t{join}"
            f" where t.subject = '{subject}' and t.key = {bound} group by 1"
        )

    def _join_trait(self, of: str, key: str) -> str:
        bound = self._bound_key(key)
        alias = f"trait_{of}_{bound[1:]}"
        if alias not in self.joins:
            owner = self.person() if of == "person" else self.account()
            kind = "json_type(value)"
            self.statement.cte(
                alias,
                f"select no, value::json ->> '$' as text, {kind} = 'VARCHAR' as is_text,"
                f" case when {kind} not in ('VARCHAR', 'BOOLEAN', 'NULL') then try_cast(value as double) end as number"
                f" from ({self._latest(of, key)})",
            )
            self.joins[alias] = f"left join {alias} on {alias}.no = {owner}"
        return alias

    def _is_member(self, names: Sequence[str]) -> str:
        """Return whether the row's person, or account, is in one of the cohorts; no account is in none.

        Bits are looked up by number: on millions of rows many times faster than a join with the members.
        """
        found = []
        for name in names:
            members = self.scope.cohorts[name]
            number = self.account() if members.unit == "account" else self.person()
            bits, last = self.statement.bind_once(members.bits), self.statement.bind(members.last)
            found.append(f"get_bit({bits}::blob::bit, least({number}, {last})::integer) = 1")
            if members.unit == "account":
                found[-1] = f"coalesce({found[-1]}, false)"
        return f"({' or '.join(found)})"

    def _condition(self, item: Filter | FilterGroup) -> str:
        if isinstance(item, FilterGroup):
            word = " or " if item.mode == "any" else " and "
            return "(" + word.join(self._condition(one) for one in item.filters) + ")"
        if item.op in COHORT_OPS:
            is_member = self._is_member([str(name) for name in _values(item)])
            return is_member if item.op == "in_cohort" else f"not {is_member}"
        value = self.value(item.of, item.property)
        return _CONDITIONS[item.op](self.statement, value, item)


def text_form(value: Scalar) -> str:
    """Return the text form of a value as the store writes it.

    >>> text_form(True), text_form(10), text_form(0.5)
    ('true', '10', '0.5')
    """
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is(statement: Statement, value: Value, item: Filter) -> str:
    return f"{value.text} in {statement.bind_all([text_form(one) for one in _values(item)])}"


def _is_not(statement: Statement, value: Value, item: Filter) -> str:
    return f"coalesce(not ({_is(statement, value, item)}), true)"


def _contains(statement: Statement, value: Value, item: Filter) -> str:
    return f"contains(lower({value.text}), lower({statement.bind(item.value)}))"


def _not_contains(statement: Statement, value: Value, item: Filter) -> str:
    return f"coalesce(not {_contains(statement, value, item)}, true)"


def _matches(statement: Statement, value: Value, item: Filter) -> str:
    return f"regexp_matches({value.text}, {statement.bind(item.value)})"


def _compare(statement: Statement, value: Value, item: Filter) -> str:
    return _ordered(statement, value, [(_COMPARE[item.op], item.value)])


def _between(statement: Statement, value: Value, item: Filter) -> str:
    low, high = _values(item)
    return _ordered(statement, value, [(">=", low), ("<=", high)])


def _ordered(statement: Statement, value: Value, bounds: list[tuple[str, Any]]) -> str:
    """Compare numbers with numbers and texts with texts; a text that reads as a number is compared with numbers too."""
    numbers = [as_number(bound) for _, bound in bounds]
    ways = []
    if None not in numbers:
        parts = [f"{value.number} {sign} {statement.bind(n)}" for (sign, _), n in zip(bounds, numbers, strict=True)]
        ways.append(" and ".join(parts))
    if all(isinstance(bound, str) for _, bound in bounds):
        parts = [value.is_text, *(f"{value.text} {sign} {statement.bind(bound)}" for sign, bound in bounds)]
        ways.append(" and ".join(parts))
    return "(" + " or ".join(f"({way})" for way in ways) + ")"


def as_number(value: Any) -> float | None:
    """Return a number, or a text that reads as one, as a float."""
    try:
        return float(value)
    except ValueError:
        return None


def _values(item: Filter) -> tuple[Scalar, ...]:
    return item.value if isinstance(item.value, tuple) else ()


_CONDITIONS: dict[str, Callable[[Statement, Value, Filter], str]] = {
    "is": _is,
    "is_not": _is_not,
    "contains": _contains,
    "not_contains": _not_contains,
    "matches": _matches,
    **dict.fromkeys(_COMPARE, _compare),
    "between": _between,
    "is_set": lambda statement, value, item: f"{value.text} is not null",
    "is_not_set": lambda statement, value, item: f"{value.text} is null",
}
