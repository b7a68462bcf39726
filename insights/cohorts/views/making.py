"""Making cohorts: of those behind a number, and from a list; by a rule they are made in Explore."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from insights.cohorts.access import get_cohort, require_members
from insights.cohorts.actions import create_list, replace_list, save_number
from insights.cohorts.forms import IdsForm, ListForm, NumberForm
from insights.cohorts.lists import MOST_BYTES, read_ids
from insights.cohorts.models import Cohort
from insights.cohorts.words import say_cell
from insights.questions.public import say_question
from portal.people.public import require
from portal.shell.public import BadInput, TooMuch, own_body_limit, render_page


@require_GET
def cohort_new(request: HttpRequest) -> HttpResponse:
    """Offer the three ways to make a cohort."""
    require(request.user, "cohorts.create")
    return render_page(request, "insights/cohorts/cohort_new.html", {})


@require_http_methods(["GET", "POST"])
def cohort_from_number(request: HttpRequest) -> HttpResponse:
    """Save those behind the number that the address names."""
    require(request.user, "cohorts.create")
    start = {name: request.GET.get(name, "") for name in ("question", "cell", "name")}
    form = NumberForm(request.POST or None, initial={**start, "visibility": "company", "how": "kept"})
    if form.is_valid():
        data = dict(form.cleaned_data)
        number = {"question": data.pop("question"), "cell": data.pop("cell")}
        try:
            cohort = save_number(number, actor=request.user, is_frozen=data.pop("how") == "frozen", **data)
            return redirect(cohort)
        except BadInput as fault:
            _add_faults(form, fault)
    context = {"form": form, "words": _say(form)}
    return render_page(request, "insights/cohorts/cohort_number.html", context, status=422 if form.errors else 200)


def _say(form: NumberForm) -> str:
    probe = NumberForm({**form.initial, **{name: form[name].value() for name in ("question", "cell")}, "name": "x"})
    probe.is_valid()
    question, cell = probe.cleaned_data.get("question"), probe.cleaned_data.get("cell")
    if question is None or cell is None:
        return ""
    asked = {**question, "compare": None}
    return f"{say_cell(cell, asked).capitalize()}. {say_question(asked)}"


@own_body_limit
@require_http_methods(["GET", "POST"])
def cohort_from_list(request: HttpRequest) -> HttpResponse:
    """Make a cohort from a file of ids, or from pasted ones."""
    require(request.user, "cohorts.create")
    _check_size(request)
    start = {"product": request.GET.get("product", "")}
    form = ListForm(request.POST or None, request.FILES or None, user=request.user, initial=start)
    if form.is_valid():
        data = dict(form.cleaned_data)
        try:
            ids = read_ids(data.pop("data"), unit=data["unit"])
            cohort = create_list(ids, actor=request.user, products=[data.pop("product")], **data)
            _tell(request, ids)
            return redirect(cohort)
        except BadInput as fault:
            _add_faults(form, fault)
    status = 422 if form.errors else 200
    return render_page(request, "insights/cohorts/cohort_upload.html", {"form": form}, status=status)


@own_body_limit
@require_http_methods(["GET", "POST"])
def cohort_list_again(request: HttpRequest, slug: str) -> HttpResponse:
    """Put another list in the place of a cohort's."""
    cohort = get_cohort(request.user, slug, write=True)
    require_members(request.user, cohort)
    if cohort.kind != Cohort.Kind.LIST:
        raise BadInput("Only a cohort from a list takes another list.")
    _check_size(request)
    form = IdsForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            ids = read_ids(form.cleaned_data["data"], unit=cohort.unit)
            replace_list(cohort, ids, actor=request.user)
            _tell(request, ids)
            return redirect(cohort)
        except BadInput as fault:
            _add_faults(form, fault)
    context = {"form": form, "cohort": cohort}
    return render_page(request, "insights/cohorts/cohort_upload.html", context, status=422 if form.errors else 200)


def _check_size(request: HttpRequest) -> None:
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES + 100_000:
        raise TooMuch(f"The file is larger than {MOST_BYTES // 2**20} MB, which is the limit. Split it.")


def _tell(request: HttpRequest, ids: Any) -> None:
    left_out = []
    if ids.n_repeated:
        left_out.append(f"{ids.n_repeated:,} repeated")
    if ids.n_too_long:
        left_out.append(f"{ids.n_too_long:,} too long or not writable, left out")
    more = f" ({', '.join(left_out)})" if left_out else ""
    messages.success(request, f"{len(ids.ids):,} id{'' if len(ids.ids) == 1 else 's'} kept{more}.")


def _add_faults(form: Any, fault: BadInput) -> None:
    for name, sentences in (fault.fields or {"": [fault.message]}).items():
        is_shown = name in form.fields and not form.fields[name].widget.is_hidden
        said = sentences if is_shown or not name else [f"{name}: {text}" for text in sentences]
        form.add_error(name if is_shown else None, said)
