"""Every address opens for whom it should, and for nobody else."""

import pytest
from django.contrib import admin
from django.urls import reverse

from tests.house.access_table import ROLES, build_world, list_rows, list_url_names

ROWS = list_rows()


def test_every_address_is_in_the_table():
    missing = list_url_names() - {row.url_name for row in ROWS}
    assert not missing, f"Add rows to tests/<package>/<room>/access_rows.py for: {', '.join(sorted(missing))}"


def test_no_row_speaks_of_an_address_that_is_gone():
    gone = {row.url_name for row in ROWS} - list_url_names()
    assert not gone, f"Remove the rows of: {', '.join(sorted(gone))}"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.url_name}-{row.method}")
def test_address_answers_each_role_as_written(row, db, client):
    assert set(row.statuses) == set(ROLES), f"{row.url_name} needs a status for each of {ROLES}"
    world = build_world()
    found = {}
    for role in ROLES:
        client.logout()
        if role != "anonymous":
            client.force_login(world.people[role])
        url = reverse(row.url_name, kwargs=row.kwargs_in(world))
        found[role] = getattr(client, row.method)(url, row.data or {}, headers=row.headers).status_code
    assert found == row.statuses


# What ops must not even read in the admin.
ADMINS_ONLY = {"portal_people", "portal_audit", "account", "usersessions", "auth"}


@pytest.mark.parametrize(
    "model", sorted(admin.site._registry, key=lambda model: model._meta.label), ids=lambda m: m._meta.label
)
def test_admin_page_opens_for_ops_and_admins_alone(model, db, client):
    world, meta = build_world(), model._meta
    url = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
    for role in ROLES:
        client.logout()
        if role != "anonymous":
            client.force_login(world.people[role])
        status = client.get(url).status_code
        ops = 403 if meta.app_label in ADMINS_ONLY else 200
        assert status == {"admin": 200, "ops": ops}.get(role, 302), f"{role} got {status} for {url}"
