"""The story of a person and of an account: a piece of their pages, and a page of its own."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from insights.contacts.contracts import Written
from insights.contacts.written import contacts_of, written_of
from insights.persons.access import get_account, get_person_ids
from insights.persons.describing import keep_seen
from insights.persons.story import read_story, subject_of_account, subject_of_person
from portal.shell.public import render_page

TEMPLATE = "insights/persons/story.html"


@require_GET
def person_story(request: HttpRequest, no: int) -> HttpResponse:
    """Tell what a person did and said, and what we answered."""
    scope, ids = get_person_ids(request.user, no)
    ids = keep_seen(scope, ids)
    before = request.GET.get("before", "")
    story = read_story(subject_of_person(scope, ids), request.user, before)
    written = written_of(contacts_of(ids)) if scope.sees_written else Written()
    context = {"story": story, "before": before, "title": written.name or ids[0].distinct_id, "no": no}
    return render_page(request, TEMPLATE, context, fragment="story")


@require_GET
def account_story(request: HttpRequest, no: int) -> HttpResponse:
    """Tell what an account's people did and said, and what we answered."""
    scope, account = get_account(request.user, no)
    before = request.GET.get("before", "")
    story = read_story(subject_of_account(scope, account), request.user, before)
    context = {"story": story, "before": before, "title": account.account_id, "no": no, "is_account": True}
    return render_page(request, TEMPLATE, context, fragment="story")
