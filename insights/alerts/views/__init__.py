"""Pages of the room: alerts with their dry runs, incidents, days off."""
