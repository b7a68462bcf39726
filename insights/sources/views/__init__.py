"""Pages of sources, loads and the quarantine."""
