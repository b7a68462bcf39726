"""May this user read or change a saved search? Its owner may; of a shared one ops may too."""

from typing import Any

from insights.voice.search.models import SavedSearch
from portal.people.public import Role, Team, allow
from portal.shell.public import NotAllowed, NotFound

allow("searches.save", Role.VIEWER, is_team_bound=False)


def get_saved_search(user: Any, pk: int, write: bool = False) -> SavedSearch:
    """Return a saved search that the user may see; with `write`, may change too."""
    found = SavedSearch.objects.visible_to(user).select_related("owner", "team").filter(pk=pk).first()
    if found is None:
        raise NotFound()
    if write and not may_change(user, found):
        raise NotAllowed("Only who saved this search may change it. Save it under a name of your own.")
    return found


def may_change(user: Any, search: SavedSearch) -> bool:
    """Say whether a user may change or delete a saved search."""
    return search.owner_id == user.pk or (user.is_ops and search.team_id is not None)


def teams_to_share_with(user: Any) -> list[Team]:
    """Return the teams with which a user may share a search: their own, for ops all."""
    teams = Team.objects.order_by("name")
    return list(teams if user.is_ops else teams.filter(pk__in=user.team_ids))
