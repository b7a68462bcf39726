"""What the house's tests share: one world, made once for a file of tests."""

import pytest

from tests.house.access_table import ROLES, build_world, sign_in, taken_back


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """The table's world with everybody signed in, in a transaction round those of the tests."""
    with django_db_blocker.unblock(), taken_back():
        made = build_world()
        yield made, {role: sign_in(made, role) for role in ROLES}
