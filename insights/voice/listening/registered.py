"""What listening hangs into the shell: navigation, Home, the page of a person, the night, the demo."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from insights.cohorts.public import Cohort
from insights.persons.contracts import NameTeller, PersonFacts
from insights.voice.listening import demo
from insights.voice.listening.models import CallReason
from insights.voice.listening.night import make_lists
from insights.voice.listening.personal import erase_person, export_person, names_given
from portal.people.public import Role
from portal.shell.public import (
    Command,
    DemoSeed,
    HomePanel,
    NavItem,
    NightStep,
    Panel,
    PersonEraser,
    PersonExporter,
    SearchHit,
    UsedBy,
    registry,
)


def _may_talk(user: Any) -> bool:
    return Role(user.role).rank >= Role.PRODUCT_MANAGER.rank


def _home(request: HttpRequest) -> dict[str, Any] | None:
    """Let who talks with customers see their clock; Home asks for it once it stands."""
    return {} if _may_talk(request.user) else None


def _calls_of(thing: Any, user: Any) -> str | None:
    """Return where the calls with a person are read and planned; their page asks for it once it stands."""
    if not isinstance(thing, PersonFacts) or not _may_talk(user):
        return None
    return reverse("listening:person-calls", args=[thing.no])


def _using(thing: Any, user: Any) -> Any:
    """Return the products for which the people of a cohort are worth a call."""
    return CallReason.objects.visible_to(user).filter(cohort=thing) if isinstance(thing, Cohort) else None


def _show(values: dict[str, Any]) -> SearchHit:
    address = f"{reverse('listening:reasons')}?product={values['product__slug']}"
    return SearchHit("Reason to call", f"Whom to call for {values['product__name']}", address)


registry.add(NavItem("Insights", "Listening", "listening:clock", order=32, keys="g w", icon="people", under="Voice"))
registry.add(
    Command("Contact clock", "listening:clock", order=27, detail="Who talked with customers when, whom nobody hears")
)
registry.add(
    Command(
        "Whom to call next", "listening:next-calls", can_see=_may_talk, order=27, detail="A fair list, with reasons"
    )
)
registry.add(HomePanel("listening", "insights/voice/_clock_home.html", _home, order=85))
registry.add(Panel("calls", "insights/voice/_calls_panel.html", _calls_of, order=22))
registry.add(UsedBy("Reason to call", _using, ("product__slug", "product__name"), _show))
registry.add(PersonEraser("calls", erase_person))
registry.add(PersonExporter("calls", export_person))
registry.add(NameTeller("calls", names_given, is_sure=False))
registry.add(NightStep("call lists", "Finding whom to call next", make_lists, order=65))
registry.add(DemoSeed("listening", demo.seed_listening, order=62))
