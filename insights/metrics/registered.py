"""What metrics hang into the shell."""

from insights.metrics import night, uses
from portal.shell.public import NavItem, NightStep, UsedBy, registry

registry.add(NavItem("Insights", "Metrics", "metrics:metric-list", order=15, keys="g m", icon="metric"))

registry.add(UsedBy("metrics", uses.find_wholes))
registry.add(NightStep("metrics", "Refresh metrics", night.refresh_metrics, order=45))
