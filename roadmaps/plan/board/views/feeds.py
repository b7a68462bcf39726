"""The page of one's own roadmap calendar, and the address that a calendar reads."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from portal.shell.public import NotFound, render_page
from roadmaps.plan.board.feeds import address_of, close_feed, open_feed, read_feed
from roadmaps.plan.board.forms import FeedForm
from roadmaps.plan.board.models import RoadmapFeed


@require_http_methods(["GET", "POST"])
def calendar_page(request: HttpRequest) -> HttpResponse:
    """Show the reader's own calendar address; make it, make it anew, or take it back."""
    feed = RoadmapFeed.objects.filter(user=request.user).select_related("product").first()
    if request.method == "POST" and request.POST.get("do") == "close":
        if feed is not None:
            close_feed(feed, actor=request.user)
        messages.success(request, "The address is dead. What your calendar read before stays there.")
        return redirect("roadmap:calendar")
    form = FeedForm(request.POST or None, user=request.user, initial={"product": feed.product_id if feed else None})
    if request.method == "POST" and form.is_valid():
        open_feed(actor=request.user, **form.cleaned_data)
        messages.success(request, "Give this address to your calendar. The one before it is dead.")
        return redirect("roadmap:calendar")
    context = {"feed": feed, "address": address_of(feed) if feed else "", "form": form}
    return render_page(request, "roadmaps/plan/board/calendar_page.html", context)


@login_not_required
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Hand the calendar to whoever has its secret address; whatever is wrong with it is one answer."""
    try:
        answer = HttpResponse(read_feed(token), content_type="text/calendar; charset=utf-8")
    except NotFound:
        answer = HttpResponse(
            "There is no calendar at this address.", status=404, content_type="text/plain; charset=utf-8"
        )
    answer["Cache-Control"] = "private, no-store"
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
