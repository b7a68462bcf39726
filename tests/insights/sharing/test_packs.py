"""Packs: then, now and why; frozen for good; nothing personal in them."""

import csv
import datetime as dt
import io

import pytest
import time_machine
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone
from openpyxl import load_workbook

from insights.catalogue.models import CatalogueProperty
from insights.dashboards import actions as boards
from insights.events.public import erase_person, merge_persons, undo_batch
from insights.sharing import actions
from insights.sharing.models import Pack, PackTile
from insights.sharing.packs import show_pack
from portal.audit.models import AuditEntry
from portal.people.models import Product, Visibility
from portal.people.public import SYSTEM
from portal.shell.public import BadInput, NotAllowed
from tests import factories
from tests.insights.sharing.conftest import LATER, NOW, TREND, event, look_again, refresh


def view_of(pack, user, at=LATER):
    with time_machine.travel(at, tick=False):
        look_again(pack)
        return show_pack(pack, user=user, now=timezone.now())


def by_title(view):
    return {tile.tile.title: tile for tile in view.tiles}


def moves(tile):
    return [(one.row, one.then.value, one.now.value, one.difference, one.was_partial) for one in tile.comparison.moved]


def test_numbers_that_did_not_move_say_so(pack, viewer):
    view = view_of(pack, viewer, NOW)
    assert [tile.state for tile in view.tiles] == ["text", "same", "same"]
    assert (view.n_compared, view.n_moved, view.is_pending) == (2, 0, False)
    assert by_title(view)["People who read reports"].reasons == []


def test_late_events_show_then_now_and_why(pack, source, viewer):
    with time_machine.travel(LATER, tick=False):
        late = {"received_at": LATER}
        rows = [event("report opened", "cem", 17, **late), event("report opened", "ann", 20, hour=15, **late)]
        rows += [event("report opened", "dan", 20, hour=15, **late)]
        factories.store_events(source, rows)
    view = view_of(pack, viewer)
    trend, funnel = by_title(view)["People who read reports"], by_title(view)["From sign-up to report"]
    assert moves(trend) == [("17 Mar 2026", 2, 3, "+1 (+50 %)", False), ("20 Mar 2026", 1, 2, "+1 (+100 %)", True)]
    told = [reason.text for reason in trend.reasons]
    assert told[0].startswith("The newest interval was not over")
    assert told[1] == "1 event of these days was received after the freezing: late events."
    assert "Planner app got 3 rows of “rows.csv” that reach into these days" in told[2]
    assert {note.text for note in trend.chart.notes} == {
        "report opened, people: 2 then, 3 now", "report opened, people: 1 then, 2 now",
    }  # fmt: skip
    counts = {(one.row, one.column): (one.then.value, one.now.value) for one in funnel.comparison.moved}
    assert counts["2. report opened", "Came, people"] == (2, 3)
    assert counts["2. report opened", "Did not come, people"] == (1, 0)


def test_a_load_that_is_taken_back_is_named(dashboard, source, owner, viewer):
    with time_machine.travel(NOW, tick=False):
        batch = factories.store_events(source, [event("report opened", "eve", 5)])
        refresh()
        pack = actions.freeze_dashboard(dashboard, actor=owner, name="Board", held_on=dt.date(2026, 3, 21))
    with time_machine.travel(LATER, tick=False):
        undo_batch(batch, actor=SYSTEM)
    trend = by_title(view_of(pack, viewer))["People who read reports"]
    assert moves(trend)[0][:4] == ("5 Mar 2026", 1, 0, "\u22121 (\u2212100 %)")
    assert any("A load of Planner app was taken back" in reason.text for reason in trend.reasons)


def test_a_merge_and_an_erasure_move_numbers_and_do_not_break_the_pack(pack, source, viewer):
    with time_machine.travel(LATER, tick=False):
        merge_persons(source.id_space, "ann", "bob", actor=SYSTEM)
        trend = by_title(view_of(pack, viewer))["People who read reports"]
        assert ("17 Mar 2026", 2, 1) in [one[:3] for one in moves(trend)]
        assert any("joined to one person" in reason.text for reason in trend.reasons)
        erase_person(source.id_space, "cem", actor=SYSTEM)
    funnel = by_title(view_of(pack, viewer))["From sign-up to report"]
    assert any(reason.text == "A person was erased from Planner app" for reason in funnel.reasons)
    assert funnel.then.rows[0][1].value == 3, "the number of then stays"


