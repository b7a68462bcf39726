"""Put a backup back."""

import sys
from pathlib import Path

from django.core.management import BaseCommand, CommandError, call_command

from portal.operations.restore import check_archive, check_target, restore
from portal.shell.errors import PortalError


class Command(BaseCommand):
    help = "Restore a backup into an empty portal. Web, worker and beat must not run; see `make servers`."
    requires_system_checks = ()

    def add_arguments(self, parser):
        """Add the options."""
        parser.add_argument("folder", type=Path)
        parser.add_argument("--replace", action="store_true", help="give up the data that is there now")
        parser.add_argument("--dry-run", action="store_true", help="check archive and database, and change nothing")

    def handle(self, *args, folder, replace, dry_run, **options):
        """Check, restore, then bring older tables up to the code."""
        try:
            if dry_run:
                manifest = check_archive(folder)
                check_target(may_replace=replace)
            else:
                manifest = restore(
                    folder, may_replace=replace, say=lambda text: print(text, file=sys.stderr, flush=True)
                )
                call_command("migrate", interactive=False, verbosity=0)
        except PortalError as error:
            raise CommandError(error.message) from error
        n_rows = sum(manifest.row_counts.values())
        self.stdout.write(f"{'Would restore' if dry_run else 'Restored'} {n_rows} rows of {manifest.created_at}.")

    def _say(self, text: str) -> None:
        print(text, file=sys.stderr, flush=True)
