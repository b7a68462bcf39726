"""Every address opens for whom it should, and for nobody else."""

from contextlib import contextmanager

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.house.access_table import ROLES, Row, build_world, list_rows, list_url_names

ROWS = list_rows()


def test_every_address_is_in_the_table():
    missing = list_url_names() - {row.url_name for row in ROWS}
    assert not missing, f"Add rows to tests/<package>/<room>/access_rows.py for: {', '.join(sorted(missing))}"


def test_no_row_speaks_of_an_address_that_is_gone():
    gone = {row.url_name for row in ROWS} - list_url_names()
    assert not gone, f"Remove the rows of: {', '.join(sorted(gone))}"


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """The table's world with everybody signed in: made once, in a transaction round those of the tests."""
    with django_db_blocker.unblock(), _taken_back():
        made = build_world()
        yield made, {role: _sign_in(made, role) for role in ROLES}


@contextmanager
def _taken_back():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _sign_in(world, role):
    client = Client()
    if role != "anonymous":
        client.force_login(world.people[role])
    return {name: morsel.value for name, morsel in client.cookies.items()}


def _answer(cookies, row, kwargs):
    client = Client()
    client.cookies.load(cookies)
    url = reverse(row.url_name, kwargs=kwargs)
    with _taken_back():  # what one role did, the next must not find done
        return getattr(client, row.method)(url, row.data or {}, headers=row.headers).status_code


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
