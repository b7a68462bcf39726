"""The audit trail, for admins."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from portal.audit.filters import AuditFilter
from portal.audit.models import AuditEntry
from portal.audit.queries import in_words
from portal.shell.files import file_answer, wants_file
from portal.shell.lists import build_list
from portal.shell.public import NotAllowed, render_page

COLUMNS = {
    name: (lambda entry, name=name: getattr(entry, name))
    for name in [
        "at", "actor_id", "actor_label", "verb", "thing_type", "thing_id", "thing_label", "changes", "note", "door",
        "address", "request_id",
    ]
}  # fmt: skip
MOST_IN_FILE = 100_000


@require_GET
def entry_list(request: HttpRequest) -> HttpResponse:
    """List what was written through every door, newest first, with filters and CSV."""
    if not request.user.is_admin:
        raise NotAllowed()
    found = AuditFilter(request.GET, queryset=AuditEntry.objects.visible_to(request.user), request=request)
    if kind := wants_file(request):
        return file_answer(kind, "audit", COLUMNS, found.qs.order_by("-pk")[:MOST_IN_FILE].iterator(chunk_size=1000))
    listed = build_list(request, found, {"at": "pk"}, "-at")
    context = {"list": listed, "entries": in_words(listed.page)}
    return render_page(request, "portal/audit/entry_list.html", context, fragment="rows")
