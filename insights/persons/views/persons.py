"""Find a person of a product, and see everything that is known of one."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from insights.contacts.access import may_write, products_to_write_for
from insights.contacts.written import contacts_of
from insights.events.public import PersonJoin
from insights.persons.access import get_person_ids, list_insider_sources, may_erase, may_merge, visible_joins
from insights.persons.describing import keep_seen
from insights.persons.finding import SORTS, list_persons, take_persons
from insights.persons.joins import joins_of, split_joins
from insights.persons.models import PersonJob
from insights.persons.profile import consents_of, twins_of
from insights.persons.timeline import read_person
from insights.persons.views.searching import read_asked, search, take_list
from portal.people.public import can
from portal.shell.public import NotFound, panels_for, render_page, wants_file

COLUMNS = {
    "person": lambda row: row.label,
    "id": lambda row: row.distinct_id,
    "e-mail": lambda row: row.email,
    "account": lambda row: row.account.account_id if row.account else "",
    "first seen": lambda row: row.first_seen_at,
    "last seen": lambda row: row.last_seen_at,
    "events": lambda row: row.n_events,
    "ids": lambda row: len(row.distinct_ids),
}


@require_GET
def person_list(request: HttpRequest) -> HttpResponse:
    """Find persons of a product."""
    asked = read_asked(request, SORTS, "-first")
    if kind := wants_file(request):
        return take_list(request, asked, kind, take_persons, "persons", COLUMNS)
    context = {"list": search(request, asked, list_persons), "here": "persons"}
    context["may_write"] = bool(products_to_write_for(request.user))
    return render_page(request, "insights/persons/person_list.html", context, fragment="rows")


@require_GET
def person_page(request: HttpRequest, no: int) -> HttpResponse:
    """Show a person: ids, traits, what they did, and the joins that made them one person."""
    scope, ids = get_person_ids(request.user, no)
    if ids[0].no != no and ids[0].resolved_no != no:
        return redirect("persons:person-page", no=ids[0].resolved_no)
    ids = keep_seen(scope, ids)
    before = request.GET.get("before", "")
    person, timeline = read_person(scope, ids, before)
    joins = joins_of(ids).filter(Q(batch=None) | Q(batch__source__in=scope.source_ids))
    job = PersonJob.objects.active().about([person.no]).first() if any(row.is_busy for row in ids) else None
    contacts = contacts_of(ids) if scope.sees_written else []
    context = {
        "person": person,
        "job": job,
        "may_undo": may_merge(request.user) and job is None,
        "ids": ids,
        "space": scope.space,
        "product": scope.product,
        "contacts": contacts,
        "has_address": any(contact.address for contact in contacts) or (scope.sees_written and bool(person.email)),
        "consents": consents_of(scope, ids),
        "may_write": may_write(request.user, scope.space),
        "timeline": timeline,
        "before": before,
        "may_merge": may_merge(request.user),
        "may_erase": may_erase(request.user),
        "may_export": can(request.user, "persons.export"),
        "panels": panels_for(person, request.user),
        **split_joins(joins),
    }
    return render_page(request, "insights/persons/person_page.html", context, fragment="timeline")


@require_GET
def person_twins(request: HttpRequest, no: int) -> HttpResponse:
    """Show who has the same e-mail address as a person, and may be the same, as a piece of their page."""
    scope, ids = get_person_ids(request.user, no)
    ids = keep_seen(scope, ids)
    twins, may = twins_of(scope, ids), may_merge(request.user)
    context = {"no": ids[0].resolved_no, "row": ids[0], "twins": twins, "may_merge": may}
    return render_page(request, "insights/persons/person_twins.html", context, fragment="twins")


@require_GET
def refusal_list(request: HttpRequest) -> HttpResponse:
    """List the identifies that were refused, of one source or of all of the reader's."""
    sources = list_insider_sources(request.user)
    slug = request.GET.get("source", "")
    source = next((one for one in sources if one.slug == slug), None)
    if slug and source is None:
        raise NotFound()
    refused = visible_joins(request.user).filter(state=PersonJoin.State.REFUSED).order_by("-pk")
    if source:
        refused = refused.filter(batch__source=source)
    page = Paginator(refused, 50).get_page(request.GET.get("page"))
    context = {"page": page, "source": source, "sources": sources}
    return render_page(request, "insights/persons/refusal_list.html", context)
