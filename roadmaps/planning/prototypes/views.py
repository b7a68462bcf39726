"""The pages of prototypes: the list, one with what its tests say, making and changing it, its file, the decision."""

from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from insights.contacts.public import name_speakers, source_ids_of
from portal.audit.public import history_of
from portal.people.public import can, get_current_product, is_insider
from portal.shell.public import (
    NotAllowed,
    NotFound,
    TooMuch,
    answer_form,
    answer_list,
    own_body_limit,
    render_markdown,
    render_page,
)
from roadmaps.planning.initiatives.public import visible_initiatives
from roadmaps.planning.opportunities.public import visible_opportunities
from roadmaps.planning.prototypes import actions
from roadmaps.planning.prototypes.access import get_prototype, products_to_try
from roadmaps.planning.prototypes.filters import PrototypeListFilter
from roadmaps.planning.prototypes.forms import DecisionForm, PrototypeFileForm, PrototypeForm
from roadmaps.planning.prototypes.models import Prototype
from roadmaps.planning.prototypes.reading import alike, outcomes_of, read_results

MOST_BYTES = 11 * 1024 * 1024
SORTS = {"newest": "created_at", "title": "title", "fidelity": "fidelity", "tests": "n_tests", "decision": "decision"}
COLUMNS = {
    "id": lambda row: row.pk,
    "title": lambda row: row.title,
    "product": lambda row: row.product.name,
    "hypothesis": lambda row: row.hypothesis,
    "fidelity": lambda row: row.get_fidelity_display(),
    "link": lambda row: row.url,
    "tests": lambda row: row.n_tests,
    "decision": lambda row: row.get_decision_display(),
    "why": lambda row: row.decided_why,
    "owner": lambda row: str(row.owner or ""),
}
_NO_PRODUCT = "Prototypes are made by product managers of a product's team. Ask one of them, or an admin."


@require_GET
def prototype_list(request: HttpRequest) -> HttpResponse:
    """List prototypes: what was tried, and what came of it."""
    prototypes = Prototype.objects.visible_to(request.user).of_rows().with_counts()
    found = PrototypeListFilter(request.GET, prototypes, user=request.user)
    more: dict[str, Any] = {"may_make": bool(products_to_try(request.user))}
    return answer_list(
        request, "roadmaps/planning/prototypes/prototype_list.html", found, COLUMNS, SORTS, "-newest", **more
    )


