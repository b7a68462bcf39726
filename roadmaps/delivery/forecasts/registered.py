"""What forecasts hang into the shell: navigation, the night, panels of initiatives and releases, the demo."""

from typing import Any

from django.http import HttpRequest

from portal.shell.public import Command, DemoSeed, NightStep, Panel, registry
from roadmaps.delivery.forecasts import demo
from roadmaps.delivery.forecasts.making import make_at_night
from roadmaps.delivery.forecasts.models import Forecast
from roadmaps.delivery.forecasts.views import dress
from roadmaps.planning.initiatives.public import InitiativePanel
from roadmaps.planning.releases.public import Release


def _newest(**of: Any) -> Forecast | None:
    found = Forecast.objects.newest().filter(**of).select_related("product").first()
    if found is not None:
        dress([found])
    return found


def _of_initiative(initiative: Any, request: HttpRequest) -> dict[str, Any] | None:
    found = _newest(initiative=initiative)
    return {"forecast": found} if found else None


def _of_release(thing: Any, user: Any) -> dict[str, Any] | None:
    found = _newest(release=thing) if isinstance(thing, Release) else None
    return {"forecast": found} if found else None


_TEMPLATE = "roadmaps/delivery/forecasts/_panel.html"
registry.add(InitiativePanel("forecast", "Forecast", _TEMPLATE, _of_initiative, order=62))
registry.add(Panel("forecast of a release", "roadmaps/delivery/forecasts/_release_panel.html", _of_release, order=30))
registry.add(Command("When will so many items be done?", "forecasts:ask", order=54))
registry.add(NightStep("forecasts", "Forecast initiatives and releases", make_at_night, order=55))
registry.add(DemoSeed("forecasts", demo.seed_forecasts, order=82))
