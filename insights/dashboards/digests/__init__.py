"""What digests say of dashboards: numbers that moved by more than their own noise first."""
