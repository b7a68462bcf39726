"""Whether "what goes with it" finds effects that were planted, and how often it finds one that was not.

    python -m benchmarks.bench_goes_with

Worlds of generated people go through the real door of the store: each signs up, does some of 40 events in the first
days, and comes back later or not. Ten of the events move the chance of coming back by 5 to 12 percentage points, up or
down; the other thirty move nothing. Prints how many of both are said to go with it, and exits with 1 under 80 %
found or over 5 % false (of what is said to go with it). Starts its own PostgreSQL and Valkey in a temporary folder.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.bench_questions import start_services

EFFECTS = (0.05, -0.06, 0.07, -0.08, 0.09, 0.10, -0.10, 0.11, 0.12, -0.12)
N_NULL = 30
LEAST_FOUND, MOST_FALSE = 0.80, 0.05
BASE = 0.4


def store_world(number: int, n_people: int):
    """Store one world; returns its source."""
    import duckdb

    from insights.events.public import commit_staged, start_batch
    from portal.people.public import SYSTEM
    from tests.factories import make_product, make_source, make_team

    name = f"World {number}"
    source = make_source(make_product(name, make_team(name)), name)
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as duck:
        duck.execute("set threads = 1")
        duck.execute(f"select setseed({0.1 + number / 100})")
        duck.execute("create table plan (k integer, share double, effect double)")
        rows = [(k, 0.15 + 0.05 * (k % 8), effect) for k, effect in enumerate([*EFFECTS, *[0.0] * N_NULL])]
        duck.executemany("insert into plan values (?, ?, ?)", rows)
        duck.execute(
            f"""create table done as select i, k, share, effect, random() < share as is_done
            from range({n_people}) people(i), plan"""
        )
        duck.execute(
            f"""create table later as select i, random() < {BASE} + sum(effect * (is_done::integer - share)) as comes
            from done group by i"""
        )
        duck.execute(
            f"""copy (
            with e as (
                select i, 'signed up' as event, 0.0 as day from later
                union all select i, 'event ' || k, 0.1 + 6 * random() from done where is_done
                union all select i, 'came back', 8 + 15 * random() from later where comes
            )
            select row_number() over () as item_no, null::varchar as event_id, md5(i || event)::uuid as row_hash, event,
            'p' || i as distinct_id, null::varchar as account_id,
            timestamp '2024-01-01' + to_microseconds((86400e6 * (day + i % 20))::bigint) as ts, i::varchar as sent_time,
            timestamp '2024-07-01' as received_at, null::varchar as properties from e
            ) to '{folder}/events-1.parquet' (format parquet)"""
        )
        commit_staged(start_batch(source, "upload", actor=SYSTEM, file_name="bench"), Path(folder))
    return source


def found_in(source) -> set[str]:
    """Return the events that are said to go with coming back."""
    from datetime import UTC, datetime

    from insights.questions.public import ask, parse_question
    from portal.people.public import SYSTEM

    value = {
        "kind": "goes_with",
        "sources": [source.slug],
        "target": {"event": "signed up"},
        "returning": {"event": "came back"},
        "date_from": "2024-01-01",
        "date_to": "2024-01-31",
    }
    question = parse_question(value, now=datetime(2024, 6, 1, tzinfo=UTC), default_zone="UTC")
    answer = ask(question, user=SYSTEM, caller="bench", use_cache=False)
    return {one["event"] for one in answer["events"] if one["state"] == "goes_with"}


def measure(n_worlds: int, n_people: int) -> bool:
    """Print what was found by size of effect, and what was not there; say whether both are within their bounds."""
    hits = dict.fromkeys(range(len(EFFECTS)), 0)
    n_false = 0
    for number in range(n_worlds):
        found = {int(name.split()[1]) for name in found_in(store_world(number, n_people))}
        for place in hits:
            hits[place] += place in found
        n_false += sum(place >= len(EFFECTS) for place in found)
    print(f"{'planted effect':<18}{'found':>12}")
    for place in sorted(hits, key=lambda place: (abs(EFFECTS[place]), EFFECTS[place])):
        print(f"{100 * EFFECTS[place]:>+8.0f} pp{hits[place]:>12} of {n_worlds}")
    n_hits, n_planted = sum(hits.values()), len(EFFECTS) * n_worlds
    n_said = n_hits + n_false
    found_rate, false_rate = n_hits / n_planted, n_false / n_said if n_said else 0.0
    print(f"found: {n_hits} of {n_planted} planted ({found_rate:.1%}); at least {LEAST_FOUND:.0%} wanted")
    print(f"false: {n_false} of {n_said} said to go with it ({false_rate:.1%}); at most {MOST_FALSE:.0%} allowed")
    print(f"       {n_false} of {N_NULL * n_worlds} events without any effect")
    return found_rate >= LEAST_FOUND and false_rate <= MOST_FALSE


def main() -> int:
    """Run the benchmark; exit with 1 when too little is found, or too much that is not there."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--worlds", type=int, default=10)
    parser.add_argument("--people", type=int, default=8000)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-"))
    running = []
    try:
        running = start_services(folder)
        is_good = measure(options.worlds, options.people)
    finally:
        for service in running:
            service.stop()
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
