"""An import from its file to its end in one go, for demos and measurements: the same actions and the same work."""

from typing import Any

from insights.imports import actions
from insights.imports.kinds import get_kind
from insights.imports.models import Import
from insights.imports.reading import look_at
from insights.imports.running import run_task
from portal.people.public import Product


def import_at_once(
    kind_name: str,
    product: Product,
    file_name: str,
    content: bytes,
    *,
    actor: Any,
    targets: dict[str, str] | None = None,
    options: dict[str, Any] | None = None,
) -> Import:
    """Bring a file, say its columns (as they are guessed, where they are not given), and run it; returns it done."""
    batch = actions.store_import(kind_name, product, file_name, [content], actor=actor)
    kind, head = get_kind(kind_name), look_at(batch)
    _, guess = kind.guess(head.columns, head.samples)
    form = kind.options_form(product=product, user=actor, initial={**guess.options, **(options or {})})
    chosen = dict(guess.targets) if targets is None else targets
    actions.map_import(batch, actor=actor, columns=head.columns, targets=chosen, options=form.to_json())
    actions.run_import(batch, actor=actor)
    run_task(batch.pk)
    batch.refresh_from_db()
    return batch
