"""Pages of opportunities: the list with its rows, one with its panels, writing, deciding and deleting."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.audit.public import history_of
from portal.people.public import can, product_to_write
from portal.shell.public import (
    BadInput,
    Conflict,
    answer_form,
    answer_list,
    chosen_numbers,
    registry,
    render_page,
    show_faults,
    wants_fragment,
)
from roadmaps.planning.opportunities import actions
from roadmaps.planning.opportunities.access import get_opportunity
from roadmaps.planning.opportunities.contracts import OpportunityPanel
from roadmaps.planning.opportunities.demand import demand_of
from roadmaps.planning.opportunities.filters import OpportunityListFilter
from roadmaps.planning.opportunities.forms import BulkForm, DecisionForm, OpportunityForm, RowForm, start_of
from roadmaps.planning.opportunities.likeness import similar_to
from roadmaps.planning.opportunities.models import Opportunity
from roadmaps.planning.opportunities.showing import COLUMNS, SORTS, build_page, dress, with_counts

FOLDER = "roadmaps/planning"
FORM = f"{FOLDER}/opportunity_form.html"


def _rows(user: Any) -> Any:
    return with_counts(Opportunity.objects.visible_to(user).of_rows())


@require_GET
def opportunity_list(request: HttpRequest) -> HttpResponse:
    """List the opportunities that the user may read, with who asks for each."""
    user = request.user
    found = OpportunityListFilter(request.GET, _rows(user), user=user)
    may_make = any(can(user, "opportunities.create", product) for product in user.visible_products)
    context = {"may_make": may_make, "bulk": BulkForm() if may_make else None}
    template = f"{FOLDER}/opportunity_list.html"
    return answer_list(
        request, template, found, COLUMNS, SORTS, "-changed", dress=lambda rows: dress(rows, user), **context
    )


@require_POST
def opportunity_bulk(request: HttpRequest) -> HttpResponse:
    """Change the opportunities that were chosen in the list."""
    chosen = chosen_numbers(request)
    form = BulkForm(request.POST, chosen=chosen)
    back = f"{request.path.removesuffix('bulk/')}?{request.GET.urlencode()}"
    if not chosen or not form.is_valid():
        messages.error(request, "Choose opportunities in the list, and a state. Nothing was changed.")
        return redirect(back)
    rows = list(Opportunity.objects.visible_to(request.user).filter(pk__in=chosen))
    values = {name: form.cleaned_data[name] for name in ("state", "why")}
    try:
        actions.change_opportunities(rows, actor=request.user, **values)
    except BadInput as fault:
        messages.error(request, " ".join(fault.sentences))
    else:
        messages.success(request, f"{len(rows)} opportunit{'ies are' if len(rows) != 1 else 'y is'} changed.")
    return redirect(back)


@require_http_methods(["GET", "POST"])
def opportunity_row(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an opportunity in its row of the list; without a script, its page does the same."""
    opportunity, user = get_opportunity(request.user, pk, write=request.method == "POST"), request.user
    if not wants_fragment(request):
        return redirect("opportunities:opportunity-edit", pk)
    is_edited = can(user, "opportunities.edit", opportunity) and (request.method == "POST" or "edit" in request.GET)
    form = RowForm(request.POST or None, user=user, opportunity=opportunity) if is_edited else None
    if form is not None and form.is_valid():
        try:
            actions.update_opportunity(opportunity, actor=user, **form.cleaned_data)
        except BadInput as fault:
            show_faults(form, fault)
        except Conflict as fault:
            form = RowForm(user=user, opportunity=get_opportunity(user, pk))
            form.conflict = fault.message
        else:
            form = None
    rows = list(_rows(user).filter(pk=pk))
    dress(rows, user)
    status = 422 if request.method == "POST" and form is not None else 200
    context = {"row": next(iter(rows), None), "form": form}
    return render(request, f"{FOLDER}/_opportunity_row.html", context, status=status)


