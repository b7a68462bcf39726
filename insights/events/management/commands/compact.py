"""Merge small parts of the event store, roll up first times, and remove files no longer needed."""

from django.core.management import BaseCommand

from insights.events.compaction import MOST_PARTS, compact, crowded, sweep_files
from insights.events.rollups import roll_up_firsts


class Command(BaseCommand):
    help = "Merge the parts of every month that has more than so many, and remove files that no reader needs."

    def add_arguments(self, parser):
        """Add the options."""
        parser.add_argument("--most-parts", type=int, default=MOST_PARTS, help="parts that a month may keep")
        parser.add_argument("--dry-run", action="store_true", help="say what would be merged, and merge nothing")

    def handle(self, *args, most_parts, dry_run, **options):
        """Merge, or say what would be merged."""
        if dry_run:
            for crowd in crowded(most_parts):
                self.stdout.write(f"source {crowd.source_id}, {crowd.month:%Y-%m}: {crowd.n_parts} {crowd.kind} parts")
            return
        n_gone = compact(most_parts, progress=self.stderr.write)
        roll_up_firsts()
        swept = sweep_files()
        self.stdout.write(f"{n_gone} parts merged, {swept.n_replaced + swept.n_orphans} files removed.")
