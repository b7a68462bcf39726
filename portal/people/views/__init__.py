"""Pages about people: one's own, and the admin's."""
