"""Recount the event store against its manifest."""

from django.core.management import BaseCommand, CommandError

from insights.events.manifest import newest_version
from insights.events.verify import verify_store


class Command(BaseCommand):
    help = "Recount every file of the event store against its manifest and batches. Exits with 1 when anything differs."

    def add_arguments(self, parser):
        """Add the options."""
        parser.add_argument("--quick", action="store_true", help="leave out checksums and first times")

    def handle(self, *args, quick, **options):
        """Print each fault, or that there is none."""
        loud = options["verbosity"] > 0
        faults = verify_store(is_quick=quick, progress=self.stderr.write if loud else None)
        for fault in faults:
            self.stdout.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} faults found.")
        self.stdout.write(f"Version {newest_version()} of the event store agrees with its manifest.")
