"""Pages of whom to call next, and of the calls that were planned."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from insights.cohorts.public import Cohort
from insights.contacts.public import AskKind, check_askable, get_person_id
from insights.events.public import DistinctId
from insights.voice.listening.access import get_call, get_reason, get_suggestion, products_to_call_for
from insights.voice.listening.calendars import one_call
from insights.voice.listening.calling import claim_call, end_call, update_call
from insights.voice.listening.filters import CallListFilter
from insights.voice.listening.forms import CallForm, ReasonForm, start_of
from insights.voice.listening.models import Call, CallList, CallReason
from insights.voice.listening.picking import make_list, not_planned
from insights.voice.listening.reasons import add_reason, remove_reason
from portal.audit.public import history_of
from portal.people.public import Product, can, get_current_product
from portal.shell.public import NotFound, answer_form, answer_list, render_page

MOST_SHOWN = 15
SORTS = {
    "day": "planned_on",
    "state": "state",
    "caller": "caller__name",
    "product": "product__name",
    "made": "created_at",
}
COLUMNS = {
    "id": lambda call: call.pk,
    "whom": lambda call: call.who,
    "person": lambda call: call.person.distinct_id,
    "account": lambda call: call.account.account_id if call.account else "",
    "product": lambda call: call.product.name,
    "state": lambda call: call.get_state_display(),
    "day": lambda call: call.planned_on,
    "time": lambda call: call.planned_at or "",
    "minutes": lambda call: call.minutes,
    "caller": lambda call: str(call.caller or ""),
    "why": lambda call: "; ".join(reason["words"] for reason in call.reasons),
    "what to ask": lambda call: call.note,
}


def _product(request: HttpRequest) -> Product | None:
    """Return the product whose customers the reader may know: the one named, else their own, else the first."""
    products = products_to_call_for(request.user)
    if slug := request.GET.get("product", ""):
        found = next((one for one in products if one.slug == slug), None)
        if found is None:
            raise NotFound()
        return found
    current = get_current_product(request.user) if len(products) > 1 else None
    return current if current in products else next(iter(products), None)


@require_GET
def next_calls(request: HttpRequest) -> HttpResponse:
    """Show whom to call next and why: those who may be asked now, one of an account, each segment in its turn."""
    product = _product(request)
    made = CallList.objects.filter(product=product).first() if product else None
    rows = list(not_planned(product)) if made else []
    resting = check_askable([row.person_id for row in rows], AskKind.CALL) if rows else {}
    free = [row for row in rows if row.person_id not in resting]
    context = {
        "product": product,
        "products": products_to_call_for(request.user),
        "list": made,
        "rows": free[:MOST_SHOWN],
        "n_more": len(free) - MOST_SHOWN,
        "n_since": len(rows) - len(free),
        "may_call": product is not None and can(request.user, "calls.edit", Call(product=product)),
    }
    return render_page(request, "insights/voice/call_next.html", context)


@require_POST
def list_make(request: HttpRequest) -> HttpResponse:
    """Make the list anew."""
    product = _product(request)
    if product is None:
        raise NotFound()
    made = make_list(product, actor=request.user)
    messages.success(request, f"Made anew: {made.n_looked_at:,} people were looked at.")
    return redirect(f"{reverse('listening:next-calls')}?{urlencode({'product': product.slug})}")


@require_POST
def call_claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Plan a call with somebody of the list: nobody else asks them meanwhile."""
    one = get_suggestion(request.user, pk, write=True)
    call = claim_call(one.product, one.person, actor=request.user, suggestion=one)
    messages.success(request, f"You call {call.who}. Nobody else asks them meanwhile.")
    return redirect(call)


@require_GET
def call_list(request: HttpRequest) -> HttpResponse:
    """List the calls of the reader's teams."""
    found = CallListFilter(request.GET, queryset=Call.objects.visible_to(request.user).dressed(), user=request.user)
    return answer_list(request, "insights/voice/call_list.html", found, COLUMNS, SORTS, "-day")


