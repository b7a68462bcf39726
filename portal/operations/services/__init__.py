"""PostgreSQL and Valkey out of their wheels, started as children of ours."""
