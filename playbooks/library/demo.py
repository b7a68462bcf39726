"""The playbooks that the portal brings along, written for it; the demo begins with them."""

from pathlib import Path

from playbooks.library import actions
from playbooks.library.files.importing import run_import
from playbooks.library.files.reading import SourceFile, read_folder
from playbooks.library.models import Playbook
from portal.operations.contracts import DemoWorld, Progress
from portal.people.public import SYSTEM, Product, User

SHIPPED = Path(__file__).parent / "shipped"


def shipped_files() -> list[SourceFile]:
    """Return the playbooks that come with the portal, as files."""
    return read_folder(SHIPPED)


def seed_playbooks(world: DemoWorld, progress: Progress) -> None:
    """Publish the portal's own playbooks for the demo's team; where any playbook is there, nothing is done."""
    product = Product.objects.select_related("team").filter(slug="planner").first()
    if product is None or Playbook.objects.exists():
        return
    owner = User.objects.filter(role="ops", is_active=True).order_by("pk").first()
    files = shipped_files()
    run_import(files, product.team, actor=SYSTEM, publishes=True)
    for number, playbook in enumerate(Playbook.objects.order_by("slug"), start=1):
        actions.update_playbook(playbook, actor=SYSTEM, owner=owner)
        progress(number, len(files), "playbooks")
