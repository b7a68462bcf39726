"""The contact clock as a file: product managers, teams and segments in one table."""

from collections.abc import Iterator, Sequence
from typing import Any

from insights.voice.listening.contracts import SegmentClocks
from insights.voice.listening.queries import ClockPage
from portal.people.public import Product


def clock_rows(page: ClockPage, segments: Sequence[tuple[Product, SegmentClocks]]) -> Iterator[dict[str, Any]]:
    """Yield a row for each clock."""
    for person in page.people:
        yield {"of": "person", "name": person.name, "clock": person.clock}
    for team in page.teams:
        yield {"of": "team", "name": team.name, "clock": team.clock}
    for product, found in segments:
        for row in found.rows:
            more = {"n_accounts": row.n_accounts, "n_feedback": row.n_feedback, "is_unheard": row.is_unheard}
            yield {"of": f"{found.meaning} of {product}", "name": row.name or "(none)", "clock": row.clock, **more}


CLOCK_COLUMNS: dict[str, Any] = {
    "clock of": lambda row: row["of"],
    "name": lambda row: row["name"],
    "last conversation": lambda row: row["clock"].last_on or "",
    "days since": lambda row: "" if row["clock"].days_since is None else row["clock"].days_since,
    "conversations in 13 whole weeks": lambda row: row["clock"].n_conversations,
    "a week": lambda row: round(row["clock"].per_week, 4),
    "target a week": lambda row: "" if row["clock"].target is None else row["clock"].target,
    "weeks with one": lambda row: row["clock"].n_weeks_with,
    "this week so far": lambda row: row["clock"].n_this_week,
    "accounts": lambda row: row.get("n_accounts", ""),
    "pieces of feedback in 90 days": lambda row: row.get("n_feedback", ""),
    "unheard": lambda row: {True: "yes", False: "no"}.get(row.get("is_unheard"), ""),
}
