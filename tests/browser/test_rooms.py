"""Every page of the rooms that have no story of their own: accessible in both themes, never wider than the screen."""

import pytest

from portal.people.models import Product, Team
from tests import factories
from tests.house.access_table import World, list_rows

ROOMS = (
    *("forecasts", "outcomes", "priorities", "scoring", "work"),
    *("closing", "contacts", "demand", "findings", "goal_map", "goals", "imports", "prototypes", "pulse_answers"),
    *("listening", "mentions", "pulses", "releases", "retention", "roadmap", "scenarios", "search", "surveys"),
    *("initiatives", "opportunities"),
)
FILES = ("csv", "ics", "file", "links")
# Asked for while one types: nobody opens these.
PIECES = ("goals:usual", "priorities:priority-row", "prototypes:tried-before", "roadmap:since")


def _pages():
    rows = [row for row in list_rows() if row.method == "get" and row.url_name.split(":")[0] in ROOMS]
    found = {row.url_name: row for row in rows if row.statuses.get("admin") == 200}  # the last of a name: the same page
    return [row for row in found.values() if not row.url_name.endswith(FILES) and row.url_name not in PIECES]


@pytest.mark.long
@pytest.mark.parametrize("row", _pages(), ids=lambda row: row.url_name)
def test_page_is_accessible_and_fits(row, browse, cast, look):
    people = {role: cast(role) for role in ("viewer", "product_manager", "ops", "admin")}
    people["outsider"] = factories.make_user("outsider", "product_manager", factories.make_team("Other team"))
    world = World(Team.objects.get(slug="planner-team"), Product.objects.get(), people)
    kwargs = row.kwargs_in(world)
    page = browse("admin" if row.statuses.get("product_manager") != 200 else "product_manager", row.path(kwargs))
    page.check_axe()
    look(page, row.url_name.replace(":", "-"))
    page.emulate_media(color_scheme="dark")
    page.check_axe()
