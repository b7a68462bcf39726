"""A dashboard in one click, made from what a product's catalogue has seen."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from insights.catalogue.public import PropertyInfo, list_event_names, list_properties, read_source, sources_of_products
from insights.dashboards.access import get_dashboard
from insights.dashboards.actions.dashboards import create_dashboard
from insights.dashboards.actions.tiles import add_tile
from insights.dashboards.models import Dashboard
from insights.dashboards.starter import Seen, build_starter, choose_path, starter_range
from insights.events.public import get_source, open_snapshot
from portal.people.public import Product, get_product, require
from portal.shell.public import BadInput

_READABLE = range(2, 13)  # so many different values make a chart that can be read
_LONGEST_READABLE = 24  # letters; browsers' names and texts make no legend
_HOW_MANY = 5
_MOST_NAMES_ON_A_PATH = 30
_MOST_TRIED = 10  # properties whose values are counted

# What most people do first, and what they do for the first time after it: how many do, and how long after (seconds).
_PATH_SQL = """
WITH firsts AS (
    SELECT event_code, distinct_no, min(first_ts) AS ts FROM {first_seen}
    WHERE event_code IN (SELECT unnest($codes)) GROUP BY ALL
), entries AS (
    SELECT arg_min(event_code, (ts, event_code)) AS event_code FROM firsts GROUP BY distinct_no
), start AS (
    SELECT event_code, count(*) AS n FROM entries GROUP BY 1 ORDER BY n DESC, event_code LIMIT 1
)
SELECT firsts.event_code, count(*) AS n, median(epoch(firsts.ts) - epoch(begun.ts)) AS wait_s
FROM firsts JOIN firsts AS begun USING (distinct_no)
WHERE begun.event_code = (SELECT event_code FROM start) AND firsts.ts >= begun.ts
GROUP BY 1 ORDER BY firsts.event_code = any_value(begun.event_code) DESC, wait_s, n DESC, 1
"""

# How many values a property has, in as many events as tell it from an id.
_VALUES_SQL = """
SELECT count(DISTINCT value) FROM (
    SELECT variant_extract(properties, $key)::VARCHAR AS value FROM {all_events} WHERE event_code = $code LIMIT 20000
)
"""


def starter_title(about: Any) -> str:
    """Return what the starter dashboard of a product or a source is called."""
    return f"{about} at a glance"[:120]


def look_at(source_ids: list[int]) -> Seen:
    """Return what the catalogue has seen of some sources, once it knows what was loaded a moment ago."""
    for source_id in source_ids:
        read_source(source_id)
    names = [info.name for info in list_event_names(source_ids, limit=50)]
    own = [name for name in names if not name.startswith("$")] or names
    candidates = [
        (info.name, event)
        for event in own[:_HOW_MANY]
        for info in list_properties(source_ids, of="event", event=event)
        if _may_split(info)
    ]
    with open_snapshot(source_ids, caller="insights.dashboards.starter") as snapshot:
        last = snapshot.data_until
        if last is None:
            return Seen(own)
        first = snapshot.execute("SELECT min(first_ts) FROM {first_seen}").tuples[0][0]
        monday = datetime.combine(last - timedelta(days=last.weekday()), time.min)
        sql = "SELECT max(ts) FROM {events} WHERE ts < $monday"
        before = snapshot.execute(sql, {"monday": monday}, until=monday.replace(tzinfo=UTC)).tuples[0][0]
        path = _find_path(snapshot, own[:_MOST_NAMES_ON_A_PATH])
        split = next((one for one in candidates[:_MOST_TRIED] if _splits_well(snapshot, *one)), None)
    return Seen(
        events=own,
        properties=[split] if split else [],
        first_on=first.date() if first else None,
        last_on=last.date(),
        path=path,
        week_before_on=before.date() if before else None,
    )


def _find_path(snapshot: Any, names: list[str]) -> list[str]:
    codes = snapshot.codes_of(names)
    rows = snapshot.execute(_PATH_SQL, {"codes": sorted(codes.values())}).tuples if codes else []
    names_by_code = {code: name for name, code in codes.items()}
    return choose_path([(names_by_code[code], n_people) for code, n_people, _ in rows])


def _may_split(info: PropertyInfo) -> bool:
    """Say whether a property looks as if it had few values; the catalogue keeps a few examples, not their number."""
    is_short = all(len(example) <= _LONGEST_READABLE for example in info.examples)
    return not info.is_personal and "text" in info.types and len(info.examples) in _READABLE and is_short


def _splits_well(snapshot: Any, name: str, event: str) -> bool:
    codes = snapshot.codes_of([event])
    found = snapshot.execute(_VALUES_SQL, {"code": codes.get(event, 0), "key": name}).tuples
    return found[0][0] in _READABLE


def make_starter(user: Any, *, product: str = "", source: str = "", dashboard: str = "") -> Dashboard:
    """Make a starter dashboard of a product or a source, or fill an empty dashboard; named by one slug."""
    if dashboard:
        board = get_dashboard(user, dashboard, write=True)
        return create_starter(board.product, actor=user, dashboard=board)
    if source:
        found = get_source(user, source)
        return create_starter(found.product, actor=user, source=found)
    if product:
        return create_starter(get_product(user, product), actor=user)
    raise BadInput("Name a product, a source or a dashboard.")


def create_starter(
    product: Product, *, actor: Any, source: Any = None, dashboard: Dashboard | None = None, now: datetime | None = None
) -> Dashboard:
    """Make a dashboard, or fill an empty one, with the starter set of a product or of one of its sources."""
    now = now or timezone.now()
    source_ids = [source.pk] if source else sources_of_products([product.pk])
    seen = look_at(source_ids) if source_ids else Seen([])
    if seen.last_on is None:
        raise BadInput(f"{source or product} has no events yet. Load a file or connect a source, then try again.")
    if dashboard is not None:
        require(actor, "dashboards.edit", dashboard)
    with transaction.atomic():
        date_from, date_to = starter_range(seen, now.date())
        if dashboard is None:
            dashboard = create_dashboard(
                actor=actor,
                product=product,
                title=starter_title(source or product),
                purpose="Who is active, who comes back, and what they do. Change what you like.",
                date_from=date_from,
                date_to=date_to,
            )
        for tile in build_starter(seen, now.date()):
            question = {**tile.question, "sources": [source.slug]} if source else tile.question
            fields = {"title": tile.title, "chart": tile.chart, "keeps_own_dates": tile.keeps_own_dates}
            add_tile(dashboard, actor=actor, question=question, w=tile.w, h=tile.h, **fields)
    return dashboard
