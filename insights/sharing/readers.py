"""Who reads without being anybody: the reader of a public link, and whoever may read a pack in years to come."""

from portal.people.public import Role


class _Anybody:
    """Nobody of the portal: in no team, with no rights; what is personal to anyone is hidden from them."""

    pk = None
    is_active = True
    is_authenticated = is_ops = is_admin = False
    role = Role.VIEWER
    team_ids: frozenset[int] = frozenset()

    def __str__(self) -> str:
        return "anybody"


ANYBODY = _Anybody()
