"""What alerts hang into the shell: navigation, Home, search, uses, offers, the night's check, schedules, the demo."""

from insights.alerts import demo, night, panels
from portal.people.public import can
from portal.shell.public import (
    Command,
    DemoSeed,
    HomePanel,
    NavItem,
    NightStep,
    OfferProvider,
    Schedule,
    SearchRows,
    UsedBy,
    registry,
)

registry.add(HomePanel("alerts", "insights/alerts/_home_panel.html", panels.build_home, order=7))
registry.add(
    SearchRows(
        "Alerts", panels.find_alerts, ("pk", "name", "subject_title", "product__name"), panels.show_found, order=18
    )
)
registry.add(UsedBy("Alert", panels.find_uses, ("pk", "name", "subject_title"), panels.show_use))
registry.add(OfferProvider("alerts.watch", panels.offer_alert, order=40))
registry.add(NavItem("Insights", "Alerts", "alerts:alert-list", order=16, keys="g l", icon="bell", under="Metrics"))
registry.add(Command("New alert", "alerts:alert-new", can_see=lambda user: can(user, "alerts.create"), order=31))
registry.add(NightStep("alerts", "Check alerts", night.check_all, order=80))
registry.add(
    Schedule(
        "Check hourly alerts",
        "alerts.check_hourly",
        crontab="10 * * * *",
        description="Alerts on hours, and on whether sources keep their promise; the others are checked in the night.",
    )
)
registry.add(
    Schedule(
        "Wake snoozed incidents",
        "alerts.wake_snoozed",
        every_s=300,
        description="Incidents whose snooze is over are open again, and people are reminded.",
    )
)
registry.add(DemoSeed("alerts", demo.seed_alerts, order=70))
