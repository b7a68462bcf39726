"""Find an account of a product, and see what it does."""

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from insights.catalogue.public import sparkline_points
from insights.contacts.access import may_write, products_to_write_for
from insights.contacts.meanings import FILTERED
from insights.contacts.models import Meaning
from insights.persons.access import get_account
from insights.persons.accounts import N_WEEKS, SORTS, list_accounts, read_account, read_account_weeks, take_accounts
from insights.persons.views.searching import Search, as_page, page_number, read_asked, search, take_list
from portal.shell.public import panels_for, render_page, wants_file

SEEN = "X-Counted-At"  # of the counts that a page shows
COLUMNS = {
    "account": lambda row: row.label,
    "id": lambda row: row.account_id,
    "people": lambda row: row.n_people,
    "events": lambda row: row.n_events,
    "first seen": lambda row: row.first_seen_at,
    "last seen": lambda row: row.last_seen_at,
}

MEANING_COLUMNS = {
    str(meaning.label).lower(): lambda row, meaning=meaning.value: row.standing.text(meaning) for meaning in Meaning
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
    chosen = {meaning.value: request.GET.get(meaning.value, "")[:200].replace("\0", "") for meaning in FILTERED}
    if kind := wants_file(request):
        take = partial(take_accounts, asked=chosen)
        return take_list(request, asked, kind, take, "accounts", {**COLUMNS, **MEANING_COLUMNS})
    find = partial(list_accounts, asked=chosen)
    found = search(request, asked, find, is_narrowed=any(chosen.values()))
    known, seen = _counted_at(found), request.headers.get(SEEN)
    if seen is not None and seen == known:  # asked again by a page that waits for newer counts
        return HttpResponse(status=204)
    is_waiting = seen is None and found.counted is not None and not found.counted.is_current
    context = {"list": found, "here": "accounts", "counted_at": known, "is_waiting": is_waiting}
    meanings = found.known
    if meanings:
        asked.form.offer(meanings, chosen)
    shown = [meaning for meaning, _ in meanings.shown] if meanings else []
    rows = found.page.object_list if found.page else []
    context["rows"] = [(row, [(meaning, row.standing.text(meaning)) for meaning in shown]) for row in rows]
    context["meanings"] = meanings
    context["may_write"] = bool(products_to_write_for(request.user))
    return render_page(request, "insights/persons/account_list.html", context, fragment="rows")


@require_GET
def account_page(request: HttpRequest, no: int) -> HttpResponse:
    """Show an account: traits, its people; its weeks and its story come as pieces of their own."""
    scope, account = get_account(request.user, no)
    facts, people = read_account(scope, account, page=page_number(request))
    context = {
        "account": facts,
        "record": getattr(account, "record", None) if scope.sees_written else None,
        "meanings": [(str(meaning.label), facts.standing.known.get(meaning.value), meaning) for meaning in Meaning],
        "may_write": may_write(request.user, scope.space),
        "space": scope.space,
        "product": scope.product,
        "page": as_page(people),
        "n_weeks": N_WEEKS,
        "panels": panels_for(facts, request.user),
    }
    return render_page(request, "insights/persons/account_page.html", context)


@require_GET
def account_weeks(request: HttpRequest, no: int) -> HttpResponse:
    """Show the last weeks of an account: a piece of its page, and a page of its own."""
    scope, account = get_account(request.user, no)
    weeks = read_account_weeks(scope, account, today=timezone.localtime())
    context = {
        "no": no,
        "title": account.account_id,
        "weeks": weeks,
        "points": sparkline_points([week.n_people for week in weeks]),
        "is_quiet": not any(week.n_events for week in weeks),
    }
    return render_page(request, "insights/persons/account_weeks.html", context, fragment="weeks")
