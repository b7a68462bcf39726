"""Making the demo company: teams and products, sources, a year of events by the store's own door, the catalogue."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.db import transaction

from insights.capture.demo import activity, world
from insights.capture.demo.activity import Activity
from insights.capture.demo.people import Population, make_population
from insights.capture.demo.properties import make_variants
from insights.capture.demo.story import Story, tell_story
from insights.catalogue.public import describe_by_seed, read_source
from insights.events.public import Batch, Source, commit_staged, create_source, start_batch
from portal.people.public import SYSTEM, Product, Team, User, add_member, create_product, create_team

Progress = Callable[..., None]
_ID = "'{prefix}-' || lpad((person + 1)::VARCHAR, 5, '0')"


def seed_teams(demo: Any, progress: Progress) -> None:
    """Make teams and products, and put the demo's people into their teams."""
    teams = {slug: _team(slug, name) for slug, name in world.TEAMS.items()}
    owner = demo.users.get("product_manager")
    for product in world.PRODUCTS:
        if not Product.objects.filter(slug=product.slug).exists():
            create_product(actor=SYSTEM, name=product.name, slug=product.slug, team=teams[product.team], owner=owner)
    members: dict[str, list[User | None]] = {
        "planner-core": [owner, demo.users.get("viewer")],
        "growth": [owner],
        "time-tracking": [owner],
    }
    for slug, users in members.items():
        for user in users:
            if user is not None:
                add_member(teams[slug], user, actor=SYSTEM)
    progress(1, 1, "teams and products")


def _team(slug: str, name: str) -> Team:
    return Team.objects.filter(slug=slug).first() or create_team(actor=SYSTEM, name=name, slug=slug)


@transaction.atomic
def _source(product: world.DemoProduct) -> Source:
    found, of = Source.objects.filter(slug=product.source_slug).first(), Product.objects.get(slug=product.slug)
    return found or create_source(
        actor=SYSTEM,
        product=of,
        owner=of.owner,
        name=product.source_name,
        slug=product.source_slug,
        kind=Source.Kind.API,
        description="Events of the demo company. Make a write key to send your own beside them.",
    )


@dataclass(frozen=True)
class _Year:
    """A product's year of events, generated and not yet written."""

    product: world.DemoProduct
    names: tuple[str, ...]
    reports: tuple[str, ...]
    activity: Activity
    story: Story
    people: Population


def make_years(seed: int, end_on: date) -> list[_Year]:
    """Generate both products' events; equal arguments give equal events."""
    rng = np.random.default_rng(seed)
    people = make_population(rng)
    years = []
    for product, names, make, reports in (
        (world.PLANNER, activity.PLANNER_EVENTS, activity.make_planner, ()),
        (world.TIMESHEET, activity.TIMESHEET_EVENTS, activity.make_timesheet, ("utilisation", "profitability")),
    ):
        done = make(rng, people, end_on)
        story = tell_story(rng, people, len(done.ts) + 1, has_onboarding=product is world.PLANNER)
        years.append(_Year(product, names, reports, done, story, people))
    return years


def seed_events(demo: Any, progress: Progress) -> None:
    """Generate the year and load it, source by source; a source that has its events is left alone."""
    waiting = [product for product in world.PRODUCTS if not _is_loaded(product)]
    if not waiting:
        return
    progress(0, 100, "inventing a year of events")
    years = [year for year in make_years(demo.seed, demo.ends_on) if year.product in waiting]
    sizes = [len(year.activity.ts) + year.story.n_items for year in years]
    done = 5.0
    for year, size in zip(years, sizes, strict=True):
        share = 95.0 * size / sum(sizes)

        def report(
            step: str, at: int, total: int, done: float = done, share: float = share, year: _Year = year
        ) -> None:
            part = 0.2 + 0.8 * at / total if total else 0.2
            progress(int(done + share * part), 100, f"{year.product.name}: {step.lower()}")

        _load(year, demo.ends_on, report)
        done += share
    progress(100, 100, f"{sum(sizes):,} events")


