"""What the cohorts room hangs into questions and the shell."""

from typing import Any

from django.urls import reverse

from insights.cohorts import demo, night
from insights.cohorts.erasing import erase_person, export_person
from insights.cohorts.models import Cohort, say_size
from insights.cohorts.providing import find_cohorts, read_members
from insights.questions.public import CohortProvider, asks_about, how_mentioned, mention_of_cohort
from portal.people.public import Role
from portal.shell.public import (
    Command,
    DemoSeed,
    NavItem,
    NightStep,
    PersonEraser,
    PersonExporter,
    SearchHit,
    SearchRows,
    UsedBy,
    registry,
)


def _find(user: Any, text: str) -> Any:
    return Cohort.objects.visible_to(user).live().matching(text).order_by("name", "pk")


def _show_found(cohort: dict[str, Any]) -> SearchHit:
    address = reverse("cohorts:cohort-page", args=[cohort["slug"]])
    return SearchHit("Cohort", cohort["name"], address, say_size(cohort["current__size"], cohort["unit"]))


def _using(thing: Any, user: Any) -> Any:
    if isinstance(thing, Cohort):
        return thing.used_in(manager="objects").visible_to(user)
    asks = asks_about(thing, "definition", product="products")
    return None if asks is None else Cohort.objects.visible_to(user).live().filter(asks)


def _show(cohort: dict[str, Any]) -> SearchHit:
    return SearchHit("Cohort", cohort["name"], reverse("cohorts:cohort-page", args=[cohort["slug"]]))


def _may_make(user: Any) -> bool:
    return Role(user.role).rank >= Role.PRODUCT_MANAGER.rank


registry.add(CohortProvider("cohorts", find_cohorts, read_members))
registry.add(NavItem("Insights", "Cohorts", "cohorts:cohort-list", order=52, keys="g g", icon="people", under="Data"))
registry.add(SearchRows("Cohorts", _find, ("name", "slug", "unit", "current__size"), _show_found, order=25))
how_mentioned.register(Cohort, lambda cohort: mention_of_cohort(cohort.names))
registry.add(UsedBy("Cohort", _using, ("name", "slug"), _show))
registry.add(PersonEraser("cohorts", erase_person))
registry.add(PersonExporter("cohorts", export_person))
registry.add(NightStep("cohorts", "Count cohorts", night.count_cohorts, order=45))
registry.add(DemoSeed("cohorts", demo.seed_cohorts, order=45))
registry.add(
    Command("New cohort", "cohorts:cohort-new", can_see=_may_make, order=24, detail="A named set of people or accounts")
)
