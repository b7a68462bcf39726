"""Taking a staged batch into the store: whole or not at all, each row accounted for.

Order: check and key the rows → number names and ids → find what came before → write parts → one transaction for
manifest, joins, quarantined rows, counts and the caller's `also`. A death before that leaves files that
nobody reads.
"""

import datetime as dt
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from insights.events.contracts import PERSON_ACCOUNT_KEY, BatchCounts, Progress, RawOf
from insights.events.duplicates import files_to_compare, find_dropped
from insights.events.engine import working_connection
from insights.events.identities import (
    MANY,
    Claim,
    JoinPlan,
    apply_plan,
    first_time_of,
    members_of,
    plan_joins,
    write_person_map,
)
from insights.events.manifest import Span, publish, writer_lock
from insights.events.models import Account, Batch, BatchOverlap, Change, DistinctId, EventName, Manifest, Part, Source
from insights.events.numbers import look_up_texts, number_texts
from insights.events.parts import EVENT_COLUMNS, TRAIT_COLUMNS, PartWriter, aware, month_bounds
from insights.events.quarantine import quarantine_rows, tell_ops
from insights.events.staging import Staged, may_be_id
from portal.shell.public import Conflict

log = logging.getLogger(__name__)

# Rows sorted in one go: some 500 MB with properties of a hundred letters; more spills to disk.
SORTED_TOGETHER = 2_000_000
_MONTHS_AT_ONCE = 2


def commit_staged(
    batch: Batch,
    folder: Path,
    *,
    raw_of: RawOf | None = None,
    progress: Progress | None = None,
    also: Callable[[], None] | None = None,
) -> BatchCounts:
    """Take a staged batch into the store and finish it; `also` runs in the same transaction.

    raw_of gives the raw text of conflicting items for the quarantine. Raises Conflict when the batch is over already;
    whatever is raised, nothing was stored.
    """
    started = timezone.now()
    source = Source.objects.select_related("id_space").get(pk=batch.source_id)
    with writer_lock() as base_version, working_connection(folder) as duck:
        load = _Load(duck, folder, source, batch, progress or _silent)
        try:
            load.prepare(started)
            counts = load.publish(base_version, raw_of, also)
        except BaseException:
            load.writer.discard()
            raise
    took_s = (timezone.now() - started).total_seconds()
    log.info("batch %s: %s read, %s accepted in %.1f s", batch.pk, counts.n_read, counts.n_accepted, took_s)
    return counts


def _silent(step: str, done: int, total: int) -> None:
    """Report nothing."""


def dry_run(source: Source, folder: Path) -> BatchCounts:
    """Say what would become of a staged folder; stores nothing, gives no numbers, waits for nobody."""
    with working_connection(folder) as duck:
        staged = Staged(duck, folder, source)
        staged.open()
        now = timezone.now()
        find_dropped(staged, now, files_to_compare(staged, now))
        return _counts_of(staged, staged.count("SELECT count(*) FROM kept"))


def _counts_of(staged: Staged, n_accepted: int) -> BatchCounts:
    n_conflicts = staged.count("SELECT count(*) FROM dropped WHERE is_conflict")
    n_faulty = staged.count("SELECT count(*) FROM keys WHERE fault IS NOT NULL")
    n_rejects = staged.n_rejects()
    low, high = staged.duck.execute("SELECT min(ts), max(ts) FROM kept").fetchone()
    overlaps = staged.duck.execute(
        "SELECT earlier_batch, count(*) FROM dropped WHERE NOT is_conflict AND earlier_batch IS NOT NULL GROUP BY 1"
    ).fetchall()
    return BatchCounts(
        n_read=staged.count("SELECT count(*) FROM keys") + n_rejects,
        n_accepted=n_accepted,
        n_duplicates=staged.count("SELECT count(*) FROM dropped WHERE NOT is_conflict"),
        n_quarantined=n_rejects + n_faulty + n_conflicts,
        n_conflicts=n_conflicts,
        min_ts=aware(low),
        max_ts=aware(high),
        overlaps=dict(overlaps),
    )


