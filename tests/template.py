"""The database that every process of a test run copies: migrated once, beside the collection of the tests.

`python -m tests.template NOTE` makes it on TEST_DATABASE_URL and then writes the note: empty, or what went wrong.
"""

import os
import subprocess
import sys
import time
import traceback
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parents[1]
# What a test that commits left behind goes, and what the migrations wrote comes back. Emptying every table each time
# took a hundred times longer. The locks wait for a writer that a test has just killed; as a replica no trigger runs.
_PUT_BACK = """
CREATE FUNCTION kept.put_back() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  SET LOCAL session_replication_role = replica;
  LOCK TABLE {tables} IN EXCLUSIVE MODE;
{steps}
END $$
"""
_EMPTY = "  IF EXISTS (SELECT FROM {0}) THEN DELETE FROM {0}; END IF;"
_FILL = """  IF EXISTS (TABLE {0} EXCEPT ALL TABLE kept.{0}) OR EXISTS (TABLE kept.{0} EXCEPT ALL TABLE {0}) THEN
    DELETE FROM {0};
    INSERT INTO {0} TABLE kept.{0};
  END IF;"""


def name_of(note: Path) -> str:
    """Return the template's name; the note's folder is the run's own."""
    return f"template_{note.parent.name.replace('-', '_')}".lower()


def start(note: Path) -> subprocess.Popen:
    """Begin to make the template in a process of its own."""
    return subprocess.Popen([sys.executable, "-m", "tests.template", str(note)], cwd=ROOT)


def copy(connection, name: str, note: Path, timeout_s: float = 600) -> None:
    """Make a database by copying the template, once it is there; raise what went wrong with it."""
    until = time.monotonic() + timeout_s
    while not note.exists():
        if time.monotonic() > until:
            raise RuntimeError(f"The tests' database was not migrated within {timeout_s} s.")
        time.sleep(0.05)
    if fault := note.read_text():
        raise RuntimeError(f"The tests' database could not be migrated:\n{fault}")
    quote = connection.ops.quote_name
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {quote(name)}")
        cursor.execute(f"CREATE DATABASE {quote(name)} TEMPLATE {quote(name_of(note))}")


def drop(connection, name: str) -> None:
    """Remove a database, also from under a process that a test left behind."""
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {connection.ops.quote_name(name)} WITH (FORCE)")


def _make(note: Path) -> None:
    import psycopg2

    address = urlsplit(os.environ["TEST_DATABASE_URL"])
    server = psycopg2.connect(urlunsplit(address._replace(path="/postgres")))
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name_of(note)}"')
    server.close()
    os.environ["DATABASE_URL"] = urlunsplit(address._replace(path=f"/{name_of(note)}"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"

    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        _keep(cursor)
    connection.close()


def _keep(cursor) -> None:
    cursor.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    tables, steps = [name for (name,) in cursor.fetchall()], []
    cursor.execute("CREATE SCHEMA kept")
    for table in tables:
        cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")
        is_filled = cursor.fetchone()[0]
        if is_filled:
            cursor.execute(f"CREATE TABLE kept.{table} AS TABLE {table}")
        steps.append((_FILL if is_filled else _EMPTY).format(table))
    cursor.execute(_PUT_BACK.format(tables=", ".join(tables), steps="\n".join(steps)))


if __name__ == "__main__":
    note = Path(sys.argv[1])
    fault = ""
    try:
        _make(note)
    except BaseException:
        fault = traceback.format_exc()
    partial = note.with_suffix(".partial")
    partial.write_text(fault)
    partial.rename(note)
