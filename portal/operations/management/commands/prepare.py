"""Bring database, static files and first users up to the code: what happens before the portal is started."""

import shutil
import sys
import time

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from portal.operations.backup import write_backup
from portal.operations.database import as_owner
from portal.operations.demo import request_demo_seeding
from portal.operations.demo_logins import ensure_demo_logins, list_demo_users
from portal.operations.restore import finish_interrupted
from portal.operations.schedules import ensure_schedules
from portal.operations.static_files import collect_static

_PREFIX = "before-migration-"
_N_KEPT = 5


class Command(BaseCommand):
    help = (
        "Back up when migrations are due, migrate, collect static files; with --demo make logins and ask for the demo."
    )
    requires_system_checks = ()

    def add_arguments(self, parser):
        """Add the options."""
        parser.add_argument(
            "--demo", action="store_true", help="make demo logins and ask for the demo, if all is empty"
        )
        parser.add_argument("--public", action="store_true", help="refuse to go on while demo logins exist")
        parser.add_argument("--no-backup", action="store_true", help="migrate without a backup before")

    def handle(self, *args, demo, public, no_backup, **options):
        """Do each step that is due."""
        with as_owner():  # a first start that was killed may have left tables that only the owner can read
            finish_interrupted()
            self._migrate(may_skip_backup=no_backup)
        ensure_schedules()
        if collect_static():
            self.say("Static files collected")
        if public and list_demo_users():
            raise CommandError(
                "The demo logins exist, so the portal answers on this machine alone. Run `manage.py "
                "remove_demo_logins` before you set BIND_ADDRESS, and make an admin with `manage.py create_admin`."
            )
        if demo and not public:
            ensure_demo_logins()
            request_demo_seeding()

    def _migrate(self, *, may_skip_backup: bool) -> None:
        executor = MigrationExecutor(connection)
        n_due = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        if not n_due:
            return
        if executor.loader.applied_migrations and not may_skip_backup:
            folder = settings.BACKUP_DIR / time.strftime(f"{_PREFIX}%Y%m%d-%H%M%S", time.gmtime())
            write_backup(folder)
            self.say(f"Backup before {n_due} migrations: {folder}")
            for old in sorted(settings.BACKUP_DIR.glob(f"{_PREFIX}*"))[:-_N_KEPT]:
                shutil.rmtree(old)
        call_command("migrate", interactive=False, verbosity=0)
        self.say(f"Database is up to date ({n_due} migrations)")

    def say(self, text: str) -> None:
        """Tell how far it is, on stderr."""
        print(text, file=sys.stderr, flush=True)