@require_http_methods(["GET", "POST"])
def call_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a call: whom, why, when, what to ask; change it while it is planned."""
    call = get_call(request.user, pk, write=request.method == "POST")
    may_edit = call.is_planned and can(request.user, "calls.edit", call)
    form = CallForm(request.POST or None, initial=start_of(call))

    def save(**values: Any) -> Call:
        return update_call(call, actor=request.user, **values)

    new = {"person": call.person.distinct_id, "product": call.product.slug}
    more = {"call": call, "may_edit": may_edit, "history": history_of(call)}
    more["fresh"] = lambda: start_of(get_call(request.user, pk))
    more["talk_url"] = f"{reverse('conversations:conversation-new')}?{urlencode(new)}"
    return answer_form(request, "insights/voice/call_page.html", form, save, "Saved.", **more)


@require_POST
def call_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how a call ended; one that took place is written down next."""
    call = get_call(request.user, pk, write=True)
    version = request.POST.get("version", "")
    version_no = int(version) if version.isascii() and version.isdecimal() and len(version) < 9 else 0
    how = request.POST.get("how", "")
    call = end_call(call, actor=request.user, how=how, version=version_no)
    if how == "held":
        messages.success(request, "It took place. Write down what was said while you know it.")
        new = {"person": call.person.distinct_id, "product": call.product.slug}
        return redirect(f"{reverse('conversations:conversation-new')}?{urlencode(new)}")
    messages.success(request, "Given back: they may be asked again." if how == "released" else "It is noted.")
    return redirect(call)


@require_GET
def call_ics(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand one call out as a file for a calendar."""
    answer = HttpResponse(
        one_call(get_call(request.user, pk), request.user), content_type="text/calendar; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="call-{pk}.ics"'
    return answer


@require_http_methods(["GET", "POST"])
def reasons(request: HttpRequest) -> HttpResponse:
    """Show which cohorts are worth a call, and add one."""
    product = _product(request)
    if product is None:
        raise NotFound()
    known = list(CallReason.objects.filter(product=product).select_related("product", "cohort__current"))
    live = Cohort.objects.visible_to(request.user).live().filter(products=product).select_related("current")
    cohorts = (
        live.defer("current__members").exclude(pk__in=[reason.cohort_id for reason in known]).order_by("name")[:200]
    )
    may_edit = can(request.user, "call_reasons.edit", CallReason(product=product))
    form = ReasonForm(request.POST or None, cohorts=list(cohorts))

    def save(**values: Any) -> CallReason:
        return add_reason(product, actor=request.user, **values)

    more = {"product": product, "reasons": known, "may_edit": may_edit, "products": products_to_call_for(request.user)}
    said = "They are in the list from its next making on."
    return answer_form(request, "insights/voice/call_reasons.html", form, save, said, **more)


@require_POST
def reason_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a reason back."""
    reason = get_reason(request.user, pk, write=True)
    address = reason.get_absolute_url()
    remove_reason(reason, actor=request.user)
    messages.success(request, "It is no reason any more.")
    return redirect(address)


@require_GET
def person_calls(request: HttpRequest, no: int) -> HttpResponse:
    """Show the calls with a person, and whether they may be asked for one, as a piece of their page."""
    row = get_person_id(request.user, no)
    numbers = DistinctId.objects.filter(person_no=no).values("no")
    of_them = Call.objects.visible_to(request.user).filter(Q(person=no) | Q(person__in=numbers)).dressed()
    product = row.id_space.product
    may_call = product is not None and can(request.user, "calls.edit", Call(product=product))
    context = {
        "no": no,
        "calls": list(of_them.order_by("-planned_on", "-pk")[:5]),
        "why_not": check_askable([no], AskKind.CALL).get(no) if may_call else None,
        "may_call": may_call,
    }
    return render_page(request, "insights/voice/call_person.html", context, fragment="calls")


@require_POST
def person_claim(request: HttpRequest, no: int) -> HttpResponse:
    """Plan a call with a person from their page."""
    row = get_person_id(request.user, no)
    if row.id_space.product is None:
        raise NotFound()
    call = claim_call(row.id_space.product, row, actor=request.user)
    messages.success(request, f"You call {call.who}. Nobody else asks them meanwhile.")
    return redirect(call)
