"""Initiatives in lists and files."""

from collections.abc import Callable
from typing import Any

from roadmaps.planning.initiatives.models import Initiative

SORTS = {
    "order": "position",
    "title": "title",
    "product": "product__name",
    "stage": "stage",
    "horizon": "horizon",
    "effort": "effort_months",
    "begins": "starts_on",
    "ends": "ends_on",
    "changed": "updated_at",
}

COLUMNS: dict[str, Callable[[Initiative], Any]] = {
    "id": lambda row: row.pk,
    "reference": lambda row: row.reference,
    "title": lambda row: row.title,
    "summary": lambda row: row.summary,
    "product": lambda row: row.product.name,
    "team": lambda row: row.team.name,
    "owner": lambda row: str(row.owner or ""),
    "stage": lambda row: row.get_stage_display(),
    "stage in the file": lambda row: row.sent_stage,
    "horizon": lambda row: row.get_horizon_display(),
    "goal": lambda row: str(row.shown_objective or ""),
    "effort in person-months": lambda row: row.effort_months if row.effort_months is not None else "",
    "effort at least": lambda row: row.effort_low if row.effort_low is not None else "",
    "effort at most": lambda row: row.effort_high if row.effort_high is not None else "",
    "begins on": lambda row: row.starts_on or "",
    "ends on": lambda row: row.ends_on or "",
    "promised by": lambda row: row.promised_on or "",
    "blocked since": lambda row: row.blocked_since or "",
    "blocked by": lambda row: row.blocked_why,
}