class _Load:
    """One batch on its way into the store."""

    def __init__(self, duck: Any, folder: Path, source: Source, batch: Batch, progress: Progress):
        self.duck, self.source, self.batch, self.progress = duck, source, batch, progress
        self.staged = Staged(duck, folder, source)
        self.writer = PartWriter(duck)
        self.claims: list[Claim] = []
        self.n_accepted = self.n_traits = 0

    def prepare(self, now: dt.datetime) -> None:
        """Do all the work that needs no transaction."""
        self.progress("Checking rows", 0, 4)
        # PostgreSQL looks for the ids' numbers on one core while the engine checks the rows.
        with ThreadPoolExecutor(max_workers=1) as pool:
            opened = pool.submit(self.staged.open)
            try:
                n_unknown = self._look_up_ids()
            finally:
                opened.result()  # what is wrong with the folder is said first
        self.progress("Looking for duplicates", 1, 4)
        find_dropped(self.staged, now, files_to_compare(self.staged, now))
        # Traits and joins of a row that is not taken are not taken either; items without an event row count as taken.
        self.duck.execute(
            "CREATE TABLE skipped AS SELECT item_no FROM dropped UNION SELECT item_no FROM keys WHERE fault IS NOT NULL"
        )
        self.progress("Numbering ids", 2, 4)
        self._number(n_unknown)
        self.progress("Writing parts", 3, 4)
        self._write_events()
        self._write_traits()
        self._read_claims()
        self.progress("Committing", 4, 4)

    def _look_up_ids(self) -> int:
        """Fill `ids` and `accounts` with the numbers given before; return how many texts that may be ids have none."""
        if not self.staged.events:
            return 0
        with self.duck.cursor() as duck:
            return sum(
                look_up_texts(
                    duck,
                    f"SELECT {column} AS text FROM {self.staged.plain_sql()} WHERE {may_be_id(column)}",
                    {"events": self.staged.events},
                    target,
                    model,
                    self.source.id_space,
                )
                for target, model, column in (("accounts", Account, "account_id"), ("ids", DistinctId, "distinct_id"))
            )

    def _number(self, n_unknown: int) -> None:
        """Number the names and ids of the rows taken; n_unknown — ids of events that had no number before."""
        staged, space = self.staged, self.source.id_space
        takes_all = staged.count("SELECT (SELECT count(*) FROM kept) = (SELECT count(*) FROM keys)")
        taken = "" if takes_all else "SEMI JOIN kept USING (rid)"
        ids, accounts, params = [], [], {}
        if staged.events:
            number_texts(
                self.duck,
                f"SELECT event AS text FROM {staged.plain_sql()} {taken}",
                {"events": staged.events},
                "names",
                EventName,
            )
            if n_unknown:
                ids.append(f"SELECT distinct_id AS text FROM {staged.plain_sql()} {taken}")
                accounts.append(f"SELECT account_id AS text FROM {staged.plain_sql()} {taken}")
                params["events"] = staged.events
        if staged.traits:
            traits = "FROM read_parquet($traits) WHERE item_no NOT IN (SELECT item_no FROM skipped)"
            ids.append(f"SELECT subject_id AS text {traits} AND subject = 'person'")
            accounts.append(f"SELECT subject_id AS text {traits} AND subject = 'account'")
            accounts.append(f"SELECT json_extract_string(value, '$') AS text {traits} AND key = '{PERSON_ACCOUNT_KEY}'")
            params["traits"] = staged.traits
        self._number_ids("accounts", Account, accounts, params, space)
        if staged.joins:
            joins = "FROM read_parquet($joins) WHERE item_no NOT IN (SELECT item_no FROM skipped)"
            ids += [f"SELECT distinct_id AS text {joins}", f"SELECT person_id AS text {joins}"]
            params["joins"] = staged.joins
        self._number_ids("ids", DistinctId, ids, params, space)

    def _number_ids(self, target: str, model: Any, selects: list[str], params: dict, space: Any) -> None:
        if selects:
            number_texts(self.duck, " UNION ALL ".join(selects), dict(params), target, model, space)

    def _write_events(self) -> None:
        months = self.duck.execute("SELECT month, count(*) FROM kept GROUP BY month ORDER BY month").fetchall()
        for together in _groups_of_months(months):
            self._sort_events(together)
            # A month is too few row groups to keep every core busy to its end, so two are written side by side.
            with ThreadPoolExecutor(max_workers=_MONTHS_AT_ONCE) as pool:
                self.n_accepted += sum(pool.map(self._write_month, together))
        self.duck.execute("DROP TABLE IF EXISTS sorted_events")

    def _write_month(self, month: dt.date) -> int:
        """Write a month's part out of `sorted_events`, return its rows; in a thread, so without Django's database."""
        with self.duck.cursor() as duck:
            part = PartWriter(duck, self.writer.written).write_events(
                f"SELECT {EVENT_COLUMNS} FROM (SELECT * REPLACE (properties::JSON::VARIANT AS properties), "
                "$source::UINTEGER AS source_no, $batch::UINTEGER AS batch_no "
                "FROM sorted_events WHERE month = $month)",
                {"month": month, "source": self.source.pk, "batch": self.batch.pk},
                self.source.pk,
                month,
            )
        return part.n_rows if part else 0

    def _sort_events(self, months: list[dt.date]) -> None:
        """Fill `sorted_events` with the rows of neighbouring months, numbered and in the order of their parts.

        The staged file is read and joined once for all of them: where times are mixed, each month lies all over it.
        """
        self.duck.execute(
            f"""
            CREATE OR REPLACE TABLE sorted_events AS
            SELECT k.month, n.no AS event_code, d.no AS distinct_no, a.no AS account_no, s.ts, s.received_at,
                k.row_key, k.content_hash, s.event_id, s.properties
            FROM {self.staged.wide_sql()} s
            JOIN kept k USING (rid) JOIN names n ON n.text = s.event JOIN ids d ON d.text = s.distinct_id
            LEFT JOIN accounts a ON a.text = s.account_id
            WHERE s.ts >= $start AND s.ts < $until AND k.month BETWEEN $first AND $last
            ORDER BY k.month, event_code, s.ts
            """,
            {
                "events": self.staged.events,
                "start": month_bounds(months[0])[0],
                "until": month_bounds(months[-1])[1],
                "first": months[0],
                "last": months[-1],
            },
        )

    def _write_traits(self) -> None:
        if not self.staged.traits:
            return
        self.duck.execute(
            f"""
            CREATE TABLE new_traits AS
            SELECT subject, coalesce(d.no, a.no) AS subject_no, key, CASE WHEN t.key = '{PERSON_ACCOUNT_KEY}'
                AND subject = 'person' THEN g.no::VARCHAR ELSE value END AS value, ts, item_no
            FROM (
                SELECT subject, subject_id, key, arg_max(value, (ts, item_no)) AS value, max(ts) AS ts,
                    arg_max(item_no, (ts, item_no)) AS item_no
                FROM read_parquet($traits)
                WHERE item_no NOT IN (SELECT item_no FROM skipped) AND ts IS NOT NULL
                GROUP BY subject, subject_id, key
            ) t
            LEFT JOIN ids d ON t.subject = 'person' AND d.text = t.subject_id
            LEFT JOIN accounts a ON t.subject = 'account' AND a.text = t.subject_id
            LEFT JOIN accounts g ON t.key = '{PERSON_ACCOUNT_KEY}' AND g.text = json_extract_string(t.value, '$')
            """,
            {"traits": self.staged.traits},
        )
        months = "SELECT DISTINCT date_trunc('month', ts)::DATE FROM new_traits WHERE subject_no IS NOT NULL ORDER BY 1"
        for (month,) in self.duck.execute(months).fetchall():
            part = self.writer.write_traits(
                f"SELECT {TRAIT_COLUMNS} FROM (SELECT *, {self.batch.pk}::UINTEGER AS batch_no FROM new_traits) "
                "WHERE subject_no IS NOT NULL AND date_trunc('month', ts)::DATE = $month "
                "ORDER BY subject, subject_no, key",
                {"month": month},
                self.source.pk,
                month,
            )
            self.n_traits += part.n_rows if part else 0

    def _read_claims(self) -> None:
        if not self.staged.joins:
            return
        rows = self.duck.execute(
            "SELECT j.kind, f.no, t.no, j.ts FROM read_parquet($joins) j "
            "JOIN ids f ON f.text = j.distinct_id JOIN ids t ON t.text = j.person_id "
            "WHERE j.item_no NOT IN (SELECT item_no FROM skipped) ORDER BY j.ts, j.item_no",
            {"joins": self.staged.joins},
        ).fetchall()
        self.claims = [Claim(kind, from_no, to_no, aware(ts)) for kind, from_no, to_no, ts in rows]

    @transaction.atomic
    def publish(self, base_version: int, raw_of: RawOf | None, also: Callable[[], None] | None) -> BatchCounts:
        """Commit everything in one transaction."""
        counts = _counts_of(self.staged, self.n_accepted)
        plan = plan_joins(self.claims, self.source.id_space, self.batch)
        counts = BatchCounts(
            **{**counts.__dict__, "n_traits": self.n_traits, "n_joins": plan.n_joins, "n_joins_refused": plan.n_refused}
        )
        self._finish_batch(counts)
        quarantine_rows(self.staged, self.batch, raw_of)
        tell_ops(self.batch, counts)
        spans = self._spans(counts, plan)
        removed: list[Part] = []
        apply_plan(plan)
        if plan.new_person_of:
            _, removed = write_person_map(self.writer)
        if self.writer.written:
            version = publish(
                base_version,
                Manifest.Reason.LOAD,
                added=self.writer.written,
                removed=removed,
                spans=spans,
                batch=self.batch,
            )
            Batch.objects.filter(pk=self.batch.pk).update(version=version)
        if also is not None:
            also()
        self.batch.refresh_from_db()
        return counts

    def _finish_batch(self, counts: BatchCounts) -> None:
        numbers = {name: value for name, value in counts.__dict__.items() if name != "overlaps"}
        now = timezone.now()
        open_states = [Batch.State.WAITING, Batch.State.RUNNING]
        # Not only open, but still ours: a worker that was held up for long may find another at its load.
        ours = Batch.objects.filter(pk=self.batch.pk, state__in=open_states, n_attempts=self.batch.n_attempts)
        changed = ours.update(state=Batch.State.DONE, finished_at=now, heartbeat_at=now, error="", step="", **numbers)
        if not changed:
            raise Conflict("This load is over already. Nothing was stored a second time.")
        known = set(Batch.objects.filter(pk__in=counts.overlaps).values_list("pk", flat=True))
        BatchOverlap.objects.bulk_create(
            BatchOverlap(batch=self.batch, earlier_batch_id=earlier, n_duplicates=n)
            for earlier, n in counts.overlaps.items()
            if earlier in known
        )

    def _spans(self, counts: BatchCounts, plan: JoinPlan) -> list[Span]:
        spans = []
        if counts.n_accepted:
            spans.append(Span(self.source.pk, Change.Kind.EVENTS, counts.min_ts, counts.max_ts, counts.n_accepted))
        if counts.n_traits:
            spans.append(Span(self.source.pk, Change.Kind.TRAITS, n_rows=counts.n_traits))
        return spans + spans_of_moves(self.duck, set(plan.new_person_of), self.source.id_space, self.writer.written)


