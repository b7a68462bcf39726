"""The pages of pulses: the list, one pulse with its numbers, making it, saying whom it asks, opening and closing it."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.audit.public import history_of
from portal.people.public import can, get_current_product
from portal.shell.public import (
    NotAllowed,
    NotFound,
    answer_form,
    answer_list,
    file_answer,
    render_page,
    wants_file,
)
from roadmaps.goals.public import Objective
from roadmaps.pulses import actions, asking
from roadmaps.pulses.access import get_pulse, products_to_ask_about
from roadmaps.pulses.contracts import LEAST, RATINGS
from roadmaps.pulses.filters import PulseListFilter
from roadmaps.pulses.forms import FunctionForm, PulseAnswerForm, PulseForm
from roadmaps.pulses.models import Pulse
from roadmaps.pulses.showing import FILE_COLUMNS, file_rows, show_results
from roadmaps.pulses.trend import NUMBERS, number_of, read_trend, say_number

SORTS = {"newest": "created_at", "name": "name", "state": "state", "closes": "closes_on"}
COLUMNS = {
    "id": lambda pulse: pulse.pk,
    "name": lambda pulse: pulse.name,
    "product": lambda pulse: pulse.product.name,
    "state": lambda pulse: pulse.get_state_display(),
    "last day": lambda pulse: pulse.closes_on,
    "asked": lambda pulse: pulse.n_asked,
    "answered": lambda pulse: pulse.n_answered,
    "vision (1 to 5)": lambda pulse: _or_blank(number_of(pulse, "vision")),
    "execution (1 to 5)": lambda pulse: _or_blank(number_of(pulse, "execution")),
    "agreement on the goals (Kendall's W)": lambda pulse: _or_blank(number_of(pulse, "w")),
    "agreement between functions (Kendall's W)": lambda pulse: _or_blank(number_of(pulse, "between")),
    "owner": lambda pulse: str(pulse.owner or ""),
}
_NO_PRODUCT = "Pulses are made by product managers of a product's team. Ask one of them, or an admin."


def _or_blank(value: float | None) -> Any:
    return "" if value is None else round(value, 3)


@require_GET
def pulse_list(request: HttpRequest) -> HttpResponse:
    """List pulses with what they said."""
    pulses = Pulse.objects.visible_to(request.user).dressed().with_counts()
    found = PulseListFilter(request.GET, pulses, user=request.user)
    more: dict[str, Any] = {"dress": _dress, "may_make": bool(products_to_ask_about(request.user))}
    return answer_list(request, "roadmaps/pulses/pulse_list.html", found, COLUMNS, SORTS, "-newest", **more)


def _dress(pulses: list[Pulse]) -> None:
    for pulse in pulses:
        pulse.numbers = [say_number(name, number_of(pulse, name)) for name in NUMBERS]


@require_GET
def pulse_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a pulse: while it runs who is asked, once it is closed what they said."""
    pulse = get_pulse(request.user, pk)
    goals, functions = list(pulse.goals.all()), list(pulse.functions.all())
    titles = [goal.title for goal in goals]
    is_closed = pulse.state == Pulse.State.CLOSED
    if is_closed and (kind := wants_file(request)):
        return file_answer(kind, "alignment pulse", FILE_COLUMNS, file_rows(pulse, titles), [])
    ids = [goal.objective_id for goal in goals if goal.objective_id]
    context = {
        "pulse": pulse,
        "goals": goals,
        "functions": functions,
        "readable": set(Objective.objects.visible_to(request.user).filter(pk__in=ids).values_list("pk", flat=True)),
        "n_asked": sum(one.n_asked for one in functions),
        "n_answered": sum(one.n_answered for one in functions),
        "found": show_results(pulse, titles) if is_closed else None,
        "trend": read_trend(pulse.product_id, request.user) if is_closed else None,
        "least": LEAST,
        "sender": asking.sender_of(pulse),
        "history": history_of(pulse),
        "may_edit": can(request.user, "pulses.edit", pulse),
        "takes_answers": pulse.takes_answers(timezone.localdate()),
    }
    return render_page(request, "roadmaps/pulses/pulse_page.html", context)


@require_http_methods(["GET", "POST"])
def pulse_new(request: HttpRequest) -> HttpResponse:
    """Make a draft."""
    products = products_to_ask_about(request.user)
    if not products:
        raise NotAllowed(_NO_PRODUCT)
    current = get_current_product(request.user)
    slugs = [product.slug for product in products]
    closes_on = timezone.localdate() + dt.timedelta(days=14)
    start = {
        "product": current.slug if current and current.slug in slugs else slugs[0],
        "name": f"How aligned are we? {timezone.localdate():%B %Y}",
        "closes_on": closes_on,
        "visibility": "company",
        "owner": request.user.pk,
    }
    form = PulseForm(request.POST or None, initial=start, user=request.user, products=products)

    def save(product: Any, version: int | None, **values: Any) -> Pulse:
        return actions.create_pulse(product, actor=request.user, **values)

    said = "“{}” is a draft. Now say whom it asks."
    return answer_form(request, "roadmaps/pulses/pulse_form.html", form, save, said)


