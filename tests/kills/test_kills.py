"""Nothing that was acknowledged is lost and nothing is stored twice, whatever is killed while events come in.

The seed of the kills is printed; give it back as PORTAL_KILL_SEED to see the same order again.
"""

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter

import psycopg2
import pytest
import redis

from tests.kills.senders import Sender
from tests.running import ROOT, RunningPortal, wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc")

PARTS = ("web", "worker", "beat", "valkey", "postgres")
N_EVENTS = 10_000
_SETUP = """
from insights.capture.actions import create_write_key
from insights.events.public import create_source
from portal.people.models import Product, Team
from portal.people.public import SYSTEM
team = Team.objects.create(name="Team", slug="team")
product = Product.objects.create(name="Planner", slug="planner", team=team)
source = create_source(actor=SYSTEM, product=product, name="Web", kind="api")
create_source(actor=SYSTEM, product=product, name="Files", kind="upload")
print(create_write_key(source, name="kills", actor=SYSTEM)[1])
"""
_LOAD = """
import sys
from insights.events.public import Source
from insights.sources.actions import load_upload, map_upload, store_upload
from insights.sources.mapping import Mapping
from portal.people.public import SYSTEM
source = Source.objects.get(slug="files")
with open({path!r}, "rb") as file:
    upload = store_upload(source, "events.csv", iter(lambda: file.read(65536), b""), actor=SYSTEM)
mapping = Mapping(who=("distinct_id",), when=("timestamp",), what=("event",), event_id=("event_id",))
print(load_upload(map_upload(upload, mapping, actor=SYSTEM), actor=SYSTEM).pk)
"""
_BATCHES = """
SELECT b.id, b.state, s.slug, n_read, n_accepted, n_duplicates, n_quarantined
FROM insights_events_batch b JOIN insights_events_source s ON s.id = b.source_id
"""


@pytest.fixture
def portal(tmp_path):
    running = RunningPortal(tmp_path / "var")
    running.start()
    yield running
    running.stop()
    running.wait_until_gone()


def test_events_survive_a_kill_of_each_part(portal, tmp_path):
    _kill_while_loading(portal, tmp_path, n_kills=1)


@pytest.mark.long
def test_events_survive_twenty_kills_of_each_part(portal, tmp_path):
    _kill_while_loading(portal, tmp_path, n_kills=20)


@pytest.mark.long
def test_nothing_is_lost_when_the_broker_is_emptied(portal, tmp_path):
    sender = Sender(portal.url, _manage(portal, "shell", "-c", _SETUP).split()[-1], n_least=2_000)
    sender.start()
    broker = redis.Redis.from_url(portal.services["REDIS_URL"])
    load = _start_load(portal, tmp_path)
    for _ in range(20):
        broker.flushall()
        time.sleep(0.1)
    sender.may_stop.set()
    sender.join(timeout=60)
    _check(portal, sender, [load])


def _kill_while_loading(portal: RunningPortal, tmp_path, n_kills: int) -> None:
    seed = int(os.environ.get("PORTAL_KILL_SEED") or time.time_ns() % 1_000_000)
    print(f"PORTAL_KILL_SEED={seed}")
    chance = random.Random(seed)
    sender = Sender(portal.url, _manage(portal, "shell", "-c", _SETUP).split()[-1], N_EVENTS)
    sender.start()
    loads = [_start_load(portal, tmp_path)]
    order = [part for part in PARTS for _ in range(n_kills)]
    chance.shuffle(order)
    for part in order:
        time.sleep(chance.uniform(0.1, 1.2))
        wait_until(lambda part=part: portal.is_running(part), 180, f"the return of {part}")
        portal.kill(part)
        if chance.random() < 0.1:
            loads.append(_start_load(portal, tmp_path))  # the same file once more: nothing may double
    sender.may_stop.set()
    sender.join(timeout=600)
    print(f"{len(sender.acknowledged)} acknowledged, {sender.n_failures} posts sent again, {len(loads)} file loads")
    _check(portal, sender, loads)


def _manage(portal: RunningPortal, *command: str) -> str:
    """Run a command beside the portal, again while PostgreSQL is being restarted; return what it printed."""

    def attempt() -> str | None:
        environment = {**os.environ, "PORTAL_VAR_DIR": str(portal.var_dir), "PORTAL_MODE": "development"}
        for name in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"):
            environment.pop(name, None)
        result = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        attempt.fault = result.stdout + result.stderr
        return None if result.returncode else result.stdout

    return wait_until(attempt, 180, f"manage.py {command[0]}")


def _start_load(portal: RunningPortal, tmp_path) -> int:
    path = tmp_path / "events.csv"
    if not path.exists():
        lines = [f"f{n},opened,p{n % 500},2026-02-{1 + n % 28:02d}T10:00:00Z" for n in range(N_EVENTS)]
        lines[100] = "f100,opened,,2026-02-01T10:00:00Z"  # nobody did it: quarantined
        path.write_text("\n".join(["event_id,event,distinct_id,timestamp", *lines]) + "\n")
    return int(_manage(portal, "shell", "-c", _LOAD.format(path=str(path))).split()[-1])


def _rows(portal: RunningPortal, sql: str) -> list[tuple]:
    connection = psycopg2.connect(portal.services["DATABASE_URL"])
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()
    finally:
        connection.close()


def _is_quiet(portal: RunningPortal) -> bool:
    try:
        waiting = _rows(portal, "SELECT count(*) FROM insights_events_inboxrequest")[0][0]
        live = _rows(portal, "SELECT count(*) FROM insights_events_batch WHERE state IN ('waiting', 'running')")[0][0]
    except psycopg2.OperationalError:
        return False
    return waiting == live == 0


def _stored(portal: RunningPortal, source: str) -> Counter:
    lines = _manage(portal, "export_events", "--source", source).splitlines()
    return Counter(json.loads(line)["event_id"] for line in lines if line.startswith("{"))


def _check(portal: RunningPortal, sender: Sender, loads: list[int]) -> None:
    wait_until(lambda: _is_quiet(portal), 400, "the end of all loads")
    stored, in_files = _stored(portal, "web"), _stored(portal, "files")
    assert sender.acknowledged - stored.keys() == set(), "acknowledged but not stored"
    assert [one for one, n in stored.items() if n > 1] == [], "stored twice"
    assert (len(in_files), sum(in_files.values())) == (N_EVENTS - 1, N_EVENTS - 1)
    batches = _rows(portal, _BATCHES)
    for pk, state, slug, n_read, n_accepted, n_duplicates, n_quarantined in batches:
        assert n_read == n_accepted + n_duplicates + n_quarantined, f"batch {pk} of {slug}"
        assert state == "done" or pk not in loads, f"load {pk} is {state}"
    assert sum(n_accepted for _, _, slug, _, n_accepted, *_ in batches if slug == "files") == N_EVENTS - 1
    _manage(portal, "verify_store")
