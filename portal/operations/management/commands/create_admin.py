"""Make the first admin of a portal; nobody can do it through an open page."""

import getpass
import sys

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import BaseCommand, CommandError
from django.db import transaction

from portal.audit.public import record
from portal.people.public import SYSTEM, Role, User


class Command(BaseCommand):
    help = "Make an admin. The password is asked for, or read from stdin when it is not a terminal."

    def add_arguments(self, parser):
        """Add the options."""
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="the person's name; the address by default")
        parser.add_argument("--dry-run", action="store_true", help="check, and make nothing")

    def handle(self, *args, email, name, dry_run, **options):
        """Check the password and make the user."""
        password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        try:
            validate_password(password, User(email=email, name=name))
            with transaction.atomic():
                user = User.objects.create_user(email, password, name=name or email, role=Role.ADMIN)
                record(SYSTEM, "user.created", user)
                transaction.set_rollback(dry_run)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{'Would make' if dry_run else 'Made'} the admin {email}.")
