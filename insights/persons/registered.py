"""What the persons room hangs into the shell: navigation, and a person or account by the exact id."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from insights.events.public import Account, DistinctId, Source
from insights.persons.contracts import StoryRows, StoryTeller
from insights.persons.exporting import export_from_store
from insights.persons.mentions.erasing import erase_mentions
from insights.persons.mentions.keeping import QUARANTINE
from insights.persons.mentions.mails import DELIVERIES
from insights.persons.night import count_all, forget_looks
from insights.persons.story import ASK_FIELDS, CONSENT_FIELDS, find_asks, find_consents, show_ask, show_consent
from insights.persons.usage import tell_usage
from portal.people.public import Product
from portal.shell.public import (
    NavItem,
    NightStep,
    PersonEraser,
    PersonExporter,
    Schedule,
    SearchHit,
    SearchRows,
    registry,
)


def _spaces(user: Any) -> QuerySet:
    """Return the spaces all of whose sources are the user's: in a shared one, the page looks at who saw an id."""
    products = Product.objects.visible_to(user).inside_of(user).order_by()
    others = Source.objects.exclude(product__in=products.values("pk")).order_by()
    own = Source.objects.filter(product__in=products.values("pk")).order_by()
    return own.exclude(id_space__in=others.values("id_space")).values("id_space")


def find_persons(user: Any, text: str) -> QuerySet:
    """Find a person by one of their ids, whole."""
    return DistinctId.objects.filter(id_space__in=_spaces(user), distinct_id=text).order_by("no")


def _show_person(values: dict[str, Any]) -> SearchHit:
    person = DistinctId(no=values["no"], person_no=values["person_no"]).resolved_no
    address = reverse("persons:person-page", args=[person])
    return SearchHit("Person", values["distinct_id"], address, values["id_space__name"])


def find_accounts(user: Any, text: str) -> QuerySet:
    """Find an account by its id, whole."""
    return Account.objects.filter(id_space__in=_spaces(user), account_id=text).order_by("no")


def _show_account(values: dict[str, Any]) -> SearchHit:
    address = reverse("persons:account-page", args=[values["no"]])
    return SearchHit("Account", values["account_id"], address, values["id_space__name"])


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
registry.add(
    SearchRows("Persons", find_persons, ("no", "person_no", "distinct_id", "id_space__name"), _show_person, order=70)
)
registry.add(SearchRows("Accounts", find_accounts, ("no", "account_id", "id_space__name"), _show_account, order=71))
registry.add(PersonExporter("persons", export_from_store, order=10))
registry.add(PersonEraser("mentions", erase_mentions, order=55))
registry.add(QUARANTINE)
registry.add(DELIVERIES)
registry.add(StoryTeller("usage", tell_usage, order=10))
registry.add(StoryRows("consents", find_consents, CONSENT_FIELDS, show_consent, order=90))
registry.add(StoryRows("asks", find_asks, ASK_FIELDS, show_ask, order=92))
registry.add(NightStep("persons.count", "Count persons and accounts", count_all, order=46))
registry.add(NightStep("persons.forget_looks", "Forget old looks for mentions", forget_looks, order=93))
registry.add(
    Schedule(
        "Start dead merges and erasures again",
        task="persons.sweep_jobs",
        every_s=20,
        description="Runs a merge, a split or an erasure again whose worker has been silent for 60 s.",
    )
)
