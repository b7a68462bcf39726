"""As what an account stood when one of its people answered: the plan and the segment, noted with the answer."""

from collections.abc import Iterable

from insights.contacts.public import build_standing, read_keys, records_of, source_ids_of
from insights.events.public import default_id_space, describe_accounts
from insights.voice.surveys.contracts import Standing
from portal.people.public import Product

_LONGEST = 60


def standings_of(product: Product, account_nos: Iterable[int]) -> dict[int, Standing]:
    """Return plan and segment of accounts as they are known now, in one read of the store for all."""
    numbers = sorted(set(account_nos))
    if not numbers:
        return {}
    keys = read_keys([default_id_space(product).pk])
    written = records_of(numbers)
    described = describe_accounts(numbers, source_ids=source_ids_of([product.pk]))
    found = {}
    for no, (_, traits) in described.items():
        known = build_standing(traits, written.get(no), keys)
        found[no] = Standing(known.text("plan")[:_LONGEST], known.text("segment")[:_LONGEST])
    return found
