"""What retention hangs into the shell: its page under Voice, a command, the night's step, the demo's rule."""

from typing import Any

from insights.voice.retention.applying import apply_all
from insights.voice.retention.demo import seed_retention
from portal.people.public import Role
from portal.shell.public import Command, DemoSeed, NavItem, NightStep, registry


def _may(user: Any) -> bool:
    return Role(user.role).rank >= Role.PRODUCT_MANAGER.rank


registry.add(
    NavItem("Insights", "Retention", "retention:rule-list", order=39, icon="night", under="Voice", can_see=_may)
)
registry.add(
    Command("Retention", "retention:rule-list", can_see=_may, order=30, detail="How long what customers said is kept")
)
registry.add(NightStep("retention.apply", "Let go of what was kept long enough", apply_all, order=88))
registry.add(DemoSeed("retention", seed_retention, order=59))
