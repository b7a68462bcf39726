"""Bring database, static files and first users up to the code: what happens before the portal is started."""

import sys

from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from portal.operations.demo import request_demo_seeding
from portal.operations.demo_logins import ensure_demo_logins, list_demo_users
from portal.operations.schedules import ensure_schedules
from portal.operations.static_files import collect_static


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
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            self._migrate(len(plan), has_data=bool(executor.loader.applied_migrations), no_backup=no_backup)
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

    def _migrate(self, n_due: int, *, has_data: bool, no_backup: bool) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        self.say(f"Database is up to date ({n_due} migrations)")

    def say(self, text: str) -> None:
        """Tell how far it is, on stderr."""
        print(text, file=sys.stderr, flush=True)
