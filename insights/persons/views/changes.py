"""Merging two persons, taking a join back, erasing a person: for ops."""

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from insights.persons.access import Scope, get_join, get_person_ids
from insights.persons.actions import erase, look, merge, take_back
from insights.persons.describing import describe_person
from insights.persons.exporting import export_person
from insights.persons.finding import list_persons
from insights.persons.forms import ConfirmForm
from insights.persons.mentions.deciding import see_mentions
from portal.people.public import require
from portal.shell.public import BadInput, NotFound, render_page


def _candidates(request: HttpRequest, scope: Scope, no: int) -> tuple[str, list]:
    """Return the words, and the persons of the space's products that fit them."""
    text = request.GET.get("q", "").strip()[:200].replace("\0", "")
    products = {source.product_id: source.product for source in scope.sources}
    found = {row.no: row for product in products.values() for row in list_persons(product, text).rows} if text else {}
    return text, [row for row in found.values() if row.no != no]


def _other(request: HttpRequest, scope: Scope, no: int):
    """Return the person to merge with, described, or None while none is chosen."""
    text = request.POST.get("other") or request.GET.get("other", "")
    if not text.isdecimal() or len(text) > 9:
        return None
    other_scope, ids = get_person_ids(request.user, int(text))
    if other_scope.space.pk != scope.space.pk:
        raise NotFound()
    other = describe_person(other_scope, ids)
    if other.no == no:
        raise BadInput("These two ids are one person already.", fields={"other": ["Choose another person."]})
    return other


@require_http_methods(["GET", "POST"])
def person_merge(request: HttpRequest, no: int) -> HttpResponse:
    """Choose the other person, see both, name the other to confirm."""
    require(request.user, "persons.merge")
    scope, ids = get_person_ids(request.user, no)
    person = describe_person(scope, ids)
    other = _other(request, scope, person.no)
    form = None
    if other:
        label = f"Type {other.distinct_id} to confirm"
        form = ConfirmForm(request.POST or None, label=label, expected=other.distinct_id)
        if form.is_valid():
            return redirect("persons:job-page", job_id=merge(person.no, other.no, actor=request.user).pk)
    text, candidates = _candidates(request, scope, person.no)
    context = {"person": person, "other": other, "form": form, "text": text, "candidates": candidates}
    status = 422 if form is not None and form.is_bound else 200
    return render_page(request, "insights/persons/person_merge.html", context, status=status)


@require_http_methods(["GET", "POST"])
def person_erase(request: HttpRequest, no: int) -> HttpResponse:
    """Say what goes and what stays, then have the person erased whose id was typed."""
    require(request.user, "persons.erase")
    scope, ids = get_person_ids(request.user, no)
    person = describe_person(scope, ids)
    label = f"Type {person.distinct_id} to confirm"
    form = ConfirmForm(request.POST or None, label=label, expected=person.distinct_id)
    seen = see_mentions(scope.space, person, request.POST.getlist("take") if request.method == "POST" else None)
    if form.is_valid():
        chosen = {"keep": seen.kept, "take": seen.taken}
        job = erase(person.no, confirm=form.cleaned_data["confirm"], **chosen, actor=request.user)
        return redirect("persons:job-page", job_id=job.pk)
    context = {
        "person": person,
        "space": scope.space,
        "form": form,
        "seen": seen,
        "backup_days": settings.BACKUP_KEEP_DAYS,
    }
    return render_page(request, "insights/persons/person_erase.html", context, status=422 if form.is_bound else 200)


@require_POST
def person_look(request: HttpRequest, no: int) -> HttpResponse:
    """Have a worker look for what others wrote about a person."""
    job = look(no, names=request.POST.get("names", "").splitlines(), actor=request.user)
    return redirect("persons:job-page", job_id=job.pk)


@require_POST
def person_export(request: HttpRequest, no: int) -> FileResponse:
    """Hand out all that the portal knows of a person, as a zip."""
    name, file = export_person(no, actor=request.user)
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")


@require_POST
def join_undo(request: HttpRequest, join_id: int) -> HttpResponse:
    """Have a join taken back."""
    require(request.user, "persons.merge")
    join = get_join(request.user, join_id)
    return redirect("persons:job-page", job_id=take_back(join, actor=request.user).pk)
