"""A person's notices."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from portal.messages.actions import read_notices
from portal.messages.models import Notice
from portal.shell.public import NotFound, render_page


@require_GET
def notice_list(request: HttpRequest) -> HttpResponse:
    """List a person's notices, newest first."""
    mine = Notice.objects.visible_to(request.user)
    context = {"page": Paginator(mine, 50).get_page(request.GET.get("page")), "has_unread": mine.unread().exists()}
    return render_page(request, "portal/messages/notice_list.html", context)


@require_GET
def notice_open(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Mark a notice as read and go where it points."""
    notice = Notice.objects.visible_to(request.user).filter(pk=notice_id).first()
    if notice is None:
        raise NotFound()
    read_notices(request.user, notice.pk)
    return redirect(notice.url or "messages:notice-list")


@require_POST
def notice_read_all(request: HttpRequest) -> HttpResponse:
    """Mark all of a person's notices as read."""
    read_notices(request.user)
    return redirect("messages:notice-list")
