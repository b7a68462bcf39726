"""Pages of the room: the list, one cohort, its members; saving a number, uploading a list, putting away."""
