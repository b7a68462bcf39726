"""The demo company's statuses: what becomes of some of its themes, and who was told."""

from datetime import timedelta

from django.utils import timezone

from insights.voice.closing.actions import set_status
from insights.voice.closing.kinds import THEME
from insights.voice.closing.models import StatusChange, Telling
from insights.voice.themes.public import Theme
from portal.operations.contracts import DemoWorld, Progress
from portal.people.public import SYSTEM, Product, User

# Theme, status, days ago, of how many told by hand, days after the status, what they are to hear.
STATUSES = (
    ("The outage", "done", 40, 30, 2,
     "The outage in October came from a disk that filled up. We watch it now, and the status page is written by hand "
     "within ten minutes."),
    ("Timeline is slow with many tasks", "started", 16, 9, 6,
     "We are rebuilding how the timeline draws large plans. The first part, scrolling, comes in December."),
    ("The invitation is not found again", "planned", 4, 3, 1,
     "From January on, the invitation stands in the menu of every plan. Until then you find it at "
     "Settings, People."),
    ("Search", "declined", 25, 0, 0, ""),
)  # fmt: skip
HOW = ("On the telephone", "In their ticket", "At the customer day", "In the call about their renewal")


def seed_statuses(world: DemoWorld, progress: Progress) -> None:
    """Say what becomes of some of the demo's themes; what is there already is left."""
    product = Product.objects.select_related("team").filter(slug="planner").first()
    if product is None or StatusChange.objects.filter(product=product).exists():
        return
    manager = User.objects.filter(teams=product.team, role="product_manager", is_active=True).order_by("pk").first()
    themes = {one.name: one for one in Theme.objects.filter(product=product, merged_into=None)}
    for number, (name, status, days, n_told, after, said) in enumerate(STATUSES, start=1):
        if name in themes:
            _set(themes[name], status, days, n_told, after, said, manager)
        progress(number, len(STATUSES), "statuses")


def _set(theme: Theme, status: str, days: int, n_told: int, after: int, said: str, manager: User | None) -> None:
    actor = manager or SYSTEM
    change = set_status(THEME, theme.pk, status=status, said=said, is_told=bool(said), actor=actor)
    at = timezone.now() - timedelta(days=days)
    StatusChange.objects.filter(pk=change.pk).update(made_at=at)
    told = list(change.tellings.order_by("pk")[:n_told])
    for number, one in enumerate(told):
        one.state, one.way, one.note = Telling.State.TOLD, Telling.Way.HAND, HOW[number % len(HOW)]
        one.told_at, one.told_by = at + timedelta(days=after, hours=number), manager
    Telling.objects.bulk_update(told, ["state", "way", "note", "told_at", "told_by"])
