"""The links of who was asked, to be handed out by somebody's own mail program or in person."""

from dataclasses import dataclass

from django.conf import settings

from insights.contacts.public import name_speakers, source_ids_of
from insights.voice.surveys.models import Invitation, Survey
from insights.voice.surveys.tokens import link_of


@dataclass(frozen=True)
class LinkRow:
    """The link of one person."""

    name: str
    address: str
    person: str
    link: str


LINK_COLUMNS = {
    "name": lambda row: row.name,
    "e-mail address": lambda row: row.address,
    "person": lambda row: row.person,
    "link": lambda row: row.link,
}


def list_links(survey: Survey) -> list[LinkRow]:
    """Return the links of those who have neither answered nor said no; one read of the store for all."""
    waiting = Invitation.objects.filter(survey=survey, answered_at=None, declined_at=None)
    rows = list(waiting.select_related("person__contact").order_by("pk"))
    named, _ = name_speakers((row.person for row in rows), [], source_ids_of([survey.product_id]))
    found = []
    for row in rows:
        who = named.get(row.person_id)
        address = who.detail if who and "@" in who.detail else ""
        name = who.label if who and who.label != row.person.distinct_id else ""
        found.append(LinkRow(name, address, row.person.distinct_id, f"{settings.PUBLIC_URL}{link_of(row.pk)}"))
    return found
