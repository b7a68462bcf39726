"""A pack of the demo company: last month's numbers as the board saw them, and events that came late to them."""

import json
import tempfile
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from insights.capture.demo.world import PLANNER
from insights.dashboards.answers import tile_questions
from insights.dashboards.contracts import Scope
from insights.dashboards.models import Dashboard
from insights.dashboards.refreshing import bring_up_to_date
from insights.events.public import Batch, Source, commit_staged, start_batch
from insights.sharing import actions
from insights.sharing.models import Pack
from portal.operations.contracts import DemoWorld, Progress
from portal.people.public import SYSTEM

_BOARD = "Product health"
_NOTE = "Shown to the board. Phones of the field teams were offline at the end of the month; their events came later."
_LATE_FILE = "phones-that-were-offline.csv"
_LATE_EVENTS = ("report opened", "task created")
_N_LATE_PEOPLE = 60


def seed_pack(world: DemoWorld, progress: Progress) -> None:
    """Freeze the last whole month of a demo dashboard, then load what came late; what is there is left as it is."""
    board = Dashboard.objects.select_related("product").filter(title=_BOARD, product__slug=PLANNER.slug).first()
    if board is None:
        return
    last = world.ends_on.replace(day=1) - timedelta(days=1)
    if not Pack.objects.filter(dashboard=board).exists():
        scope = Scope(last.replace(day=1).isoformat(), last.isoformat())
        now = timezone.now()
        progress(0, 1, f"asking for {last:%B}")
        bring_up_to_date(tile_questions(board.tiles.live().with_questions(), scope, now).values(), now)
        actions.freeze_dashboard(
            board,
            actor=world.users.get("product_manager") or SYSTEM,
            name=f"Board meeting, {last:%B}",
            held_on=world.ends_on,
            note=_NOTE,
            scope=scope,
        )
    _load_late(last)
    progress(1, 1)


def _load_late(last: date) -> None:
    source = Source.objects.filter(slug=PLANNER.source_slug).first()
    if source is None or Batch.objects.filter(source=source, file_name=_LATE_FILE, state=Batch.State.DONE).exists():
        return
    root = Path(settings.EVENT_STORE_DIR) / "tmp"
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="flush-", dir=root) as name:
        _stage(_late_events(last), Path(name))
        batch = start_batch(source, Batch.Kind.SEED, actor=SYSTEM, file_name=_LATE_FILE)
        commit_staged(batch, Path(name))


def _late_events(last: date) -> list[tuple[Any, ...]]:
    """Return what the phones sent: people of the demo at work on the last three days of the month."""
    now, rows = timezone.now().replace(tzinfo=None), []
    for number in range(_N_LATE_PEOPLE):
        day = last - timedelta(days=number % 3)
        at = datetime(day.year, day.month, day.day, 9 + number % 8, number % 60)
        person, account = f"user-{number * 37 % 900 + 1:05}", None
        properties = json.dumps({"load_ms": 700 + number * 11, "platform": "mobile"})
        event = _LATE_EVENTS[number % len(_LATE_EVENTS)]
        rows.append((number + 1, f"late-{number + 1}", event, person, account, at, at.isoformat(), now, properties))
    return rows


def _stage(rows: list[tuple[Any, ...]], folder: Path) -> None:
    import duckdb  # large; only whoever makes the demo needs it here

    kinds = {"item_no": "BIGINT", "event_id": "VARCHAR", "event": "VARCHAR", "distinct_id": "VARCHAR"}
    kinds |= {"account_id": "VARCHAR", "ts": "TIMESTAMP", "sent_time": "VARCHAR", "received_at": "TIMESTAMP"}
    kinds["properties"] = "VARCHAR"
    columns = ", ".join(f"unnest($c_{name}::{kind}[]) AS {name}" for name, kind in kinds.items())
    values = {f"c_{name}": [row[place] for row in rows] for place, name in enumerate(kinds)}
    target = str(folder / "events-1.parquet").replace("'", "''")
    with duckdb.connect() as duck:
        duck.execute(f"COPY (SELECT *, NULL::UUID AS row_hash FROM (SELECT {columns})) TO '{target}'", values)