@require_http_methods(["GET", "POST"])
def pulse_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a pulse."""
    pulse = get_pulse(request.user, pk, write=True)

    def start() -> dict[str, Any]:
        now = get_pulse(request.user, pk)
        names = ("name", "sender", "closes_on", "visibility", "version")
        values = {name: getattr(now, name) for name in names}
        return {**values, "owner": now.owner_id, "goals": list(now.goals.values_list("objective", flat=True))}

    form = PulseForm(request.POST or None, initial=start(), user=request.user, pulse=pulse)

    def save(version: int | None, **values: Any) -> Pulse:
        return actions.update_pulse(pulse, actor=request.user, version=version or 0, **values)

    return answer_form(request, "roadmaps/pulses/pulse_form.html", form, save, "Saved.", fresh=start, pulse=pulse)


@require_http_methods(["GET", "POST"])
def pulse_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which people of which function are asked."""
    pulse = get_pulse(request.user, pk, write=True)
    form = FunctionForm(request.POST or None, initial={"name": request.GET.get("function", "")[:60]})

    def save(**values: Any) -> Pulse:
        added = actions.ask_function(pulse, actor=request.user, **values)
        there = f" {added.n_there} were on the list already." if added.n_there else ""
        messages.success(request, f"{added.n_new} of {added.name} added.{there}")
        return pulse

    context = {"pulse": pulse, "functions": pulse.functions.all(), "least": LEAST}
    return answer_form(request, "roadmaps/pulses/pulse_ask.html", form, save, "{}: the list is saved.", **context)


@require_POST
def function_drop(request: HttpRequest, pk: int, function_pk: int) -> HttpResponse:
    """Take a function out of a draft."""
    pulse = get_pulse(request.user, pk, write=True)
    function = pulse.functions.select_related("pulse").filter(pk=function_pk).first()
    if function is None:
        raise NotFound()
    actions.drop_function(function, actor=request.user)
    messages.success(request, f"{function} is not asked.")
    return redirect(pulse)


@require_POST
def pulse_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask everybody on the list."""
    pulse = actions.open_pulse(get_pulse(request.user, pk, write=True), actor=request.user)
    messages.success(request, f"“{pulse}” is open: the mails are on their way.")
    return redirect(pulse)


@require_http_methods(["GET", "POST"])
def pulse_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then close a pulse for good and show its numbers."""
    pulse = get_pulse(request.user, pk, write=True)
    if request.method == "POST":
        closed = actions.close_pulse(pulse, actor=request.user)
        messages.success(request, f"“{closed}” is closed. Addresses and open links are deleted.")
        return redirect(closed)
    return render(request, "roadmaps/pulses/pulse_close.html", {"pulse": pulse})


@require_POST
def pulse_remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Remind everybody, once."""
    pulse = get_pulse(request.user, pk, write=True)
    n_people = asking.remind(pulse, actor=request.user)
    messages.success(request, f"{n_people} people are reminded; who has answered, nobody knows.")
    return redirect(pulse)


@require_http_methods(["GET", "POST"])
def pulse_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then delete a draft."""
    pulse = get_pulse(request.user, pk, write=True)
    if request.method == "POST":
        actions.delete_pulse(pulse, actor=request.user)
        messages.success(request, "Deleted.")
        return redirect("pulses:pulse-list")
    return render(request, "roadmaps/pulses/pulse_delete.html", {"pulse": pulse})


@require_GET
def pulse_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the questions as they will be asked; nothing that is sent from here is kept."""
    pulse = get_pulse(request.user, pk, write=True)
    form = PulseAnswerForm(goals=list(pulse.goals.all()))
    return render(request, "roadmaps/pulses/answer_page.html", {**answer_context(pulse, form), "is_preview": True})


def answer_context(pulse: Pulse, form: PulseAnswerForm) -> dict[str, Any]:
    """Return what the page with the three questions shows."""
    ratings = [(label, form[name]) for name, label in RATINGS.items()]
    page = {"pulse": pulse, "product": pulse.product, "form": form, "ratings": ratings, "least": LEAST}
    return {**page, "sender": asking.sender_of(pulse), "language": "en", "title": pulse.name}