def test_a_tile_that_asks_something_else_today_is_said(pack, dashboard, owner, viewer):
    tile = dashboard.tiles.get(title="People who read reports")
    asked = {**TREND, "series": [{"event": "signed up"}]}
    boards.update_tile(tile, actor=owner, revision=tile.revision, question=asked)
    boards.delete_tile(dashboard.tiles.get(title="From sign-up to report"), actor=owner)
    dashboard.refresh_from_db()
    boards.update_dashboard(dashboard, actor=owner, revision=dashboard.revision, date_from="-7d")
    view = view_of(Pack.objects.get(), viewer)
    trend, funnel = by_title(view)["People who read reports"], by_title(view)["From sign-up to report"]
    assert "Then: People who did “report opened”" in trend.reasons[-1].text
    assert "Today: Number of events “signed up”" in trend.reasons[-1].text
    assert funnel.reasons[-1].text == "The tile is no longer on the dashboard."
    assert view.filter_change.startswith("The dashboard has another range today")


def test_a_pack_cannot_be_changed_and_goes_only_by_ops_with_a_reason(pack, owner, ops):
    for table in (Pack, PackTile):
        for work in (lambda rows: rows.update(id=models.F("id")), lambda rows: rows._raw_delete(rows.db)):
            with pytest.raises(DatabaseError, match="stays as it was frozen"), transaction.atomic():
                work(table.objects.all())
    with pytest.raises(NotAllowed):
        actions.remove_pack(pack, actor=owner, reason="I want it away")
    with pytest.raises(BadInput):
        actions.remove_pack(pack, actor=ops, reason=" ")
    actions.remove_pack(pack, actor=ops, reason="Frozen by mistake")
    assert not Pack.objects.exists() and not PackTile.objects.exists()
    assert AuditEntry.objects.filter(verb="pack.removed", note="Frozen by mistake").exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('portal.removes_pack', true)")
        assert cursor.fetchone() != ("yes",), "the permission ends with the removal"


def test_nothing_personal_is_kept(dashboard, product, owner):
    CatalogueProperty.objects.create(product=product, of="event", name="who", is_personal=True)
    split = {**TREND, "breakdown": [{"property": "who", "of": "event"}]}
    mail = {"property": "email", "of": "person", "op": "is", "value": "ann@example.com"}
    boards.add_tile(dashboard, actor=owner, title="By who", question=split)
    boards.add_tile(dashboard, actor=owner, question={**TREND, "filters": [mail]})
    with time_machine.travel(NOW, tick=False):
        refresh()
        pack = actions.freeze_dashboard(dashboard, actor=owner, name="Board", held_on=dt.date(2026, 3, 21))
    left_out = [tile for tile in pack.tiles.all() if tile.left_out]
    assert len(left_out) == 2 and all(tile.answer is None and tile.asked is None for tile in left_out)
    assert "ann@example.com" not in str(list(PackTile.objects.values()))


def test_a_tile_of_a_product_that_is_not_shared_stays_hidden(pack, product, outsider):
    Product.objects.filter(pk=product.pk).update(visibility=Visibility.TEAM)
    view = view_of(Pack.objects.get(), outsider, NOW)
    assert [tile.state for tile in view.tiles] == ["text", "hidden", "hidden"]


def test_only_editors_freeze_and_an_empty_dashboard_is_refused(dashboard, viewer, owner, product):
    with pytest.raises(NotAllowed):
        actions.freeze_dashboard(dashboard, actor=viewer, name="Board", held_on=dt.date(2026, 3, 21))
    empty = boards.create_dashboard(actor=owner, product=product, title="Empty")
    with pytest.raises(BadInput):
        actions.freeze_dashboard(empty, actor=owner, name="Board", held_on=dt.date(2026, 3, 21))


def test_the_pages_freeze_show_and_remove(dashboard, source, client_of, owner, ops, viewer):
    client = client_of(owner)
    page = client.get(dashboard.get_absolute_url()).content.decode()
    assert f"/sharing/packs/new/?dashboard={dashboard.slug}" in page
    url = f"/sharing/packs/new/?dashboard={dashboard.slug}"
    assert "Freeze Product health" in client.get(url).content.decode()
    assert client.post(url, {"name": ""}).status_code == 422
    made = client.post(url, {"name": "=Board <b>", "held_on": "2026-03-21", "note": "<script>alert(1)</script>"})
    pack = Pack.objects.get()
    assert made.url == pack.get_absolute_url()
    text = client_of(viewer).get(pack.get_absolute_url()).content.decode()
    assert "=Board &lt;b&gt;" in text and "<script>alert" not in text and "example.org" in text
    assert "being compared" in text and 'hx-trigger="every 2s"' in text
    listed = client_of(viewer).get("/sharing/packs/?q=board&format=csv").getvalue().decode()
    assert "'=Board <b>" in listed
    remove = f"/sharing/packs/{pack.pk}/remove/"
    assert client_of(viewer).post(remove, {"reason": "x"}).status_code == 403
    assert client_of(ops).post(remove, {"reason": "Made by mistake"}).status_code == 302
    assert client_of(viewer).get(pack.get_absolute_url()).status_code == 404


