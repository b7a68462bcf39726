"""What a company's database says when it refuses, in plain words and with what to do; never with a password."""

from urllib.parse import unquote, urlsplit

import psycopg2

_LONGEST = 300
# What the driver says before a session begins has no code, only words.
_REFUSALS = (
    ("password authentication failed", "The database refuses the user or the password. Enter the address again."),
    ("no pg_hba.conf entry", "The database takes no connections from the portal's machine. Ask who runs it to let it."),
    (
        "does not support ssl",
        "The database does not speak TLS. Take sslmode out of the address, or switch it on.",
    ),
    ("connection refused", "Nothing answers at {place}. Check that the database runs there, and the port."),
    ("timeout expired", "{place} does not answer. Check that the portal's network may reach it."),
    ("no route to host", "{place} cannot be reached from the portal's network. Ask who runs the network."),
    ("network is unreachable", "{place} cannot be reached from the portal's network. Ask who runs the network."),
    ("too many connections", "The database has no connection free just now. The portal tries again by its schedule."),
    ("starting up", "The database is starting. The portal tries again by its schedule."),
)


def words_of_refusal(fault: Exception, address: str) -> str:
    """Say why a database does not let the portal in."""
    parts = urlsplit(address)
    said = " ".join(str(fault).split())
    place = f"{parts.hostname}, port {parts.port or 5432},"
    if "database " in said and "does not exist" in said:
        return f"There is no database named “{unquote(parts.path[1:])}” there. Enter the address again."
    if "role " in said and "does not exist" in said:
        return "The database does not know this user. Enter the address again."
    for mark, words in _REFUSALS:
        if mark in said.lower():
            return words.format(place=place).replace(",.", ".")
    for secret in filter(None, (parts.password, unquote(parts.password or ""))):
        said = said.replace(secret, "…")
    return f"The database does not let the portal in: {said[:_LONGEST]}"


def words_of_query(fault: psycopg2.Error, timeout_s: int, cursor_column: str) -> str:
    """Say why a query failed."""
    said = (fault.diag.message_primary or " ".join(str(fault).split()))[:_LONGEST]
    if isinstance(fault, psycopg2.errors.QueryCanceled):
        return (
            f"The query took longer than its limit of {timeout_s} s. Give “{cursor_column}” an index in that database, "
            "ask for fewer columns, or raise the limit."
        )
    if isinstance(fault, psycopg2.errors.InsufficientPrivilege):
        return f"The query failed: {said}. Ask who runs the database to let this user read it (GRANT SELECT)."
    if isinstance(fault, psycopg2.errors.ReadOnlySqlTransaction):
        return "The query tries to write. Write one that only reads."
    if isinstance(fault, psycopg2.OperationalError):
        return f"The database broke off: {said}. The portal tries again by its schedule."
    return f"The query failed: {said}. Try it with the database's own tools, then change it here."
