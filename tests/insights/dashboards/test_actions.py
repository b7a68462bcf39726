"""Dashboards and tiles through their actions: roles, two editors at once, nothing lost, everything recorded."""

import pytest
from django.db import IntegrityError, transaction

from insights.dashboards import actions
from insights.dashboards.layout import Box
from insights.dashboards.models import Annotation, Dashboard, HomeDashboard, Star, Tile
from portal.audit.models import AuditEntry
from portal.shell.public import BadInput, Conflict, NotAllowed

TREND = {"kind": "trend", "series": [{"event": "report opened"}], "date_from": "-30d"}


def places(dashboard):
    return {tile.pk: (tile.x, tile.y, tile.w, tile.h) for tile in dashboard.tiles.live()}


def test_two_dashboards_of_one_title_have_two_addresses(dashboard, owner, product):
    second = actions.create_dashboard(actor=owner, product=product, title="Product health")
    assert (dashboard.slug, second.slug) == ("product-health", "product-health-2")


def test_a_title_that_is_a_pages_address_gets_another(owner, product):
    assert actions.create_dashboard(actor=owner, product=product, title="New").slug == "new-2"


def test_viewer_and_outsider_cannot_create(viewer, outsider, product):
    for user in (viewer, outsider):
        with pytest.raises(NotAllowed):
            actions.create_dashboard(actor=user, product=product, title="Mine")
    assert not Dashboard.objects.exists()


def test_second_editor_is_told_who_was_first_and_nothing_is_lost(dashboard, owner, editor):
    actions.update_dashboard(dashboard, actor=editor, revision=1, title="Health")
    with pytest.raises(Conflict, match="Editor changed"):
        actions.update_dashboard(dashboard, actor=owner, revision=1, purpose="Weekly look")
    actions.update_dashboard(dashboard, actor=owner, revision=2, purpose="Weekly look")
    dashboard.refresh_from_db()
    assert (dashboard.title, dashboard.purpose, dashboard.revision) == ("Health", "Weekly look", 3)


def test_tiles_are_placed_in_gaps_and_recorded(dashboard, owner):
    first = actions.add_tile(dashboard, actor=owner, question=TREND, title="People", chart="line")
    second = actions.add_tile(dashboard, actor=owner, question=TREND, title="Same", chart="line")
    text = actions.add_tile(dashboard, actor=owner, kind="text", text="# Read me")
    assert places(dashboard) == {first.pk: (0, 0, 6, 4), second.pk: (6, 0, 6, 4), text.pk: (0, 4, 12, 2)}
    assert AuditEntry.objects.filter(verb="tile.created").count() == 3


def test_arranging_on_an_old_layout_is_a_conflict_but_added_tiles_are_not(dashboard, owner, editor):
    first = actions.add_tile(dashboard, actor=owner, question=TREND)
    second = actions.add_tile(dashboard, actor=owner, question=TREND)
    dashboard.refresh_from_db()
    seen = dashboard.layout_revision
    swapped = [Box(first.pk, 6, 0, 6, 4), Box(second.pk, 0, 0, 6, 4), Box(10**9, 0, 0, 1, 1)]
    actions.arrange_tiles(dashboard, actor=editor, revision=seen, places=swapped)
    assert places(dashboard) == {second.pk: (0, 0, 6, 4), first.pk: (6, 0, 6, 4)}
    with pytest.raises(Conflict):
        actions.arrange_tiles(dashboard, actor=owner, revision=seen, places=swapped)


def test_deleting_closes_the_gap_and_undo_puts_it_back(dashboard, owner):
    first = actions.add_tile(dashboard, actor=owner, kind="text", text="one")
    second = actions.add_tile(dashboard, actor=owner, kind="text", text="two")
    assert actions.delete_tile(first, actor=owner) is True
    assert actions.delete_tile(first, actor=owner) is False
    assert places(dashboard) == {second.pk: (0, 0, 12, 2)}
    actions.restore_tile(first, actor=owner)
    assert places(dashboard) == {first.pk: (0, 0, 12, 2), second.pk: (0, 2, 12, 2)}


def test_moving_to_another_dashboard_keeps_asking_about_the_old_product(dashboard, owner, product):
    other = actions.create_dashboard(actor=owner, product=product, title="Other")
    tile = actions.add_tile(dashboard, actor=owner, question=TREND)
    actions.move_tile(tile, other, actor=owner)
    tile.refresh_from_db()
    assert tile.dashboard == other and tile.question["products"] == [product.slug]


def test_second_editor_of_a_tile_is_told(dashboard, owner, editor):
    tile = actions.add_tile(dashboard, actor=owner, kind="text", text="one")
    actions.update_tile(tile, actor=editor, revision=1, text="two")
    with pytest.raises(Conflict):
        actions.update_tile(tile, actor=owner, revision=1, text="three")
    tile.refresh_from_db()
    assert tile.text == "two"


def test_a_full_dashboard_refuses_one_more(dashboard, owner):
    Tile.objects.bulk_create([Tile(dashboard=dashboard, kind="text", text="x", x=0, y=n, w=12, h=1) for n in range(40)])
    with pytest.raises(BadInput, match="at most 40 tiles"):
        actions.add_tile(dashboard, actor=owner, kind="text", text="one more")


def test_stars_and_home_are_each_persons_own_and_safe_to_repeat(dashboard, viewer, owner):
    for _ in range(2):
        actions.set_star(dashboard, actor=viewer, is_starred=True)
        actions.set_home(dashboard, actor=viewer)
    assert Star.objects.get().user == viewer and HomeDashboard.objects.get().user == viewer
    assert not Dashboard.objects.with_marks(owner).get().is_starred
    assert AuditEntry.objects.filter(verb="dashboard.starred").count() == 1


def test_an_annotation_belongs_to_one_place_and_ends_after_it_starts(dashboard, owner, viewer, product):
    actions.create_annotation(actor=owner, text="Release 4.2", starts_on="2026-11-01", product=product)
    with pytest.raises(NotAllowed):
        actions.create_annotation(actor=viewer, text="Mine", starts_on="2026-11-01", dashboard=dashboard)
    with pytest.raises(IntegrityError, match="ends_on_or_after"), transaction.atomic():
        actions.create_annotation(
            actor=owner, text="Back", starts_on="2026-11-02", ends_on="2026-11-01", product=product
        )
    assert Annotation.objects.shown_on(dashboard).count() == 1


def test_a_tile_outside_the_grid_is_refused_by_the_database(dashboard):
    with pytest.raises(IntegrityError, match="twelve_columns"), transaction.atomic():
        Tile.objects.create(dashboard=dashboard, kind="text", text="x", x=8, y=0, w=6, h=1)
