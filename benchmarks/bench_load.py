"""Load rate from CSV and JSON Lines, validated and de-duplicated, into stores that hold events already.

    python -m benchmarks.bench_load --stored 1000000 10000000 --rows 1000000

Each file goes the way of an upload (`run_load`): read, mapped, staged, compared, committed. The stored events lie in
the same months and source as the new ones. Starts its own PostgreSQL in a temporary folder; 10 M stored rows need 3 GB
of disk. Prints a table: rows a second from start to commit, and the process's peak memory.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RATE_PROMISED = 150_000
MEMORY_PROMISED_MB = 2_000
_GENERATED = """
    SELECT 'id' || (i + {offset}) AS event_id, 'event ' || (hash(i) % 30) AS event,
        'user-' || (hash(i + 7 + {offset}) % 300000) AS distinct_id, 'account-' || (hash(i + 9) % 500) AS account_id,
        TIMESTAMP '2024-01-01' + INTERVAL (hash(i * 3 + {offset}) % 15552000) SECOND AS timestamp,
        ['free', 'pro', 'team'][1 + i % 3] AS plan, i % 1000 AS n, 'https://example.com/p/' || (i % 5000) AS url,
        i % 977 / 7.0 AS seconds
    FROM range({n_rows}) r(i)
"""
_STAGED = """
    SELECT row_number() OVER () AS item_no, event_id, NULL::UUID AS row_hash, event, distinct_id, account_id,
        timestamp AS ts, timestamp::VARCHAR AS sent_time, TIMESTAMP '2024-07-01' AS received_at,
        to_json({{'plan': plan, 'n': n, 'url': url, 'seconds': seconds}})::VARCHAR AS properties
    FROM ({generated})
"""


def generate(kind: str, n_rows: int, offset: int, target: Path) -> None:
    """Write events as csv, jsonl or staged Parquet; equal arguments give equal rows."""
    import duckdb

    generated = _GENERATED.format(n_rows=n_rows, offset=offset)
    how = {"csv": "FORMAT csv, HEADER", "jsonl": "FORMAT json", "staged": "FORMAT parquet"}[kind]
    sql = _STAGED.format(generated=generated) if kind == "staged" else generated
    with duckdb.connect(config={"threads": 2, "memory_limit": "1500MB"}) as duck:
        duck.execute(f"COPY ({sql}) TO '{target}' ({how})")


def generate_apart(kind: str, n_rows: int, offset: int, target: Path) -> None:
    """Generate in a process of its own, so that its memory is not counted."""
    words = [sys.executable, "-m", "benchmarks.bench_load", "--generate", kind, str(n_rows), str(offset), str(target)]
    subprocess.run(words, check=True)


def fill(source, n_rows: int, offset: int, folder: Path) -> None:
    """Store events straight from staging, two million at a time."""
    from insights.events.public import commit_staged, start_batch
    from portal.people.public import SYSTEM

    for start in range(0, n_rows, 2_000_000):
        staged = folder / "staged"
        staged.mkdir()
        generate_apart("staged", min(2_000_000, n_rows - start), offset + start, staged / "events-1.parquet")
        commit_staged(start_batch(source, "upload", actor=SYSTEM), staged)
        shutil.rmtree(staged)


def load(source, path: Path) -> tuple[float, int]:
    """Load a file as an upload; returns (seconds, rows accepted)."""
    from insights.events.public import start_batch
    from insights.sources.loads import run_load
    from portal.people.public import SYSTEM

    batch = start_batch(source, "upload", actor=SYSTEM, file_name=path.name, file_path=str(path))
    started = time.monotonic()
    counts = run_load(batch.pk)
    took_s = time.monotonic() - started
    if counts is None:
        batch.refresh_from_db()
        raise SystemExit(f"The load failed: {batch.error}")
    return took_s, counts.n_accepted


def forget_peak_memory() -> None:
    """Start measuring the peak of memory anew (Linux)."""
    Path("/proc/self/clear_refs").write_text("5")


def peak_memory_mb() -> int:
    """Return the peak of resident memory since it was forgotten."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) // 1024


def measure(stored: list[int], n_rows: int, folder: Path) -> bool:
    """Fill, load and print; says whether the promises were kept."""
    from tests.factories import make_product, make_source, make_team

    source = make_source(make_product("Bench", make_team("Bench")), "Bench")
    offset, n_stored, is_kept = 0, 0, True
    print(f"{'stored':>12} {'file':>6} {'rows/s':>10} {'peak MB':>8}")
    for target in stored:
        fill(source, max(target - n_stored, 0), offset, folder)
        offset, n_stored = offset + max(target - n_stored, 0), max(target, n_stored)
        for kind in ("csv", "jsonl", "again"):
            path = folder / f"events.{'csv' if kind == 'again' else kind}"
            if kind != "again":
                generate_apart(kind, n_rows, offset, path)
            forget_peak_memory()
            took_s, n_accepted = load(source, path) if kind != "again" else load(source, folder / "kept.csv")
            assert n_accepted == (0 if kind == "again" else n_rows)
            if kind == "csv":
                path.rename(folder / "kept.csv")
            offset, n_stored = offset + n_accepted, n_stored + n_accepted
            rate, memory = n_rows / took_s, peak_memory_mb()
            is_kept &= rate >= RATE_PROMISED and memory <= MEMORY_PROMISED_MB
            print(f"{n_stored - n_accepted:>12,} {kind:>6} {rate:>10,.0f} {memory:>8,}", flush=True)
    return is_kept


def main() -> None:
    """Start a database, measure, clean up; exits with 1 when a promise was not kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stored", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--generate", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.generate:
        kind, n_rows, offset, target = options.generate
        generate(kind, int(n_rows), int(offset), Path(target))
        return
    from portal.operations.services.postgres import Postgres

    folder = Path(tempfile.mkdtemp(prefix="bench-load-"))
    postgres = Postgres(folder / "postgres")
    postgres.start()
    try:
        os.environ.update(
            PORTAL_MODE="testing",
            PORTAL_VAR_DIR=str(folder / "var"),
            DATABASE_URL=postgres.url,
            REDIS_URL="redis://127.0.0.1:1/0",
            LOG_LEVEL="WARNING",
        )
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        is_kept = measure(options.stored, options.rows, folder)
    finally:
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(0 if is_kept else 1)


if __name__ == "__main__":
    main()
