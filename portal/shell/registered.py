"""What the shell hangs into itself."""

from portal.shell.home import list_first_steps
from portal.shell.registry import HomePanel, NavItem, registry

registry.add(NavItem("", "Home", "shell:home", order=1, keys="g h", icon="home"))
registry.add(HomePanel("first steps", "portal/shell/first_steps.html", list_first_steps, order=3))
