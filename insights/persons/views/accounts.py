"""Find an account of a product, and see what it does."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from insights.catalogue.public import sparkline_points
from insights.persons.access import get_account
from insights.persons.accounts import SORTS, list_accounts, read_account, take_accounts
from insights.persons.views.searching import Search, as_page, page_number, read_asked, search, take_list
from portal.shell.public import NotFound, panels_for, render_page, wants_file

SEEN = "X-Counted-At"  # of the counts that a page shows
COLUMNS = {
    "account": lambda row: row.label,
    "id": lambda row: row.account_id,
    "people": lambda row: row.n_people,
    "events": lambda row: row.n_events,
    "first seen": lambda row: row.first_seen_at,
    "last seen": lambda row: row.last_seen_at,
}


def _counted_at(found: Search) -> str:
    """Return when the counts were made that are shown, "never" while there are none, "" without a product."""
    if found.counted is None:
        return ""
    return found.counted.at.isoformat() if found.counted.at else "never"


@require_GET
def account_list(request: HttpRequest) -> HttpResponse:
    """Find accounts of a product."""
    asked = read_asked(request, SORTS, "-last", label="Id or name begins with")
    if kind := wants_file(request):
        return take_list(request, asked, kind, take_accounts, "accounts", COLUMNS)
    found = search(request, asked, list_accounts)
    known, seen = _counted_at(found), request.headers.get(SEEN)
    if seen is not None and seen == known:  # asked again by a page that waits for newer counts
        return HttpResponse(status=204)
    is_waiting = seen is None and found.counted is not None and not found.counted.is_current
    context = {"list": found, "here": "accounts", "counted_at": known, "is_waiting": is_waiting}
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
