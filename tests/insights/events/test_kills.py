"""A loader killed at a random moment loses nothing and doubles nothing."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from insights.events.compaction import sweep_files
from insights.events.public import Batch, start_batch
from portal.people.public import SYSTEM
from tests.factories import stage_events, store_faults

ROOT = Path(__file__).resolve().parents[3]


def start_worker(batch, folder):
    to = connection.settings_dict
    address = f"postgresql://{quote(to['USER'])}:{quote(to['PASSWORD'])}@{to['HOST']}:{to['PORT']}/{to['NAME']}"
    environment = {**os.environ, "DATABASE_URL": address, "EVENT_STORE_DIR": str(settings.EVENT_STORE_DIR)}
    environment |= {"PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "portal.settings", "LOG_LEVEL": "ERROR"}
    command = [sys.executable, str(Path(__file__).with_name("load_worker.py")), str(batch.pk), str(folder)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def run_and_kill(source, event, folder, kills, seed):
    chance = random.Random(seed)
    print(f"seed {seed}")
    expected = 0
    for n in range(kills):
        place = folder / str(n)
        place.mkdir()
        stage_events(place, [event(who=f"p{k % 37}", day=1 + k % 28, event_id=f"{n}-{k}") for k in range(500)])
        batch = start_batch(source, "upload", actor=SYSTEM)
        with start_worker(batch, place) as worker:
            assert worker.stdout.readline() == "ready\n"
            time.sleep(chance.uniform(0, 0.6))
            worker.kill()
        batch.refresh_from_db()
        while batch.state != Batch.State.DONE:
            with start_worker(batch, place) as worker:
                worker.wait(timeout=60)
            batch.refresh_from_db()
        assert (batch.n_read, batch.n_accepted) == (500, 500)
        expected += 500
    return expected


@pytest.mark.django_db(transaction=True)
def test_a_killed_loader_loses_nothing_and_doubles_nothing(source, event, tmp_path, read):
    expected = run_and_kill(source, event, tmp_path, kills=3, seed=random.randrange(10**6))
    assert read(source, "SELECT count(*), count(DISTINCT row_key) FROM {export}") == [(expected, expected)]
    sweep_files()
    assert store_faults() == []


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_loader_killed_twenty_times_loses_nothing_and_doubles_nothing(source, event, tmp_path, read):
    expected = run_and_kill(source, event, tmp_path, kills=20, seed=random.randrange(10**6))
    assert read(source, "SELECT count(*), count(DISTINCT row_key) FROM {export}") == [(expected, expected)]
