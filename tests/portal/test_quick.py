"""Every room's tables and settings hold together."""

from django.core.management import call_command


def test_no_model_change_waits_for_a_migration(db):
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_system_check_is_clean():
    call_command("check", fail_level="WARNING", verbosity=0)
