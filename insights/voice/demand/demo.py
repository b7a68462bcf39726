"""Which parts of the demo's product its themes are about."""

from insights.adoption.public import Feature
from insights.voice.demand.actions import set_area
from insights.voice.demand.models import ThemeArea
from insights.voice.themes.public import Theme
from portal.operations.contracts import DemoWorld, Progress
from portal.people.public import SYSTEM

# Theme, the feature that it is about, else the events.
AREAS = (
    ("Getting the team in", "", ("invited teammate",)),
    ("Timeline", "Timeline", ("timeline opened",)),
    ("Reports", "Reports", ("report opened",)),
    ("Search", "Search", ("search used",)),
    ("Other tools", "", ("integration connected",)),
)


def seed_areas(world: DemoWorld, progress: Progress) -> None:
    """Say what the demo's themes are about; what is said already is left."""
    themes = {
        theme.name: theme for theme in Theme.objects.select_related("product", "team").filter(product__slug="planner")
    }
    known = set(ThemeArea.objects.values_list("theme__name", flat=True))
    for number, (name, feature_name, events) in enumerate(AREAS, start=1):
        if name in themes and name not in known:
            theme = themes[name]
            feature = Feature.objects.filter(product=theme.product, name=feature_name).first()
            specs = [] if feature else [{"event": event} for event in events]
            set_area(theme, actor=SYSTEM, feature=feature, events=specs)
        progress(number, len(AREAS), "areas of themes")
