"""Recompute tiles now, as the night does."""

import sys

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from insights.dashboards.models import Dashboard, Tile
from insights.dashboards.refreshing import refresh_tiles


class Command(BaseCommand):
    """`manage.py refresh`: exit code 0 when all went well, 1 when a tile failed, 2 for a wrong call."""

    help = "Recompute the tiles of all dashboards, or of one, whose data or range changed."

    def add_arguments(self, parser):
        """Name the options."""
        parser.add_argument("--dashboard", metavar="SLUG", help="only this dashboard")
        parser.add_argument("--dry-run", action="store_true", help="only count what would be computed")

    def handle(self, *args, dashboard=None, dry_run=False, **options):
        """Refresh, with progress on stderr and a summary on stdout."""
        tiles = Tile.objects.on_duty()
        if dashboard:
            if not Dashboard.objects.filter(slug=dashboard).exists():
                raise CommandError(f"There is no dashboard “{dashboard}”. Its slug is in its address.", returncode=2)
            tiles = tiles.filter(dashboard__slug=dashboard)
        done = refresh_tiles(tiles, timezone.now(), is_dry=dry_run, progress=self._progress, problem=self._problem)
        if dry_run:
            ends = f"{done.n_computed} to compute, {done.n_skipped} unchanged"
        else:
            ends = f"{done.n_computed} computed, {done.n_skipped} unchanged, {done.n_failed} failed"
        self.stdout.write(f"{done.n_due} different questions: {ends}")
        if done.n_failed:
            sys.exit(1)

    def _progress(self, done: int, total: int, note: str) -> None:
        self.stderr.write(f"{done}/{total} {note}", ending="\r" if done < total and self.stderr.isatty() else "\n")

    def _problem(self, sentence: str) -> None:
        self.stderr.write(sentence)
