"""Measure how fast files are loaded: CSV and JSON Lines, into a store that holds some events already.

    python benchmarks/bench_load.py

Starts its own PostgreSQL and Valkey in a temporary folder. Every load takes the real path: reading, mapping,
duplicates, parts, commit. All rows go into one source and the same six months, so that each is compared with all that
is stored. The rows of the CSV files have no event id and are told apart by their whole content; those of the JSON
Lines have one. "again" is the same CSV file a second time: every row must be found to be a duplicate.

Each load is repeated with a fresh file; the budget is judged by the one of median time. Prints rows a second, seconds
of CPU (of the loading process and of PostgreSQL), the peak memory of the process that loads (a fresh one for each
load), the machine's load average, and how long each step of the median load took. On a busy machine compare the CPU
seconds: half of them is the time that two idle cores would take at best. What earlier loads wrote is on disk before
the next is timed.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
LEAST_RATE, MOST_MEMORY_MB = 150_000, 2048
MAPPING = {
    "who": "user_id",
    "when": "at",
    "what": "event",
    "account": "account_id",
    "time_format": "iso",
    "types": {"amount": "number"},
}
# Some 200,000 persons, 500 accounts, 30 event names and 180 days; the seed makes rows of two files differ.
ROWS = """SELECT 'user-' || (hash(i, $seed) % 200000)::VARCHAR AS user_id,
    strftime(TIMESTAMP '2024-01-01' + to_seconds((hash(i, $seed, 1) % 15552000)::BIGINT), '%Y-%m-%dT%H:%M:%SZ') AS at,
    'event ' || (hash(i, $seed, 2) % 30)::VARCHAR AS event,
    'account-' || (hash(i, $seed, 3) % 500)::VARCHAR AS account_id,
    (hash(i, $seed, 4) % 10000) / 100 AS amount, 'DE' AS country, $seed || '-' || i AS session,
    CASE WHEN i % 2 = 0 THEN 'web' ELSE 'app, mobile' END AS channel, ['free', 'pro', 'team'][1 + i % 3] AS plan,
    'https://example.com/pages/' || (hash(i, $seed, 5) % 5000)::VARCHAR AS url FROM range($n) t(i)"""


def write_file(path: Path, n_rows: int, seed: str, kind: str) -> None:
    """Write a file of generated rows."""
    import duckdb

    with duckdb.connect(config={"threads": 2, "memory_limit": "1GB"}) as duck:
        params = {"n": n_rows, "seed": seed, "path": str(path)}
        if kind == "csv":
            duck.execute(f"COPY ({ROWS}) TO $path (FORMAT csv, HEADER)", params)
            return
        item = """SELECT md5(session)::UUID AS event_id, user_id AS distinct_id, "at" AS timestamp, event, account_id,
            {'amount': amount, 'country': country, 'session': session, 'channel': channel, 'plan': plan,
            'url': url} AS properties"""
        duck.execute(f"COPY ({item} FROM ({ROWS})) TO $path (FORMAT json)", params)


def load(path: str, kind: str) -> None:
    """Load one file in this process and print what it took as JSON."""
    import django

    django.setup()
    from insights.events.public import Batch, Source, create_source, start_batch
    from insights.sources.loads import run_load
    from portal.people.models import Product, Team
    from portal.people.public import SYSTEM

    team, _ = Team.objects.get_or_create(name="Bench", slug="bench")
    product, _ = Product.objects.get_or_create(name="Bench", slug="bench", defaults={"team": team})
    source = Source.objects.filter(name="Bench").first() or create_source(
        actor=SYSTEM, product=product, name="Bench", kind="upload"
    )
    Source.objects.filter(pk=source.pk).update(mapping=MAPPING if kind == "csv" else {})
    source.refresh_from_db()
    batch = start_batch(source, "upload", actor=SYSTEM, file_name=Path(path).name, file_path=path)
    steps: list[tuple[str, float]] = []

    def report(step: str, done: int, total: int) -> None:
        if not steps or steps[-1][0] != step:
            steps.append((step, time.perf_counter()))

    before = resource.getrusage(resource.RUSAGE_SELF)
    cpu_before, started = before.ru_utime + before.ru_stime, time.perf_counter()
    run_load(batch.pk, report=report)
    took_s = time.perf_counter() - started
    batch = Batch.objects.get(pk=batch.pk)
    ends = [at for _, at in steps[1:]] + [started + took_s]
    shares = {step: round(end - at, 2) for (step, at), end in zip(steps, ends, strict=True)}
    used = resource.getrusage(resource.RUSAGE_SELF)
    numbers = {"took_s": took_s, "cpu_s": used.ru_utime + used.ru_stime - cpu_before, "peak_mb": used.ru_maxrss / 1024}
    result = {"n_accepted": batch.n_accepted, "n_duplicates": batch.n_duplicates, **numbers}
    print(json.dumps({**result, "state": batch.state, "error": batch.error, "steps": shares}))


def cpu_of_server(pid: int) -> float:
    """Return the CPU seconds used by a server and its children, those that have ended among them (Linux)."""
    ticks = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        if int(folder.name) == pid:
            ticks += sum(map(int, fields[11:15]))
        elif int(fields[1]) == pid:
            ticks += sum(map(int, fields[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def run_in_child(path: Path, kind: str) -> dict:
    """Load a file in a fresh process, so that its peak memory is its own."""
    command = [sys.executable, __file__, "--load", str(path), "--kind", kind]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(done.stderr[-4000:])
    result = json.loads(done.stdout.strip().splitlines()[-1])
    if result["state"] != "done":
        raise SystemExit(f"The load failed: {result['error']}\n{done.stderr[-4000:]}")
    return result


def fill(folder: Path, n_stored: int, n_now: int) -> int:
    """Bring the store to `n_stored` events, a million at a time; return how many it holds."""
    while n_now < n_stored:
        n_rows = min(1_000_000, n_stored - n_now)
        write_file(folder / "stored.csv", n_rows, f"stored{n_now}", "csv")
        run_in_child(folder / "stored.csv", "csv")
        n_now += n_rows
        print(f"  stored {n_now:,}", file=sys.stderr)
    return n_now


def measure(folder: Path, sizes: list[int], n_rows: int, kinds: list[str], n_times: int, server: int) -> bool:
    """Load into each size of store, print the table, say whether the budget holds; server — PostgreSQL's pid."""
    print(
        f"{'kind':6} {'stored':>12} {'rows':>10} {'seconds':>8} {'CPU s':>7} {'rows/s':>10} {'peak MB':>8} "
        f"{'load':>5}  budget"
    )
    n_now, is_good = 0, True
    for n_stored in sizes:
        n_now = fill(folder, n_stored, n_now)
        for kind in [*kinds, "again"]:
            kept = kinds[0] if kind == "again" else kind
            path, runs, n_before = folder / f"new.{kept}", [], n_now
            for turn in range(n_times):
                if kind != "again":
                    write_file(path, n_rows, f"new{kind}{n_stored}-{turn}", kind)
                os.sync()
                server_before = cpu_of_server(server)
                result = run_in_child(path, kept)
                result["cpu_s"] += cpu_of_server(server) - server_before
                runs.append(result)
                n_now += result["n_accepted"]
            result = sorted(runs, key=lambda run: run["took_s"])[(n_times - 1) // 2]
            n_done = [run["n_duplicates" if kind == "again" else "n_accepted"] for run in runs]
            rate, peak_mb = n_rows / result["took_s"], max(run["peak_mb"] for run in runs)
            fits = rate >= LEAST_RATE and peak_mb <= MOST_MEMORY_MB and set(n_done) == {n_rows}
            line = f"{kind:6} {n_before:>12,} {n_rows:>10,} {result['took_s']:>8.2f} {result['cpu_s']:>7.1f}"
            line += f" {rate:>10,.0f} {peak_mb:>8,.0f} {os.getloadavg()[0]:>5.1f}"
            print(f"{line}  {'kept' if fits else 'MISSED'}", flush=True)
            print("       " + ", ".join(f"{step} {took} s" for step, took in result["steps"].items()), flush=True)
            is_good = is_good and fits
    return is_good


def main() -> None:
    """Start servers, measure, stop them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of each measured file")
    parser.add_argument(
        "--stored", type=int, action="append", help="events in the store before; may be repeated (1 and 10 million)"
    )
    parser.add_argument("--kind", action="append", choices=["csv", "jsonl"], help="kind of file; both by default")
    parser.add_argument("--times", type=int, default=3, help="how often each load is measured")
    parser.add_argument("--load", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.load:
        load(options.load, options.kind[0])
        return
    from portal.operations.services.postgres import Postgres
    from portal.operations.services.valkey import Valkey

    folder = Path(tempfile.mkdtemp(prefix="portal-bench-"))
    postgres, valkey = Postgres(folder / "postgres"), Valkey(folder / "valkey")
    try:
        postgres.start()
        valkey.start()
        os.environ.update(DATABASE_URL=postgres.url, REDIS_URL=valkey.url, PORTAL_MODE="testing", LOG_LEVEL="ERROR")
        os.environ.update(PORTAL_VAR_DIR=str(folder / "var"), DJANGO_SETTINGS_MODULE="portal.settings")
        migrate = [sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity=0"]
        subprocess.run(migrate, check=True, cwd=ROOT)
        sizes = sorted(options.stored or [1_000_000, 10_000_000])
        kinds, server = options.kind or ["csv", "jsonl"], postgres.process.pid
        is_good = measure(folder, sizes, options.rows, kinds, options.times, server)
    finally:
        valkey.stop()
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(0 if is_good else 1)


if __name__ == "__main__":
    main()
