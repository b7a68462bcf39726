"""What priorities hang into the shell: navigation, a command, their keys."""

from portal.shell.public import Command, KeyGuide, NavItem, registry

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
