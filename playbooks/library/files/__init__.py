"""Playbooks as Markdown files: read from folders and archives, tried, taken in, and handed out again."""
