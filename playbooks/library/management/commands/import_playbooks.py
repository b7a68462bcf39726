"""Take a folder of Markdown files, or a ZIP archive of one, in as playbooks."""

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from playbooks.library.files.importing import FAULT, SAME, plan_import, run_import
from playbooks.library.files.reading import MOST_BYTES, read_folder, read_upload
from portal.people.public import SYSTEM, Team
from portal.shell.public import PortalError


class Command(BaseCommand):
    help = (
        "Import a folder of Markdown files with front matter, or a ZIP of one, as playbooks of a team. Imported "
        "again, nothing doubles. Exit code 1: a file could not be taken; the others were."
    )

    def add_arguments(self, parser: Any) -> None:
        """Add the options."""
        parser.add_argument("folder", type=Path, help="the folder, or a ZIP file")
        parser.add_argument("--team", required=True, help="the slug of the team that new playbooks belong to")
        parser.add_argument("--publish", action="store_true", help="publish what says enough, without a review")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and change nothing")

    def handle(self, *args: Any, folder: Path, team: str, publish: bool, dry_run: bool, **options: Any) -> None:
        """Read, plan, and unless it is a dry run take in."""
        found = Team.objects.filter(slug=team).first()
        if found is None:
            raise CommandError(f"There is no team “{team}”.")
        try:
            files = _read(folder)
            plan = plan_import(files, actor=SYSTEM)
            if not dry_run:
                plan = run_import(files, found, actor=SYSTEM, publishes=publish)
        except PortalError as fault:
            raise CommandError(" ".join(fault.sentences)) from fault
        for file in plan.files:
            if file.kind != SAME:
                self.stderr.write(f"{file.kind}: {file.path}{f': {file.why}' if file.kind == FAULT else ''}")
        said = f"{plan.n_new} new, {plan.n_changed} changed, {plan.n_same} as before, {plan.n_faults} not taken"
        self.stdout.write(f"{said}; {plan.n_published} published." if not dry_run else f"{said}. Nothing was changed.")
        if plan.n_faults:
            raise CommandError(f"{plan.n_faults} of {len(plan.files)} files could not be taken.", returncode=1)


def _read(folder: Path) -> Any:
    if folder.is_dir():
        return read_folder(folder)
    if not folder.is_file():
        raise CommandError(f"There is no folder {folder}.")
    if folder.stat().st_size > MOST_BYTES:
        raise CommandError(f"{folder.name} is larger than {MOST_BYTES // 1_000_000} MB.")
    return read_upload(folder.name, folder.read_bytes())
