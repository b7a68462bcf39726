"""A database that the portal's own migrate made is the one that Django's would have made."""

import subprocess

import pytest

from portal.operations.services.postgres import find_program

# Django's command, without what the portal's own adds to it.
_PLAIN = """
from django.core.management import call_command
from django.core.management.commands.migrate import Command
from portal.operations.database import as_owner

with as_owner():
    call_command(Command(), verbosity=0)
"""


def _schema(install) -> list[str]:
    command = [str(find_program("pg_dump")), "--schema-only", "--no-acl", "--dbname", install.postgres.url]
    dump = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [line for line in dump.splitlines() if not line.startswith("\\")]  # a password of the dump's own


@pytest.mark.long
def test_quick_migrations_make_the_tables_that_djangos_own_make(filled, empty):
    empty.manage("shell", "--no-imports", "--command", _PLAIN)
    assert len(_schema(filled)) > 10_000
    assert _schema(filled) == _schema(empty)
