"""Files on feedback: added, handed out to be saved, removed."""

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from insights.voice.feedback.access import get_attachment, get_feedback
from insights.voice.feedback.attachments import attach_file, remove_attachment
from insights.voice.feedback.file_types import MOST_BYTES, MOST_FILES
from insights.voice.feedback.forms import FilesForm
from portal.shell.public import BadInput, NotFound, TooMuch, own_body_limit

_SLACK_BYTES = 1_000_000


def refuse_large(request: HttpRequest) -> None:
    """Raise TooMuch for a body that is larger than all its files may be."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES * MOST_FILES + _SLACK_BYTES:
        raise TooMuch(f"These files are too large. Each may have {MOST_BYTES // 1024 // 1024} MB.")


@require_GET
def attachment(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a file out to be saved: never as a page of ours, whatever is in it."""
    found = get_attachment(request.user, pk)
    if not default_storage.exists(found.path):
        raise NotFound("This file is not kept any more.")
    with default_storage.open(found.path) as file:  # ten MB at most, so it is read at once and closed
        answer = HttpResponse(file.read(), content_type="application/octet-stream")
    answer["Content-Disposition"] = content_disposition_header(True, found.name)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cache-Control"] = "private, no-store"
    return answer


@own_body_limit
@require_POST
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Add files to a piece."""
    feedback = get_feedback(request.user, pk, write=True)
    refuse_large(request)
    form = FilesForm(request.POST, request.FILES)
    if not form.is_valid():
        raise BadInput(" ".join(form.errors["files"]))
    for file in form.cleaned_data["files"]:
        attach_file(feedback, file.name, file.read(), actor=request.user)
    messages.success(request, "Added.")
    return redirect(feedback)


@require_POST
def attachment_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file off a piece, for good."""
    found = get_attachment(request.user, pk, write=True)
    remove_attachment(found, actor=request.user)
    messages.success(request, f"{found.name} is removed.")
    return redirect(found.feedback)
