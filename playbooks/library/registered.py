"""What the library hangs into the shell: navigation, search, commands, "used by", the night's step, the demo."""

from typing import Any

from django.urls import reverse

from playbooks.library.demo import seed_playbooks
from playbooks.library.models import Playbook
from playbooks.library.night import find_due
from portal.people.public import can
from portal.shell.public import Command, DemoSeed, NavItem, NightStep, SearchHit, SearchRows, UsedBy, registry


def _find(user: Any, text: str) -> Any:
    return Playbook.objects.visible_to(user).matching(text).order_by("-updated_at", "-pk")


def _show(values: dict[str, Any]) -> SearchHit:
    address = reverse("library:playbook-page", args=[values["slug"]])
    state = Playbook.State(values["state"])
    detail = "" if state == Playbook.State.PUBLISHED else state.label
    return SearchHit("Playbook", values["face__title"], address, detail)


def _using(thing: Any, user: Any) -> Any:
    """Return the retired playbooks that name another as what to use in their place."""
    return Playbook.objects.visible_to(user).filter(successor=thing) if isinstance(thing, Playbook) else None


registry.add(NavItem("Playbooks", "Library", "library:playbook-list", order=10, icon="playbook"))
registry.add(SearchRows("Playbooks", _find, ("pk", "slug", "state", "face__title"), _show, order=50))
registry.add(UsedBy("Playbook", _using, ("pk", "slug", "state", "face__title"), _show))
registry.add(
    Command("New playbook", "library:playbook-new", can_see=lambda user: can(user, "playbooks.create"), order=50)
)
registry.add(NightStep("playbooks", "Find playbooks whose review is due", find_due, order=89))
registry.add(DemoSeed("playbooks", seed_playbooks, order=95))
