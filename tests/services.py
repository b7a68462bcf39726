"""A pytest plugin that starts the real PostgreSQL and Valkey once, before Django reads its settings.

Where tests run in several processes (`-n 2`), the first one starts PostgreSQL and has a template migrated in it, and
each of the others copies that into a database of its own; Valkey knows no such names, so each process starts its own.
"""

import contextlib
import fcntl
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from portal.operations.services.postgres import Postgres
from portal.operations.services.valkey import Valkey
from tests import template

# Nothing of a test outlives it, so waiting for the disk would only cost time; kill tests start their own servers.
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")
_PREFIX = "portal-test-"
_running: list = []
# What a developer's shell may carry; a test run sees none of it.
_OURS = ("DATABASE_", "REDIS_URL", "EVENT_STORE_", "PORTAL_", "WEB_", "WORKER_")
_OURS_EXACTLY = {"SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "PORT", "BIND_ADDRESS", "LOG_LEVEL", "UPLOAD_DIR"}
_FOR_TESTS = {
    f"PORTAL_{name}" for name in ("REAL_DATA", "REQUIRE_BROWSER", "LOOK_DIR", "CHROMIUM", "PG_BIN", "VALKEY_BIN")
}


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config, parser, args):
    """Forget the shell's settings, start the servers and point the settings at them."""
    for name in list(os.environ):
        if (name.startswith(_OURS) or name in _OURS_EXACTLY) and name not in _FOR_TESTS:
            del os.environ[name]
    folder = _make_folder()
    os.environ["PORTAL_MODE"] = "testing"
    os.environ["PORTAL_VAR_DIR"] = str(folder / "var")
    if "TEST_DATABASE_URL" in os.environ:
        os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]
    else:
        postgres = Postgres(folder / "postgres", settings=_FAST)
        postgres.start()
        _running.append(postgres)
        os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"] = postgres.url  # processes under us use it too
    if "TEST_REDIS_URL" in os.environ:
        os.environ["REDIS_URL"] = os.environ["TEST_REDIS_URL"]
    else:
        valkey = Valkey(folder / "valkey")
        valkey.start()
        _running.append(valkey)
        os.environ["REDIS_URL"] = valkey.url
    if "TEST_TEMPLATE" not in os.environ:
        os.environ["TEST_TEMPLATE"] = str(folder / "template")
        _running.insert(0, template.start(folder / "template"))
    _running.append(folder)


def _make_folder() -> Path:
    """Make this process's folder, and remove those that killed runs left behind: nobody holds their locks."""
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*/lock"):
        with contextlib.suppress(OSError), left.open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left.parent, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    lock = (folder / "lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    _running.append(lock)
    return folder


def pytest_unconfigure(config):
    """Stop the servers and remove their data."""
    while _running:
        thing = _running.pop(0)
        if isinstance(thing, Path):
            shutil.rmtree(thing, ignore_errors=True)
        elif isinstance(thing, subprocess.Popen):
            thing.kill()
            thing.wait()
        elif isinstance(thing, Postgres | Valkey):
            thing.stop()
        else:
            thing.close()
