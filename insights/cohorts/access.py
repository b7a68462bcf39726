"""The only door to a cohort; and who may do what to it, see its members, or look for one person in it."""

from typing import Any

from insights.cohorts.models import Cohort
from portal.people.public import Role, allow, get_visible, is_insider
from portal.shell.public import NotAllowed

allow("cohorts.create", Role.PRODUCT_MANAGER)
allow("cohorts.edit", Role.PRODUCT_MANAGER)
allow("cohorts.pass", Role.VIEWER, is_team_bound=False)  # one that goes by itself, behind a number they may ask for

INSIDERS_ONLY = "Who is in a cohort is for the product's team and for ops. You can see how many, and ask about them."


def get_cohort(user: Any, slug: str, write: bool = False) -> Cohort:
    """Return a cohort by its slug, archived or not."""
    cohorts = Cohort.objects.select_related("team", "owner", "current", "listed")
    cohorts = cohorts.defer("current__members", "listed__ids")
    return get_visible(cohorts.prefetch_related("products"), user, "cohorts.edit" if write else "", slug=slug)


def may_see_members(user: Any, cohort: Cohort) -> bool:
    """Say whether a user may see who is in a cohort: only insiders of all its products."""
    return all(is_insider(user, product.team_id) for product in cohort.products.all())


def require_members(user: Any, cohort: Cohort) -> None:
    """Refuse the members of a cohort to those outside its products' teams."""
    if not may_see_members(user, cohort):
        raise NotAllowed(INSIDERS_ONLY)
