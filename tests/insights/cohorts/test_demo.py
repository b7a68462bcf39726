"""The demo's cohorts."""

from datetime import date, timedelta

from django.utils import timezone

from insights.capture.demo.world import ONBOARDING
from insights.cohorts.demo import seed_cohorts
from insights.cohorts.models import Cohort
from portal.operations.contracts import DemoWorld
from tests.factories import make_source, store_events


def test_the_demo_has_three_cohorts_however_often_it_is_seeded(product, owner):
    source, yesterday = make_source(product), timezone.now() - timedelta(days=1)
    rows = [
        {"event": event, "distinct_id": f"u{who}", "timestamp": yesterday + timedelta(minutes=place)}
        for who in range(3)
        for place, event in enumerate(ONBOARDING[: 4 - who] + ("task created",) * 10 + ("report opened",))
    ]
    store_events(source, rows)
    world = DemoWorld(date.today(), 0, {})
    for _ in range(2):
        seed_cohorts(world, lambda done, total: None)
    cohorts = {cohort.name: cohort for cohort in Cohort.objects.all()}
    assert {name: (one.state, one.current.size) for name, one in cohorts.items()} == {
        "Invited nobody": ("ok", 1),
        "Heavy planners": ("ok", 3),
        "Timeline beta": ("ok", 3),
    }
    assert cohorts["Heavy planners"].editions.count() == 2 and cohorts["Timeline beta"].listed.n_ids == 5
