"""The contact clock, the list of whom to call and a theme's say and do, with many accounts: how fast the pages answer.

    python -m benchmarks.bench_listening --accounts 50000 --pieces 100000 --requests 20

Accounts of four segments, each with a person and an event; pieces of feedback of every fifth account, a tenth of them
linked to a theme; 2,000 conversations of twenty product managers. Pages are asked through Django's own stack, signed
in, warm, and once after new data came. Prints a table; ends with 1 when a page takes more than its p95 <= 200 ms or 12
queries. Starts its own PostgreSQL and Valkey in a temporary folder.
"""

import argparse
import os
import sys
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

P95_PROMISED_MS, QUERIES_PROMISED = 200, 12
_SEGMENTS = ("Enterprise", "Mid-market", "Small business", "Sole traders")


def fill(product: Any, managers: list[Any], n_accounts: int, n_pieces: int) -> Any:
    """Store the world that is described above; return the theme."""
    from insights.events.public import Account, DistinctId
    from insights.voice.conversations.models import Conversation, Participant
    from insights.voice.demand.actions import set_area
    from insights.voice.feedback.models import Feedback
    from insights.voice.themes.actions import create_theme
    from insights.voice.themes.models import ThemeLink
    from portal.people.public import SYSTEM
    from tests.factories import make_channel, make_source, store_events

    now, today = datetime.now(UTC), date.today()
    rows, traits = [], []
    for no in range(n_accounts):
        at, account = now - timedelta(minutes=no % 120_000), f"account-{no}"
        event = "report opened" if no % 3 else "timeline opened"
        rows.append(
            {"event": event, "distinct_id": f"p{no}", "account_id": account, "timestamp": at, "event_id": f"e{no}"}
        )
        said = {"subject": "account", "subject_id": account, "key": "segment", "value": _SEGMENTS[no % 4]}
        traits.append({**said, "timestamp": at})
    store_events(make_source(product), rows, traits=traits)
    accounts = list(Account.objects.order_by("no").values_list("no", flat=True))
    people = list(DistinctId.objects.order_by("no").values_list("no", flat=True))
    common = {"product": product, "team": product.team}
    theme = create_theme(product, name="Speed", actor=SYSTEM)
    set_area(theme, actor=SYSTEM, events=[{"event": "timeline opened"}])
    channel = make_channel("support")
    pieces = Feedback.objects.bulk_create(
        (
            Feedback(
                **common,
                text="It is slow.",
                masked="It is slow.",
                channel=channel,
                said_on=today - timedelta(days=no % 700),
                account_id=accounts[no * 5 % len(accounts)],
                person_id=people[no * 5 % len(people)],
            )
            for no in range(n_pieces)
        ),
        batch_size=5_000,
    )
    ThemeLink.objects.bulk_create((ThemeLink(theme=theme, feedback=one) for one in pieces[::10]), batch_size=5_000)
    talks = Conversation.objects.bulk_create(
        Conversation(**common, title=f"Talk {no}", masked_title="Talk", held_on=today - timedelta(days=no % 365))
        for no in range(2_000)
    )
    led = Conversation.led_by.through
    led.objects.bulk_create(led(conversation=one, user=managers[no % len(managers)]) for no, one in enumerate(talks))
    Participant.objects.bulk_create(
        Participant(
            conversation=one, person_id=people[no * 4 % len(people)], account_id=accounts[no * 4 % len(accounts)]
        )
        for no, one in enumerate(talks)
    )
    return theme


def measure(addresses: dict[str, str], user: Any, n_requests: int) -> bool:
    """Ask pages and print; say whether the promises were kept."""
    from django.core.cache import cache
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from portal.operations.memory import settle_memory

    settle_memory()  # as each web process does once it stands
    client, kept = Client(), True
    client.force_login(user)
    print(f"{'page':<24}{'first ms':>10}{'median ms':>12}{'p95 ms':>10}{'queries':>10}")
    for name, address in addresses.items():
        cache.clear()
        times = []
        for _ in range(n_requests + 1):
            started = time.perf_counter()
            answer = client.get(address, headers={"HX-Request": "true"} if name.startswith("piece") else {})
            assert answer.status_code == 200, (name, answer.status_code)
            times.append((time.perf_counter() - started) * 1000)
        with CaptureQueriesContext(connection) as queries:
            client.get(address, headers={"HX-Request": "true"} if name.startswith("piece") else {})
        first, rest = times[0], sorted(times[1:])
        p50, p95 = rest[len(rest) // 2], rest[min(len(rest) - 1, int(0.95 * len(rest)))]
        is_kept = p95 <= P95_PROMISED_MS and len(queries) <= QUERIES_PROMISED
        kept = kept and is_kept
        row = f"{name:<24}{first:>10.0f}{p50:>12.0f}{p95:>10.0f}{len(queries):>10}"
        print(row + ("" if is_kept else "  over"), flush=True)
    print(f"promised: p95 <= {P95_PROMISED_MS} ms, <= {QUERIES_PROMISED} queries; load {os.getloadavg()[0]:.1f}")
    return kept


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accounts", type=int, default=50_000)
    parser.add_argument("--pieces", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=20)
    options = parser.parse_args()
    from benchmarks.dashboard_world import own_portal

    with own_portal():
        from insights.voice.listening.picking import make_list
        from tests.factories import make_product, make_team, make_user

        team = make_team("Bench")
        product = make_product("Bench", team)
        managers = [make_user(f"manager{no}", "product_manager", team) for no in range(20)]
        started = time.monotonic()
        theme = fill(product, managers, options.accounts, options.pieces)
        print(f"{options.accounts:,} accounts, {options.pieces:,} pieces, in {time.monotonic() - started:.0f} s")
        started = time.monotonic()
        make_list(product, actor=managers[0])
        print(f"list of whom to call: made in {time.monotonic() - started:.1f} s")
        addresses = {
            "contact clock": "/voice/listening/",
            "piece: segments": f"/voice/listening/segments/?product={product.slug}",
            "whom to call next": "/voice/listening/next/",
            "piece: do they use it": f"/voice/themes/{theme.pk}/doing/",
            "piece: loudest": f"/voice/themes/{theme.pk}/loudest/",
            "piece: weighted": f"/voice/themes/{theme.pk}/weighted/",
        }
        return 0 if measure(addresses, managers[0], options.requests) else 1


if __name__ == "__main__":
    sys.exit(main())
