"""What the people room hangs into the shell."""

from portal.people.queries import build_switcher
from portal.shell.registry import FramePiece, registry

registry.add(FramePiece("product switcher", "side", "portal/people/product_switcher.html", build_switcher))
registry.add(FramePiece("profile menu", "top", "portal/people/profile_menu.html", lambda request: True, order=200))
