"""Initiatives by the thousand with their past: how fast they are imported, how fast their pages answer then.

    python -m benchmarks.bench_initiatives --items 5000 --requests 40

A generated CSV file of initiatives, and one of three changes of status for each, go through the import as a worker runs
it. Then the list, the page of one with its drawing, and the roadmap of a past day are asked through Django's
own stack, signed in, warm. Prints a table; ends with 1 when a page takes more than its p95 <= 200 ms or 12 queries.
Starts its own PostgreSQL and Valkey in a temporary folder.
"""

import argparse
import csv
import io
import random
import sys
import time
from datetime import date, timedelta
from typing import Any

from benchmarks.asked_pages import ask_pages

_WORDS = [
    "invite",
    "report",
    "timeline",
    "search",
    "plan",
    "guest",
    "link",
    "mobile",
    "export",
    "calendar",
    "price",
    "sync",
    "filter",
    "board",
    "team",
]
_STATUSES = ("Draft", "Accepted", "In Progress", "Final", "Deferred")


def make_files(n_items: int) -> tuple[bytes, bytes]:
    """Return a CSV file of initiatives and one of the changes of their status; the same ones each time."""
    chance, first = random.Random(5), date(2024, 1, 1)
    plan, changes = io.StringIO(), io.StringIO()
    rows, moves = csv.writer(plan), csv.writer(changes)
    rows.writerow(["Key", "Title", "Status", "Created", "Effort", "Start", "Target date", "Requires"])
    moves.writerow(["when", "key", "to status"])
    for number in range(n_items):
        begun = first + timedelta(days=chance.randrange(500))
        steps = [_STATUSES[0], *chance.choices(_STATUSES[1:], k=2)]
        title = f"{' '.join(chance.choices(_WORDS, k=4))} {number}"
        needs = f"I-{number - 7}" if number % 5 == 0 and number >= 7 else ""
        start = begun + timedelta(days=60)
        effort = chance.randint(1, 12)
        rows.writerow([f"I-{number}", title, steps[-1], begun, effort, start, start + timedelta(days=90), needs])
        for at, step in enumerate(steps):
            moves.writerow([f"{begun + timedelta(days=40 * at)} 09:00", f"I-{number}", step])
    return plan.getvalue().encode(), changes.getvalue().encode()


def bring(kind: str, product: Any, content: bytes, user: Any) -> None:
    """Import a file and print what it took."""
    from insights.imports.public import import_at_once

    started = time.monotonic()
    batch = import_at_once(kind, product, f"{kind}.csv", content, actor=user)
    took_s = time.monotonic() - started
    said = f"{batch.state}: {batch.n_new:,} new, {batch.n_refused:,} refused, {batch.n_noted:,} noted"
    print(f"{kind:<22}{took_s:>8.1f} s{batch.n_rows / took_s:>12,.0f} rows/s   {said}", flush=True)


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=5_000)
    parser.add_argument("--requests", type=int, default=40)
    options = parser.parse_args()
    from benchmarks.dashboard_world import own_portal

    with own_portal():
        from django.db import connection

        from roadmaps.planning.initiatives.models import Initiative
        from tests.factories import make_product, make_team, make_user

        team = make_team("Bench")
        product, user = make_product("Bench", team), make_user("manager", "product_manager", team)
        plan, changes = make_files(options.items)
        bring("initiatives", product, plan, user)
        bring("initiative_changes", product, changes, user)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        pks = list(Initiative.objects.order_by("pk").values_list("pk", flat=True))
        base = "/initiatives/"
        addresses = {
            "in their order": lambda turn: f"{base}?page={turn % 20 + 1}",
            "by a word": lambda turn: f"{base}?q={_WORDS[turn % len(_WORDS)]}",
            "open, of a team": lambda turn: f"{base}?stage=open&team={team.slug}&page={turn % 9 + 1}",
            "one with what it needs": lambda turn: f"{base}{pks[turn * 35 % len(pks)]}/",
            "how one came to be": lambda turn: f"{base}{pks[turn * 31 % len(pks)]}/history/",
            "as of a past day (API)": lambda turn: f"/api/v1/initiatives/as-of/?on=2024-{turn % 12 + 1:02}-15",
        }
        return 0 if ask_pages(user, f"{options.items:,} initiatives", addresses, options.requests) else 1


if __name__ == "__main__":
    sys.exit(main())
