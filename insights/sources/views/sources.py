"""Sources: list, page, make, edit, pause, delete."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from insights.events.public import (
    QuarantinedRow,
    create_source,
    get_source,
    may_see_people,
    pause_source,
    resume_source,
    update_source,
)
from insights.sources.actions import delete_source, refuse_with_loads
from insights.sources.filters import SourceFilter
from insights.sources.forms import SourceForm
from insights.sources.mapping import describe_mapping
from insights.sources.queries import freshness_of, reason_groups, sources_with_facts
from portal.audit.public import history_of
from portal.people.public import can, get_visible, require
from portal.shell.public import BadInput, about_list, build_list, file_answer, offers_for, render_page, wants_file

SORTS = {
    "name": "name",
    "product": "product__name",
    "loaded": "last_loaded_at",
    "until": "data_until",
    "events": "n_events",
    "rows": "n_open_rows",
}
COLUMNS = {
    "name": lambda source: source.name,
    "product": lambda source: source.product.name,
    "kind": lambda source: source.get_kind_display(),
    "state": lambda source: source.get_state_display(),
    "events": lambda source: source.n_events or 0,
    "data until": lambda source: source.data_until or "",
    "last loaded": lambda source: source.last_loaded_at or "",
    "in quarantine": lambda source: source.n_open_rows or 0,
}


@require_GET
def source_list(request: HttpRequest) -> HttpResponse:
    """List the sources that the user may see, with how fresh they are."""
    found = SourceFilter(request.GET, queryset=sources_with_facts(request.user), user=request.user)
    if kind := wants_file(request):
        return file_answer(kind, "sources", COLUMNS, found.qs.order_by("name"), about_list(request, found))
    listed, now = build_list(request, found, SORTS, "name"), timezone.now()
    rows = [(source, freshness_of(source, now)) for source in listed.page]
    context = {"list": listed, "rows": rows, "may_create": can(request.user, "sources.edit")}
    return render_page(request, "insights/sources/source_list.html", context, fragment="rows")


@require_GET
def source_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a source: how fresh it is, its loads, its mapping, what waits in quarantine, its history."""
    related = ("id_space", "watched_folder", "sql_query")
    source = get_visible(sources_with_facts(request.user).select_related(*related), request.user, slug=slug)
    rows = QuarantinedRow.objects.filter(source=source, state=QuarantinedRow.State.OPEN)
    batches = source.batches.select_related("created_by").order_by("-pk")
    context = {
        "source": source,
        "freshness": freshness_of(source, timezone.now()),
        "page": Paginator(batches, 20).get_page(request.GET.get("page")),
        "groups": reason_groups(rows)[:5],
        "may_edit": can(request.user, "sources.edit", source),
        "may_set_reading": can(request.user, "sources.edit_sql" if source.kind == "sql" else "sources.edit", source),
        "may_load": can(request.user, "sources.load", source),
        "may_see_rows": may_see_people(request.user, source),
        "offers": offers_for(source, request.user) if source.n_events else [],
        "mapping": describe_mapping(source.mapping),
        "history": history_of(source, limit=20),
        "reading": getattr(source, "watched_folder", None) or getattr(source, "sql_query", None),
    }
    return render_page(request, "insights/sources/source_page.html", context)


def _save(form: SourceForm, save) -> object | None:
    """Call a saving action; what it refuses lands on the form."""
    try:
        return save()
    except BadInput as fault:
        for name, sentences in fault.fields.items():
            form.add_error(name if name in form.fields else None, sentences)
        return None


@require_http_methods(["GET", "POST"])
def source_new(request: HttpRequest) -> HttpResponse:
    """Make a source."""
    require(request.user, "sources.edit")
    initial = {"kind": request.GET.get("kind", "upload"), "time_zone": request.user.time_zone, "owner": request.user}
    form = SourceForm(request.POST or None, user=request.user, initial=initial)
    if form.is_valid():
        source = _save(form, lambda: create_source(actor=request.user, **form.cleaned_data))
        if source:
            messages.success(request, f"{source} is there.")
            reads_itself = source.kind in ("folder", "sql")
            return redirect("sources:reading-edit" if reads_itself else "sources:source-page", slug=source.slug)
    context = {"form": form, "title": "New source", "action": "Create source"}
    return render_page(request, "insights/sources/source_form.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def source_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change a source."""
    source = get_source(request.user, slug, write=True)
    form = SourceForm(request.POST or None, user=request.user, instance=get_source(request.user, slug))
    if form.is_valid() and _save(form, lambda: update_source(source, actor=request.user, **form.cleaned_data)):
        messages.success(request, f"{form.cleaned_data['name']} is saved.")
        return redirect("sources:source-page", slug=slug)
    context = {"form": form, "title": f"Edit {source}", "action": "Save", "source": source}
    return render_page(request, "insights/sources/source_form.html", context, status=422 if form.is_bound else 200)


@require_POST
def source_pause(request: HttpRequest, slug: str) -> HttpResponse:
    """Pause a source, or resume it."""
    source = get_source(request.user, slug, write=True)
    if source.is_active:
        pause_source(source, actor=request.user)
        messages.success(request, f"{source} takes no new events until you resume it. What is stored stays.")
    else:
        resume_source(source, actor=request.user)
        messages.success(request, f"{source} takes new events again.")
    return redirect("sources:source-page", slug=slug)


@require_http_methods(["GET", "POST"])
def source_delete(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask, then delete a source that never held an event."""
    source = get_source(request.user, slug, write=True)
    refuse_with_loads(source)
    if request.method == "POST":
        delete_source(source, actor=request.user)
        messages.success(request, f"{source} is deleted.")
        return redirect("sources:source-list")
    return render_page(request, "insights/sources/source_delete.html", {"source": source})
