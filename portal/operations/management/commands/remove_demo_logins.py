"""Close the demo's logins, so that the portal may be opened to others."""

from django.core.management import BaseCommand

from portal.operations.demo_logins import list_demo_users, remove_demo_logins
from portal.people.public import SYSTEM


class Command(BaseCommand):
    help = "Close the demo's logins and forget their passwords. What they made stays."

    def add_arguments(self, parser):
        """Add the options."""
        parser.add_argument("--dry-run", action="store_true", help="say which logins would be closed")

    def handle(self, *args, dry_run, **options):
        """Close them."""
        if dry_run:
            self.stdout.write("\n".join(user.email for user in list_demo_users().values()) or "There are none.")
            return
        self.stdout.write(f"{remove_demo_logins(actor=SYSTEM)} demo logins are closed.")
