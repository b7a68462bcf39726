"""How many events a second the capture API takes in, each durable in PostgreSQL before its answer.

Real servers: PostgreSQL with fsync, Valkey, gunicorn with two workers; four senders post batches of 500 events to
/v1/batch with gzip over kept-open connections. Then one flush moves all into the event store, and is timed too.
Run: python benchmarks/bench_capture.py [seconds]
"""

import base64
import gzip
import http.client
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
BATCH, N_SENDERS = 500, 4


def batch_of(sender: int, number: int) -> bytes:
    """Return a batch of events with ids of their own, as a server-side client sends them."""
    items = [
        {
            "type": "track",
            "event": ("report opened", "task created", "comment added")[place % 3],
            "userId": f"user-{(number * 131 + place) % 20_000}",
            "messageId": f"{sender}-{number}-{place}",
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "properties": {"report": "burndown", "load_ms": place, "is_new": place % 2 == 0, "plan": "team"},
            "context": {"library": {"name": "bench", "version": "1"}},
        }
        for place in range(BATCH)
    ]
    return gzip.compress(json.dumps({"batch": items}).encode(), compresslevel=1)


def send(port: int, key: str, sender: int, until: float, results: list[tuple[int, float]]) -> None:
    """Post batches until the time is over; keep each answer's status and how long it took."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {
        "Authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode(),
        "Content-Type": "application/json",
        "Content-Encoding": "gzip",
    }
    number = 0
    while time.monotonic() < until:
        body = batch_of(sender, number)
        started = time.monotonic()
        connection.request("POST", "/v1/batch", body, headers)
        response = connection.getresponse()
        response.read()
        results.append((response.status, time.monotonic() - started))
        number += 1


def main(seconds: float) -> int:
    """Run the measurement and print its table."""
    folder = Path(tempfile.mkdtemp(prefix="bench-capture-"))
    os.environ.update(PORTAL_MODE="testing", PORTAL_VAR_DIR=str(folder / "var"), LOG_LEVEL="WARNING")
    from portal.operations.services.children import free_port
    from portal.operations.services.postgres import Postgres
    from portal.operations.services.valkey import Valkey

    postgres, valkey, web = Postgres(folder / "postgres"), Valkey(folder / "valkey"), None
    try:
        postgres.start()
        valkey.start()
        os.environ.update(DATABASE_URL=postgres.url, REDIS_URL=valkey.url)
        import django

        django.setup()
        key = _prepare()
        port = free_port()
        command = [sys.executable, "-m", "gunicorn", "-w", "2", "--threads", "4", "-b", f"127.0.0.1:{port}"]
        web = subprocess.Popen([*command, "--log-level", "warning", "portal.wsgi"], cwd=ROOT)
        _wait(port)
        return _measure(port, key, seconds)
    finally:
        if web is not None:
            web.terminate()
            web.wait(20)
        valkey.stop()
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _prepare() -> str:
    from django.core.management import call_command

    from insights.capture.actions import create_write_key
    from insights.events.public import Source, create_source
    from portal.people.public import SYSTEM, create_product, create_team

    call_command("migrate", verbosity=0)
    team = create_team(actor=SYSTEM, name="Bench", slug="bench")
    product = create_product(actor=SYSTEM, name="Bench", slug="bench", team=team)
    source = create_source(actor=SYSTEM, product=product, name="Bench", kind=Source.Kind.API)
    return create_write_key(source, name="bench", actor=SYSTEM)[1]


def _wait(port: int) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("POST", "/flags/", b"{}")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        if time.monotonic() > until:
            raise SystemExit("the web server does not answer")
        time.sleep(0.1)


def _measure(port: int, key: str, seconds: float) -> int:
    from django.db.models import Sum

    from insights.capture.flushing import flush_inbox
    from insights.events.public import Batch, InboxRequest

    warm: list[tuple[int, float]] = []
    send(port, key, 99, time.monotonic() + 1, warm)
    results: list[tuple[int, float]] = []
    started = time.monotonic()
    senders = [
        threading.Thread(target=send, args=(port, key, number, started + seconds, results))
        for number in range(N_SENDERS)
    ]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    took_s = time.monotonic() - started
    n_sent = sum(status == 200 for status, _ in results) * BATCH
    n_waiting = InboxRequest.objects.aggregate(n=Sum("n_items"))["n"]
    times = sorted(duration for _, duration in results)
    flush_started = time.monotonic()
    flush_inbox()
    flush_s = time.monotonic() - flush_started
    n_stored = sum(Batch.objects.values_list("n_accepted", flat=True))
    n_all = n_sent + sum(status == 200 for status, _ in warm) * BATCH
    print(f"{'acknowledged events':32} {n_sent:>12,}")
    print(f"{'events a second, all durable':32} {n_sent / took_s:>12,.0f}   (budget 5,000)")
    print(f"{'answers other than 200':32} {sum(status != 200 for status, _ in results):>12,}")
    print(f"{'a batch of 500, median':32} {times[len(times) // 2] * 1000:>9,.0f} ms")
    print(f"{'a batch of 500, p95':32} {times[int(len(times) * 0.95)] * 1000:>9,.0f} ms")
    print(f"{'in the inbox before the flush':32} {n_waiting:>12,}")
    print(f"{'flushed events a second':32} {n_stored / flush_s:>12,.0f}")
    print(f"{'acknowledged - stored':32} {n_all - n_stored:>12,}")
    return 0 if n_all == n_stored and n_sent / took_s >= 5000 else 1


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 10))
