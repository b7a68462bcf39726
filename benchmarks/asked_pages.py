"""Pages asked through Django's own stack, signed in and warm: how long they take, how often they ask the database.

CPU is this process's own time for a page, without its database's: it says what a page costs on a machine that is busy.
"""

import os
import time
from collections.abc import Callable, Mapping
from typing import Any

P95_PROMISED_MS, QUERIES_PROMISED = 200, 12


def ask_pages(user: Any, title: str, addresses: Mapping[str, Callable[[int], str]], n_requests: int) -> bool:
    """Ask each address n_requests times, with the number of the turn, and print; say whether the promises were kept."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from portal.operations.memory import settle_memory

    settle_memory()  # as each web process does once it stands
    client, kept = Client(), True
    client.force_login(user)
    print(f"{title:<34}{'median ms':>12}{'p95 ms':>10}{'slowest':>10}{'CPU ms':>10}{'queries':>10}")
    for name, address in addresses.items():
        times, used = [], []
        for turn in range(-3, n_requests):
            started, used_before = time.perf_counter(), time.process_time()
            answer = client.get(address(turn + 3))
            assert answer.status_code == 200, (name, answer.status_code)
            if turn >= 0:
                times.append((time.perf_counter() - started) * 1000)
                used.append((time.process_time() - used_before) * 1000)
        with CaptureQueriesContext(connection) as queries:
            client.get(address(5))
        times.sort()
        p50, p95 = times[len(times) // 2], times[min(len(times) - 1, int(0.95 * len(times)))]
        cpu = sorted(used)[len(used) // 2]
        is_kept = p95 <= P95_PROMISED_MS and len(queries) <= QUERIES_PROMISED
        kept = kept and is_kept
        row = f"{name:<34}{p50:>12.0f}{p95:>10.0f}{times[-1]:>10.0f}{cpu:>10.0f}{len(queries):>10}"
        print(row + ("" if is_kept else "  over"), flush=True)
    print(f"promised: p95 <= {P95_PROMISED_MS} ms, <= {QUERIES_PROMISED} queries; load {os.getloadavg()[0]:.1f}")
    return kept
