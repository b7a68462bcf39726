"""Pages of dashboards, by noun."""
