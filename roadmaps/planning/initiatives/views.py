"""Pages of initiatives: the list with its rows, one with its panels, writing and deleting it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
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
from roadmaps.planning.initiatives import actions
from roadmaps.planning.initiatives.access import get_initiative
from roadmaps.planning.initiatives.contracts import InitiativePanel
from roadmaps.planning.initiatives.filters import InitiativeListFilter
from roadmaps.planning.initiatives.forms import BulkForm, DependencyForm, InitiativeForm, LinkForm, RowForm, start_of
from roadmaps.planning.initiatives.models import Initiative
from roadmaps.planning.initiatives.reading import build_page, read_moves
from roadmaps.planning.initiatives.showing import COLUMNS, SORTS
from roadmaps.planning.opportunities.public import Opportunity

FOLDER = "roadmaps/planning"
FORM = f"{FOLDER}/initiative_form.html"


@require_GET
def initiative_list(request: HttpRequest) -> HttpResponse:
    """List the initiatives that the user may read, in their order."""
    user = request.user
    rows = Initiative.objects.visible_to(user).for_reader(user)
    found = InitiativeListFilter(request.GET, rows, user=user)
    may_make = any(can(user, "initiatives.create", product) for product in user.visible_products)
    bulk = BulkForm(user=user) if may_make else None

    def dress(page: list[Initiative]) -> None:
        for one in page:
            one.may_edit = can(user, "initiatives.edit", one)

    context = {"may_make": may_make, "bulk": bulk}
    return answer_list(request, f"{FOLDER}/initiative_list.html", found, COLUMNS, SORTS, dress=dress, **context)


@require_POST
def initiative_bulk(request: HttpRequest) -> HttpResponse:
    """Change the initiatives that were chosen in the list."""
    chosen = chosen_numbers(request)
    form = BulkForm(request.POST, user=request.user, chosen=chosen)
    back = f"{request.path.removesuffix('bulk/')}?{request.GET.urlencode()}"
    if not chosen or not form.is_valid() or not form.changes():
        messages.error(request, "Choose initiatives in the list, and what they shall have. Nothing was changed.")
        return redirect(back)
    rows = list(Initiative.objects.visible_to(request.user).filter(pk__in=chosen).select_related("team"))
    try:
        actions.change_initiatives(rows, actor=request.user, changes=form.changes(), why=form.cleaned_data["why"])
    except BadInput as fault:
        messages.error(request, " ".join(fault.sentences))
    else:
        messages.success(request, f"{len(rows)} initiative{'s are' if len(rows) != 1 else ' is'} changed.")
    return redirect(back)


@require_http_methods(["GET", "POST"])
def initiative_row(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an initiative in its row of the list; without a script, its page does the same."""
    initiative, user = get_initiative(request.user, pk, write=request.method == "POST"), request.user
    if not wants_fragment(request):
        return redirect("initiatives:initiative-edit", pk)
    initiative.may_edit = can(user, "initiatives.edit", initiative)
    is_edited = initiative.may_edit and (request.method == "POST" or "edit" in request.GET)
    form = RowForm(request.POST or None, user=user, initiative=initiative) if is_edited else None
    if form is not None and form.is_valid():
        changes = dict(form.cleaned_data)
        try:
            actions.change_initiative(initiative, actor=user, version=changes.pop("version"), changes=changes)
        except BadInput as fault:
            show_faults(form, fault)
        except Conflict as fault:
            form = RowForm(user=user, initiative=get_initiative(user, pk))
            form.conflict = fault.message
        else:
            form = None
    row = Initiative.objects.visible_to(user).for_reader(user).filter(pk=pk).first() or initiative
    row.may_edit = initiative.may_edit
    status = 422 if request.method == "POST" and form is not None else 200
    return render(request, f"{FOLDER}/_initiative_row.html", {"row": row, "form": form}, status=status)


@require_GET
def initiative_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an initiative: what it is for, what it needs, and what other rooms know of it."""
    initiative, user = get_initiative(request.user, pk), request.user
    page = build_page(initiative, user, today=timezone.localdate())
    context = {"initiative": initiative, "page": page, "dependency_form": None, "link_form": None}
    if page.may_edit:
        context |= {"dependency_form": DependencyForm(auto_id="needs-%s"), "link_form": LinkForm(auto_id="link-%s")}
    return render_page(request, f"{FOLDER}/initiative_page.html", context)


@require_GET
def panel(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Show what another room knows of an initiative, as a piece of its page."""
    initiative = get_initiative(request.user, pk)
    piece = next((one for one in registry.all(InitiativePanel) if one.slug == slug), None)
    if piece is None:
        raise Http404
    if not wants_fragment(request):
        return redirect(initiative)
    context = piece.context(initiative, request)
    if context is None:
        return HttpResponse("")
    return render(request, f"{FOLDER}/panel.html", {"initiative": initiative, "piece": piece, **context})


@require_GET
def initiative_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show each change of an initiative with who and why, as a piece of its page."""
    initiative = get_initiative(request.user, pk)
    context = {
        "initiative": initiative,
        "moves": read_moves(initiative, request.user),
        "history": history_of(initiative),
    }
    return render_page(request, f"{FOLDER}/initiative_history.html", context, fragment="history")


@require_http_methods(["GET", "POST"])
def initiative_new(request: HttpRequest) -> HttpResponse:
    """Add an initiative to a product."""
    user = request.user
    product = product_to_write(request, "initiatives.create")
    asked = request.GET.get("opportunity", "")
    about = Opportunity.objects.visible_to(user).filter(product=product)
    known = about.filter(pk=asked).first() if asked.isdecimal() and len(asked) < 19 else None
    start = {"visibility": "company", "owner": user.pk, "opportunities": [known.pk] if known else []}
    start |= {"title": request.GET.get("title", "")[:200]}
    if (goal := request.GET.get("objective", "")).isdecimal():
        start["objective"] = goal[:18]
    form = InitiativeForm(request.POST or None, initial=start, user=user, product=product)

    def save(*, version: int | None, **values: Any) -> Initiative:
        return actions.create_initiative(product, actor=user, **values)

    return answer_form(request, FORM, form, save, "“{}” is added.", product=product)


@require_http_methods(["GET", "POST"])
def initiative_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an initiative."""
    initiative, user = get_initiative(request.user, pk, write=True), request.user
    context = {"product": initiative.product, "initiative": initiative}
    form = InitiativeForm(request.POST or None, initial=start_of(initiative), user=user, **context)

    def save(*, version: int | None, why: str, **changes: Any) -> Initiative:
        return actions.change_initiative(initiative, actor=user, changes=changes, why=why, version=version or 0)

    def fresh() -> dict[str, Any]:
        return start_of(get_initiative(user, pk))

    return answer_form(request, FORM, form, save, "“{}” is saved.", fresh=fresh, **context)


@require_http_methods(["GET", "POST"])
def initiative_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then delete an initiative."""
    initiative = get_initiative(request.user, pk, write=True)
    if request.method == "POST":
        actions.delete_initiative(initiative, actor=request.user)
        messages.success(request, f"“{initiative}” is deleted.")
        return redirect("initiatives:initiative-list")
    return render(request, f"{FOLDER}/initiative_delete.html", {"initiative": initiative})
