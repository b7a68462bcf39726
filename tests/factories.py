"""Small makers of test rows."""

from django.utils.text import slugify

from portal.people.models import Membership, Product, Team, User, Visibility


def make_team(name: str) -> Team:
    return Team.objects.create(name=name, slug=slugify(name))


def make_product(name: str, team: Team, visibility: str = Visibility.COMPANY) -> Product:
    return Product.objects.create(name=name, slug=slugify(name), team=team, visibility=visibility)


def make_user(name: str, role: str, *teams: Team) -> User:
    user = User.objects.create_user(f"{name}@example.com", "a long password 1", name=name.title(), role=role)
    for team in teams:
        Membership.objects.create(user=user, team=team)
    return user
