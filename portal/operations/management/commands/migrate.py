"""Django's migrate, run as the owner of the tables."""

from django.core.management.commands.migrate import Command as DjangoMigrate

from portal.operations.database import as_owner, grant_to_app
from portal.operations.quick_states import quick_states


class Command(DjangoMigrate):
    """Migrate as DATABASE_OWNER_URL, then let the portal's own role use what is there."""

    def handle(self, *args, **options):
        """Run Django's command between the change of role and the grants."""
        with as_owner(), quick_states():
            result = super().handle(*args, **options)
            if not (options["check_unapplied"] or options["plan"]):
                grant_to_app()
        return result
