"""The door to sources and what hangs on them."""

from typing import Any

from insights.events.models import Batch, Source
from portal.people.public import Role, allow, get_visible, is_insider, require
from portal.shell.public import NotFound

allow("sources.edit", Role.PRODUCT_MANAGER)
allow("sources.load", Role.PRODUCT_MANAGER)
allow("sources.edit_sql", Role.OPS, is_team_bound=False)
allow("persons.merge", Role.OPS, is_team_bound=False)
allow("persons.erase", Role.OPS, is_team_bound=False)


def get_source(user: Any, slug: str, write: str | bool = False) -> Source:
    """Return a source by its slug; `write` checks that the user may edit it, or names another action."""
    action = "sources.edit" if write is True else (write or "")
    return get_visible(Source.objects.select_related("product", "id_space", "owner"), user, action, slug=slug)


def get_batch(user: Any, batch_id: int, write: bool = False) -> Batch:
    """Return a batch of a source that the user may see; `write` checks that they may load into it."""
    batch = (
        Batch.objects.select_related("source__product", "source__id_space")
        .filter(pk=batch_id, source__in=Source.objects.visible_to(user))
        .first()
    )
    if batch is None:
        raise NotFound()
    if write:
        require(user, "sources.load", batch.source)
    return batch


def may_see_people(user: Any, source: Source) -> bool:
    """Say whether a user may see the people behind a source's numbers, its quarantined text and examples."""
    return is_insider(user, source.team_id)
