"""Files of trackers as kinds of imports: items, and the history of their statuses."""
