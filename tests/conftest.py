"""The fixed cast of every test: owner, editor, viewer, ops, admin of one team, and an outsider of another."""

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import settings as examples

from tests import factories, template

# Nothing here is timed: a busy machine is no fault of the code.
examples.register_profile("portal", deadline=None)
examples.load_profile("portal")


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, django_db_modify_db_settings):
    """Copy the run's template into a database of this process, and have tests that commit put it back by its rows."""
    name = connection.creation._get_test_db_name()
    with django_db_blocker.unblock():
        template.copy(connection, name, Path(os.environ["TEST_TEMPLATE"]))
        connection.close()
        settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: _put_back())
        yield
    with django_db_blocker.unblock():
        connection.close()
        template.drop(connection, name)


def _put_back() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT kept.put_back()")


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
