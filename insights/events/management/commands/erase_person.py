"""Erase a person from every room of the portal."""

from django.core.management import BaseCommand, CommandError

from insights.events.erasure import count_person, erase_person
from insights.events.models import IdSpace
from portal.people.public import SYSTEM
from portal.shell.public import PortalError


class Command(BaseCommand):
    help = "Erase a person, found by any of their ids: events, traits, ids, joins, quarantined text."

    def add_arguments(self, parser):
        """Add the options."""
        parser.add_argument("id_space", help="slug of the id space")
        parser.add_argument("distinct_id", help="one of the person's ids")
        parser.add_argument("--dry-run", action="store_true", help="count what would go, and erase nothing")

    def handle(self, *args, id_space, distinct_id, dry_run, **options):
        """Erase, or count."""
        space = IdSpace.objects.filter(slug=id_space).first()
        if space is None:
            raise CommandError(f"There is no id space {id_space}.")
        try:
            counts = count_person(space, distinct_id) if dry_run else erase_person(space, distinct_id, actor=SYSTEM)
        except PortalError as fault:
            raise CommandError(fault.message) from fault
        counted = ", ".join(f"{n} {noun}" for noun, n in counts.items())
        self.stdout.write(f"{'Would erase' if dry_run else 'Erased'} {counted}.")
