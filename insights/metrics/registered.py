"""What metrics hang into the shell: navigation, Home, search, who uses a metric, and the night's step."""

from insights.metrics import demo, digests, night, panels, uses
from portal.people.public import can
from portal.shell.public import (
    Command,
    DemoSeed,
    DigestSubject,
    HomePanel,
    NavItem,
    NightStep,
    SearchRows,
    UsedBy,
    registry,
)

registry.add(NavItem("Insights", "Metrics", "metrics:metric-list", order=15, keys="g m", icon="metric"))
registry.add(Command("New metric", "metrics:metric-new", can_see=lambda user: can(user, "metrics.create"), order=30))
registry.add(HomePanel("metrics", "insights/metrics/_home_panel.html", panels.build_home, order=15))
registry.add(
    SearchRows(
        "Metrics", panels.find_metrics, ("pk", "name", "is_certified", "product__name"), panels.show_found, order=15
    )
)
registry.add(UsedBy("Metric", uses.find_users, ("pk", "name", "rule"), uses.show_user))
registry.add(NightStep("metrics", "Refresh metrics", night.refresh_metrics, order=45))
registry.add(
    DigestSubject(
        "metric",
        "Metrics",
        find=digests.find_metric,
        describe=lambda metric: (metric.name, metric.get_absolute_url()),
        compose=digests.compose_metric,
        offers=digests.offer_metrics,
        order=30,
    )
)
registry.add(DemoSeed("metrics", demo.seed_metrics, order=45))
registry.add(DemoSeed("values of metrics", demo.renew_metrics, order=65))