def test_files_of_a_pack_hold_then_and_now(pack, source, client_of, viewer):
    with time_machine.travel(LATER, tick=False):
        factories.store_events(source, [event("report opened", "cem", 17, received_at=LATER)])
        look_again(pack)
        client = client_of(viewer)
        text = client.get(f"{pack.get_absolute_url()}?format=csv").getvalue().decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text)))
        book = load_workbook(io.BytesIO(client.get(f"{pack.get_absolute_url()}?format=xlsx").getvalue()))
    assert ["# Pack: Board meeting"] in rows and ["# Range: 19 Feb 2026 to 20 Mar 2026"] in rows
    moved = ["People who read reports", "17 Mar 2026", "report opened, people", "2", "3", "'+1 (+50 %)", ""]
    assert moved in rows
    assert book.sheetnames == ["About", "People who read reports", "From sign-up to report"]
    said = {row[0].value: row[1].value for row in book["About"].iter_rows()}
    assert said["People who read reports: State"] == "1 of 30 numbers are others now"


def test_the_api_freezes_compares_and_removes(dashboard, client_of, owner, ops):
    client = client_of(owner)
    sent = {"dashboard": dashboard.slug, "name": "Board", "held_on": "2026-03-21"}
    with time_machine.travel(NOW, tick=False):
        made = client.post("/api/v1/packs/", sent, content_type="application/json")
        assert made.status_code == 201, made.content
        pack = Pack.objects.get(pk=made.json()["id"])
        look_again(pack)
        found = client.get(f"/api/v1/packs/{pack.pk}/comparison/").json()
    assert [tile["state"] for tile in found["tiles"]] == ["text", "same", "same"]
    assert "sql" not in found["tiles"][1]["answer"]["facts"]
    bad = client.post("/api/v1/packs/", {**sent, "filters": [{"a": 1}]}, content_type="application/json")
    assert bad.status_code == 400
    assert client_of(ops).delete(f"/api/v1/packs/{pack.pk}/?reason=test").status_code == 204


def test_the_page_takes_few_queries_however_many_tiles(dashboard, owner, client_of, django_assert_max_num_queries):
    for number in range(8):
        boards.add_tile(dashboard, actor=owner, question={**TREND, "date_from": f"-{number + 5}d"}, title=f"T {number}")
    with time_machine.travel(NOW, tick=False):
        refresh()
        pack = actions.freeze_dashboard(dashboard, actor=owner, name="Board", held_on=dt.date(2026, 3, 21))
        look_again(pack)
        client = client_of(owner)
        client.get(pack.get_absolute_url())
        with django_assert_max_num_queries(12):
            client.get(pack.get_absolute_url())


def test_a_metric_is_kept_with_its_version(dashboard, source, owner, viewer):
    from insights.metrics import actions as metrics
    from insights.metrics import refreshing
    from insights.metrics.forming import read_definition
    from insights.metrics.models import MetricVersion

    def compute(now):
        refreshing.refresh_versions(MetricVersion.objects.select_related("metric"), now)

    with time_machine.travel(NOW, tick=False):
        product = dashboard.product
        weekly = {**TREND, "interval": "week"}
        definition = read_definition(weekly, product=product, actor=owner, now=NOW, unit="people", direction="up")
        metric = metrics.create_metric(definition, product=product, name="Readers", actor=owner)
        compute(NOW)
        boards.add_tile(dashboard, actor=owner, kind="metric", metric=metric, chart="line")
        pack = actions.freeze_dashboard(dashboard, actor=owner, name="Board", held_on=dt.date(2026, 3, 21))
    same = by_title(view_of(pack, viewer, NOW))["Readers"]
    assert same.state == "same" and same.tile.source_of_question == "metric “Readers”, version 1"
    with time_machine.travel(LATER, tick=False):
        factories.store_events(source, [event("report opened", "cem", 10, received_at=LATER)])
        compute(LATER)
    moved = by_title(view_of(pack, viewer))["Readers"]
    assert ("week of 9 Mar 2026", 1, 2) in [one[:3] for one in moves(moved)]
    assert any("late events" in reason.text for reason in moved.reasons)
