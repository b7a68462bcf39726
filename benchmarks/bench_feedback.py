"""Feedback by the hundred thousand: how fast it is imported, how fast its list answers then, and what memory it takes.

    python -m benchmarks.bench_feedback --items 100000 --requests 40

A generated CSV file of items that 20,000 people of 500 accounts said, with labels, goes through the import as a
worker runs it: checked, imported, imported again (nothing doubles), undone where --undo is given. Then the list of
feedback is asked through Django's own stack, signed in, warm: by day, by word, by account, page after page. Prints a
table; ends with 1 when a page takes more than its p95 <= 200 ms or 12 queries. Starts its own PostgreSQL and Valkey in
a temporary folder.
"""

import argparse
import csv
import io
import random
import resource
import sys
import time
from datetime import date, timedelta
from typing import Any

from benchmarks.asked_pages import ask_pages

_WORDS = [
    "timeline",
    "export",
    "invite",
    "report",
    "slow",
    "button",
    "team",
    "search",
    "mobile",
    "offline",
    "sync",
    "price",
    "plan",
    "colour",
    "font",
    "calendar",
    "board",
    "comment",
    "mention",
    "email",
    "login",
    "password",
    "setting",
    "integration",
    "webhook",
    "chart",
    "filter",
    "sort",
    "print",
    "delete",
    "undo",
    "archive",
]
_LABELS = ("Speed", "Onboarding", "Reports", "Sharing", "Mobile", "Search", "Prices", "Praise")
_COLUMNS = ("id", "comment", "email", "account", "created_at", "label")


def make_file(n_items: int) -> bytes:
    """Return a CSV file of items that look like tickets; the same one each time."""
    chance, first, out = random.Random(4), date(2024, 1, 1), io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for number in range(n_items):
        who = chance.randrange(20_000)
        words = " ".join(chance.choices(_WORDS, k=chance.randint(8, 60)))
        day = first + timedelta(days=chance.randrange(700))
        writer.writerow(
            [
                f"t-{number}",
                f"{words}.",
                f"user{who}@c{who % 500}.example",
                f"account-{who % 500}",
                day,
                chance.choice(_LABELS),
            ]
        )
    return out.getvalue().encode()


def import_file(product: Any, user: Any, content: bytes) -> Any:
    """Bring, check and run an import as pages and worker do; prints what each step took."""
    from django.db import transaction

    from insights.imports import actions
    from insights.imports.kinds import get_kind
    from insights.imports.reading import look_at
    from insights.imports.running import run_task

    batch = actions.store_import("feedback", product, "tickets.csv", [content], actor=user)
    kind, head = get_kind("feedback"), look_at(batch)
    _, plan = kind.guess(head.columns, head.samples)
    form = kind.options_form(product=product, user=user, initial={**plan.options, "channel": "support"})
    actions.map_import(batch, actor=user, columns=head.columns, targets=dict(plan.targets), options=form.to_json())
    for name, ask in (("check", actions.check_import), ("import", actions.run_import)):
        with transaction.atomic():
            ask(batch, actor=user)
        started = time.monotonic()
        run_task(batch.pk)
        batch.refresh_from_db()
        took_s = time.monotonic() - started
        counts = f"{batch.n_new:,} new, {batch.n_known:,} there already, {batch.n_refused:,} refused"
        print(f"{name:<10}{took_s:>8.1f} s{batch.n_rows / took_s:>12,.0f} rows/s   {batch.state}: {counts}", flush=True)
        if batch.error:
            print(batch.error)
    return batch


def undo(batch: Any, user: Any) -> None:
    """Undo an import, timed."""
    from insights.imports import actions
    from insights.imports.running import run_task
    from insights.voice.feedback.public import Feedback

    actions.undo_import(batch, actor=user)
    started = time.monotonic()
    run_task(batch.pk)
    batch.refresh_from_db()
    print(f"{'undo':<10}{time.monotonic() - started:>8.1f} s   {batch.state}, {Feedback.objects.count():,} left")


def measure(product: Any, user: Any, n_requests: int) -> bool:
    """Ask the list in several ways and print; say whether the promises were kept."""
    base = "/voice/feedback/"
    addresses = {
        "newest": lambda turn: f"{base}?page={turn % 20 + 1}",
        "of a product": lambda turn: f"{base}?product={product.slug}&page={turn % 20 + 1}",
        "by word": lambda turn: f"{base}?q={_WORDS[turn % len(_WORDS)]}",
        "by a rare word": lambda turn: f"{base}?q=user{turn * 17}%40c",
        "of an account": lambda turn: f"{base}?account=account-{turn * 7 % 500}",
        "of a month": lambda turn: f"{base}?since=2024-{turn % 12 + 1:02}-01&until=2024-{turn % 12 + 1:02}-28",
    }
    return ask_pages(user, "list of feedback", addresses, n_requests)


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=40)
    parser.add_argument("--undo", action="store_true", help="undo the import at the end")
    options = parser.parse_args()
    from benchmarks.dashboard_world import own_portal

    with own_portal():
        from django.db import connection

        from tests.factories import make_product, make_team, make_user

        team = make_team("Bench")
        product, user = make_product("Bench", team), make_user("manager", "product_manager", team)
        content = make_file(options.items)
        print(f"{options.items:,} items, {len(content) / 1024 / 1024:.1f} MB")
        batch = import_file(product, user, content)
        print("again:")
        import_file(product, user, content)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE insights_voice_feedback_feedback")
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"memory of this process, at most: {peak_mb:,.0f} MB")
        kept = measure(product, user, options.requests)
        if options.undo:
            undo(batch, user)
        return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
