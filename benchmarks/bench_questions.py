"""Each kind of question on generated events against hand-written SQL on the same parts: rows first, then time.

    python -m benchmarks.bench_questions --events 10000000

The SQL is in `benchmarks/questions_*.sql`, written by hand for these very questions: no time zones, no groups to rank,
no options. Both sides run in this process, on the same connection, in turn; the table shows the median of each, their
ratio, and the machine's load before and after, for other work disturbs both.
Needs about 3 GB of disk and a few minutes; starts its own PostgreSQL and Valkey in a temporary folder.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
LIMIT = 1.2
QUESTIONS = {
    "trend": {
        "kind": "trend",
        "series": [{"event": "event 3", "measure": "persons"}],
        "date_from": "2024-05-01",
        "date_to": "2024-05-30",
    },
    "trend_breakdown": {
        "kind": "trend",
        "series": [{"event": "event 1", "measure": "total"}],
        "interval": "week",
        "breakdown": [{"property": "plan"}],
        "date_from": "2024-03-04",
        "date_to": "2024-06-02",
    },
    "trend_weekly_persons": {
        "kind": "trend",
        "series": [{"event": None, "measure": "persons"}],
        "interval": "week",
        "date_from": "2024-01-01",
        "date_to": "2024-06-23",
    },
    "funnel": {
        "kind": "funnel",
        "steps": [{"event": f"event {n}"} for n in (1, 2, 3, 4)],
        "date_from": "2024-01-01",
        "date_to": "2024-06-14",
    },
    "funnel_strict": {
        "kind": "funnel",
        "order": "strict",
        "steps": [{"event": f"event {n}"} for n in (1, 2, 1)],
        "date_from": "2024-01-01",
        "date_to": "2024-06-14",
    },
    "funnel_any_order": {
        "kind": "funnel",
        "order": "any",
        "steps": [{"event": f"event {n}"} for n in (1, 2, 3)],
        "date_from": "2024-01-01",
        "date_to": "2024-06-14",
    },
    "funnel_twice": {
        "kind": "funnel",
        "steps": [{"event": f"event {n}"} for n in (1, 1, 2)],
        "date_from": "2024-01-01",
        "date_to": "2024-06-14",
    },
    "funnel_then_any": {
        "kind": "funnel",
        "steps": [{"event": "event 1"}, {"event": None}],
        "date_from": "2024-01-01",
        "date_to": "2024-06-14",
    },
    "retention": {
        "kind": "retention",
        "target": {"event": "event 2"},
        "returning": {"event": "event 3"},
        "date_from": "2024-03-04",
    },
    "stickiness": {
        "kind": "stickiness",
        "series": [{"event": "event 3"}],
        "date_from": "2024-05-01",
        "date_to": "2024-05-30",
    },
    "lifecycle": {
        "kind": "lifecycle",
        "event": {"event": "event 1"},
        "date_from": "2024-03-04",
        "date_to": "2024-05-26",
    },
}


def flatten(name: str, answer: dict) -> list[tuple]:
    """Return an answer as the rows that the hand-written SQL returns."""
    if name.startswith("trend"):
        lines = {(line["breakdown"] or [""])[0]: line["values"] for line in answer["series"]}
        return [(place, group, n) for group, values in lines.items() for place, n in enumerate(values) if n]
    if name.startswith("funnel"):
        return [
            (step["step"], step["count"], step["average_s"] or 0.0, step["median_s"] or 0.0) for step in answer["steps"]
        ]
    if name.startswith("retention"):
        rows = enumerate(cohort["values"] for cohort in answer["cohorts"])
        return [(row, column, n) for row, values in rows for column, n in enumerate(values) if n]
    if name.startswith("stickiness"):
        return [(label, n) for label, n in zip(answer["labels"], answer["series"][0]["values"], strict=True) if n]
    keys = ("new", "returning", "resurrecting", "dormant")
    return list(zip(range(len(answer["labels"])), *(answer[key] for key in keys), strict=True))


def is_equal(mine: list[tuple], theirs: list[tuple]) -> bool:
    """Say whether two lists of rows agree, numbers within 1e-9."""
    mine, theirs = sorted(mine, key=str), sorted(theirs, key=str)
    return len(mine) == len(theirs) and all(
        a == b or abs(a - b) <= 1e-9 * max(abs(a), abs(b))
        for left, right in zip(mine, theirs, strict=True)
        for a, b in zip(left, right, strict=True)
    )


def store(n_events: int):
    """Generate events and store them through the real door; returns the source."""
    import duckdb

    from insights.events.public import commit_staged, start_batch
    from portal.people.public import SYSTEM
    from tests.factories import make_product, make_source, make_team

    source = make_source(make_product("Bench", make_team("Bench")), "Bench")
    with tempfile.TemporaryDirectory() as folder:
        with duckdb.connect() as duck:
            duck.execute("set threads = 2")
            duck.execute("set memory_limit = '1500MB'")
            duck.execute("select setseed(0.42)")
            duck.execute(
                f"""copy (select i as item_no, null::varchar as event_id, md5(i::varchar)::uuid as row_hash,
                'event ' || (30 * pow(random(), 1.5))::int as event, 'p' || ({n_events} / 25 * pow(random(), 1.3))::int
                as distinct_id, null::varchar as account_id, timestamp '2024-01-01' + to_microseconds(
                (random() * 180 * 86400e6)::bigint) as ts, i::varchar as sent_time, timestamp '2024-07-01' as
                received_at, '{{"plan":"' || ['free', 'team', 'pro', 'max', 'trial'][1 + (random() * 4.99)::int] ||
                '","n":' || (random() * 100)::int || '}}' as properties from range({n_events}) r(i))
                to '{folder}/events-1.parquet' (format parquet)"""
            )
        batch = start_batch(source, "upload", actor=SYSTEM, file_name="bench")
        started = time.monotonic()
        commit_staged(batch, Path(folder))
        print(f"stored {n_events:,} events in {time.monotonic() - started:.0f} s", file=sys.stderr)
    return source


def measure(source, n_runs: int, names: list[str]) -> list[tuple]:
    """Return (name, rows are equal, our median ms, hand-written median ms) for each question; runs alternate."""
    from datetime import UTC, datetime

    from insights.events.public import open_snapshot
    from insights.questions.asking import open_run
    from insights.questions.kinds import KINDS
    from insights.questions.parsing import parse_question

    found = []
    now = datetime(2024, 7, 1, tzinfo=UTC)
    for name in names:
        value = QUESTIONS[name]
        question = parse_question({**value, "sources": [source.slug]}, now=now, default_zone="UTC")
        sql = (HERE / f"questions_{name}.sql").read_text()

        def ours(question=question):
            with open_snapshot([source.pk], caller="bench") as snapshot:
                return KINDS[question.kind].answer(question, open_run(question, [source], snapshot))

        def theirs(sql=sql):
            with open_snapshot([source.pk], caller="bench") as snapshot:
                codes = snapshot.codes_of([f"event {n}" for n in range(1, 5)])
                params = {f"event_{n}": codes[f"event {n}"] for n in range(1, 5)}
                return snapshot.execute(sql, params).tuples

        agree = is_equal(flatten(name, ours()), theirs())
        times: dict[str, list[float]] = {"ours": [], "theirs": []}
        for _ in range(n_runs):
            for side, work in (("ours", ours), ("theirs", theirs)):
                started = time.perf_counter()
                work()
                times[side].append((time.perf_counter() - started) * 1000)
        found.append((name, agree, statistics.median(times["ours"]), statistics.median(times["theirs"])))
    return found


def main() -> int:
    """Run the benchmark; exit with 1 when rows differ or a ratio is over the limit."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--only", help="names of questions, with commas between")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-"))
    running, load = [], f"{os.getloadavg()[0]:.1f}"
    try:
        running = start_services(folder)
        rows = measure(
            store(options.events), options.runs, options.only.split(",") if options.only else list(QUESTIONS)
        )
    finally:
        for service in running:
            service.stop()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"load average: {load} before, {os.getloadavg()[0]:.1f} after")
    print(f"{'question':<24}{'rows':>8}{'ours ms':>10}{'by hand ms':>12}{'ratio':>8}")
    for name, agree, mine, hand in rows:
        print(f"{name:<24}{'equal' if agree else 'DIFFER':>8}{mine:>10.1f}{hand:>12.1f}{mine / hand:>8.2f}")
    return 0 if all(agree and mine <= LIMIT * hand for _, agree, mine, hand in rows) else 1


def start_services(folder: Path) -> list:
    """Start PostgreSQL and Valkey in the folder, and set up Django and its tables."""
    from portal.operations.services.postgres import Postgres
    from portal.operations.services.valkey import Valkey

    postgres, valkey = Postgres(folder / "postgres"), Valkey(folder / "valkey")
    postgres.start()
    valkey.start()
    os.environ |= {
        "PORTAL_MODE": "testing",
        "PORTAL_VAR_DIR": str(folder / "var"),
        "DATABASE_URL": postgres.url,
        "REDIS_URL": valkey.url,
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "LOG_LEVEL": "WARNING",
    }
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    return [valkey, postgres]


if __name__ == "__main__":
    sys.exit(main())