def _is_loaded(product: world.DemoProduct) -> bool:
    return Batch.objects.filter(source__slug=product.source_slug, kind=Batch.Kind.SEED, state=Batch.State.DONE).exists()


def _load(year: _Year, end_on: date, report: Callable[[str, int, int], None]) -> None:
    source = _source(year.product)
    root = Path(settings.EVENT_STORE_DIR) / "tmp"
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="flush-", dir=root) as name:
        report("writing events", 0, 0)
        stage_year(year, world.day_of(0, end_on), Path(name))
        batch = start_batch(source, Batch.Kind.SEED, actor=SYSTEM, file_name=f"{year.product.slug}-year.parquet")
        commit_staged(batch, Path(name), progress=report)


def stage_year(year: _Year, first_day: date, folder: Path) -> None:
    """Write a year's events, traits and joins as staged files."""
    import duckdb
    import pandas as pd  # both are large; only whoever makes the demo needs them

    base = datetime(first_day.year, first_day.month, first_day.day)
    rng = np.random.default_rng(len(year.names))
    done, story = year.activity, year.story
    frames = {
        "done": pd.DataFrame(
            {
                "person": done.person.astype(np.int32),
                "account": year.people.account[done.person].astype(np.int32),
                "ts": done.ts,
                "event": done.event,
                "released": done.released,
                "variant": done.variant,
            }
        ),
        "variants": pd.DataFrame(
            make_variants(rng, year.names, year.reports), columns=["event", "released", "variant", "properties"]
        ),
        "names": pd.DataFrame({"event": range(len(year.names)), "name": year.names}),
        "events": pd.DataFrame(story.events, columns=["item_no", "name", "who", "account", "ts", "properties"]),
        "traits": pd.DataFrame(story.traits, columns=["item_no", "subject", "subject_id", "key", "value", "ts"]),
        "joins": pd.DataFrame(story.joins, columns=["item_no", "kind", "distinct_id", "person_id", "ts"]),
    }
    moment = "$base::TIMESTAMP + to_microseconds(ts)"
    tail = f"{moment} AS ts, ({moment})::VARCHAR AS sent_time, {moment} + INTERVAL 2 SECOND AS received_at, properties"
    head = f"item_no::BIGINT AS item_no, '{year.product.slug}-' || item_no AS event_id, NULL::UUID AS row_hash"
    statements = {
        "events-1": f"""
            SELECT {head}, n.name AS event, {_ID.format(prefix="user")} AS distinct_id,
                'acc-' || lpad((account + 1)::VARCHAR, 4, '0') AS account_id, {tail}
            FROM (SELECT *, row_number() OVER () AS item_no FROM done) d JOIN names n USING (event)
            JOIN variants v USING (event, released, variant)""",
        "events-2": f"SELECT {head}, name AS event, who AS distinct_id, account AS account_id, {tail} FROM events",
        "traits-1": f"SELECT item_no::BIGINT AS item_no, subject, subject_id, key, value, {moment} AS ts FROM traits",
        "joins-1": f"SELECT item_no::BIGINT AS item_no, kind, distinct_id, person_id, {moment} AS ts FROM joins",
    }
    with duckdb.connect(config={"threads": settings.EVENT_STORE_THREADS}) as duck:
        for frame_name, frame in frames.items():
            duck.register(frame_name, frame)
        for file_name, statement in statements.items():
            target = str(folder / f"{file_name}.parquet").replace("'", "''")
            if len(frames[file_name.partition("-")[0]]):
                duck.execute(f"COPY ({statement}) TO '{target}' (FORMAT parquet)", {"base": base})


def seed_catalogue(demo: Any, progress: Progress) -> None:
    """List the demo's names, and say what they mean."""
    for number, product in enumerate(world.PRODUCTS):
        source = Source.objects.get(slug=product.source_slug)
        progress(number, len(world.PRODUCTS), f"listing the events of {product.name}")
        read_source(source.pk)
        owner = demo.users.get("product_manager")
        describe_by_seed(source.product_id, world.DESCRIPTIONS, world.PROPERTY_DESCRIPTIONS, owner=owner)
    progress(len(world.PRODUCTS), len(world.PRODUCTS))
