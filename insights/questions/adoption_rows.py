"""The rows that adoption is made of, in SQL: on which days units were active, who used a feature when, and first.

Columns: u unit, m mask, n number of events, t microseconds. A feature has its rows in pieces, each with a unit at most
once: those of its events by name are read in one statement for all features.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from insights.questions.adoption_contracts import WORD_DAYS, Feature
from insights.questions.bucket_sql import bucket_sql
from insights.questions.calendar import Buckets
from insights.questions.contracts import EventSpec
from insights.questions.event_select import can_use_first_seen, select_firsts
from insights.questions.grouped import ALL
from insights.questions.running import Run
from insights.questions.sql import EventRows, Statement

Rows = dict[str, Any]
Pieces = list[Rows]
_ANY = EventSpec(None)


def fetch_days(run: Run, buckets: Buckets) -> Rows:
    """Return masks of the local days on which units did anything, WORD_DAYS to a word w.

    This scan reads all events and is most of what an answer takes: with a row for each unit and day it took twice as
    long.
    """
    statement = Statement()
    rows = run.event_rows(statement)
    columns = {"u": rows.unit(), "d": bucket_sql(statement, replace(buckets, interval="day"))}
    selected = rows.select(columns, _where(rows, run, [_ANY], buckets))
    final = (
        f"select u, (d >> {WORD_DAYS.bit_length() - 1})::usmallint as w,"
        f" bit_or(1::ubigint << (d & {WORD_DAYS - 1})::ubigint) as m"
        f" from ({selected}) group by u, w"
    )
    return _plain(run.arrays(statement, final, buckets.since, buckets.until))


def fetch_uses(run: Run, features: Sequence[Feature], buckets: Buckets) -> list[Pieces]:
    """Return for each feature who used it, with masks of buckets and numbers of events after the first bucket."""

    def fetch(specs: Sequence[EventSpec], key: str) -> Rows:
        statement = Statement()
        rows = run.event_rows(statement)
        columns = {"u": rows.unit(), "b": bucket_sql(statement, buckets)}
        if key:
            columns["c"] = "e.event_code"
        selected = rows.select(columns, _where(rows, run, specs, buckets))
        final = (
            f"select {key}u, bit_or(1::ubigint << b::ubigint) as m, count(*) filter (b > 0) as n"
            f" from ({selected}) group by {key}u"
        )
        return _plain(run.arrays(statement, final, buckets.since, buckets.until))

    return _in_pieces(run, features, fetch)


def fetch_first_uses(run: Run, features: Sequence[Feature], until: datetime) -> list[Pieces]:
    """Return for each feature when units used it for the first time ever, up to `until`."""

    def fetch(specs: Sequence[EventSpec], key: str) -> Rows:
        if not key:
            return _fetch_firsts(run, specs, until)
        statement = Statement()
        rows = run.event_rows(statement, "{first_seen}")
        columns = {"c": "e.event_code", "u": rows.unit(), "t": "epoch_us(min(e.first_ts))"}
        where = [_fits(rows, specs), *rows.holds(run.question.filters), f"e.first_ts < {statement.bind(until)}"]
        return _plain(run.arrays(statement, rows.select(columns, where, "group by 1, 2"), None, until))

    return _in_pieces(run, features, fetch, is_shared=can_use_first_seen(run, _ANY))


def fetch_first_seen(run: Run, until: datetime) -> Rows:
    """Return when units did anything for the first time ever, up to `until`."""
    return _fetch_firsts(run, [_ANY], until)


def _fetch_firsts(run: Run, specs: Sequence[EventSpec], until: datetime) -> Rows:
    statement = Statement()
    selects = [select_firsts(statement, run, spec, ALL, since=None, until=until) for spec in specs]
    if len(selects) == 1:
        final = f"select u, epoch_us(ts) as t from ({selects[0]})"
    else:
        every = " union all ".join(f"select u, ts from ({one})" for one in selects)
        final = f"select u, epoch_us(min(ts)) as t from ({every}) group by u"
    return _plain(run.arrays(statement, final, None, until))


def _in_pieces(
    run: Run, features: Sequence[Feature], fetch: Callable[[Sequence[EventSpec], str], Rows], *, is_shared: bool = True
) -> list[Pieces]:
    """Fetch the features that names alone tell together, by code c; each of the others by itself."""
    codes = [_codes(run, feature) if is_shared else None for feature in features]
    named = {spec for feature, found in zip(features, codes, strict=True) if found for spec in feature.events}
    by_code = {}
    if named:
        rows = fetch(sorted(named, key=lambda spec: spec.event or ""), "c, ")
        column = rows.pop("c")
        for code in {code for found in codes for code in found or ()}:
            is_here = column == code
            by_code[code] = {name: values[is_here] for name, values in rows.items()}
    pieces = []
    for feature, found in zip(features, codes, strict=True):
        run.check_time()
        pieces.append([fetch(feature.events, "")] if found is None else [by_code[code] for code in found])
    return pieces


def _codes(run: Run, feature: Feature) -> list[int] | None:
    """Return the codes of a feature's events; None where more than the names of its events says who used it."""
    names = {spec.event for spec in feature.events}
    if None in names or any(spec.filters for spec in feature.events):
        return None
    return sorted(run.scope.codes[name] for name in names if name in run.scope.codes)


def _fits(rows: EventRows, specs: Sequence[EventSpec]) -> str:
    fits = " or ".join(f"({' and '.join(rows.matches(spec) or ['true'])})" for spec in specs)
    return f"({fits})"


def _where(rows: EventRows, run: Run, specs: Sequence[EventSpec], buckets: Buckets) -> list[str]:
    where = [_fits(rows, specs), *rows.between(buckets.since, buckets.until), *rows.holds(run.question.filters)]
    return [*where, f"{rows.unit()} is not null"] if run.question.unit == "account" else where


def _plain(columns: dict[str, Any]) -> Rows:
    import numpy as np

    return {name: np.ma.getdata(column) for name, column in columns.items()}
