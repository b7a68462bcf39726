"""The demo's pulses are believable: two that are closed, functions that are apart, one too small to be shown."""

from django.utils import timezone

from portal.operations.contracts import DemoWorld
from portal.people.public import SYSTEM
from roadmaps.goals import actions as goals
from roadmaps.pulses.demo import seed_pulses
from roadmaps.pulses.models import Invitee, Pulse, Ticket
from tests.roadmaps.goals.access_rows import make_cycle


def test_the_demo_has_pulses_that_say_something(product, owner, client_of):
    for title in ("Plan together", "Plan with others from the first day", "Not in the way"):
        goals.create_objective(title=title, cycle=make_cycle(), product=product, actor=SYSTEM)
    for _ in range(2):  # run again it leaves all as it is
        seed_pulses(DemoWorld(timezone.localdate(), 7, {}), lambda *told: None)
    assert Pulse.objects.count() == 2 and not Ticket.objects.exists() and not Invitee.objects.exists()
    newest = Pulse.objects.order_by("-closed_at").first()
    page = client_of(owner).get(newest.get_absolute_url()).content.decode()
    assert "38 of 48 answered" in page and "Fewer than 5 answered: Customer success" in page
    assert 'aria-current="true"' in page and "Last quarter" in page
