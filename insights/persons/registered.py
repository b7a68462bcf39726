"""What the persons room hangs into the shell: navigation, and a person or account by the exact id."""

from typing import Any

from django.urls import reverse

from insights.events.public import Account, DistinctId, Source
from insights.persons.access import list_insider_sources
from insights.persons.contracts import StoryTeller
from insights.persons.exporting import export_from_store
from insights.persons.night import count_all
from insights.persons.story import tell_consents
from insights.persons.usage import tell_usage
from portal.shell.public import NavItem, NightStep, PersonExporter, Schedule, SearchHit, SearchProvider, registry


def _spaces(user: Any) -> set[int]:
    """Return the spaces all of whose sources are the user's: in a shared one, the page looks at who saw an id."""
    sources = list_insider_sources(user)
    others = Source.objects.exclude(pk__in=[source.pk for source in sources]).values_list("id_space", flat=True)
    return {source.id_space_id for source in sources} - set(others)


def find_persons(user: Any, text: str, limit: int) -> list[SearchHit]:
    """Find a person by one of their ids, whole."""
    found = DistinctId.objects.filter(id_space__in=_spaces(user), distinct_id=text).select_related("id_space")
    return [
        SearchHit("Person", row.distinct_id, reverse("persons:person-page", args=[row.resolved_no]), row.id_space.name)
        for row in found[:limit]
    ]


def find_accounts(user: Any, text: str, limit: int) -> list[SearchHit]:
    """Find an account by its id, whole."""
    found = Account.objects.filter(id_space__in=_spaces(user), account_id=text).select_related("id_space")
    return [
        SearchHit("Account", row.account_id, reverse("persons:account-page", args=[row.no]), row.id_space.name)
        for row in found[:limit]
    ]


registry.add(
    NavItem(
        "Insights",
        "Persons & accounts",
        "persons:person-list",
        order=50,
        keys="g u",
        icon="people",
        under="Data",
        also=("/insights/contacts/",),
    )
)
registry.add(SearchProvider("Persons", find_persons, order=70))
registry.add(SearchProvider("Accounts", find_accounts, order=71))
registry.add(PersonExporter("persons", export_from_store, order=10))
registry.add(StoryTeller("usage", tell_usage, order=10))
registry.add(StoryTeller("consents", tell_consents, order=90))
registry.add(NightStep("persons.count", "Count persons and accounts", count_all, order=46))
registry.add(
    Schedule(
        "Start dead merges and erasures again",
        task="persons.sweep_jobs",
        every_s=20,
        description="Runs a merge, a split or an erasure again whose worker has been silent for 60 s.",
    )
)
