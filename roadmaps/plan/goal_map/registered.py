"""What the map hangs into the shell: a command."""

from portal.shell.public import Command, registry

registry.add(Command("Goal map", "goal_map:map", order=43, detail="From the vision to the numbers"))
