"""Every address opens for whom it should, and for nobody else.

The quick run asks as those roles whose answers tell the others'; the long run asks as every one of them.
"""

import pytest
from django.contrib import admin

from tests.house.access_table import ROLES, Row, client_with, list_rows, list_url_names, taken_back, telling_roles

ROWS = list_rows()


def test_every_address_is_in_the_table():
    missing = list_url_names() - {row.url_name for row in ROWS}
    assert not missing, f"Add rows to tests/<package>/<room>/access_rows.py for: {', '.join(sorted(missing))}"


def test_no_row_speaks_of_an_address_that_is_gone():
    gone = {row.url_name for row in ROWS} - list_url_names()
    assert not gone, f"Remove the rows of: {', '.join(sorted(gone))}"


def _answer(cookies, row, kwargs):
    with taken_back():  # what one role did, the next must not find done
        return row.ask(client_with(cookies), kwargs).status_code


each_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.url_name}-{row.method}")


def _assert_answers(row, world, roles):
    assert set(row.statuses) == set(ROLES), f"{row.url_name} needs a status for each of {ROLES}"
    made, signed_in = world
    kwargs = row.kwargs_in(made)
    found = {role: _answer(signed_in[role], row, kwargs) for role in roles}
    assert found == {role: row.statuses[role] for role in roles}


@each_row
def test_address_answers_as_written(row, world, db):
    _assert_answers(row, world, telling_roles(row.statuses))


@pytest.mark.long
@each_row
def test_address_answers_each_role_as_written(row, world, db):
    _assert_answers(row, world, ROLES)


# What ops must not even read in the admin.
ADMINS_ONLY = {"portal_people", "portal_audit", "account", "usersessions", "auth"}


each_model = pytest.mark.parametrize(
    "model", sorted(admin.site._registry, key=lambda model: model._meta.label), ids=lambda m: m._meta.label
)


def _assert_admin_answers(model, world, roles):
    meta, (_, signed_in) = model._meta, world
    row = Row(f"admin:{meta.app_label}_{meta.model_name}_changelist", {})
    ops = 403 if meta.app_label in ADMINS_ONLY else 200
    for role in roles:
        status = _answer(signed_in[role], row, {})
        assert status == {"admin": 200, "ops": ops}.get(role, 302), f"{role} got {status} for {row.url_name}"


@each_model
def test_admin_page_opens_for_ops_where_it_may(model, world, db):
    _assert_admin_answers(model, world, ("ops",))


@pytest.mark.long
@each_model
def test_admin_page_opens_for_ops_and_admins_alone(model, world, db):
    _assert_admin_answers(model, world, ROLES)
