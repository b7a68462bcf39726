"""Load quarantined rows again, after the mapping or the source was mended."""

import sys
import time
from collections import Counter

from django.core.management import BaseCommand, CommandError

from insights.events.public import Batch, QuarantinedRow, Source
from insights.sources.replay import refusal_of, replay_rows
from insights.sources.tasks import run_load
from portal.people.public import SYSTEM


class Command(BaseCommand):
    help = "Load open quarantined rows again. Exit code 0: all were taken; 3: some are still wrong."

    def add_arguments(self, parser):
        """Add the options."""
        parser.add_argument("--source", default="", help="only rows of this source (slug or name)")
        parser.add_argument("--batch", type=int, help="only rows of this batch")
        parser.add_argument("--reason", default="", help="only rows with this reason code")
        parser.add_argument("--dry-run", action="store_true", help="count the rows, and load nothing")

    def handle(self, *args, source, batch, reason, dry_run, **options):
        """Choose the rows, load them, print what became of them."""
        rows = QuarantinedRow.objects.filter(state=QuarantinedRow.State.OPEN).select_related("batch", "source")
        if source:
            found = Source.objects.filter(slug=source).first() or Source.objects.filter(name=source).first()
            if found is None:
                raise CommandError(f"There is no source “{source}”.")
            rows = rows.filter(source=found)
        if batch:
            rows = rows.filter(batch_id=batch)
        if reason:
            rows = rows.filter(reason_code=reason)
        if dry_run:
            refused = sum(bool(refusal_of(row)) for row in rows.iterator())
            self.stdout.write(f"{rows.count() - refused:,} rows would be loaded again, {refused:,} cannot be.")
            return
        replay = replay_rows(rows, actor=SYSTEM)
        n_accepted = n_wrong = 0
        for started in replay.batches:
            self.stderr.write(f"Loading {started.file_name}")
            run_load(started.pk)
            _wait_for(started)
            if started.state != Batch.State.DONE:
                self.stderr.write(started.error)
            n_accepted += started.n_accepted + started.n_duplicates
            n_wrong += started.n_quarantined
        self.stdout.write(f"{n_accepted:,} taken, {n_wrong:,} still wrong, {len(replay.refused):,} cannot be replayed.")
        for reason, n_rows in Counter(reason for _, reason in replay.refused).most_common():
            self.stderr.write(f"{n_rows:,}: {reason}")
        if replay.n_queued:
            self.stdout.write(
                f"{replay.n_queued:,} of the capture API go in with the next flush; see the quarantine then."
            )
        if n_wrong or replay.refused:
            sys.exit(3)


def _wait_for(batch: Batch) -> None:
    """Wait for the end of a load that a worker took before this command did."""
    batch.refresh_from_db()
    while not batch.is_over:
        time.sleep(0.5)
        batch.refresh_from_db()
