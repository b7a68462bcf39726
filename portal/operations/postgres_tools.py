"""Running pg_dump, pg_restore and psql against the portal's database, with a clear word when they do not fit."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from django.conf import settings
from django.db import connection

from portal.operations.services.children import StartError, child_setup, clean_environment
from portal.operations.services.postgres import find_program
from portal.shell.errors import PortalError


class ToolFailed(PortalError):
    """A program of PostgreSQL that is missing, too old, or that failed."""

    code = "postgres_tool_failed"
    status = 500


def tool_major(name: str) -> int:
    """Return a program's major version."""
    try:
        asked = subprocess.run([str(find_program(name)), "--version"], capture_output=True, text=True, check=True)
    except (OSError, StartError, subprocess.CalledProcessError) as error:
        raise ToolFailed(f"{name} cannot be run: {error}. Set PORTAL_PG_BIN to the folder that holds it.") from error
    return int(asked.stdout.split()[2].split(".")[0])


def server_major() -> int:
    """Return the server's major version."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return int(cursor.fetchone()[0]) // 10_000


def check_tools(*names: str) -> None:
    """Refuse programs that are older than the server."""
    for name in names:
        if tool_major(name) < server_major():
            raise ToolFailed(
                f"{name} is of PostgreSQL {tool_major(name)}, the server of {server_major()}. Install the server's own "
                "programs and set PORTAL_PG_BIN to their folder."
            )


def address_and_environment() -> tuple[str, dict[str, str]]:
    """Return the owner's address without the password, and the environment that carries it."""
    parts = urlsplit(settings.DATABASE_OWNER_URL)
    # The database that Django has open, which in a test run is not the one in the address.
    netloc = parts.netloc.rpartition("@")[2]
    address = urlunsplit(
        (parts.scheme, f"{parts.username}@{netloc}", connection.settings_dict["NAME"], parts.query, "")
    )
    return address, {**clean_environment(), "PGPASSWORD": unquote(parts.password or "")}


def run_tool(name: str, arguments: Sequence[str], *, script: Path | None = None, needs_database: bool = True) -> str:
    """Run one of the programs, reading a script where one is given; return its output or raise with its words."""
    address, environment = address_and_environment()
    command = [str(find_program(name)), *(["--dbname", address] if needs_database else []), *arguments]
    with (script or Path("/dev/null")).open("rb") as stdin:
        result = subprocess.run(
            command, env=environment, stdin=stdin, capture_output=True, preexec_fn=child_setup(), check=False
        )
    if result.returncode != 0:
        raise ToolFailed(f"{name} failed: {result.stderr.decode(errors='replace').strip()[-2000:]}")
    return result.stdout.decode(errors="replace")
