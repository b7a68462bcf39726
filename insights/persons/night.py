"""The night's step: persons put in order and accounts counted, so that their lists are there in the morning."""

from typing import Any

from insights.events.public import Source, open_snapshot
from insights.persons.counting import count_accounts
from insights.persons.mentions.erasing import forget_old_looks
from insights.persons.rosters import persons_of
from portal.shell.public import PortalError


def count_all(night: Any) -> None:
    """Count the persons and accounts of each product, unless it is done for the newest data."""
    sources_of: dict[str, list[int]] = {}
    for pk, product in Source.objects.order_by("product__name", "pk").values_list("pk", "product__name"):
        sources_of.setdefault(product, []).append(pk)
    for number, (product, source_ids) in enumerate(sources_of.items(), start=1):
        night.check_still_mine()
        try:
            with open_snapshot(source_ids, caller="persons.count_all") as snapshot:
                n_persons = len(persons_of(snapshot).numbers)
            n_accounts = count_accounts(source_ids)
            words = f"{product}: {count_of(n_persons, 'person')}, {count_of(n_accounts, 'account')}"
        except PortalError as fault:
            words = f"{product}: could not be counted"
            night.problem(f"{words}. {fault.message}")
        night.progress(number, len(sources_of), words)


def forget_looks(night: Any) -> None:
    """Forget where others name people, a week after somebody looked for it and did not erase them."""
    n_forgotten = forget_old_looks(night.now)
    night.progress(1, 1, f"{count_of(n_forgotten, 'look')} forgotten")


def count_of(number: int, noun: str) -> str:
    """Return a number with its noun.

    >>> count_of(1, "account"), count_of(1200, "person")
    ('1 account', '1,200 persons')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
