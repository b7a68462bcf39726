"""Conversations by the thousand: how fast their list answers, and the page of one with a long transcript.

    python -m benchmarks.bench_conversations --items 2000 --requests 40

Conversations of an hour, their transcripts of some 30,000 letters, with people of 200 accounts, are written down as a
page does. Then the list is asked through Django's own stack, signed in, warm: by day, by word, by account, page after
page; and the page of one conversation, each time of another. Prints a table; ends with 1 when a page takes more than
its p95 <= 200 ms or 12 queries. Starts its own PostgreSQL and Valkey in a temporary folder.
"""

import argparse
import os
import random
import sys
import time
from datetime import date, timedelta
from typing import Any

P95_PROMISED_MS, QUERIES_PROMISED = 200, 12
_WORDS = ["timeline", "export", "invite", "report", "slow", "button", "team", "search", "mobile", "offline", "price"]
_N_ACCOUNTS, _N_TURNS = 200, 120


def write_down(product: Any, user: Any, n_items: int) -> list[str]:
    """Write conversations down; return the addresses of their pages."""
    from insights.voice.conversations.actions import add_conversation
    from insights.voice.conversations.contracts import ParticipantInput

    chance, today, made = random.Random(4), date(2026, 1, 1), []
    for number in range(n_items):
        turns = (
            f"{('Ann', 'Owner')[turn % 2]}: {' '.join(chance.choices(_WORDS, k=chance.randint(10, 60)))}."
            for turn in range(_N_TURNS)
        )
        account = f"account-{number % _N_ACCOUNTS}"
        made.append(
            add_conversation(
                product,
                actor=user,
                today=today,
                title=f"Talk {number} about the {chance.choice(_WORDS)}",
                held_on=today - timedelta(days=number % 700),
                led_by=[user],
                participants=[ParticipantInput(f"person-{number}-{one}", f"Ann {one}", account) for one in range(2)],
                notes=f"**{chance.choice(_WORDS)}**\n\n- {' '.join(chance.choices(_WORDS, k=60))}",
                transcript="\n\n".join(turns),
            ).get_absolute_url()
        )
    return made


def measure(product: Any, user: Any, pages: list[str], n_requests: int) -> bool:
    """Ask the list in several ways, and pages of conversations, and print; say whether the promises were kept."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from portal.operations.memory import settle_memory

    settle_memory()  # as each web process does once it stands
    client, kept = Client(), True
    client.force_login(user)
    base = "/voice/conversations/"
    addresses = {
        "list, newest": lambda turn: f"{base}?page={turn % 20 + 1}",
        "list of a product": lambda turn: f"{base}?product={product.slug}&page={turn % 20 + 1}",
        "list by word": lambda turn: f"{base}?q={_WORDS[turn % len(_WORDS)]}",
        "list of an account": lambda turn: f"{base}?account=account-{turn * 7 % _N_ACCOUNTS}",
        "a conversation": lambda turn: pages[turn * 13 % len(pages)],
        "its form": lambda turn: f"{pages[turn * 13 % len(pages)]}edit/",
    }
    print(f"{'page':<20}{'median ms':>12}{'p95 ms':>10}{'slowest':>10}{'CPU ms':>10}{'queries':>10}")
    for name, address in addresses.items():
        times, cpu = [], 0.0
        for turn in range(-3, n_requests):
            started, started_cpu = time.perf_counter(), time.process_time()
            answer = client.get(address(turn + 3))
            assert answer.status_code == 200, (name, answer.status_code)
            if turn >= 0:
                times.append((time.perf_counter() - started) * 1000)
                cpu += (time.process_time() - started_cpu) * 1000
        with CaptureQueriesContext(connection) as queries:
            client.get(address(n_requests))
        times.sort()
        p50, p95 = times[len(times) // 2], times[min(len(times) - 1, int(0.95 * len(times)))]
        is_kept = p95 <= P95_PROMISED_MS and len(queries) <= QUERIES_PROMISED
        kept = kept and is_kept
        row = f"{name:<20}{p50:>12.0f}{p95:>10.0f}{times[-1]:>10.0f}{cpu / n_requests:>10.0f}{len(queries):>10}"
        print(row + ("" if is_kept else "  over"), flush=True)
    print(f"promised: p95 <= {P95_PROMISED_MS} ms, <= {QUERIES_PROMISED} queries; load {os.getloadavg()[0]:.1f}")
    return kept


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=2_000)
    parser.add_argument("--requests", type=int, default=40)
    options = parser.parse_args()
    from benchmarks.dashboard_world import own_portal

    with own_portal():
        from tests.factories import make_product, make_team, make_user

        team = make_team("Bench")
        product, user = make_product("Bench", team), make_user("ops", "ops", team)
        started = time.monotonic()
        pages = write_down(product, user, options.items)
        took_s = time.monotonic() - started
        print(f"{options.items:,} conversations written down in {took_s:.0f} s")
        return 0 if measure(product, user, pages, options.requests) else 1


if __name__ == "__main__":
    sys.exit(main())
