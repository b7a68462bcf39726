"""Saves in the admin go through the pages' forms and actions: the same checks, the same entries in the trail."""

import pytest
from django.urls import reverse

from insights.dashboards import actions
from insights.dashboards.models import Annotation, Tile
from portal.audit.models import AuditEntry

TREND = {"kind": "trend", "series": [{"event": "report opened"}]}


@pytest.fixture
def dashboard(product, owner):
    filters = [{"property": "plan", "of": "account", "op": "is", "value": "pro"}]
    return actions.create_dashboard(actor=owner, product=product, title="Health", filters=filters)


def url_of(thing):
    return reverse(f"admin:insights_dashboards_{thing._meta.model_name}_change", args=[thing.pk])


def fields_of(dashboard, **changes):
    fields = {name: getattr(dashboard, name) for name in ("title", "purpose", "visibility", "date_from", "date_to")}
    ids = {"product": dashboard.product_id, "owner": dashboard.owner_id, "revision": dashboard.revision}
    return {**fields, **ids, "own_filters": ["0"], **changes}


def last_entry():
    return AuditEntry.objects.latest("pk")


def test_a_dashboard_is_changed_by_the_action(client_of, admin_user, dashboard):
    client = client_of(admin_user)
    assert client.get(url_of(dashboard)).status_code == 200
    assert client.post(url_of(dashboard), fields_of(dashboard, title="Pulse")).status_code == 302
    dashboard.refresh_from_db()
    assert (dashboard.title, dashboard.revision, len(dashboard.filters)) == ("Pulse", 2, 1)
    assert (last_entry().verb, last_entry().door) == ("dashboard.changed", "admin")
    assert last_entry().changes["title"] == ["Health", "Pulse"]
    client.post(url_of(dashboard), fields_of(dashboard, own_filters=[]))
    dashboard.refresh_from_db()
    assert dashboard.filters == []


def test_a_dashboard_that_somebody_else_changed_is_not_overwritten(client_of, admin_user, dashboard, owner):
    stale = fields_of(dashboard, title="Mine")
    actions.update_dashboard(dashboard, actor=owner, revision=dashboard.revision, title="Theirs")
    page = client_of(admin_user).post(url_of(dashboard), stale, follow=True)
    dashboard.refresh_from_db()
    assert dashboard.title == "Theirs"
    assert "while you were at it" in page.content.decode()


def test_a_range_that_is_none_is_said_on_the_form(client_of, admin_user, dashboard):
    page = client_of(admin_user).post(url_of(dashboard), fields_of(dashboard, date_from="soon"))
    assert "“soon” is not a day" in page.content.decode()


def test_a_save_without_a_change_leaves_no_entry(client_of, admin_user, dashboard):
    before = AuditEntry.objects.count()
    client_of(admin_user).post(url_of(dashboard), fields_of(dashboard))
    assert AuditEntry.objects.count() == before


def test_tiles_are_changed_by_the_form_of_their_kind(client_of, admin_user, dashboard, owner):
    client = client_of(admin_user)
    tile = actions.add_tile(dashboard, actor=owner, question=TREND, title="People", chart="line")
    text = actions.add_tile(dashboard, actor=owner, kind="text", text="Hello")
    assert 'name="text"' not in client.get(url_of(tile)).content.decode()
    client.post(url_of(tile), {"title": "Readers", "chart": "bar", "revision": tile.revision})
    assert (last_entry().verb, last_entry().changes["title"]) == ("tile.changed", ["People", "Readers"])
    page = client.post(url_of(tile), {"title": "Readers", "chart": "funnel", "revision": 2}).content.decode()
    assert "funnel" in page and "errorlist" in page  # no chart of a trend
    client.post(url_of(text), {"title": "", "text": "# Hi", "revision": text.revision})
    assert Tile.objects.get(pk=text.pk).text == "# Hi"
    assert client.get(reverse("admin:insights_dashboards_tile_changelist"), {"chart": "bar"}).status_code == 200


def test_annotations_are_made_changed_and_deleted_by_their_actions(client_of, admin_user, dashboard, product):
    client = client_of(admin_user)
    values = {"text": "Release", "starts_on": "2026-03-01", "ends_on": "", "product": product.pk, "dashboard": ""}
    client.post(reverse("admin:insights_dashboards_annotation_add"), values)
    note = Annotation.objects.get()
    assert (note.author, last_entry().verb) == (admin_user, "annotation.created")
    client.post(url_of(note), {**values, "text": "Release 4.2"})
    assert last_entry().changes["text"] == ["Release", "Release 4.2"]
    client.post(reverse("admin:insights_dashboards_annotation_delete", args=[note.pk]), {"post": "yes"})
    assert (last_entry().verb, Annotation.objects.count()) == ("annotation.deleted", 0)
