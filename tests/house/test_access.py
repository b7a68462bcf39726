"""Every address opens for whom it should, and for nobody else."""

import pytest
from django.contrib import admin

from tests.house.access_table import ROLES, Row, client_with, list_rows, list_url_names, taken_back

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


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.url_name}-{row.method}")
def test_address_answers_each_role_as_written(row, world, db):
    assert set(row.statuses) == set(ROLES), f"{row.url_name} needs a status for each of {ROLES}"
    made, signed_in = world
    kwargs = row.kwargs_in(made)
    found = {role: _answer(signed_in[role], row, kwargs) for role in ROLES}
    assert found == row.statuses


# What ops must not even read in the admin.
ADMINS_ONLY = {"portal_people", "portal_audit", "account", "usersessions", "auth"}


@pytest.mark.parametrize(
    "model", sorted(admin.site._registry, key=lambda model: model._meta.label), ids=lambda m: m._meta.label
)
def test_admin_page_opens_for_ops_and_admins_alone(model, world, db):
    meta, (_, signed_in) = model._meta, world
    row = Row(f"admin:{meta.app_label}_{meta.model_name}_changelist", {})
    ops = 403 if meta.app_label in ADMINS_ONLY else 200
    for role in ROLES:
        status = _answer(signed_in[role], row, {})
        assert status == {"admin": 200, "ops": ops}.get(role, 302), f"{role} got {status} for {row.url_name}"
