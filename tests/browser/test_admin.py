"""The admin wears the portal's clothes, under the same policy; its pages and those for admins are accessible."""

import pytest

from insights.dashboards import actions
from portal.people.public import SYSTEM, Product
from tests import factories

PAGES = {
    "admin-index": "/admin/",
    "admin-users": "/admin/portal_people/user/",
    "admin-user-new": "/admin/portal_people/user/add/",
    "admin-audit": "/admin/portal_audit/auditentry/",
    "admin-tiles": "/admin/insights_dashboards/tile/",
    "admin-schedules": "/admin/django_celery_beat/periodictask/",
    "admin-schedule-new": "/admin/django_celery_beat/periodictask/add/",
    "people": "/people/",
    "person-new": "/people/new/",
    "teams": "/people/teams/",
    "team": "/people/teams/planner-team/",
    "products": "/people/products/",
    "product": "/people/products/planner/",
    "audit": "/audit/",
    "notices": "/notices/",
}

# One list, one form and one page of the portal's own are seen in every run; the others wear the same clothes.
SEEN_ALWAYS = {"admin-users", "admin-user-new", "audit"}


def check_both_themes(page):
    page.check_axe()
    page.emulate_media(color_scheme="dark")
    page.check_axe()


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[] if name in SEEN_ALWAYS else pytest.mark.long) for name in PAGES]
)
def test_page_is_accessible_under_the_policy(browse, look, cast, name):
    cast("viewer")
    page = browse("admin", PAGES[name])
    check_both_themes(page)
    if not name.startswith("admin"):
        assert page.layout_shift() <= 0.02
    look(page, name)


@pytest.mark.long
@pytest.mark.parametrize("noun", ["user", "source", "dashboard", "tile", "annotation"])
def test_form_of_the_admin_is_accessible_under_the_policy(browse, look, cast, noun):
    cast("admin")
    product = Product.objects.get()
    dashboard = actions.create_dashboard(actor=SYSTEM, product=product, title="Health")
    made = {
        "user": lambda: cast("viewer"),
        "source": lambda: factories.make_source(product),
        "dashboard": lambda: dashboard,
        "tile": lambda: actions.add_tile(dashboard, actor=SYSTEM, kind="text", text="Hello"),
        "annotation": lambda: actions.create_annotation(
            actor=SYSTEM, product=product, text="Release", starts_on="2026-03-01"
        ),
    }
    thing = made[noun]()
    page = browse("admin", f"/admin/{thing._meta.app_label}/{thing._meta.model_name}/{thing.pk}/change/")
    check_both_themes(page)
    look(page, f"admin-{noun}")


@pytest.mark.long
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_admin_s_list_and_its_sign_in_are_accessible_at_both_sizes(browse, cast, size):
    cast("admin")
    check_both_themes(browse("admin", "/admin/portal_people/user/", size=size))
    check_both_themes(browse(None, "/admin/login/", size=size))
