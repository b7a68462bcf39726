"""Pages of releases: the list, one with what is in it, planning it, and saying that it is out."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.audit.public import history_of
from portal.people.public import can, get_current_product, require
from portal.shell.public import BadInput, answer_form, answer_list, find_uses, panels_for, render_markdown, render_page
from roadmaps.planning.initiatives.public import Initiative
from roadmaps.planning.releases import actions
from roadmaps.planning.releases.access import get_release
from roadmaps.planning.releases.filters import ReleaseListFilter
from roadmaps.planning.releases.forms import OutForm, ReleaseForm, WhyForm, start_of
from roadmaps.planning.releases.models import Release
from roadmaps.planning.releases.queries import contents_of, offered_for

FORM = "roadmaps/planning/releases/release_form.html"
WHY = "roadmaps/planning/releases/release_why.html"
SORTS = {"planned": "planned_on", "name": "name", "product": "product__name", "out": "released_at", "state": "state"}
COLUMNS = {
    "id": lambda row: row.pk,
    "name": lambda row: row.name,
    "product": lambda row: row.product.name,
    "team": lambda row: row.team.name,
    "owner": lambda row: str(row.owner or ""),
    "state": lambda row: row.get_state_display(),
    "planned for": lambda row: row.planned_on,
    "out since": lambda row: row.released_on or "",
    "initiatives": lambda row: row.n_initiatives,
    "notes": lambda row: row.notes,
}


@require_GET
def release_list(request: HttpRequest) -> HttpResponse:
    """List the releases that the user may read."""
    user = request.user
    found = ReleaseListFilter(request.GET, Release.objects.visible_to(user).of_rows().counted(user), user=user)
    more = {"may_make": _may_make(user), "today": timezone.localdate()}
    template = "roadmaps/planning/releases/release_list.html"
    return answer_list(request, template, found, COLUMNS, SORTS, "-planned", **more)


def _may_make(user: Any) -> bool:
    return any(can(user, "releases.create", product) for product in user.visible_products)


@require_GET
def release_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a release: what is in it, its notes, what follows from it."""
    user = request.user
    release = get_release(user, pk)
    may_edit = can(user, "releases.edit", release)
    find = request.GET.get("find", "").strip()[:200].replace("\0", "")
    is_planned = release.state == Release.State.PLANNED
    context = {
        "release": release,
        "initiatives": contents_of(release, user),
        "offered": offered_for(release, user, find) if may_edit and is_planned else [],
        "find": find,
        "notes": render_markdown(release.notes, top_level=3),
        "days_late": max(0, (timezone.localdate() - release.planned_on).days) if is_planned else 0,
        "panels": panels_for(release, user),
        "uses": find_uses(release, user),
        "history": history_of(release),
        "may_edit": may_edit,
    }
    return render_page(request, "roadmaps/planning/releases/release_page.html", context, fragment="offers")


@require_http_methods(["GET", "POST"])
def release_new(request: HttpRequest) -> HttpResponse:
    """Plan a release."""
    user = request.user
    require(user, "releases.create", None if _may_make(user) else next(iter(user.visible_products), None))
    current = get_current_product(user)
    start = {"visibility": "company", "owner": user.pk, "product": current.pk if current else None}
    form = ReleaseForm(request.POST or None, initial=start, user=user)

    def save(*, version: int | None, product: Any, **values: Any) -> Release:
        return actions.create_release(product, actor=user, **values)

    return answer_form(request, FORM, form, save, "“{}” is planned. Now put into it what comes out with it.")


@require_http_methods(["GET", "POST"])
def release_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a release's name, day, notes."""
    release = get_release(request.user, pk, write=True)
    form = ReleaseForm(request.POST or None, initial=start_of(release), user=request.user, release=release)

    def save(*, version: int | None, **values: Any) -> Release:
        return actions.update_release(release, actor=request.user, version=version or 0, **values)

    def fresh() -> dict[str, Any]:
        return start_of(get_release(request.user, pk))

    return answer_form(request, FORM, form, save, "“{}” is saved.", fresh=fresh, release=release)


@require_POST
def release_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Put initiatives into a release."""
    release = get_release(request.user, pk, write=True)
    numbers = [int(one) for one in request.POST.getlist("initiatives") if one.isascii() and one.isdigit()][:200]
    found = list(Initiative.objects.visible_to(request.user).filter(pk__in=numbers, pk__lt=2**62).order_by("pk"))
    if not found:
        raise BadInput("Choose at least one initiative.")
    n_new = actions.add_initiatives(release, found, actor=request.user)
    messages.success(request, f"{n_new} {'is' if n_new == 1 else 'are'} new in {release}.")
    return redirect(release)


@require_POST
def release_remove(request: HttpRequest, pk: int, initiative_id: int) -> HttpResponse:
    """Take an initiative out of a release."""
    release = get_release(request.user, pk, write=True)
    actions.remove_initiative(release, initiative_id, actor=request.user)
    return redirect(release)


@require_http_methods(["GET", "POST"])
def release_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a release is out."""
    release = get_release(request.user, pk, write=True)
    start = {"version": release.version}
    form = OutForm(request.POST or None, initial=start, today=timezone.localdate())

    def save(*, on: Any, said: str, version: int) -> Release:
        return actions.release_now(release, request.user, on, said=said, version=version)

    initiatives = contents_of(release, request.user)
    template = "roadmaps/planning/releases/release_out.html"
    said = "“{}” is out. What is in it is launched, and charts of its product carry the day."
    return answer_form(request, template, form, save, said, release=release, initiatives=initiatives)


@require_http_methods(["GET", "POST"])
def release_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a planned release, with the reason."""
    release = get_release(request.user, pk, write=True)
    form = WhyForm(request.POST or None)

    def save(*, why: str) -> Release:
        return actions.cancel_release(release, actor=request.user, why=why)

    return answer_form(request, WHY, form, save, "“{}” is cancelled.", release=release, act="cancel")


@require_http_methods(["GET", "POST"])
def release_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a release is not out after all, with the reason."""
    release = get_release(request.user, pk, write=True)
    form = WhyForm(request.POST or None)

    def save(*, why: str) -> Release:
        return actions.take_back(release, actor=request.user, why=why)

    return answer_form(request, WHY, form, save, "“{}” is planned again.", release=release, act="take_back")


@require_POST
def release_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan a cancelled release again."""
    release = actions.reopen_release(get_release(request.user, pk, write=True), actor=request.user)
    messages.success(request, f"“{release}” is planned again.")
    return redirect(release)


@require_http_methods(["GET", "POST"])
def release_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then delete a release that never came out."""
    release = get_release(request.user, pk, write=True)
    if request.method == "POST":
        actions.delete_release(release, actor=request.user)
        return redirect("releases:release-list")
    return render(request, "roadmaps/planning/releases/release_delete.html", {"release": release})
