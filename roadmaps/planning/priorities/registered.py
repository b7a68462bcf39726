"""What priorities hang into the shell: navigation, a command, their keys, a section of digests."""

from portal.shell.public import Command, DigestSection, KeyGuide, NavItem, registry
from roadmaps.planning.priorities.digests import compose_orders

registry.add(
    NavItem(
        "Roadmaps",
        "Priorities",
        "priorities:priority-list",
        order=30,
        keys="g q",
        icon="goals",
        also=("/priorities/", "/scoring/"),
    )
)
registry.add(Command("Prioritise initiatives", "priorities:priority-list", order=45))
registry.add(
    KeyGuide(
        "Prioritise",
        (
            ("Next, previous initiative", ("j", "k")),
            ("Change the numbers of a row", ("Tab", "Enter")),
            ("Move a bubble of the chart", ("←", "→", "↑", "↓")),
        ),
        order=60,
    )
)
registry.add(DigestSection("orders", compose_orders))
