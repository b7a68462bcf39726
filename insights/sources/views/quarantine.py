"""The quarantine: reasons with counts, rows with text and place; correct, load again, dismiss."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from insights.events.public import QuarantinedRow
from insights.sources.access import get_row
from insights.sources.actions import dismiss_rows
from insights.sources.filters import RowFilter
from insights.sources.forms import RowForm, reason_words
from insights.sources.queries import reason_groups, visible_rows
from insights.sources.replay import check_fields, fault_of, refusal_of, replay_rows
from portal.audit.public import history_of
from portal.people.public import can
from portal.shell.public import BadInput, build_list, chosen_numbers, file_answer, render_page, wants_file

COLUMNS = {
    "source": lambda row: row.source.name,
    "batch": lambda row: row.batch_id,
    "line": lambda row: row.item_no,
    "reason": lambda row: row.reason,
    "state": lambda row: row.get_state_display(),
    "text": lambda row: row.raw,
}
MOST_AT_ONCE = 50_000


@require_GET
def row_list(request: HttpRequest) -> HttpResponse:
    """List quarantined rows of the user's teams, with how many each reason has."""
    found = RowFilter(request.GET, queryset=visible_rows(request.user), user=request.user)
    if kind := wants_file(request):
        return file_answer(kind, "quarantine", COLUMNS, found.qs.order_by("pk").iterator(2000))
    listed = build_list(request, found, {"line": "item_no", "id": "pk", "reason": "reason_code"}, "-id")
    is_filtered = any(request.GET.get(name) for name in ("q", "source", "reason_code", "batch", "state"))
    open_rows = found.qs.filter(state=QuarantinedRow.State.OPEN)
    context = {"list": listed, "is_filtered": is_filtered, "groups": reason_groups(open_rows)}
    context["may_act"] = can(request.user, "sources.load")
    context["only_reason"] = reason_words(request.GET.get("reason_code", ""))
    return render_page(request, "insights/sources/row_list.html", context, fragment="rows")


@require_http_methods(["GET", "POST"])
def row_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a row and what is wrong with it; a corrected text is checked, then loaded."""
    row = get_row(request.user, pk, write=request.method == "POST")
    form = RowForm(request.POST or None, initial={"raw": row.raw})
    if form.is_bound and form.is_valid():
        raw = form.cleaned_data["raw"].replace("\r\n", "\n").rstrip("\n")
        fault = _fault(row, raw)
        if not fault:
            replay = replay_rows([row], actor=request.user, texts={row.pk: raw})
            messages.success(request, "The row is being loaded.")
            if not replay.batches:  # items of the capture API: the next flush makes the batch
                return redirect("sources:row-page", pk=row.pk)
            return redirect("sources:batch-page", pk=replay.batches[0].pk)
        form.add_error("raw", fault)
    context = {"row": row, "form": form, "refusal": refusal_of(row), "history": history_of(row, limit=20)}
    context["may_act"] = can(request.user, "sources.load", row.source)
    return render_page(request, "insights/sources/row_page.html", context, status=422 if form.is_bound else 200)


def _fault(row: QuarantinedRow, raw: str) -> str:
    try:
        return refusal_of(row, raw) or fault_of(row, check_fields(raw))
    except BadInput as fault:
        return fault.fields["raw"][0]


def _chosen(request: HttpRequest):
    """Return the open rows that were ticked, or all that the filters show."""
    rows = visible_rows(request.user).filter(state=QuarantinedRow.State.OPEN)
    if request.POST.get("all"):
        return RowFilter(request.GET, queryset=rows, user=request.user).qs[:MOST_AT_ONCE]
    return rows.filter(pk__in=chosen_numbers(request, "row"))


def _back(request: HttpRequest) -> str:
    there = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(there, allowed_hosts={request.get_host()})
    return there if is_ours else reverse("sources:row-list")


def _rows(n_rows: int) -> str:
    return "1 row" if n_rows == 1 else f"{n_rows:,} rows"


@require_POST
def rows_replay(request: HttpRequest) -> HttpResponse:
    """Load rows again as they are."""
    replay = replay_rows(_chosen(request), actor=request.user)
    if replay.refused:
        messages.warning(request, f"{_rows(len(replay.refused))} cannot be loaded again: {replay.refused[0][1]}")
    if not (replay.refused or replay.batches or replay.n_queued):
        messages.warning(request, "Choose the rows to load again.")
    if replay.n_queued:
        messages.success(request, f"{_rows(replay.n_queued)} of the capture API are being stored.")
    if len(replay.batches) == 1 and not replay.n_queued:
        return redirect("sources:batch-page", pk=replay.batches[0].pk)
    if replay.batches:
        n_loads = len(replay.batches)
        messages.success(request, f"The rows are being loaded, in {n_loads} load{'s' if n_loads > 1 else ''}.")
    return redirect(_back(request))


@require_POST
def rows_dismiss(request: HttpRequest) -> HttpResponse:
    """Set rows aside for good."""
    n_dismissed = dismiss_rows(_chosen(request), actor=request.user, reason=request.POST.get("reason", ""))
    if n_dismissed:
        messages.success(request, f"{_rows(n_dismissed)} dismissed. The text stays readable.")
    else:
        messages.warning(request, "Choose the rows to dismiss.")
    return redirect(_back(request))