@require_GET
def opportunity_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an opportunity: the problem, what shows it to be real, who asks, and what was decided."""
    opportunity = get_opportunity(request.user, pk)
    context = {"opportunity": opportunity, "page": build_page(opportunity, request.user), "form": DecisionForm()}
    return render_page(request, f"{FOLDER}/opportunity_page.html", context)


@require_GET
def opportunity_demand(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who asks for an opportunity, what they pay and in which segments they are, as a piece of its page."""
    opportunity = get_opportunity(request.user, pk)
    context = {"opportunity": opportunity, "story": demand_of(opportunity, request.user)}
    return render_page(request, f"{FOLDER}/opportunity_demand.html", context, fragment="demand")


@require_GET
def opportunity_similar(request: HttpRequest, pk: int) -> HttpResponse:
    """Show opportunities that say something alike, as a piece of the page of one."""
    opportunity = get_opportunity(request.user, pk)
    context = {"opportunity": opportunity, "similar": similar_to(opportunity, request.user)}
    return render_page(request, f"{FOLDER}/opportunity_similar.html", context, fragment="similar")


@require_GET
def panel(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Show what another room knows of an opportunity, as a piece of its page."""
    opportunity = get_opportunity(request.user, pk)
    piece = next((one for one in registry.all(OpportunityPanel) if one.slug == slug), None)
    if piece is None:
        raise Http404
    if not wants_fragment(request):
        return redirect(opportunity)
    context = piece.context(opportunity, request)
    if context is None:
        return HttpResponse("")
    values = {"opportunity": opportunity, "piece": piece, **context}
    return render(request, f"{FOLDER}/panel.html", values)


@require_GET
def opportunity_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show every change of an opportunity, as a piece of its page."""
    opportunity = get_opportunity(request.user, pk)
    context = {"opportunity": opportunity, "history": history_of(opportunity)}
    return render_page(request, f"{FOLDER}/opportunity_history.html", context, fragment="history")


@require_http_methods(["GET", "POST"])
def opportunity_new(request: HttpRequest) -> HttpResponse:
    """Write an opportunity down."""
    product, user = product_to_write(request, "opportunities.create"), request.user
    start = {"visibility": "company", "owner": user.pk, "title": request.GET.get("title", "")[:200]}
    form = OpportunityForm(request.POST or None, initial=start, user=user, product=product)

    def save(*, version: int | None, **values: Any) -> Opportunity:
        return actions.create_opportunity(product, actor=user, **values)

    said = "“{}” is written down. Now gather what shows it to be real."
    return answer_form(request, FORM, form, save, said, product=product)


@require_http_methods(["GET", "POST"])
def opportunity_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an opportunity."""
    opportunity, user = get_opportunity(request.user, pk, write=True), request.user
    context = {"product": opportunity.product, "opportunity": opportunity}
    form = OpportunityForm(request.POST or None, initial=start_of(opportunity), user=user, **context)

    def save(*, version: int | None, **values: Any) -> Opportunity:
        return actions.update_opportunity(opportunity, actor=user, version=version or 0, **values)

    def fresh() -> dict[str, Any]:
        return start_of(get_opportunity(user, pk))

    return answer_form(request, FORM, form, save, "“{}” is saved.", fresh=fresh, **context)


@require_http_methods(["GET", "POST"])
def decision_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Note what was decided about an opportunity."""
    opportunity = get_opportunity(request.user, pk, write=True)
    form = DecisionForm(request.POST or None)

    def save(**values: Any) -> Opportunity:
        actions.decide(opportunity, actor=request.user, **values)
        return opportunity

    context = {"opportunity": opportunity, "page": build_page(opportunity, request.user)}
    return answer_form(request, f"{FOLDER}/opportunity_page.html", form, save, "It is in the log.", **context)


@require_http_methods(["GET", "POST"])
def opportunity_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then delete an opportunity on which nothing hangs."""
    opportunity = get_opportunity(request.user, pk, write=True)
    if request.method == "POST":
        actions.delete_opportunity(opportunity, actor=request.user)
        messages.success(request, f"“{opportunity}” is deleted.")
        return redirect("opportunities:opportunity-list")
    return render(request, f"{FOLDER}/opportunity_delete.html", {"opportunity": opportunity})
