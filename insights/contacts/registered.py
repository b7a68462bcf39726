"""What contacts hang into the shell: commands, search, eraser, exporter."""

from collections.abc import Iterable
from typing import Any

from insights.contacts import demo
from insights.contacts.models import Contact
from insights.contacts.personal import erase_person, export_person
from portal.people.public import Role
from portal.shell.public import Command, DemoSeed, PersonEraser, PersonExporter, SearchHit, SearchProvider, registry


def _may_write(user: Any) -> bool:
    return Role(user.role).rank >= Role.PRODUCT_MANAGER.rank


def _find(user: Any, text: str, limit: int) -> Iterable[SearchHit]:
    found = Contact.objects.visible_to(user).matching(text).select_related("person__id_space", "account")
    for one in found.order_by("-pk")[:limit]:
        about = " · ".join(filter(None, [one.title, one.account.account_id if one.account else ""]))
        yield SearchHit("Contact", one.label, one.get_absolute_url(), about or one.person.id_space.name)


registry.add(Command("New contact", "contacts:contact-new", can_see=_may_write, order=24, detail="Write a person down"))
registry.add(Command("New account", "contacts:record-new", can_see=_may_write, order=25, detail="A customer company"))
registry.add(SearchProvider("Contacts", _find, order=68))
registry.add(PersonEraser("contacts", erase_person))
registry.add(PersonExporter("contacts", export_person))
registry.add(DemoSeed("contacts", demo.seed_contacts, order=54))