@require_GET
def prototype_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a prototype: what it is to find out, what its tests say, what was decided, what was tried before."""
    prototype, user = get_prototype(request.user, pk), request.user
    results, inside = read_results(prototype), is_insider(user, prototype.team_id)
    context = {
        "prototype": prototype,
        "hypothesis": render_markdown(prototype.hypothesis, top_level=3),
        "results": results,
        "initiative": _seen(prototype.initiative, visible_initiatives(user)),
        "opportunity": _seen(prototype.opportunity, visible_opportunities(user)),
        "tests": _dressed_tests(prototype, [one.task for one in results.tasks]) if inside else [],
        "is_insider": inside,
        "alike": alike(user, f"{prototype.title} {prototype.hypothesis}", but=prototype.pk),
        "history": history_of(prototype),
        "may_edit": can(user, "prototypes.edit", prototype),
    }
    return render_page(request, "roadmaps/planning/prototypes/prototype_page.html", context)


def _seen(thing: Any, visible: Any) -> Any:
    return thing if thing is not None and visible.filter(pk=thing.pk).exists() else None


def _dressed_tests(prototype: Prototype, tasks: list[Any]) -> list[Any]:
    tests = list(prototype.tests.select_related("person"))
    named = {}
    if any(one.person_id for one in tests):
        named = name_speakers((one.person for one in tests), [], source_ids_of([prototype.product_id]))[0]
    outcomes = outcomes_of(tests)
    for one in tests:
        one.who = named.get(one.person_id)
        one.went = [outcomes.get(one.pk, {}).get(task.pk, "") for task in tasks]
    return tests


@require_GET
def tried_before(request: HttpRequest) -> HttpResponse:
    """Return the prototypes alike to what is being typed."""
    said = f"{request.GET.get('title', '')} {request.GET.get('hypothesis', '')}"[:5_000].replace("\0", " ")
    return render(request, "roadmaps/planning/prototypes/_alike.html", {"alike": alike(request.user, said)})


@require_http_methods(["GET", "POST"])
def prototype_new(request: HttpRequest) -> HttpResponse:
    """Make a prototype."""
    products = products_to_try(request.user)
    if not products:
        raise NotAllowed(_NO_PRODUCT)
    current, slugs = get_current_product(request.user), [product.slug for product in products]
    asked = request.GET.get("product", current.slug if current else "")
    start: dict[str, Any] = {"product": asked if asked in slugs else slugs[0], "visibility": "company"}
    start |= {"owner": request.user.pk, "fidelity": Prototype.Fidelity.CLICKABLE}
    for name in ("initiative", "opportunity"):
        number = request.GET.get(name, "")
        if number.isascii() and number.isdecimal() and len(number) < 19:
            start[name] = int(number)
    form = PrototypeForm(request.POST or None, initial=start, user=request.user, products=products)

    def save(product: Any, version: int | None, **values: Any) -> Prototype:
        return actions.create_prototype(product, actor=request.user, **values)

    said = "“{}” is here. Note each test of it as it happens."
    return answer_form(request, "roadmaps/planning/prototypes/prototype_form.html", form, save, said)


@require_http_methods(["GET", "POST"])
def prototype_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a prototype."""
    prototype = get_prototype(request.user, pk, write=True)

    def start() -> dict[str, Any]:
        now = get_prototype(request.user, pk)
        names = ("title", "hypothesis", "fidelity", "url", "visibility", "version")
        more = {name: getattr(now, f"{name}_id") for name in ("initiative", "opportunity", "owner")}
        tasks = "\n".join(task.text for task in now.tasks.all())
        return {**{name: getattr(now, name) for name in names}, **more, "tasks": tasks}

    form = PrototypeForm(request.POST or None, initial=start(), user=request.user, prototype=prototype)

    def save(version: int | None, **values: Any) -> Prototype:
        return actions.update_prototype(prototype, actor=request.user, version=version or 0, **values)

    template = "roadmaps/planning/prototypes/prototype_form.html"
    return answer_form(request, template, form, save, "“{}” is saved.", fresh=start, prototype=prototype)


@require_http_methods(["GET", "POST"])
def prototype_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what becomes of it, and why."""
    prototype = get_prototype(request.user, pk, write=True)

    def start() -> dict[str, Any]:
        now = get_prototype(request.user, pk)
        return {"decision": now.decision, "why": now.decided_why, "version": now.version}

    form = DecisionForm(request.POST or None, initial=start())

    def save(**values: Any) -> Prototype:
        return actions.decide(prototype, actor=request.user, **values)

    template = "roadmaps/planning/prototypes/prototype_decide.html"
    return answer_form(request, template, form, save, "“{}” is decided.", fresh=start, prototype=prototype)


@require_http_methods(["GET", "POST"])
def prototype_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then delete a prototype that nobody tried."""
    prototype = get_prototype(request.user, pk, write=True)
    if request.method == "POST":
        actions.delete_prototype(prototype, actor=request.user)
        messages.success(request, "Deleted.")
        return redirect("prototypes:prototype-list")
    return render(request, "roadmaps/planning/prototypes/prototype_delete.html", {"prototype": prototype})


@own_body_limit
@require_http_methods(["GET", "POST"])
def prototype_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand the file out to be saved, or take a new one in its place."""
    prototype = get_prototype(request.user, pk, write=request.method == "POST")
    if request.method == "GET":
        return _hand_out(prototype)
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        raise TooMuch("This file is too large. It may have 10 MB.")
    form = PrototypeFileForm(request.POST, request.FILES)

    def save(file: Any) -> Prototype:
        return actions.set_file(prototype, actor=request.user, name=file.name, data=file.read())

    template = "roadmaps/planning/prototypes/prototype_file.html"
    return answer_form(request, template, form, save, "The file is kept.", prototype=prototype)


def _hand_out(prototype: Prototype) -> HttpResponse:
    if not prototype.file_path or not default_storage.exists(prototype.file_path):
        raise NotFound("It has no file.")
    with default_storage.open(prototype.file_path) as file:  # ten MB at most, so it is read at once and closed
        answer = HttpResponse(file.read(), content_type="application/octet-stream")
    answer["Content-Disposition"] = content_disposition_header(True, prototype.file_name)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_POST
def file_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the file away, for good."""
    prototype = actions.drop_file(get_prototype(request.user, pk, write=True), actor=request.user)
    messages.success(request, "The file is removed.")
    return redirect(prototype)
