"""Loading a file in four steps: source, file, mapping with preview and dry run, load."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from insights.events.public import Source, create_source, get_source
from insights.sources import actions
from insights.sources.access import get_upload
from insights.sources.contracts import FileFault, ReadOptions
from insights.sources.forms import FileForm, NewSourceForm
from insights.sources.looking import Look, look_at
from insights.sources.mapping_forms import MappingForm, ReadForm
from insights.sources.models import Upload
from insights.sources.readers.intake import container_of
from insights.sources.readers.limits import size_words
from insights.sources.uploads import kept_file, load_limits
from portal.people.public import require
from portal.shell.public import BadInput, TooMuch, own_body_limit, render_page, was_pressed


@require_http_methods(["GET", "POST"])
def load_start(request: HttpRequest) -> HttpResponse:
    """Choose the source of a load, or make one."""
    require(request.user, "sources.load")
    form = NewSourceForm(request.POST or None, user=request.user)
    if form.is_valid():
        source = form.cleaned_data.get("source") or _make(form, request.user)
        if source:
            return redirect("sources:upload-new", slug=source.slug)
    context = {"form": form, "step": 1}
    return render_page(request, "insights/sources/load_start.html", context, status=422 if form.is_bound else 200)


def _make(form: NewSourceForm, user) -> Source | None:
    wanted = {"name": form.cleaned_data["name"], "product": form.cleaned_data["product"]}
    zone = form.cleaned_data["time_zone"] or "UTC"
    try:
        return create_source(actor=user, kind=Source.Kind.UPLOAD, time_zone=zone, **wanted)
    except BadInput as fault:
        for name, sentences in fault.fields.items():
            form.add_error(name if name in form.fields else None, sentences)
        return None


@own_body_limit
@require_http_methods(["GET", "POST"])
def upload_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Take the file of a load."""
    source = get_source(request.user, slug, write="sources.load")
    limits = load_limits()
    if int(request.META.get("CONTENT_LENGTH") or 0) > limits.file_bytes + 100_000:
        raise TooMuch(f"The file is larger than {size_words(limits.file_bytes)}, which is the limit. Split it.")
    form = FileForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            upload = actions.store_upload(source, file.name, actions.upload_chunks(file), actor=request.user)
            return redirect("sources:upload-map", pk=upload.pk)
        except BadInput as fault:
            form.add_error("file", fault.fields.get("file", [fault.message]))
    context = {"form": form, "source": source, "step": 2, "limit": size_words(limits.file_bytes)}
    return render_page(request, "insights/sources/upload_new.html", context, status=422 if form.is_bound else 200)


def _start_value(upload: Upload) -> dict:
    return upload.mapping or upload.source.mapping


def _look(upload: Upload, value: dict, options: ReadOptions) -> Look:
    """Look at the head of the file, as it is said to be written, by the mapping at hand where it fits."""
    return look_at(upload.source, kept_file(upload.path), wanted=value, options=options)


def _first_look(upload: Upload, value: dict, reading: ReadForm) -> tuple[Look, ReadForm]:
    """Look at the file; a way of reading that is only remembered gives way where the mapping does not fit then."""
    look = _look(upload, value, reading.options())
    if look.fits or reading.is_bound or reading.kept == ReadOptions():
        return look, reading
    return _look(upload, value, ReadOptions()), ReadForm(kept=ReadOptions())


def _fault_page(request: HttpRequest, upload: Upload, reading: ReadForm, fault: FileFault) -> HttpResponse:
    context = {"upload": upload, "fault": str(fault), "step": 3, "reading": reading, "is_text": _is_text(upload)}
    answer = render_page(request, "insights/sources/upload_fault.html", context, fragment="fault", status=422)
    return _in_place_of_all(request, answer)


def _is_text(upload: Upload) -> bool:
    try:
        return container_of(kept_file(upload.path)) not in ("parquet", "xlsx")
    except FileFault:
        return False


def _in_place_of_all(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Have htmx put the answer where the whole mapping stands, not only the preview."""
    if request.htmx:
        answer["HX-Retarget"], answer["HX-Reswap"] = "#mapping", "outerHTML"
    return answer


@require_http_methods(["GET", "POST"])
def upload_map(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which column is what, with the first rows as they would be taken."""
    upload = get_upload(request.user, pk)
    if upload.batch_id:
        return redirect("sources:batch-page", pk=upload.batch_id)
    start = _start_value(upload)
    reading = ReadForm(request.POST or None, kept=ReadOptions.from_json(start.get("read")))
    try:
        look, reading = _first_look(upload, start, reading)
    except FileFault as fault:
        return _fault_page(request, upload, reading, fault)
    # Read in another way, the file may have other columns: then what was said of the old ones is guessed anew.
    is_same = request.method == "POST" and request.POST.get("columns", look.columns_key) == look.columns_key
    form = MappingForm(request.POST if is_same else None, look=look, read=reading.options())
    if form.is_bound and form.is_valid():
        if was_pressed(request, "check") and not reading.errors:
            actions.map_upload(upload, form.mapping, actor=request.user)
            actions.try_upload(upload, actor=request.user)
            return redirect("sources:upload-check", pk=pk)
        look = _look(upload, form.mapping.to_json(), reading.options())
    return _map_page(request, upload, look, form, reading)


def _map_page(request: HttpRequest, upload: Upload, look: Look, form: MappingForm, reading: ReadForm) -> HttpResponse:
    reading.show_found(look.options)
    context = {"upload": upload, "source": upload.source, "look": look, "form": form, "reading": reading, "step": 3}
    context["n_bad"] = sum(bool(row["reason"]) for row in look.rows) + len(look.unread)
    context["is_new_look"] = bool(upload.source.mapping) and not upload.mapping and not form.is_bound and not look.fits
    has_new_columns = request.method == "POST" and not form.is_bound
    status = 422 if form.is_bound and not form.is_valid() else 200
    fragment = "mapping" if has_new_columns else "preview"
    answer = render_page(request, "insights/sources/upload_map.html", context, fragment=fragment, status=status)
    return _in_place_of_all(request, answer) if has_new_columns else answer


@require_http_methods(["GET", "POST"])
def upload_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a dry run says: new, already here, conflicting, bad; polled while it runs."""
    upload = get_upload(request.user, pk)
    if upload.batch_id:
        return redirect("sources:batch-page", pk=upload.batch_id)
    if request.method == "POST":
        actions.try_upload(upload, actor=request.user)
        return redirect("sources:upload-check", pk=pk)
    is_over = upload.trial_state in (Upload.TrialState.DONE, Upload.TrialState.FAILED)
    context = {"upload": upload, "source": upload.source, "is_over": is_over, "step": 4}
    return render_page(request, "insights/sources/upload_check.html", context, fragment="state")


@require_POST
def upload_load(request: HttpRequest, pk: int) -> HttpResponse:
    """Start the load."""
    upload = get_upload(request.user, pk)
    if not upload.mapping:
        messages.error(request, "Say first which column is what.")
        return redirect("sources:upload-map", pk=pk)
    batch = actions.load_upload(upload, actor=request.user)
    return redirect("sources:batch-page", pk=batch.pk)
