"""The two roles of the database: the owner, who changes tables, and the role that the portal runs as."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import connection
from psycopg2 import sql

from portal import environment
from portal.audit.models import AuditEntry


def has_owner() -> bool:
    """Say whether tables are owned by another role than the one the portal runs as."""
    return urlsplit(settings.DATABASE_OWNER_URL).username != urlsplit(settings.DATABASE_URL).username


@contextmanager
def as_owner() -> Iterator[None]:
    """Run a block with the default connection opened as the tables' owner."""
    if not has_owner():
        yield
        return
    owner = environment.database(settings.DATABASE_OWNER_URL)
    keys = ("USER", "PASSWORD", "HOST", "PORT")  # not the name: a test run has a database of its own
    before = {key: connection.settings_dict[key] for key in keys}
    connection.close()
    connection.settings_dict.update({key: owner[key] for key in keys})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


def grant_to_app() -> None:
    """Let the portal's own role, made if it is not there, write every table but only add to the audit trail.

    Run as the owner.
    """
    if not has_owner():
        return
    parts = urlsplit(settings.DATABASE_URL)
    name, password = unquote(parts.username or ""), unquote(parts.password or "")
    app = sql.Identifier(name)
    audit = sql.Identifier(AuditEntry._meta.db_table)
    statements = [
        "GRANT USAGE ON SCHEMA public TO {app}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {app}",
        "GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {app}",
        "REVOKE UPDATE, DELETE, TRUNCATE ON {audit} FROM {app}",
        "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {app}",
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
        if cursor.fetchone() is None:
            cursor.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(app, sql.Literal(password)))
        for statement in statements:
            cursor.execute(sql.SQL(statement).format(app=app, audit=audit))
