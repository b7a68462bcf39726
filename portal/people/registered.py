"""What the people room hangs into the shell."""

from django.db.models import Q
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
    SearchProvider,
    registry,
)


def _may(user) -> bool:
    return can(user, "people.edit")


def find_people(user, text: str, limit: int) -> list[SearchHit]:
    """Find people by name or address, for admins."""
    if not _may(user):
        return []
    found = User.objects.filter(Q(name__icontains=text) | Q(email__icontains=text))[:limit]
    return [SearchHit("Person", str(one), reverse("people:user-page", args=[one.pk]), one.email) for one in found]


def find_teams(user, text: str, limit: int) -> list[SearchHit]:
    """Find teams by name, for admins."""
    if not _may(user):
        return []
    found = Team.objects.filter(name__icontains=text)[:limit]
    return [SearchHit("Team", team.name, reverse("people:team-page", args=[team.slug])) for team in found]


def find_products(user, text: str, limit: int) -> list[SearchHit]:
    """Find products by name, for admins."""
    if not _may(user):
        return []
    found = Product.objects.visible_to(user).filter(name__icontains=text).select_related("team")[:limit]
    return [
        SearchHit("Product", product.name, reverse("people:product-page", args=[product.slug]), product.team.name)
        for product in found
    ]


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
registry.add(SearchProvider("People", find_people, order=80))
registry.add(SearchProvider("Teams", find_teams, order=81))
registry.add(SearchProvider("Products", find_products, order=82))
