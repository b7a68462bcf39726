"""How dates are written, wherever Django writes them by itself: in the admin, and in filters without a format."""
