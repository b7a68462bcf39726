"""Saves in the admin go through the pages' actions: the same checks, the same entries in the trail."""

import pytest
from django.urls import reverse

from insights.events.public import IdSpace, Source
from portal.audit.models import AuditEntry
from tests.factories import make_product, make_source

pytestmark = pytest.mark.django_db(transaction=True)


def fields_of(source, **changes):
    fields = {"name": source.name, "description": source.description, "time_zone": source.time_zone}
    fields |= {"identical_rows": source.identical_rows, "schedule": source.schedule, "state": source.state}
    return {**fields, "earliest_on": "", "fresh_by": "", "owner": "", **changes}


def save(client, source, **changes):
    url = reverse("admin:insights_events_source_change", args=[source.pk])
    return client.post(url, fields_of(source, **changes))


def test_source_is_changed_by_the_action(client_of, admin_user, product):
    source = make_source(product)
    assert save(client_of(admin_user), source, name="Web shop").status_code == 302
    source.refresh_from_db()
    entry = AuditEntry.objects.latest("pk")
    assert (source.name, entry.verb, entry.door) == ("Web shop", "source.changed", "admin")
    assert entry.changes["name"] == ["Web", "Web shop"]


def test_state_is_changed_by_its_own_action(client_of, admin_user, product):
    source = make_source(product)
    save(client_of(admin_user), source, state="paused", description="Until spring.")
    source.refresh_from_db()
    assert (source.state, source.description) == ("paused", "Until spring.")
    assert list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))[1:] == [
        "source.changed",
        "source.paused",
    ]


def test_bad_zone_and_taken_name_are_said_on_the_form(client_of, admin_user, product):
    source = make_source(product)
    make_source(product, name="Other")
    page = save(client_of(admin_user), source, time_zone="Mars/Olympus", name="Other")
    assert page.status_code == 200
    assert {"time_zone", "name"} <= set(page.context["adminform"].form.errors)
    assert Source.objects.get(pk=source.pk).time_zone == "UTC"


def test_query_of_a_source_is_for_ops_in_the_admin_too(client_of, ops, product):
    source = make_source(product, kind="sql")
    assert save(client_of(ops), source, name="Sales").status_code in (302, 403)
    url = reverse("admin:insights_events_source_change", args=[source.pk])
    assert "address" not in client_of(ops).get(url).content.decode().lower().replace("e-mail address", "")


def test_id_space_stays_with_its_product(client_of, admin_user, product):
    space = make_source(product).id_space
    url = reverse("admin:insights_events_idspace_change", args=[space.pk])
    client_of(admin_user).post(url, {"name": "People", "slug": "x", "product": make_product("B", product.team).pk})
    space = IdSpace.objects.get(pk=space.pk)
    assert (space.name, space.product) == ("People", product)
