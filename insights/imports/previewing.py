"""What the page of columns starts with, and the first rows as they would be taken."""

from dataclasses import dataclass
from typing import Any

from insights.imports.contracts import Plan, Seen
from insights.imports.kinds import ImportKind
from insights.imports.models import Import, RememberedMapping
from insights.imports.reading import Head, Join, open_import, plan_of
from insights.imports.running import see

PREVIEWED = 12


@dataclass(frozen=True)
class Start:
    """What the forms start with: as it was said, as it is remembered of such files, or as it is guessed."""

    plan: Plan
    origin: str
    preset: str = ""


def start_of(batch: Import, kind: ImportKind, head: Head) -> Start:
    """Return what the page of columns starts with."""
    preset, guess = kind.guess(head.columns, head.samples)
    kept = plan_of(batch.mapping)
    if kept.targets and set(kept.targets) <= set(head.columns):
        return Start(kept, "kept", preset)
    remembered = RememberedMapping.objects.filter(
        product=batch.product, kind=batch.kind, columns_key=head.columns_key
    ).first()
    if remembered is not None:
        return Start(plan_of(remembered.mapping), "remembered", preset)
    return Start(guess, "guessed", preset)


def preview_rows(
    batch: Import, kind: ImportKind, plan: Plan, head: Head, join: Join, *, actor: Any, n_rows: int = PREVIEWED
) -> list[Seen]:
    """Return what the first rows come to, as a run would take them; nothing is written."""
    rows = head.rows[:n_rows]
    if batch.second_path and join.here and join.there:
        options = {"join": {"here": join.here, "there": join.there}, "read": head.options.to_json()}
        with open_import(_as_if(batch, options), is_head=True) as table:
            rows = [row for _, row in zip(range(n_rows), table.rows(), strict=False)]
    return see(kind.taker(batch.product, plan, actor=actor, batch=None), rows)


def _as_if(batch: Import, mapping: dict[str, Any]) -> Import:
    """Return the import with another mapping; it is not written."""
    return Import(product=batch.product, path=batch.path, second_path=batch.second_path, mapping=mapping)
