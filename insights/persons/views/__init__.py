"""Pages of persons and accounts."""
