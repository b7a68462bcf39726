"""What operations shows on Home: the demo workspace while it is being made."""

from django.http import HttpRequest

from portal.operations.demo import get_seeding
from portal.operations.models import DemoSeeding


def build_demo_panel(request: HttpRequest) -> dict | None:
    """Return the demo's progress until it is ready."""
    seeding = get_seeding()
    if seeding is None or seeding.state == DemoSeeding.State.DONE:
        return None
    return {"seeding": seeding, "percent": int(seeding.share_done * 100)}
