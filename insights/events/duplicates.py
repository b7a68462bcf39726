"""Finding rows that came before: within the batch, in the stored months, and among the API's last seven days."""

import datetime as dt
from typing import Any

from insights.events.engine import as_list
from insights.events.manifest import parts_in_use
from insights.events.models import Part, Source
from insights.events.parts import path_of
from insights.events.staging import Staged

API_MEMORY = dt.timedelta(days=7)


def find_dropped(staged: Staged, now: dt.datetime, stored: list[str]) -> None:
    """Fill `dropped` (rid, item_no, ts, is_conflict, earlier_batch): every sound row that must not be stored.

    A row's first appearance is kept; a later one with the same content is a duplicate, with other content a conflict.
    `stored` — the files of `files_to_compare`.
    """
    duck = staged.duck
    duck.execute(
        "CREATE TABLE dropped (rid BIGINT, item_no BIGINT, ts TIMESTAMP, is_conflict BOOLEAN, earlier_batch UINTEGER)"
    )
    _number_identical_rows(staged)
    _against_stored(staged, now, stored)
    _within_batch(staged)
    keep = "CREATE TABLE kept AS SELECT rid, item_no, ts, month, row_key, content_hash FROM keys WHERE fault IS NULL"
    has_dropped = staged.count("SELECT count(*) FROM dropped")
    duck.execute(f"{keep} AND rid NOT IN (SELECT rid FROM dropped)" if has_dropped else keep)


def _number_identical_rows(staged: Staged) -> None:
    """Give the 2nd, 3rd … of identical rows without an id their own identity, or drop them if the source says so."""
    drops = staged.source.identical_rows == Source.IdenticalRows.DROP
    if drops:
        return  # then they share one identity, and the later ones are duplicates
    staged.duck.execute(
        """
        CREATE TABLE repeated AS
        SELECT rid, row_number() OVER (PARTITION BY row_key, request_no ORDER BY item_no, rid) AS ordinal
        FROM keys WHERE fault IS NULL AND NOT has_id AND row_key IN (
            SELECT row_key FROM keys WHERE fault IS NULL AND NOT has_id GROUP BY row_key HAVING count(*) > 1)
        """
    )
    if staged.count("SELECT count(*) FROM repeated WHERE ordinal > 1"):
        staged.duck.execute(
            "UPDATE keys SET row_key = md5(row_key::VARCHAR || ':' || ordinal)::UUID "
            "FROM repeated WHERE keys.rid = repeated.rid AND ordinal > 1"
        )


def files_to_compare(staged: Staged, now: dt.datetime) -> list[str]:
    """Return the files that may hold rows of the batch: its months', and for the API those of the last seven days."""
    months = [row[0] for row in staged.duck.execute("SELECT DISTINCT month FROM keys WHERE fault IS NULL").fetchall()]
    parts = parts_in_use(Part.Kind.EVENTS).filter(source=staged.source)
    same_month = parts.filter(month__in=months)
    since = now - API_MEMORY
    files = same_month.union(parts.filter(max_received_at__gte=since)) if staged.is_api else same_month
    return as_list(path_of(part) for part in files)


def _against_stored(staged: Staged, now: dt.datetime, stored: list[str]) -> None:
    """Compare with what is stored: in the event's month, and for the API with what came in the last seven days."""
    if not stored:
        return
    params: dict[str, Any] = {"files": stored}
    scope = "(s.ts >= k.month AND s.ts < k.month + INTERVAL 1 MONTH)"
    if staged.is_api:
        scope = f"({scope} OR s.received_at >= $since)"
        params["since"] = (now - API_MEMORY).replace(tzinfo=None)
    staged.duck.execute(
        f"""
        INSERT INTO dropped
        SELECT k.rid, any_value(k.item_no), any_value(k.ts),
            bool_and(k.has_id AND s.content_hash IS DISTINCT FROM k.content_hash), min(s.batch_no)
        FROM read_parquet($files) s JOIN keys k ON s.row_key = k.row_key AND {scope}
        WHERE k.fault IS NULL GROUP BY k.rid
        """,
        params,
    )


def _within_batch(staged: Staged) -> None:
    """Compare rows of the batch that are not stored yet with their first appearance in it."""
    scope = "row_key" if staged.is_api else "row_key, month"
    staged.duck.execute(
        f"""
        INSERT INTO dropped
        WITH again AS (
            SELECT {scope} FROM keys WHERE fault IS NULL GROUP BY {scope} HAVING count(*) > 1
        ), ranked AS (
            SELECT k.*, row_number() OVER w AS place, first_value(content_hash) OVER w AS first_content
            FROM keys k SEMI JOIN again USING ({scope})
            WHERE fault IS NULL AND rid NOT IN (SELECT rid FROM dropped)
            WINDOW w AS (PARTITION BY {scope} ORDER BY item_no, rid)
        )
        SELECT rid, item_no, ts, has_id AND content_hash IS DISTINCT FROM first_content, NULL
        FROM ranked WHERE place > 1
        """
    )
