"""A portal of its own for the benchmarks of dashboards: servers, events that end yesterday, dashboards to show."""

import datetime as dt
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Staged as a producer would: `days` days that end with `last`, the busy names first, a property and accounts.
_STAGED = """
    COPY (
        SELECT row_number() OVER () AS item_no, 'id-' || $tag || '-' || i AS event_id, NULL::UUID AS row_hash,
            'event ' || least(hash(i) % 20, hash(i + 1) % 20) AS event,
            'person-' || (hash(i + 7) % $n_people) AS distinct_id,
            'account-' || ({account} // 40) AS account_id,
            $last::TIMESTAMP - INTERVAL (hash(i * 3 + $seed) % ($days * 86400)) SECOND AS ts, '' AS sent_time,
            $last::TIMESTAMP AS received_at, '{"plan": "' || ['free', 'pro', 'team'][1 + i % 3] || '"}' AS properties
        FROM range($n_rows) rows(i)
    ) TO '{target}' (FORMAT parquet)
"""


@contextmanager
def own_portal() -> Iterator[Path]:
    """Start PostgreSQL and Valkey in a temporary folder and set Django up on them."""
    from portal.operations.services.postgres import Postgres
    from portal.operations.services.valkey import Valkey

    folder = Path(tempfile.mkdtemp(prefix="portal-bench-"))
    postgres, valkey = Postgres(folder / "postgres"), Valkey(folder / "valkey")
    try:
        postgres.start()
        valkey.start()
        os.environ |= {
            "PORTAL_MODE": "testing",
            "PORTAL_VAR_DIR": str(folder / "var"),
            "DATABASE_URL": postgres.url,
            "REDIS_URL": valkey.url,
            "LOG_LEVEL": "ERROR",
        }
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        yield folder
    finally:
        valkey.stop()
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)


def store_days(
    source,
    folder: Path,
    n_rows: int,
    days: int,
    last: dt.datetime,
    tag: str,
    n_people: int = 20_000,
    *,
    is_scattered: bool = False,
) -> None:
    """Store made-up events of the `days` days before `last`, two million at a time.

    is_scattered: each event is of a random account, not of its person's.
    """
    import duckdb

    from insights.events.public import commit_staged, start_batch
    from portal.people.public import SYSTEM

    for start in range(0, n_rows, 2_000_000):
        staged = folder / "staged"
        staged.mkdir()
        values = {
            "tag": f"{tag}{start}",
            "n_people": n_people,
            "last": last.replace(tzinfo=None),
            "seed": start,
            "days": days,
            "n_rows": min(2_000_000, n_rows - start),
        }
        with duckdb.connect(config={"threads": 2, "memory_limit": "1500MB"}) as duck:
            sql = _STAGED.replace("{account}", f"hash(i + {13 if is_scattered else 7}) % $n_people")
            duck.execute(sql.replace("{target}", str(staged / "events-1.parquet")), values)
        commit_staged(start_batch(source, "upload", actor=SYSTEM), staged)
        shutil.rmtree(staged)


def twelve_questions(number: int) -> list[dict]:
    """Return the questions of a dashboard's twelve tiles: relative ranges, all kinds; some equal on all dashboards."""
    mine, other = f"event {number % 10}", f"event {number % 10 + 1}"
    trend = {"kind": "trend", "interval": "day", "date_from": "-30d"}
    spec = {"event": mine}
    return [
        {**trend, "series": [{"event": None, "measure": "weekly_active"}]},
        {**trend, "series": [{"event": None, "measure": "persons"}]},
        {**trend, "series": [{**spec, "measure": "total"}]},
        {**trend, "series": [{**spec, "measure": "persons"}], "filters": _plan(number)},
        {**trend, "series": [{**spec, "measure": "first_time"}]},
        {**trend, "series": [{**spec, "measure": "per_person"}]},
        {**trend, "series": [{**spec, "measure": "persons"}], "breakdown": [{"property": "plan", "of": "event"}]},
        {"kind": "funnel", "steps": [spec, {"event": other}], "date_from": "-30d", "filters": _plan(number)},
        {
            "kind": "retention",
            "target": spec,
            "returning": spec,
            "interval": "week",
            "intervals": 4,
            "date_from": "-4w",
        },
        {"kind": "stickiness", "series": [spec], "interval": "day", "date_from": "-30d"},
        {"kind": "lifecycle", "event": spec, "interval": "week", "date_from": "-4w"},
        {**trend, "interval": "week", "series": [{**spec, "measure": "persons"}, {"event": other, "measure": "total"}]},
    ]


def _plan(number: int) -> list[dict]:
    return [{"property": "plan", "op": "is", "value": ("free", "pro", "team")[number // 10 % 3]}]


def make_dashboards(product, n: int) -> list:
    """Make dashboards of twelve tiles."""
    from insights.dashboards import actions
    from portal.people.public import SYSTEM

    made = []
    for number in range(n):
        board = actions.create_dashboard(actor=SYSTEM, product=product, title=f"Board {number}", date_from="")
        for place, question in enumerate(twelve_questions(number)):
            actions.add_tile(board, actor=SYSTEM, title=f"Tile {place}", question=question, w=4, h=4)
        made.append(board)
    return made
