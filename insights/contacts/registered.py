"""What contacts hang into the shell: commands, search, eraser, exporter."""

from typing import Any

from insights.contacts import demo
from insights.contacts.ending import tell_ending
from insights.contacts.models import Contact
from insights.contacts.personal import erase_person, export_person
from portal.people.public import Role
from portal.shell.public import (
    Command,
    DemoSeed,
    HomePanel,
    NightStep,
    PersonEraser,
    PersonExporter,
    SearchHit,
    SearchRows,
    registry,
)


def _may_write(user: Any) -> bool:
    return Role(user.role).rank >= Role.PRODUCT_MANAGER.rank


def _home(user: Any) -> dict[str, Any] | None:
    """Let who talks with customers see which consents end; Home asks for it once it stands."""
    return {} if _may_write(user) else None


def _find(user: Any, text: str) -> Any:
    return Contact.objects.visible_to(user).matching(text).order_by("-pk")


def _show(values: dict[str, Any]) -> SearchHit:
    about = " · ".join(filter(None, [values["title"], values["account__account_id"]]))
    one = Contact(name=values["name"], address=values["address"], person_id=values["person_id"])
    return SearchHit("Contact", one.label, one.get_absolute_url(), about or values["person__id_space__name"])


registry.add(Command("New contact", "contacts:contact-new", can_see=_may_write, order=24, detail="Write a person down"))
registry.add(Command("New account", "contacts:record-new", can_see=_may_write, order=25, detail="A customer company"))
registry.add(
    Command("Consents that end", "contacts:consent-ending", can_see=_may_write, order=31, detail="What may not be used")
)
registry.add(
    HomePanel("consents", "insights/contacts/_consent_home.html", lambda request: _home(request.user), order=92)
)
registry.add(NightStep("contacts.consents", "Tell which consents end", tell_ending, order=87))
registry.add(
    SearchRows(
        "Contacts",
        _find,
        ("name", "address", "title", "person_id", "account__account_id", "person__id_space__name"),
        _show,
        order=68,
    )
)
registry.add(PersonEraser("contacts", erase_person))
registry.add(PersonExporter("contacts", export_person))
registry.add(DemoSeed("contacts", demo.seed_contacts, order=54))
