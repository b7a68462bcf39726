"""Pieces of the page of a theme: whether those who ask use it, who is loud, what all would say; and its area."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from insights.adoption.public import Feature
from insights.catalogue.public import list_event_names, sources_of_products
from insights.voice.demand.access import get_area
from insights.voice.demand.actions import clear_area, set_area
from insights.voice.demand.forms import AreaForm, start_of
from insights.voice.demand.models import ThemeArea
from insights.voice.demand.reading import (
    BASES,
    GROUPINGS,
    UNITS,
    area_of,
    last_sunday,
    read_loudest,
    read_say_and_do,
    read_weighted,
    voices_of,
)
from insights.voice.themes.public import Theme, get_theme
from portal.people.public import can, can_see, require
from portal.shell.public import NotFound, answer_form, render_page


def _theme(request: HttpRequest, pk: int) -> Theme:
    """Return a theme of a product that the reader may see: what its events say is for those alone."""
    theme = get_theme(request.user, pk)
    if not can_see(request.user, theme.product):
        raise NotFound()
    return theme


def _pick(request: HttpRequest, name: str, options: dict[str, str]) -> str:
    asked = request.GET.get(name, "")
    return asked if asked in options else next(iter(options))


@require_GET
def say_and_do(request: HttpRequest, pk: int) -> HttpResponse:
    """Show whether those who ask for a theme use that part of the product."""
    theme, now = _theme(request, pk), timezone.now()
    area, unit = area_of(theme), _pick(request, "unit", UNITS)
    voices = voices_of(theme) if area else []
    context = {
        "theme": theme,
        "area": area,
        "found": read_say_and_do(area, voices, request.user, unit=unit, now=now) if area else None,
        "unit": unit,
        "units": UNITS,
        "ends_on": last_sunday(now.date()),
        "may_edit": can(request.user, "theme_areas.edit", theme) and not theme.merged_into_id,
    }
    return render_page(request, "insights/voice/demand_doing.html", context, fragment="doing")


@require_GET
def loudest(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how much of the demand for a theme comes from the five loudest accounts."""
    theme = _theme(request, pk)
    found, accounts, n_nameless = read_loudest(theme, voices_of(theme), request.user)
    context = {"theme": theme, "found": found, "accounts": accounts, "n_nameless": n_nameless}
    return render_page(request, "insights/voice/demand_loudest.html", context, fragment="loudest")


@require_GET
def weighted(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the demand for a theme weighted to all accounts, by segment."""
    theme, base = _theme(request, pk), _pick(request, "base", BASES)
    voices, by = voices_of(theme), request.GET.get("by", "")
    found = read_weighted(theme, voices, today=timezone.localdate(), by=by, base=base) if voices else None
    context = {"theme": theme, "found": found, "bases": BASES, "groupings": GROUPINGS}
    return render_page(request, "insights/voice/demand_weighted.html", context, fragment="weighted")


@require_http_methods(["GET", "POST"])
def area_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which part of the product a theme is about."""
    theme = _theme(request, pk)
    require(request.user, "theme_areas.edit", theme)

    def find() -> ThemeArea | None:
        return ThemeArea.objects.dressed().filter(theme=theme).first()

    area = find()
    features = list(Feature.objects.visible_to(request.user).of_product(theme.product))
    names = [info.name for info in list_event_names(sources_of_products([theme.product_id]), limit=100)]
    form = AreaForm(request.POST or None, features=features, names=names, area=area)

    def save(**values: Any) -> ThemeArea:
        return set_area(theme, actor=request.user, **values)

    more = {"theme": theme, "area": area, "fresh": lambda: start_of(find())}
    return answer_form(
        request, "insights/voice/area_form.html", form, save, "It is noted which part it is about.", **more
    )


@require_POST
def area_clear(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back which part of the product a theme is about."""
    area = get_area(request.user, pk, write=True)
    theme = area.theme
    clear_area(area, actor=request.user)
    messages.success(request, "It is about no part of its own any more.")
    return redirect(theme)
