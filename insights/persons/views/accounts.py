"""Find an account of a product, and see what it does."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from insights.catalogue.public import sparkline_points
from insights.persons.access import get_account
from insights.persons.accounts import SORTS, list_accounts, read_account
from insights.persons.views.searching import as_page, page_number, search
from portal.shell.public import NotFound, panels_for, render_page


@require_GET
def account_list(request: HttpRequest) -> HttpResponse:
    """Find accounts of a product."""
    found = search(request, list_accounts, SORTS, "-last", label="Id or name begins with")
    context = {"list": found, "here": "accounts"}
    return render_page(request, "insights/persons/account_list.html", context, fragment="rows")


@require_GET
def account_page(request: HttpRequest, no: int) -> HttpResponse:
    """Show an account: traits, its people, its last weeks."""
    scope, account = get_account(request.user, no)
    facts, people = read_account(scope, account, today=timezone.localtime(), page=page_number(request))
    if not scope.is_whole and not facts.traits and not facts.n_people:
        raise NotFound()
    context = {
        "account": facts,
        "space": scope.space,
        "product": scope.sources[0].product,
        "page": as_page(people),
        "points": sparkline_points([week.n_people for week in facts.weeks]),
        "panels": panels_for(facts, request.user),
        "is_quiet": not any(week.n_events for week in facts.weeks),
    }
    return render_page(request, "insights/persons/account_page.html", context)
