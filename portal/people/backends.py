"""Who is signed in, read in one query with what every page asks of them: their teams, and what rooms add."""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from portal.people.contracts import ReadAlong
from portal.people.models import Membership, User
from portal.shell.registry import registry


class PortalBackend(AuthenticationBackend):
    """allauth's own way to sign in; the user of a session comes with the numbers of their teams."""

    def get_user(self, user_id: int) -> User | None:
        """Return the active user of a session."""
        teams = Membership.objects.filter(user=OuterRef("pk")).order_by().values("team_id")
        more = {piece.name: piece.read() for piece in registry.all(ReadAlong)}
        user = User.objects.annotate(own_teams=ArraySubquery(teams), **more).filter(pk=user_id).first()
        if user is None or not self.user_can_authenticate(user):
            return None
        user.team_ids = frozenset(user.own_teams)
        return user
