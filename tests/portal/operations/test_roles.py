"""The portal's own database role works on every table and cannot touch the audit trail or its guard."""

import psycopg2
import pytest

pytestmark = pytest.mark.long  # of the install that the tests of backups make


@pytest.fixture
def app_cursor(filled):
    connection = psycopg2.connect(filled.postgres.app_url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        yield cursor
    connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE portal_audit_auditentry SET note = 'x'",
        "DELETE FROM portal_audit_auditentry",
        "TRUNCATE portal_audit_auditentry",
        "DROP TRIGGER audit_entries_stay_as_written ON portal_audit_auditentry",
        "ALTER TABLE portal_audit_auditentry DISABLE TRIGGER ALL",
        "DROP TABLE portal_audit_auditentry",
        "CREATE OR REPLACE FUNCTION portal_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
        "SET session_replication_role = replica",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('x', 'y', now())",
        "CREATE TABLE mine (id int)",
        "SELECT pg_read_file('/etc/passwd')",
        "COPY portal_people_user TO PROGRAM 'cat'",
    ],
)
def test_app_role_is_refused(app_cursor, statement):
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        app_cursor.execute(statement)


def test_app_role_reads_and_writes_every_other_table(app_cursor):
    app_cursor.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'")
    tables = {name for (name,) in app_cursor.fetchall()}
    assert len(tables) > 40
    refused = set()
    for table in tables:
        for right in ("SELECT", "INSERT", "UPDATE", "DELETE"):
            app_cursor.execute("SELECT has_table_privilege(%s, %s)", [table, right])
            if app_cursor.fetchone() != (True,):
                refused.add(f"{right} {table}")
    assert refused == {
        "UPDATE portal_audit_auditentry",
        "DELETE portal_audit_auditentry",
        "INSERT django_migrations",
        "UPDATE django_migrations",
        "DELETE django_migrations",
    }


def test_even_the_owner_is_refused_by_the_guard(filled):
    connection = psycopg2.connect(filled.postgres.url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for statement in ("UPDATE portal_audit_auditentry SET note = 'x'", "TRUNCATE portal_audit_auditentry"):
            with pytest.raises(psycopg2.errors.RaiseException, match="append-only"):
                cursor.execute(statement)
    connection.close()
