"""Pages of the company's cycles."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from portal.people.public import can, require
from portal.shell.public import answer_form, render_page
from roadmaps.goals.access import get_cycle
from roadmaps.goals.actions import create_cycle, delete_cycle, update_cycle
from roadmaps.goals.forms import CycleForm
from roadmaps.goals.models import Cycle


@require_GET
def cycle_list(request: HttpRequest) -> HttpResponse:
    """Show the company's cycles."""
    cycles = Cycle.objects.visible_to(request.user).annotate(n_objectives=Count("objectives"))
    context = {"cycles": cycles, "today": timezone.localdate(), "may_edit": can(request.user, "cycles.edit")}
    return render_page(request, "roadmaps/goals/cycle_list.html", context)


@require_http_methods(["GET", "POST"])
def cycle_new(request: HttpRequest) -> HttpResponse:
    """Add a cycle; the quarter after the last one is proposed."""
    require(request.user, "cycles.edit")
    form = CycleForm(request.POST or None, initial=next_quarter(timezone.localdate()))

    def save(*, version: int | None, **values: Any) -> Cycle:
        return create_cycle(actor=request.user, **values)

    return answer_form(request, "roadmaps/goals/cycle_form.html", form, save, "“{}” is added.")


@require_http_methods(["GET", "POST"])
def cycle_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a cycle's name or days."""
    cycle = get_cycle(request.user, pk, write=True)

    def start() -> dict[str, Any]:
        now = get_cycle(request.user, pk)
        return {name: getattr(now, name) for name in ("name", "starts_on", "ends_on", "version")}

    form = CycleForm(request.POST or None, initial=start())

    def save(*, version: int | None, **values: Any) -> Cycle:
        return update_cycle(cycle, actor=request.user, version=version or 0, **values)

    return answer_form(
        request, "roadmaps/goals/cycle_form.html", form, save, "“{}” is saved.", fresh=start, cycle=cycle
    )


@require_http_methods(["GET", "POST"])
def cycle_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then delete a cycle that holds no objective."""
    cycle = get_cycle(request.user, pk, write=True)
    if request.method == "POST":
        delete_cycle(cycle, actor=request.user)
        return redirect("goals:cycle-list")
    return render(request, "roadmaps/goals/cycle_delete.html", {"cycle": cycle})


def next_quarter(today: date) -> dict[str, Any]:
    """Return the name and days of the first quarter that no cycle begins in, from the one that a day lies in on."""
    taken = set(Cycle.objects.filter(ends_on__gte=today).values_list("starts_on", flat=True))
    year, quarter = today.year, (today.month - 1) // 3
    while (starts_on := date(year, 3 * quarter + 1, 1)) in taken:
        year, quarter = (year, quarter + 1) if quarter < 3 else (year + 1, 0)
    after = date(year, 3 * quarter + 4, 1) if quarter < 3 else date(year + 1, 1, 1)
    return {"name": f"Q{quarter + 1} {year}", "starts_on": starts_on, "ends_on": after - timedelta(days=1)}
