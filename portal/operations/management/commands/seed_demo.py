"""Make the demo workspace here and now, with progress."""

import sys

from django.core.management import BaseCommand, CommandError

from portal.operations import demo
from portal.operations.models import DemoSeeding
from portal.shell.errors import PortalError
from portal.shell.registry import DemoSeed, registry


class Command(BaseCommand):
    help = "Make the demo workspace: an invented company with a year of events. Safe to run again."

    def add_arguments(self, parser):
        """Add the options."""
        parser.add_argument("--dry-run", action="store_true", help="say what would be made, and make nothing")

    def handle(self, *args, dry_run, **options):
        """Run every piece that is not done."""
        seeding = demo.get_seeding()
        if dry_run:
            done = {piece["name"] for piece in seeding.pieces if piece["state"] == "done"} if seeding else set()
            for seed in registry.all(DemoSeed):
                self.stdout.write(f"{seed.name}: {'is there' if seed.name in done else 'would be made'}")
            return
        try:
            seeding = demo.seed_demo(self._show)
        except PortalError as error:
            raise CommandError(error.message) from error
        print(file=sys.stderr)
        self.stdout.write(f"The demo workspace is ready; its events end on {seeding.ends_on}.")

    def _show(self, seeding: DemoSeeding) -> None:
        running = next((piece for piece in seeding.pieces if piece["state"] == "running"), None)
        name = f" {running['name']} {running['note']}" if running else ""
        print(f"\r\033[K{seeding.share_done:4.0%}{name}", end="", file=sys.stderr, flush=True)
