"""What the shell hangs into itself."""

from portal.shell.registry import NavItem, registry

registry.add(NavItem("", "Home", "shell:home", order=1, keys="g h", icon="home"))
