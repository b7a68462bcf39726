"""The roadmap: one set of initiatives, many views, and what was promised."""
