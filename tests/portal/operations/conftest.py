"""Installs of the portal with a database server and folders of their own, as people have them."""

import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import pytest

from portal.operations.services.postgres import Postgres
from tests.running import ROOT


@dataclass
class Install:
    """A database server with the portal's tables, and folders, of its own."""

    folder: Path
    postgres: Postgres

    def manage(self, *arguments, stdin: str = "", fails: bool = False) -> str:
        """Run a command as a person would; return what it said."""
        environment = {
            **os.environ,
            "PORTAL_VAR_DIR": str(self.folder),
            "DATABASE_URL": self.postgres.app_url,
            "DATABASE_OWNER_URL": self.postgres.url,
        }
        result = subprocess.run(
            [sys.executable, "manage.py", *map(str, arguments)],
            cwd=ROOT,
            env=environment,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (result.returncode != 0) == fails, result.stderr
        return result.stdout + result.stderr

    def content(self) -> dict[str, tuple[int, str]]:
        """Return the number of rows and a checksum of every table."""
        connection = psycopg2.connect(self.postgres.url)
        with connection.cursor() as cursor:
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
            found = {}
            for (table,) in cursor.fetchall():
                cursor.execute(f'SELECT count(*), md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{table}" t')
                found[table] = cursor.fetchone()
        connection.close()
        return found

    def parts(self) -> dict[str, str]:
        """Return the checksum of every file of the event store, by its name."""
        store = self.folder / "events"
        files = sorted(store.rglob("*.parquet"))
        return {str(path.relative_to(store)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


# Events, traits, a join and a quarantined row, stored in a process of the install's own, as a load would.
_STORE = """
from portal.people.models import Product, Team
from tests.factories import make_source, store_events

product = Product.objects.create(name="Planner", slug="planner", team=Team.objects.create(name="T", slug="t"))
when = "2024-0{}-05T10:00:00+00:00".format
rows = [{"event": "opened", "distinct_id": f"u{no}", "timestamp": when(1 + no % 3), "event_id": f"e{no}",
         "properties": {"no": no}} for no in range(300)]
store_events(
    make_source(product), rows,
    traits=[{"subject_id": "u1", "key": "plan", "value": "pro", "timestamp": when(1)}],
    joins=[{"kind": "identify", "distinct_id": "u2", "person_id": "u1", "timestamp": when(1)}],
    rejects=[{"raw": "x", "reason_code": "bad_time", "reason": "It has no time.", "item_no": 301}],
)
"""


def make_install(folder: Path) -> Install:
    postgres = Postgres(folder / "postgres", settings=("fsync=off",))
    postgres.start()
    return Install(folder, postgres)


@pytest.fixture(scope="session")
def filled(tmp_path_factory):
    """Return an install with an admin, events and a file; the tests that share it leave it as it is."""
    install = make_install(tmp_path_factory.mktemp("filled"))
    install.manage("prepare")
    install.manage("create_admin", "ada@example.com", stdin="a long password 1\n")
    (install.folder / "uploads" / "inner").mkdir(parents=True)
    (install.folder / "uploads" / "inner" / "report ü.csv").write_bytes(b"who,when\n1,2\n" * 1000)
    install.manage("shell", "--command", _STORE)
    yield install
    install.postgres.stop()


@pytest.fixture
def empty(tmp_path):
    """Return an install with an empty database."""
    install = make_install(tmp_path)
    yield install
    install.postgres.stop()
