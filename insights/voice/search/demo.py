"""The demo company's saved searches."""

from insights.voice.search.actions import save_search
from insights.voice.search.counting import count_changed
from insights.voice.search.models import SavedSearch
from portal.operations.contracts import DemoWorld, Progress
from portal.people.public import User

SEARCHES = (
    ("Where the team cannot get in", {"q": "invite team"}, True),
    ("Slow reports, support alone", {"q": "slow report", "channel": "support"}, True),
    ("Mobile, newest first", {"q": "phone mobile", "sort": "new"}, False),
)


def seed_searches(world: DemoWorld, progress: Progress) -> None:
    """Keep a few searches for the demo's product manager, and count the words of what was said."""
    manager = User.objects.filter(role="product_manager", is_active=True).order_by("pk").first()
    if manager is not None:
        team = manager.teams.order_by("pk").first()
        known = set(SavedSearch.objects.filter(owner=manager).values_list("name", flat=True))
        for name, asked, is_shared in SEARCHES:
            if name not in known:
                save_search(name=name, asked=asked, actor=manager, team=team if is_shared else None)
    count_changed()
    progress(len(SEARCHES), len(SEARCHES), "saved searches")
