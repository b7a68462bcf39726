"""What say and do hangs into the shell: the panel of a theme, who uses a feature, the demo."""

from typing import Any

from django.urls import reverse

from insights.adoption.public import Feature
from insights.voice.demand import demo
from insights.voice.demand.models import ThemeArea
from insights.voice.themes.public import Theme
from portal.people.public import can_see
from portal.shell.public import DemoSeed, Panel, SearchHit, UsedBy, registry


def _panel(thing: Any, user: Any) -> list[str] | None:
    """Return where the pieces of say and do are read; the theme's page asks for them once it stands."""
    if not isinstance(thing, Theme) or thing.merged_into_id or not can_see(user, thing.product):
        return None
    return [reverse(f"demand:{name}", args=[thing.pk]) for name in ("say-and-do", "loudest", "weighted")]


def _using(thing: Any, user: Any) -> Any:
    """Return the themes that are about a feature."""
    return ThemeArea.objects.visible_to(user).filter(feature=thing) if isinstance(thing, Feature) else None


def _show(values: dict[str, Any]) -> SearchHit:
    address = reverse("themes:theme-page", args=[values["theme"]])
    return SearchHit("Theme about it", values["theme__name"], f"{address}#say-and-do")


registry.add(Panel("say and do", "insights/voice/_demand_panel.html", _panel, order=30))
registry.add(UsedBy("Theme about it", _using, ("theme", "theme__name"), _show))
registry.add(DemoSeed("demand", demo.seed_areas, order=59))
