"""May this user read or change an insight?"""

from insights.explore.models import Insight
from portal.people.public import Role, allow, get_visible

allow("insights.create", Role.PRODUCT_MANAGER)
allow("insights.edit", Role.PRODUCT_MANAGER)


def get_insight(user, pk: int, write: bool = False) -> Insight:
    """Return an insight that the user may see; with `write`, may change too."""
    insights = Insight.objects.select_related("product", "team", "owner").with_stars(user)
    return get_visible(insights, user, "insights.edit" if write else "", pk=pk)