def _groups_of_months(months: list[tuple[dt.date, int]]) -> list[list[dt.date]]:
    """Part (month, rows) into runs of neighbours that are sorted together; a large month is a run of its own.

    >>> january, february, march = (dt.date(2024, n, 1) for n in (1, 2, 3))
    >>> [len(run) for run in _groups_of_months([(january, 900_000), (february, 1_000_000), (march, 200_000)])]
    [2, 1]
    """
    groups: list[list[dt.date]] = []
    room = 0
    for month, n_rows in months:
        if n_rows > room:
            groups.append([])
            room = SORTED_TOGETHER
        groups[-1].append(month)
        room -= n_rows
    return groups


def spans_of_moves(duck: Any, persons: set[int], space: Any, fresh: list[Part]) -> list[Span]:
    """Return what changes for each source of a space when these persons become others: all since their first event."""
    if not persons:
        return []
    members = members_of(persons)
    source_ids = list(Source.objects.filter(id_space=space).values_list("pk", flat=True))
    since = None
    if len(members) <= MANY:
        since = first_time_of(duck, sorted(members), source_ids, fresh)
        if since is None:  # none of them has an event yet
            return [Span(source_id, Change.Kind.TRAITS, n_rows=len(members)) for source_id in source_ids]
    kinds = (Change.Kind.PERSONS, Change.Kind.TRAITS)
    return [
        Span(source_id, kind, since if kind == Change.Kind.PERSONS else None, None, len(members))
        for source_id in source_ids
        for kind in kinds
    ]
