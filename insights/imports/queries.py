"""What pages show of an import's problems."""

from dataclasses import dataclass

from django.db.models import Count, Min

from insights.imports.models import Import, ImportProblem

MOST_GROUPS = 12


@dataclass(frozen=True)
class ProblemGroup:
    """One reason, how many rows or values have it, and where the first of them stands."""

    reason: str
    column: str
    is_refused: bool
    n_rows: int
    first_row: int


def problem_groups(batch: Import) -> list[ProblemGroup]:
    """Return the reasons for which rows were refused or values left out, the most frequent first."""
    found = ImportProblem.objects.filter(batch=batch).order_by().values("reason", "column", "is_refused")
    found = found.annotate(n_rows=Count("pk"), first_row=Min("row_no")).order_by("-is_refused", "-n_rows", "reason")
    return [ProblemGroup(**row) for row in found[:MOST_GROUPS]]
