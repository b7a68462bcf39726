"""Write a backup while the portal runs."""

import sys
import time
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from portal.operations.backup import count_rows, write_backup
from portal.operations.backup_keeping import keep_until
from portal.shell.errors import PortalError
from portal.shell.registry import BackupFiles, registry


class Command(BaseCommand):
    help = "Write database, event parts and uploads of one moment into a new folder. The portal may go on running."

    def add_arguments(self, parser):
        """Add the options."""
        parser.add_argument("folder", nargs="?", type=Path, help="a folder that does not exist; by default in var/")
        parser.add_argument("--dry-run", action="store_true", help="say what would be written, and write nothing")

    def handle(self, *args, folder, dry_run, **options):
        """Write it and say where it is."""
        folder = (folder or settings.BACKUP_DIR / time.strftime("backup-%Y%m%d-%H%M%S", time.gmtime())).absolute()
        if dry_run:
            n_files = sum(len(list(piece.list_files())) for piece in registry.all(BackupFiles))
            self.stdout.write(f"Would write {sum(count_rows().values())} rows and {n_files} files to {folder}")
            return
        try:
            manifest = write_backup(folder, lambda text: print(text, file=sys.stderr, flush=True))
        except PortalError as error:
            raise CommandError(error.message) from error
        n_bytes = sum(file.n_bytes for file in manifest.files)
        self.stdout.write(f"{folder}: {sum(manifest.row_counts.values())} rows, {n_bytes / 1e6:.1f} MB")
        until = f"{keep_until(datetime.fromisoformat(manifest.created_at)):%-d %b %Y}"
        if folder.parent == settings.BACKUP_DIR:
            self.stdout.write(f"It is removed by the night after {until}. Whoever is erased meanwhile is still in it.")
        else:
            self.stdout.write(f"Remove it by {until} yourself. Whoever is erased meanwhile is still in it.")
