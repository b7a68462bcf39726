"""How we do it each time."""
