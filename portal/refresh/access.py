"""Who may see and start refreshes: everybody reads, ops start."""

from portal.people.public import Role, allow
from portal.refresh.models import Refresh
from portal.shell.public import NotFound

allow("refreshes.start", Role.OPS, is_team_bound=False)


def get_refresh(user, refresh_id: int) -> Refresh:
    """Return a refresh; everybody who is signed in may read how fresh the numbers are."""
    refresh = Refresh.objects.visible_to(user).select_related("started_by").filter(pk=refresh_id).first()
    if refresh is None:
        raise NotFound()
    return refresh
