"""Pages of the room: explore, the people behind a number, and saved insights."""
