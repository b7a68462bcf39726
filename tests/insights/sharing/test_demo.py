"""The demo's pack shows a month whose numbers moved, and is made once however often it is seeded."""

import datetime as dt

import time_machine
from django.utils import timezone

from insights.capture.demo.world import PLANNER
from insights.dashboards import actions as boards
from insights.sharing import demo
from insights.sharing.models import Pack
from insights.sharing.packs import show_pack
from portal.operations.contracts import DemoWorld
from portal.people.models import Product
from portal.people.public import SYSTEM
from tests import factories
from tests.insights.sharing.conftest import TREND, look_again


def test_the_demo_has_a_pack_with_a_restated_number(product, owner):
    Product.objects.filter(pk=product.pk).update(slug=PLANNER.slug)
    product.refresh_from_db()
    source = factories.make_source(product, PLANNER.source_name, slug=PLANNER.source_slug)
    early = {"event": "report opened", "distinct_id": "user-00001", "timestamp": "2026-10-30T10:00:00Z"}
    early["received_at"] = "2026-10-30T10:00:02Z"
    factories.store_events(source, [early])
    board = boards.create_dashboard(actor=SYSTEM, product=product, title="Product health")
    boards.add_tile(board, actor=SYSTEM, title="Readers", question=TREND, chart="line")
    world = DemoWorld(dt.date(2026, 11, 20), 1, {"product_manager": owner})
    with time_machine.travel(dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC)):
        for _ in range(2):
            demo.seed_pack(world, lambda done, total, note="": None)
        pack = Pack.objects.get()
        assert (pack.name, pack.range_words) == ("Board meeting, October", "1 Oct 2026 to 31 Oct 2026")
        look_again(pack)
        (tile,) = show_pack(pack, user=owner, now=timezone.now()).tiles
    assert [(one.row, one.then.value, one.now.value) for one in tile.comparison.moved] == [
        ("29 Oct 2026", 0, 10),
        ("30 Oct 2026", 1, 11),
        ("31 Oct 2026", 0, 10),
    ]
    assert "30 events of these days were received after the freezing: late events." in [
        one.text for one in tile.reasons
    ]
