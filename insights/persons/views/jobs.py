"""The jobs about persons: how far a merge, a split or an erasure is, and what was asked before; for ops."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from insights.events.public import Batch
from insights.persons.access import get_job, list_jobs
from insights.persons.actions import cancel_job
from insights.persons.filters import PersonJobFilter
from insights.persons.reading import name_job, people_of
from portal.audit.public import history_of
from portal.shell.public import build_list, file_answer, render_page, wants_file

MOST_FILES = 20
MOST_IN_FILE = 10_000
COLUMNS = {
    "number": lambda job: job.pk,
    "what": lambda job: job.get_kind_display(),
    "person": lambda job: job.person_no,
    "other person": lambda job: job.other_no,
    "asked by": lambda job: job.created_by,
    "asked at": lambda job: job.created_at,
    "state": lambda job: job.get_state_display(),
    "over at": lambda job: job.finished_at,
    "reason": lambda job: job.error,
}


@require_GET
def job_page(request: HttpRequest, job_id: int) -> HttpResponse:
    """Show a job; the page asks again while it is not over."""
    job = get_job(request.user, job_id)
    people = people_of([job])
    files = Batch.objects.filter(pk__in=job.batches).exclude(file_name="").select_related("source")
    context = {
        "job": job,
        "backup_days": settings.BACKUP_KEEP_DAYS,
        "name": name_job(job, people),
        "person": people.get(job.person_no),
        "other": people.get(job.other_no),
        "files": files[:MOST_FILES] if job.batches else [],
        "n_more_files": max(0, files.count() - MOST_FILES) if len(job.batches) > MOST_FILES else 0,
        "history": history_of(job, limit=20),
    }
    return render_page(request, "insights/persons/job_page.html", context, fragment="state")


@require_GET
def job_list(request: HttpRequest) -> HttpResponse:
    """List the merges, splits and erasures that were asked for."""
    found = PersonJobFilter(request.GET, list_jobs(request.user))
    if kind := wants_file(request):
        return file_answer(kind, "person-jobs", COLUMNS, found.qs[:MOST_IN_FILE])
    listed = build_list(request, found, {"at": "pk"}, "-at")
    people = people_of(listed.page.object_list)
    rows = [(job, name_job(job, people)) for job in listed.page.object_list]
    context = {"list": listed, "rows": rows, "here": "jobs"}
    return render_page(request, "insights/persons/job_list.html", context, fragment="rows")


@require_POST
def job_cancel(request: HttpRequest, job_id: int) -> HttpResponse:
    """Call off a job that has not begun."""
    job = cancel_job(get_job(request.user, job_id), actor=request.user)
    messages.success(request, "Called off. Nothing was changed.")
    return redirect("persons:job-page", job_id=job.pk)
