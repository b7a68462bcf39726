"""A pytest plugin that starts the real PostgreSQL and Valkey once, before Django reads its settings."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from portal.operations.services.postgres import Postgres
from portal.operations.services.valkey import Valkey

# Nothing of a test outlives it, so waiting for the disk would only cost time; kill tests start their own servers.
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60")
_running: list = []


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config, parser, args):
    """Start the servers and point the settings at them."""
    folder = Path(tempfile.mkdtemp(prefix="portal-test-"))
    os.environ["PORTAL_MODE"] = "testing"
    os.environ["PORTAL_VAR_DIR"] = str(folder / "var")
    if "DATABASE_URL" not in os.environ:
        postgres = Postgres(folder / "postgres", settings=_FAST)
        postgres.start()
        _running.append(postgres)
        os.environ["DATABASE_URL"] = postgres.url
    if "REDIS_URL" not in os.environ:
        valkey = Valkey(folder / "valkey")
        valkey.start()
        _running.append(valkey)
        os.environ["REDIS_URL"] = valkey.url
    _running.append(folder)


def pytest_unconfigure(config):
    """Stop the servers and remove their data."""
    while _running:
        thing = _running.pop(0)
        if isinstance(thing, Path):
            shutil.rmtree(thing, ignore_errors=True)
        else:
            thing.stop()
