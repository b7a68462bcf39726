"""Pages of the refreshes: the list, one refresh with its live steps, start and retry."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST
from django_celery_beat.models import PeriodicTask

from portal.people.public import can
from portal.refresh import actions
from portal.refresh.access import get_refresh
from portal.refresh.queries import list_refreshes, sees_problems
from portal.shell.public import NightStep, registry, render_page


@require_GET
def refresh_list(request: HttpRequest) -> HttpResponse:
    """List refreshes, live and past, with the schedule."""
    schedule = PeriodicTask.objects.select_related("crontab").filter(task="refresh.start_nightly").first()
    page = Paginator(list_refreshes(), 25).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "is_live": any(refresh.is_live for refresh in page),
        "schedule": schedule,
        "starts_at": f"{schedule.crontab.hour.zfill(2)}:{schedule.crontab.minute.zfill(2)}" if schedule else "",
        "steps": registry.all(NightStep),
        "can_start": can(request.user, "refreshes.start"),
    }
    return render_page(request, "portal/refresh/refresh_list.html", context, fragment="rows")


@require_GET
def refresh_page(request: HttpRequest, refresh_id: int) -> HttpResponse:
    """Show one refresh; the steps reload themselves while it runs."""
    refresh = get_refresh(request.user, refresh_id)
    steps = list(refresh.steps.all())
    context = {
        "refresh": refresh,
        "steps": steps,
        "may_see_problems": sees_problems(request.user),
        "can_retry": can(request.user, "refreshes.start")
        and not refresh.is_live
        and any(step.state == "failed" or step.problems for step in steps),
    }
    return render_page(request, "portal/refresh/refresh_page.html", context, fragment="live")


@require_POST
def refresh_start(request: HttpRequest) -> HttpResponse:
    """Start a refresh by hand and show it."""
    return redirect("refreshes:refresh-page", actions.start_refresh(actor=request.user).pk)


@require_POST
def refresh_retry(request: HttpRequest, refresh_id: int) -> HttpResponse:
    """Start the failed steps of a refresh again and show that."""
    refresh = get_refresh(request.user, refresh_id)
    return redirect("refreshes:refresh-page", actions.retry_failed_steps(refresh, actor=request.user).pk)
