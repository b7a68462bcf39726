"""The list of cohorts, one cohort's page, its members, and what can be done to it."""

from datetime import date
from itertools import chain, islice

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from insights.cohorts.access import get_cohort, require_members
from insights.cohorts.actions import (
    archive_cohort,
    ask_count,
    delete_cohort,
    note_download,
    restore_cohort,
    update_cohort,
)
from insights.cohorts.filters import CohortListFilter
from insights.cohorts.forms import CohortForm
from insights.cohorts.lists import MOST_IDS, unknown_ids
from insights.cohorts.models import Cohort
from insights.cohorts.queries import PAGE_SIZE, build_cohort_page, read_members, shown_traits, take_members
from portal.people.public import can
from portal.shell.public import (
    MOST_PEOPLE_IN_FILE,
    BadInput,
    Conflict,
    about_cut,
    answer_form,
    answer_list,
    file_answer,
    find_uses,
    render_page,
    say_reach,
    wants_file,
)

SORTS = {
    "name": "name",
    "size": "current__size",
    "kind": "kind",
    "owner": "owner__name",
    "counted": "refreshed_at",
    "updated": "updated_at",
}
COLUMNS = {
    "name": lambda one: one.name,
    "products": lambda one: ", ".join(product.name for product in one.products.all()),
    "of": lambda one: one.units,
    "kind": lambda one: one.get_kind_display(),
    "size": lambda one: one.current.size if one.current else "",
    "owner": lambda one: str(one.owner or ""),
    "counted": lambda one: one.refreshed_at or "",
    "changed": lambda one: one.updated_at,
}


@require_GET
def cohort_list(request: HttpRequest) -> HttpResponse:
    """List the cohorts that the user may use."""
    cohorts = Cohort.objects.visible_to(request.user).select_related("owner", "current").defer("current__members")
    found = CohortListFilter(request.GET, queryset=cohorts.prefetch_related("products"), user=request.user)
    may_make = can(request.user, "cohorts.create")
    return answer_list(request, "insights/cohorts/cohort_list.html", found, COLUMNS, SORTS, may_make=may_make)


@require_GET
def cohort_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show who a cohort is, how many they were from day to day, what uses it, and what was changed."""
    cohort = get_cohort(request.user, slug)
    page = build_cohort_page(cohort, user=request.user, now=timezone.now())
    return render_page(request, "insights/cohorts/cohort_page.html", {"cohort": cohort, "page": page}, fragment="body")


@require_GET
def cohort_members(request: HttpRequest, slug: str) -> HttpResponse:
    """List who is in a cohort, or was at the end of a day."""
    cohort = get_cohort(request.user, slug)
    day, wanted = _day(request.GET.get("on", "")), request.GET.get("page", "")[:9]
    number = int(wanted) if wanted.isascii() and wanted.isdecimal() else 1
    if kind := wants_file(request):
        return _members_file(request, cohort, day, kind)
    members = read_members(cohort, user=request.user, day=day, page=max(number, 1))
    keys = shown_traits(members.people)
    rows = [(one, [one.traits.get(key) for key in keys]) for one in members.people]
    context = {"cohort": cohort, "members": members, "keys": keys, "rows": rows, "day": day}
    context["files_hold"] = say_reach(members.total)
    return render_page(request, "insights/cohorts/cohort_members.html", context, fragment="rows")


def _members_file(request: HttpRequest, cohort: Cohort, day: date | None, kind: str) -> HttpResponse:
    taken = take_members(cohort, user=request.user, day=day, most=MOST_PEOPLE_IN_FILE)
    note_download(cohort, taken.n_rows, actor=request.user)
    first = list(islice(taken.people, PAGE_SIZE))
    columns = [("id", lambda one: one.id), ("number", lambda one: one.no)]
    columns += [(key, lambda one, key=key: one.traits.get(key)) for key in shown_traits(first)]
    about = about_cut(taken.n_rows, taken.total, cohort.units)
    if kind == "xlsx":
        about = [("These are", f"{taken.total:,} {cohort.units} of “{cohort}”"), *about]
    return file_answer(kind, cohort.slug, columns, chain(first, taken.people), about)


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(fields={"on": ["This is not a day. Write it as 2026-11-03."]}) from None


@require_GET
def cohort_unknown(request: HttpRequest, slug: str) -> HttpResponse:
    """Download the ids of a list that are not known yet."""
    cohort = get_cohort(request.user, slug, write=True)
    require_members(request.user, cohort)
    ids = unknown_ids(cohort, MOST_IDS)
    return file_answer("csv", f"{cohort.slug}-unknown", [("id", lambda text: text)], ids, [])


@require_http_methods(["GET", "POST"])
def cohort_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change what a cohort is called and who may use it."""
    cohort = get_cohort(request.user, slug, write=True)
    start = {name: getattr(cohort, name) for name in ("name", "description", "visibility", "version")}
    form = CohortForm(request.POST or None, initial=start)

    def save(version: int, **values: str) -> Cohort:
        return update_cohort(cohort, actor=request.user, version=version, **values)

    return answer_form(request, "insights/cohorts/cohort_form.html", form, save, "“{}” is saved.", cohort=cohort)


@require_POST
def cohort_count(request: HttpRequest, slug: str) -> HttpResponse:
    """Have a cohort counted now."""
    return redirect(ask_count(get_cohort(request.user, slug, write=True), actor=request.user))


@require_http_methods(["GET", "POST"])
def cohort_archive(request: HttpRequest, slug: str) -> HttpResponse:
    """Say what uses a cohort, then put it away."""
    cohort = get_cohort(request.user, slug, write=True)
    if request.method == "POST":
        archive_cohort(cohort, actor=request.user)
        messages.success(request, f"“{cohort}” is archived.")
        return redirect("cohorts:cohort-list")
    context = {"cohort": cohort, "used_by": find_uses(cohort, request.user)}
    return render_page(request, "insights/cohorts/cohort_archive.html", context)


@require_POST
def cohort_restore(request: HttpRequest, slug: str) -> HttpResponse:
    """Bring an archived cohort back."""
    cohort = get_cohort(request.user, slug, write=True)
    restore_cohort(cohort, actor=request.user)
    return redirect(cohort)


@require_http_methods(["GET", "POST"])
def cohort_delete(request: HttpRequest, slug: str) -> HttpResponse:
    """Delete a cohort for good, unless something would miss it."""
    cohort = get_cohort(request.user, slug, write=True)
    used_by = find_uses(cohort, request.user)
    if request.method == "POST":
        try:
            delete_cohort(cohort, actor=request.user)
        except Conflict as fault:
            messages.error(request, fault.message)
            return redirect(cohort)
        messages.success(request, f"“{cohort.name}” is deleted.")
        return redirect("cohorts:cohort-list")
    context = {"cohort": cohort, "used_by": used_by}
    return render_page(request, "insights/cohorts/cohort_delete.html", context)
