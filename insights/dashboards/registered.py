"""What dashboards hang into the shell: navigation, Home, search, the steps of the night, the demo's dashboards."""

from django.urls import reverse

from insights.dashboards import demo, night, panels
from insights.dashboards.digests import composing
from insights.dashboards.digests import demo as digests_demo
from insights.dashboards.models import Dashboard
from portal.people.public import Role, can
from portal.shell.public import (
    Command,
    DemoSeed,
    DigestSubject,
    FirstStep,
    HomePanel,
    NavItem,
    NightStep,
    NoteProvider,
    OfferProvider,
    SearchRows,
    UsedBy,
    registry,
)

registry.add(
    FirstStep(
        "dashboard",
        "Make the first dashboard",
        "A starter dashboard is made from a product's own events in one click; change it as you like.",
        "dashboards:dashboard-list",
        is_done=lambda user: Dashboard.objects.visible_to(user).exists(),
        can_see=lambda user: Role(user.role).rank >= Role.PRODUCT_MANAGER.rank,
        order=30,
    )
)
_OF_TILE = ("title", "metric__name", "insight__title", "question", "dashboard__title", "dashboard__slug")
registry.add(UsedBy("Tile", panels.find_tiles, _OF_TILE, panels.show_tile))
registry.add(UsedBy("Dashboard", panels.find_boards, ("title", "slug"), panels.show_board))
registry.add(NoteProvider("annotations", panels.list_notes))
registry.add(NavItem("Insights", "Dashboards", "dashboards:dashboard-list", order=10, keys="g d", icon="dashboards"))
registry.add(HomePanel("dashboards", "insights/dashboards/_home_panel.html", panels.build_home, order=10))
registry.add(
    Command("New dashboard", "dashboards:dashboard-create", can_see=lambda user: can(user, "dashboards.create"))
)
registry.add(
    SearchRows(
        "Dashboards", panels.find_dashboards, ("title", "slug", "purpose", "product__name"), panels.show_found, order=10
    )
)
registry.add(OfferProvider("dashboards.starter", panels.offer_starter, order=10))
registry.add(NightStep("tiles", "Recompute tiles", night.recompute_tiles, order=50))
registry.add(NightStep("agreements", "Check agreements", night.check_agreements, order=60))
registry.add(NightStep("freshness", "Check freshness", night.check_freshness, order=70))
registry.add(
    DigestSubject(
        "my_products",
        "My products",
        find=composing.find_products,
        describe=lambda products: ("My products", reverse("dashboards:dashboard-list")),
        compose=composing.compose_products,
        offers=lambda user: [("", "What moved most on my products")],
        order=10,
    )
)
registry.add(
    DigestSubject(
        "dashboard",
        "Dashboards",
        find=composing.find_dashboard,
        describe=lambda board: (board.title, board.get_absolute_url()),
        compose=composing.compose_dashboard,
        offers=composing.offer_dashboards,
        order=20,
    )
)
registry.add(DemoSeed("dashboards", demo.seed_dashboards, order=50))
registry.add(DemoSeed("subscriptions", digests_demo.seed_subscriptions, order=80))
