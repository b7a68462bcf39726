"""Each kind of question on generated events against hand-written SQL on the same parts: rows first, then time.

    python -m benchmarks.bench_questions --events 10000000

The SQL is in `benchmarks/questions_*.sql`, written by hand for these very questions: no time zones, no groups to rank,
no options. Both sides run in this process, on the same connection, in turn; the table shows the median of each, their
ratio, that of the processor seconds both took, and the machine's load before and after, for other work disturbs both.
With `--history`, questions about the
last weeks are asked of one year of events and of two.
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

from benchmarks.asked_questions import COHORT, HISTORY, JOINED, QUESTIONS, YEARS

HERE = Path(__file__).resolve().parent
LIMIT = 1.2


def flatten(name: str, answer: dict) -> list[tuple]:
    """Return an answer as the rows that the hand-written SQL returns."""
    if name == "adoption":
        return flatten_adoption(answer)
    if name == "goes_with":
        pairs = ((one["did"], one["others"]) for one in answer["events"])
        return [(did["n"], did["later"], others["n"], others["later"]) for did, others in pairs]
    if name.startswith("trend_compare"):
        line = answer["series"][0]
        pairs = zip(line["values"], line["compare_values"], strict=True)
        return [(place, "", n, before) for place, (n, before) in enumerate(pairs) if n and before]
    if name.startswith("trend"):
        lines = {" / ".join(line["breakdown"] or [""]): line["values"] for line in answer["series"]}
        return [(place, group, n) for group, values in lines.items() for place, n in enumerate(values) if n]
    if name == "funnel_over_time":
        line = answer["series"][0]
        return [(place, *pair) for place, pair in enumerate(zip(line["began"], line["converted"], strict=True))]
    if name == "funnel_histogram":
        return [pair for pair in zip(answer["labels"], answer["series"][0]["values"], strict=True) if pair[1]]
    if name == "funnel_attributed":
        return [(step["step"], step["breakdown"][0], step["count"]) for step in answer["steps"]]
    if name.startswith("funnel"):
        return [
            (step["step"], step["count"], step["average_s"] or 0.0, step["median_s"] or 0.0) for step in answer["steps"]
        ]
    if name.startswith("retention"):
        groups = [tuple(cohort["breakdown"] or ()) for cohort in answer["cohorts"]]
        rows = [place % answer["intervals"] for place in range(len(groups))]
        lines = zip(rows, groups, (cohort["values"] for cohort in answer["cohorts"]), strict=True)
        return [(row, column, *group, n) for row, group, values in lines for column, n in enumerate(values) if n]
    if name.startswith("stickiness"):
        return [(label, n) for label, n in zip(answer["labels"], answer["series"][0]["values"], strict=True) if n]
    if name.startswith("paths"):
        named = [edge for edge in answer["edges"] if None not in (edge["from_event"], edge["to_event"])]
        return [(edge["step"], edge["count"], edge["median_s"]) for edge in named]
    keys = ("new", "returning", "resurrecting", "dormant")
    return list(zip(range(len(answer["labels"])), *(answer[key] for key in keys), strict=True))


def flatten_adoption(answer: dict) -> list[tuple]:
    """Return the numbers of an adoption as (what, place, number), those that its score is made of among them."""
    gone = answer["score"]["came_and_went"]
    came = [gone["new"] + gone["recovered"], gone["dropped"]]
    rows = [("active", 0, answer["active"]), ("stickiness", 0, answer["score"]["stickiness"])]
    rows += [("came and went", place, n) for place, n in enumerate(came)]
    for place, one in enumerate(answer["features"]):
        kept, first = one["retention"], one["first_use"]
        numbers = {"users": one["users"], "events": one["events"], "first": first["count"], "took": first["median_s"]}
        numbers |= {"kept": kept["users"]["kept"], "kept of": kept["users"]["of"]}
        numbers |= {"others": kept["others"]["kept"], "others of": kept["others"]["of"]}
        rows += [(what, place, n) for what, n in numbers.items()]
        rows += [("week", 100 * place + week, n) for week, n in enumerate(answer["series"][place]["users"])]
    return rows


def is_equal(mine: list[tuple], theirs: list[tuple]) -> bool:
    """Say whether two lists of rows agree, numbers within 1e-9."""

    def order(row: tuple) -> str:  # the same for 1 and 1.0
        return str([float(value) if isinstance(value, int) else value for value in row])

    mine, theirs = sorted(mine, key=order), sorted(theirs, key=order)
    return len(mine) == len(theirs) and all(
        a == b or (not isinstance(a, str) and abs(a - b) <= 1e-9 * max(abs(a), abs(b)))
        for left, right in zip(mine, theirs, strict=True)
        for a, b in zip(left, right, strict=True)
    )


def store(n_events: int, name: str = "Bench", n_days: int = 180, end: str = "2024-06-29", drift: float = 0):
    """Generate events of the days before `end` and store them through the real door; returns the source.

    With `drift`, so many new persons a day take the place of the oldest, so that a day has as many in long history.
    """
    import duckdb

    from insights.events.public import commit_staged, start_batch
    from portal.people.public import SYSTEM
    from tests.factories import make_product, make_source, make_team

    source = make_source(make_product(name, make_team(name)), name)
    n_people = 150 * drift if drift else n_events / 25
    with tempfile.TemporaryDirectory() as folder:
        with duckdb.connect() as duck:
            duck.execute("set threads = 2")
            duck.execute("set memory_limit = '1500MB'")
            duck.execute("select setseed(0.42)")
            duck.execute(
                f"""copy (with r as (select i, random() as age from range({n_events}) r(i))
                select i as item_no, null::varchar as event_id, md5(i::varchar)::uuid as row_hash,
                'event ' || (30 * pow(random(), 1.5))::int as event,
                'p' || ({n_people} * pow(random(), 1.3) + {drift * n_days} * age)::int
                as distinct_id, case when random() < 0.9 then 'a' || (random() * 5000)::int end as account_id,
                timestamp '{end}' - to_microseconds(1 + (age * {n_days} * 86400e6)::bigint) as ts,
                i::varchar as sent_time, timestamp '2024-07-01' as received_at,
                '{{"plan":"' || ['free', 'team', 'pro', 'max', 'trial'][1 + (random() * 4.99)::int] ||
                '","n":' || (random() * 100)::int || '}}' as properties from r)
                to '{folder}/events-1.parquet' (format parquet)"""
            )
        batch = start_batch(source, "upload", actor=SYSTEM, file_name="bench")
        started = time.monotonic()
        commit_staged(batch, Path(folder))
        print(f"stored {n_events:,} events in {time.monotonic() - started:.0f} s", file=sys.stderr)
    return source


def join_ids(source, n_events: int) -> None:
    """Join a twentieth of the ids to others."""
    import duckdb

    from insights.events.public import commit_staged, start_batch
    from portal.people.public import SYSTEM

    n = n_events // 25
    with tempfile.TemporaryDirectory() as folder:
        with duckdb.connect() as duck:
            duck.execute(
                f"""copy (select i + 1 as item_no, 'identify' as kind, 'p' || (i * 20 + 1) as distinct_id,
                'p' || (i * 20) as person_id, timestamp '2024-06-01' as ts from range({n // 20}) r(i))
                to '{folder}/joins-1.parquet' (format parquet)"""
            )
        commit_staged(start_batch(source, "upload", actor=SYSTEM, file_name="joins"), Path(folder))


def make_members(source, n_members: int = 1_000_000) -> None:
    """Make a cohort of every second number, of which about half are persons who did something."""
    import numpy as np

    from tests.factories import make_cohort

    cohort = make_cohort(source.product, "Bench members", [])
    cohort.current.set_numbers(np.arange(1, 2 * n_members, 2, dtype=np.uint32))
    cohort.current.save()


def member_params() -> dict:
    """Return the members as SQL by hand takes them, read beforehand."""
    import numpy as np

    from insights.cohorts.models import Cohort

    numbers = Cohort.objects.get(slug="bench-members").current.numbers
    is_member = np.zeros(int(numbers[-1]) + 2, bool)
    is_member[numbers] = True
    return {"members": np.packbits(is_member).tobytes(), "last_member": len(is_member) - 1}


def asker(source, value: dict):
    """Return a function that asks a question, without cache or facts."""
    from datetime import UTC, datetime

    from insights.events.public import open_snapshot
    from insights.questions.asking import compute, open_run
    from insights.questions.members import find_cohorts
    from insights.questions.parsing import parse_question
    from portal.people.public import SYSTEM

    now = datetime(2024, 6, 28, 12, tzinfo=UTC)
    question = parse_question({**value, "sources": [source.slug]}, now=now, default_zone="UTC")

    def ask() -> dict:
        with open_snapshot([source.pk], caller="bench") as snapshot:
            return compute(question, open_run(question, [source], snapshot, find_cohorts(question, SYSTEM)))

    return ask


def by_hand(source, name: str):
    """Return a function that runs the hand-written SQL of a question."""
    from insights.events.public import open_snapshot

    sql = (HERE / f"questions_{name}.sql").read_text()
    members = member_params() if "$members" in sql else {}

    def run() -> list[tuple]:
        with open_snapshot([source.pk], caller="bench") as snapshot:
            codes = snapshot.codes_of([f"event {n}" for n in range(1, 5)])
            params = {f"event_{n}": codes[f"event {n}"] for n in range(1, 5) if f"$event_{n}" in sql} | members
            return snapshot.execute(sql, params).tuples

    return run


def time_in_turn(works: list, n_runs: int) -> list[float]:
    """Return the median of each work's times in ms; the runs alternate."""
    return [wall for wall, _ in time_both_ways(works, n_runs)]


def time_both_ways(works: list, n_runs: int) -> list[tuple[float, float]]:
    """Return the medians of each work's times by the clock and by the processor, in ms; the runs alternate."""
    times: list[list[tuple[float, float]]] = [[] for _ in works]
    for _ in range(n_runs):
        for place, work in enumerate(works):
            started, worked = time.perf_counter(), time.process_time()
            work()
            times[place].append(((time.perf_counter() - started) * 1000, (time.process_time() - worked) * 1000))
    return [tuple(map(statistics.median, zip(*found, strict=True))) for found in times]


def measure(source, n_runs: int, questions: dict[str, dict]) -> list[tuple]:
    """Return (name, rows are equal, our medians in ms, those of SQL by hand) for each question."""
    found = []
    for name, value in questions.items():
        ours, theirs = asker(source, value), by_hand(source, name)
        agree = is_equal(flatten(name, ours()), theirs())
        found.append((name, agree, *time_both_ways([ours, theirs], n_runs)))
    return found


def measure_history(n_events: int, n_runs: int) -> list[tuple]:
    """Return (name, median ms on one year, on two) for each question: a day has as many events and persons in both."""
    drift = n_events / 25 / 365
    one = store(n_events, "One year", 365, drift=drift)
    two = store(2 * n_events, "Two years", 730, drift=drift)
    return [(name, *time_in_turn([asker(one, value), asker(two, value)], n_runs)) for name, value in HISTORY.items()]


def report_history(rows: list[tuple]) -> bool:
    """Print the table of one year against two; say whether none is slower than the limit."""
    print(f"{'question':<24}{'1 year ms':>12}{'2 years ms':>12}{'ratio':>8}")
    for name, one, two in rows:
        print(f"{name:<24}{one:>12.1f}{two:>12.1f}{two / one:>8.2f}")
    return all(two <= LIMIT * one for _, one, two in rows)


def report(rows: list[tuple]) -> bool:
    """Print the table of ours against SQL by hand; say whether rows are equal and none is slower than the limit."""
    print(f"{'question':<24}{'rows':>8}{'ours ms':>10}{'by hand ms':>12}{'ratio':>8}{'processor':>11}")
    for name, agree, (mine, worked), (hand, hand_worked) in rows:
        said = "equal" if agree else "DIFFER"
        print(f"{name:<24}{said:>8}{mine:>10.1f}{hand:>12.1f}{mine / hand:>8.2f}{worked / hand_worked:>11.2f}")
    return all(agree and mine <= LIMIT * hand for _, agree, (mine, _), (hand, _) in rows)


def main() -> int:
    """Run the benchmark; exit with 1 when rows differ or a ratio is over the limit."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--only", help="names of questions, with commas between")
    parser.add_argument("--history", action="store_true", help="one year of history against two, instead")
    options = parser.parse_args()
    names = options.only.split(",") if options.only else [*QUESTIONS, *COHORT, *JOINED, *YEARS]
    folder = Path(tempfile.mkdtemp(prefix="portal-bench-"))
    running = []
    try:
        running = start_services(folder)
        print(f"load average at the start: {os.getloadavg()[0]:.1f}")
        if options.history:
            is_good = report_history(measure_history(options.events, options.runs))
        else:
            source = store(options.events)
            rows = measure(source, options.runs, {name: QUESTIONS[name] for name in names if name in QUESTIONS})
            if asked := {name: COHORT[name] for name in names if name in COHORT}:
                make_members(source)
                rows += measure(source, options.runs, asked)
            joined = {name: JOINED[name] for name in names if name in JOINED}
            if joined:
                join_ids(source, options.events)
                rows += measure(source, options.runs, joined)
            if years := {name: YEARS[name] for name in names if name in YEARS}:
                rows += measure(store(options.events, "Years", 430), options.runs, years)
            is_good = report(rows)
        print(f"load average at the end: {os.getloadavg()[0]:.1f}")
    finally:
        for service in running:
            service.stop()
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if is_good else 1


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
