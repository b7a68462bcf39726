"""Pages of sharing: packs, public links, and what a public link opens."""
