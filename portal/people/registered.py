"""What the people room hangs into the shell."""

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from portal.people.access import can
from portal.people.models import Product, Team, User
from portal.people.queries import build_switcher
from portal.shell.registry import (
    Command,
    FirstStep,
    FramePiece,
    NavItem,
    ProfileTab,
    SearchHit,
    SearchRows,
    registry,
)


def _may(user) -> bool:
    return can(user, "people.edit")


def _find_people(user, text: str) -> QuerySet | None:
    found = User.objects.filter(Q(name__icontains=text) | Q(email__icontains=text)).order_by("name", "email", "pk")
    return found if _may(user) else None


def _show_person(values: dict[str, Any]) -> SearchHit:
    name = str(User(name=values["name"], email=values["email"]))
    return SearchHit("Person", name, reverse("people:user-page", args=[values["pk"]]), values["email"])


def _find_teams(user, text: str) -> QuerySet | None:
    return Team.objects.filter(name__icontains=text).order_by("name", "pk") if _may(user) else None


def _show_team(values: dict[str, Any]) -> SearchHit:
    return SearchHit("Team", values["name"], reverse("people:team-page", args=[values["slug"]]))


def _find_products(user, text: str) -> QuerySet | None:
    found = Product.objects.visible_to(user).filter(name__icontains=text).order_by("name", "pk")
    return found if _may(user) else None


def _show_product(values: dict[str, Any]) -> SearchHit:
    address = reverse("people:product-page", args=[values["slug"]])
    return SearchHit("Product", values["name"], address, values["team__name"])


registry.add(
    FirstStep(
        "product",
        "Name a team and its product",
        "Sources, questions and dashboards are about a product; a team owns it.",
        "people:team-list",
        is_done=lambda user: Product.objects.exists(),
        can_see=_may,
        order=10,
    )
)
registry.add(
    FirstStep(
        "people",
        "Invite your product managers",
        "They get a mail with a link, choose a password and are in.",
        "people:user-new",
        is_done=lambda user: User.objects.exclude(pk=user.pk).exists(),
        can_see=_may,
        order=40,
    )
)
registry.add(FramePiece("product switcher", "side", "portal/people/product_switcher.html", build_switcher))
registry.add(FramePiece("profile menu", "top", "portal/people/profile_menu.html", lambda request: True, order=200))
registry.add(ProfileTab("profile", "Profile", "people:profile", order=10, icon="settings"))
registry.add(ProfileTab("tokens", "API tokens", "people:token-list", order=40, icon="key"))
registry.add(ProfileTab("sessions", "Sessions", "usersessions_list", order=50, icon="lock"))
registry.add(NavItem("Operations", "People", "people:user-list", order=80, keys="g p", can_see=_may, icon="people"))
registry.add(Command("Invite a person", "people:user-new", can_see=_may))
registry.add(Command("New team", "people:team-new", can_see=_may))
registry.add(Command("New product", "people:product-new", can_see=_may))
registry.add(Command("Change my profile", "people:profile", order=200))
registry.add(Command("Make an API token", "people:token-list", order=200))
registry.add(SearchRows("People", _find_people, ("pk", "name", "email"), _show_person, order=80))
registry.add(SearchRows("Teams", _find_teams, ("name", "slug"), _show_team, order=81))
registry.add(SearchRows("Products", _find_products, ("name", "slug", "team__name"), _show_product, order=82))
