"""The demo company's conversations, tied to the people and accounts of its events."""
