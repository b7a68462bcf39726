"""What suggestions hang into the shell: navigation, the night's step, the schedule, the eraser, the demo."""

from insights.voice.suggestions import demo, night
from insights.voice.suggestions.erasing import erase_person
from portal.people.public import Role
from portal.shell.public import Command, DemoSeed, NavItem, NightStep, PersonEraser, Schedule, registry


def _may_decide(user) -> bool:
    return Role(user.role).rank >= Role.PRODUCT_MANAGER.rank


registry.add(NavItem("Insights", "New themes", "suggestions:proposal-list", order=34, icon="plus", under="Voice"))
registry.add(
    Command(
        "New themes suggested",
        "suggestions:proposal-list",
        can_see=_may_decide,
        order=29,
        detail="What feedback without a theme seems to be about",
    )
)
registry.add(NightStep("suggestions", "Learn what feedback is about", night.learn_all, order=85))
registry.add(
    Schedule(
        "Learn what feedback is about",
        "voice.learn_changed",
        every_s=300,
        description="Learns each product's themes again once enough was linked, and starts dead learnings again.",
    )
)
# After the rooms that hold the words, so that a learning that begins now finds none of them.
registry.add(PersonEraser("suggestions", erase_person, order=200))
registry.add(DemoSeed("suggestions", demo.learn_demo, order=59))
