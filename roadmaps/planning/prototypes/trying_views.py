"""The pages on which tests of a prototype are noted."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from portal.shell.public import answer_form
from roadmaps.planning.prototypes.access import get_prototype, get_test
from roadmaps.planning.prototypes.forms import TestForm
from roadmaps.planning.prototypes.models import PrototypeTest
from roadmaps.planning.prototypes.reading import outcomes_of
from roadmaps.planning.prototypes.testing import add_test, delete_test, update_test

_TEMPLATE = "roadmaps/planning/prototypes/test_form.html"


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Note what one person did with a prototype."""
    prototype = get_prototype(request.user, pk, write=True)
    form = TestForm(request.POST or None, tasks=list(prototype.tasks.all()))

    def save(version: int | None, **values: Any) -> PrototypeTest:
        return add_test(prototype, actor=request.user, **values)

    return answer_form(request, _TEMPLATE, form, save, "The test is noted.", prototype=prototype)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what was noted."""
    test = get_test(request.user, pk, write=True)

    def start() -> dict[str, Any]:
        now = get_test(request.user, pk)
        values = {"person": now.person.distinct_id if now.person else "", "held_on": now.held_on, "notes": now.notes}
        values |= {f"task_{task}": outcome for task, outcome in outcomes_of([now]).get(now.pk, {}).items()}
        return {**values, **{f"sus_{place}": one for place, one in enumerate(now.sus, 1)}, "version": now.version}

    form = TestForm(request.POST or None, initial=start(), tasks=list(test.prototype.tasks.all()), test=test)

    def save(version: int | None, **values: Any) -> PrototypeTest:
        return update_test(test, actor=request.user, version=version or 0, **values)

    context = {"prototype": test.prototype, "test": test}
    return answer_form(request, _TEMPLATE, form, save, "The test is saved.", fresh=start, **context)


@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then delete a test."""
    test = get_test(request.user, pk, write=True)
    if request.method == "POST":
        delete_test(test, actor=request.user)
        messages.success(request, "The test is deleted.")
        return redirect(test.prototype)
    return render(request, "roadmaps/planning/prototypes/test_delete.html", {"test": test, "prototype": test.prototype})
