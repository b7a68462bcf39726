"""The fixed cast of every test: owner, editor, viewer, ops, admin of one team, and an outsider of another."""

import pytest
from django.db import connection

from tests import factories


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Let tests that commit empty the audit trail behind them; the test of that refusal switches it on again."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE portal_audit_auditentry DISABLE TRIGGER audit_entries_stay_whole")


@pytest.fixture
def team(db):
    return factories.make_team("Planner team")


@pytest.fixture
def product(team):
    return factories.make_product("Planner", team)


@pytest.fixture
def owner(team):
    return factories.make_user("owner", "product_manager", team)


@pytest.fixture
def editor(team):
    return factories.make_user("editor", "product_manager", team)


@pytest.fixture
def viewer(team):
    return factories.make_user("viewer", "viewer", team)


@pytest.fixture
def ops(db):
    return factories.make_user("ops", "ops")


@pytest.fixture
def admin_user(db):
    return factories.make_user("admin", "admin")


@pytest.fixture
def outsider(db):
    return factories.make_user("outsider", "product_manager", factories.make_team("Other team"))


@pytest.fixture
def client_of(client):
    """Return a function that signs somebody in and returns the client."""

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in
