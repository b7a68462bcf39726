"""What the refresh hangs into the shell: navigation, a line on Home, its schedules."""

from django.conf import settings

from portal.refresh.queries import last_refresh
from portal.shell.public import HomePanel, NavItem, Schedule, registry

registry.add(NavItem("Operations", "Refreshes", "refreshes:refresh-list", order=10, keys="g r", icon="night"))
registry.add(
    HomePanel(
        "refresh",
        "portal/refresh/_home.html",
        lambda request: {"last": last_refresh(request.user)},
        order=90,
    )
)
registry.add(
    Schedule(
        "Nightly refresh",
        task="refresh.start_nightly",
        crontab="15 2 * * *",
        time_zone=settings.WORKSPACE_TIME_ZONE,
        description="Reads sources, brings every number up to date and checks that they agree.",
    )
)
registry.add(
    Schedule(
        "Take over abandoned refreshes",
        task="refresh.take_over",
        every_s=15,
        description="Goes on with a refresh whose worker has gone silent for 30 s.",
    )
)
