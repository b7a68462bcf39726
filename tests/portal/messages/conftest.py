"""A subject to subscribe to, as a room right of messages registers one."""

import pytest

from portal.messages.contracts import DigestChart, DigestLine, DigestPart, DigestSeries
from portal.shell.registry import DigestSubject, registry
from tests.portal.messages.hook_server import hook_server

CHART = DigestChart(
    "Reports opened", ("1 Nov", "2 Nov", "3 Nov"), (DigestSeries("opened", (3, 5, 4)),), "events, by day", "Three days."
)


class Subject:
    """What it says, whom it is for, and how often it was asked."""

    def __init__(self):
        self.title = "Growth"
        self.hidden_from = set()
        self.n_composed = 0
        self.line = DigestLine("Reports opened", "1,204", "+31 % against the week before", "likely +12 to +50 %", 2.1)
        self.charts = (CHART,)
        self.fault = None

    def find(self, user, thing_id):
        return self if thing_id == "growth" and user.pk not in self.hidden_from else None

    def compose(self, thing, person, *, since, now):
        if self.fault:
            raise self.fault
        self.n_composed += 1
        fresh = "Data until 3 Nov 2026, 23:59"
        return (
            DigestPart(
                self.title,
                "/things/growth/",
                "1 to 3 Nov 2026",
                "plan is “pro”",
                "UTC",
                fresh,
                (self.line,),
                self.charts,
            ),
        )


@pytest.fixture
def subject():
    made = Subject()
    describe = lambda thing: (made.title, "/things/growth/")  # noqa: E731 (two lines for a pair)
    registered = DigestSubject(
        "growth", "Growth", made.find, describe, made.compose, lambda user: [("growth", made.title)]
    )
    registry.add(registered)
    yield made
    registry.pieces[DigestSubject].pop("growth")


@pytest.fixture
def hook(settings):
    settings.WEBHOOK_ALLOW_HTTP, settings.WEBHOOK_ALLOWED_HOSTS = True, ["127.0.0.1"]
    with hook_server() as server:
        yield server
