"""Pages of the room: metrics, the versions of their definition, and their trees."""
