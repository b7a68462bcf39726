"""Rows of the worked examples, and the moment at which their questions are asked."""

from datetime import UTC, datetime

NOW = datetime(2024, 2, 1, 12, tzinfo=UTC)


def row(event, who, when, account=None, **properties):
    return {
        "event": event,
        "distinct_id": who,
        "timestamp": f"2024-{when}:00Z",
        "account_id": account,
        "properties": properties,
    }
