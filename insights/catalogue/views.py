"""The pages of the catalogue: lists of events and properties, and one page for each."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from insights.catalogue import volumes
from insights.catalogue.access import EDIT, get_event, get_property
from insights.catalogue.actions import describe_event, describe_property
from insights.catalogue.filters import EventFilter, PropertyFilter
from insights.catalogue.forms import EventForm, PropertyForm
from insights.catalogue.models import CatalogueEvent, CatalogueProperty
from insights.catalogue.queries import describe_uses, uses_of_event
from insights.catalogue.sparkline import sparkline_points
from portal.audit.public import history_of
from portal.people.public import can
from portal.shell.public import build_list, file_answer, find_uses, render_page, wants_file

EVENT_SORTS = {
    "name": "name",
    "events": "n_events",
    "first": "first_seen_at",
    "last": "last_seen_at",
    "status": "status",
}
PROPERTY_SORTS = {"name": "name", "values": "n_values", "of": "of", "first": "first_seen_at", "last": "last_seen_at"}
COLUMNS = {
    "product": lambda thing: thing.product.slug,
    "name": lambda thing: thing.name,
    "status": lambda thing: thing.status,
    "first seen": lambda thing: thing.first_seen_at or "",
    "last seen": lambda thing: thing.last_seen_at or "",
    "owner": lambda thing: str(thing.owner or ""),
    "description": lambda thing: thing.description,
}


@require_GET
def event_list(request: HttpRequest) -> HttpResponse:
    """List event names, with filters, sort, pages and CSV."""
    events = CatalogueEvent.objects.visible_to(request.user).with_quiet().select_related("product", "owner")
    found = EventFilter(request.GET, queryset=events, request=request)
    if kind := wants_file(request):
        columns = {**COLUMNS, "events": lambda event: event.n_events}
        return file_answer(kind, "event-names", columns, found.qs.order_by("product", "name").iterator(chunk_size=500))
    listed = build_list(request, found, EVENT_SORTS, "-events")
    context = {"list": listed, "rows": volumes.list_event_rows(list(listed.page)), "here": "events"}
    return render_page(request, "insights/catalogue/event_list.html", context, fragment="rows")


@require_GET
def property_list(request: HttpRequest) -> HttpResponse:
    """List properties and traits, with filters, sort, pages and CSV."""
    properties = CatalogueProperty.objects.visible_to(request.user).select_related("product", "owner")
    found = PropertyFilter(request.GET, queryset=properties, request=request)
    if kind := wants_file(request):
        columns = {"of": lambda prop: prop.of, **COLUMNS, "values": lambda prop: prop.n_values}
        return file_answer(
            kind, "properties", columns, found.qs.order_by("product", "of", "name").iterator(chunk_size=500)
        )
    listed = build_list(request, found, PROPERTY_SORTS, "-values")
    context = {"list": listed, "uses": describe_uses(list(listed.page)), "here": "properties"}
    return render_page(request, "insights/catalogue/property_list.html", context, fragment="rows")


@require_http_methods(["GET", "POST"])
def event_page(request: HttpRequest, event_id: int) -> HttpResponse:
    """Show an event, and save what is said of it."""
    event = get_event(request.user, event_id, write=request.method == "POST")
    form = EventForm(request.POST or None, thing=event)
    if form.is_valid():
        describe_event(event, actor=request.user, **form.cleaned_data)
        messages.success(request, f"“{event}” is saved.")
        return redirect("catalogue:event-page", event_id=event.pk)
    days = volumes.daily_volume(event)
    context = {
        "event": event,
        "form": form if can(request.user, EDIT, event) else None,
        "days": days[-28:][::-1],
        "first_day": days[0][0] if days else None,
        "points": sparkline_points([n_events for _, n_events in days]),
        "uses": uses_of_event(event),
        "used_by": find_uses(event, request.user),
        "history": history_of(event),
    }
    status = 422 if form.is_bound else 200
    return render_page(request, "insights/catalogue/event_page.html", context, status=status)


@require_http_methods(["GET", "POST"])
def property_page(request: HttpRequest, property_id: int) -> HttpResponse:
    """Show a property, and save what is said of it."""
    prop = get_property(request.user, property_id, write=request.method == "POST")
    form = PropertyForm(request.POST or None, thing=prop)
    if form.is_valid():
        describe_property(prop, actor=request.user, **form.cleaned_data)
        messages.success(request, f"“{prop}” is saved.")
        return redirect("catalogue:property-page", property_id=prop.pk)
    context = {
        "property": prop,
        "form": form if can(request.user, EDIT, prop) else None,
        "use": describe_uses([prop])[0],
        "events": CatalogueEvent.objects.filter(property_uses__property=prop).distinct().order_by("-n_events", "name"),
        "used_by": find_uses(prop, request.user),
        "history": history_of(prop),
    }
    status = 422 if form.is_bound else 200
    return render_page(request, "insights/catalogue/property_page.html", context, status=status)
