"""Where the portal fetches a source's data by itself: a watched folder or a query."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from insights.events.public import Source, get_source
from insights.sources.actions import read_now as read_source_now
from insights.sources.folder import root_dir, save_folder
from insights.sources.forms import FolderForm, QueryForm
from insights.sources.models import SqlQuery, WatchedFolder
from insights.sources.sql_source import save_query, shown_address
from portal.people.public import require
from portal.shell.public import BadInput, NotFound, render_page


def _form(request: HttpRequest, source: Source):
    data = request.POST or None
    if source.kind == Source.Kind.FOLDER:
        known = WatchedFolder.objects.filter(source=source).values("folder", "pattern").first()
        return FolderForm(data, initial=known or {"folder": source.slug})
    if source.kind == Source.Kind.SQL:
        names = ("query", "cursor_column", "rows_per_batch", "timeout_s")
        query = SqlQuery.objects.filter(source=source).first()
        initial = {name: getattr(query, name) for name in names} if query else {}
        return QueryForm(data, initial=initial, known=_place_of(query) if query else "")
    raise NotFound("This source is not read by the portal itself.")


def _place_of(query: SqlQuery) -> str:
    try:
        return shown_address(query.address)
    except BadInput:  # the portal's key has changed, so the address must be entered again
        return ""


@require_http_methods(["GET", "POST"])
def reading_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Set the folder or the query of a source."""
    source = get_source(request.user, slug, write=True)
    if source.kind == Source.Kind.SQL:
        require(request.user, "sources.edit_sql")
    form = _form(request, source)
    if form.is_valid():
        save = save_folder if source.kind == Source.Kind.FOLDER else save_query
        try:
            save(source, actor=request.user, **form.cleaned_data)
        except BadInput as fault:
            for name, sentences in (fault.fields or {None: [fault.message]}).items():
                form.add_error(name if name in form.fields else None, sentences)
        else:
            messages.success(
                request, "Saved. The portal reads it by the source's schedule, or when you press “Read now”."
            )
            return redirect("sources:source-page", slug=slug)
    context = {"form": form, "title": f"What {source} reads", "action": "Save", "source": source}
    context["root"] = root_dir() if source.kind == Source.Kind.FOLDER and request.user.is_ops else ""
    return render_page(request, "insights/sources/source_form.html", context, status=422 if form.is_bound else 200)


@require_POST
def read_now(request: HttpRequest, slug: str) -> HttpResponse:
    """Read a folder or a query now, in a worker."""
    read_source_now(get_source(request.user, slug, write="sources.load"), actor=request.user)
    messages.success(request, "The portal reads it now. New loads appear below; reload the page in a moment.")
    return redirect("sources:source-page", slug=slug)
