"""The admin wears the portal's clothes, under the same policy."""

import pytest

PAGES = {
    "admin-index": "/admin/",
    "admin-users": "/admin/portal_people/user/",
    "admin-user-new": "/admin/portal_people/user/add/",
    "admin-audit": "/admin/portal_audit/auditentry/",
    "people": "/people/",
    "person-new": "/people/new/",
    "teams": "/people/teams/",
    "team": "/people/teams/planner-team/",
    "products": "/people/products/",
    "product": "/people/products/planner/",
    "audit": "/audit/",
    "notices": "/notices/",
}


@pytest.mark.parametrize("name", PAGES)
def test_page_is_accessible_under_the_policy(browse, look, cast, name):
    cast("viewer")
    page = browse("admin", PAGES[name])
    if not name.startswith("admin"):
        page.check_axe()
        page.emulate_media(color_scheme="dark")
        page.check_axe()
        assert page.layout_shift() <= 0.02
    look(page, name)
