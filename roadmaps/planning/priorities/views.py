"""The pages of priorities: the table, its rows, the chart, two models beside each other, and why the order moved."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.people.public import can, get_current_product
from portal.shell.public import (
    BadInput,
    Conflict,
    NotFound,
    answer_list,
    chosen_numbers,
    render_page,
    wants_fragment,
)
from roadmaps.planning.initiatives.public import Initiative
from roadmaps.planning.priorities.drawing import axes_json, axes_of, draw_chart
from roadmaps.planning.priorities.filters import PriorityFilter
from roadmaps.planning.priorities.forms import BulkForm, MoveForm, RowForm, WeeksForm
from roadmaps.planning.priorities.reading import (
    chosen_model,
    compare_orders,
    models_in_use,
    narrowed,
    read_capacity,
    read_order,
    read_sureness,
    scored_rows,
)
from roadmaps.planning.priorities.showing import columns_of, dress_rows, say_done, say_moves
from roadmaps.planning.scoring.public import (
    Score,
    ScoringModel,
    confirm_scores,
    get_model,
    get_scored,
    given_of,
    order_moved,
    score_initiative,
    score_several,
    show_score,
)

FOLDER = "roadmaps/planning"
SORTS = {"score": "score_order", "title": "title", "stage": "stage", "effort": "effort_months"}


@require_GET
def priority_list(request: HttpRequest) -> HttpResponse:
    """Show initiatives in the order of their scores, with what each score is made of, and what fits the capacity."""
    return _answer(request)


def _answer(request: HttpRequest, *, done: UUID | None = None, focus: int = 0) -> HttpResponse:
    user, asked = request.user, request.GET
    models = models_in_use(user)
    model = chosen_model(models, asked.get("model", ""))
    if model is None:
        return render_page(request, f"{FOLDER}/priority_none.html", {"may_edit": can(user, "scoring_models.edit")})
    rows = scored_rows(user, model)
    order = read_order(narrowed(rows, asked), read_capacity(asked.get("capacity", "")))
    found = PriorityFilter(asked, rows.of_rows(), user=user, models=models)
    may_score = can(user, "scores.edit")
    context = {
        "model": model,
        "order": order,
        "may_score": may_score,
        "bulk": BulkForm(definition=model.definition) if may_score else None,
        "done": say_done(done or asked.get("done", ""), user),
        "query": request.GET.urlencode(),
        "focus": focus,
        "n_columns": len(model.definition.inputs) + 6,
    }

    def dress(page: list[Initiative]) -> None:
        dress_rows(page, model, order, user, today=timezone.localdate())

    columns = columns_of(model, order)
    return answer_list(request, f"{FOLDER}/priority_list.html", found, columns, SORTS, "-score", dress=dress, **context)


@require_http_methods(["GET", "POST"])
def priority_row(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Change an initiative's inputs in its row; without a script, its sheet does the same."""
    user = request.user
    initiative, model = get_scored(user, pk, write=True), get_model(user, slug)
    if not wants_fragment(request):
        return redirect("scoring:score-page", pk, slug)
    score = Score.objects.filter(initiative=initiative, model=model).first()
    given = given_of(score, model.definition) if score else {}
    start = {"version": score.version if score else 0}
    form = RowForm(request.POST or None, initial=start, definition=model.definition, given=given, number=pk)
    if request.method == "POST" and form.is_valid():
        try:
            changed = _save_row(initiative, model, form, user)
        except (BadInput, Conflict) as fault:
            form.add_error(None, fault.sentences)
        else:
            return _refreshed(request, changed, focus=pk)
    row = scored_rows(user, model).of_rows().filter(pk=pk).first()
    if row is None:
        raise NotFound()
    order = read_order(narrowed(scored_rows(user, model), request.GET), read_capacity(request.GET.get("capacity", "")))
    dress_rows([row], model, order, user, today=timezone.localdate())
    context = {"row": row, "form": form, "model": model, "query": request.GET.urlencode(), "may_score": True}
    return render(request, f"{FOLDER}/_priority_row.html", context, status=422 if form.errors else 200)


def _save_row(initiative: Initiative, model: ScoringModel, form: RowForm, actor: Any) -> UUID | None:
    inputs = form.said()
    if not inputs:
        return None
    score = score_initiative(initiative, model, actor=actor, inputs=inputs, version=form.cleaned_data["version"])
    return score.changes.values_list("batch", flat=True).first()


def _refreshed(request: HttpRequest, done: UUID | None, *, focus: int = 0) -> HttpResponse:
    """Answer a piece of the page with the whole table: one change may move every row."""
    answer = _answer(request, done=done, focus=focus)
    answer["HX-Retarget"], answer["HX-Reswap"] = "#rows", "innerHTML"
    return answer


@require_POST
def priority_bulk(request: HttpRequest) -> HttpResponse:
    """Set an input of the chosen initiatives, or say that their scores were looked at."""
    user = request.user
    model = chosen_model(models_in_use(user), request.GET.get("model", ""))
    if model is None:
        raise NotFound()
    chosen = chosen_numbers(request)
    asked = request.GET.copy()
    asked.pop("done", None)
    back = f"{reverse('priorities:priority-list')}?{asked.urlencode()}"
    rows = list(Initiative.objects.visible_to(user).of_rows().filter(pk__in=chosen))
    form = BulkForm(request.POST, definition=model.definition)
    if not rows:
        messages.error(request, "Choose initiatives by the boxes in the first column. Nothing was changed.")
        return redirect(back)
    try:
        if request.POST.get("act") == "confirm":
            scores = Score.objects.of_rows().filter(model=model, initiative__in=rows)
            batch, found = confirm_scores(list(scores), actor=user)
        elif form.is_valid():
            batch, found = score_several(rows, model, actor=user, inputs=form.said())
        else:
            raise BadInput(" ".join(sentence for several in form.errors.values() for sentence in several))
    except BadInput as fault:
        sentences = [one for several in fault.fields.values() for one in several] or [fault.message]
        messages.error(request, f"Nothing was changed. {' '.join(dict.fromkeys(sentences))}")
        return redirect(back)
    return redirect(f"{back}&done={batch}" if found else back)


@require_GET
def sureness(request: HttpRequest) -> HttpResponse:
    """Say how sure the order is, as a piece of the page; the page asks for it once it stands."""
    user, asked = request.user, request.GET
    model = chosen_model(models_in_use(user), asked.get("model", ""))
    if model is None:
        raise NotFound()
    order = read_order(narrowed(scored_rows(user, model), asked), read_capacity(asked.get("capacity", "")))
    context = {"sure": read_sureness(model, order), "model": model, "order": order}
    return render_page(request, f"{FOLDER}/priority_sure.html", context, fragment="sure")


@require_GET
def chart(request: HttpRequest) -> HttpResponse:
    """Show two inputs of each initiative as a chart whose bubbles can be moved."""
    user, asked = request.user, request.GET
    models = [one for one in models_in_use(user) if not one.definition.is_label]
    wanted = asked.get("model") or next((one.slug for one in models if one.definition.kind == "value_effort"), "")
    model = chosen_model(models, wanted)
    if model is None:
        raise NotFound()
    rows = narrowed(scored_rows(user, model), asked)
    context = {"model": model, "models": models, "asked": asked, "products": user.visible_products}
    drawn = draw_chart(rows, model, read_order(rows, None), user, asked)
    x_input, y_input = axes_of(model.definition, asked)
    context |= {"chart": drawn, "x_input": x_input, "y_input": y_input, "axes": axes_json(drawn, x_input, y_input)}
    return render_page(request, f"{FOLDER}/priority_chart.html", context)


@require_POST
def move(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Take a bubble's new place: both inputs, with the label that they had, in one change."""
    user = request.user
    initiative, model = get_scored(user, pk, write=True), get_model(user, slug)
    form = MoveForm(request.POST)
    if not form.is_valid():
        raise BadInput(fields={name: [str(one) for one in several] for name, several in form.errors.items()})
    data = form.cleaned_data
    score = Score.objects.filter(initiative=initiative, model=model).first()
    given = given_of(score, model.definition) if score else {}
    inputs = {}
    for key, value in ((data["x_key"], data["x"]), (data["y_key"], data["y"])):
        was = given.get(key)
        if was is not None and was.likely == value:
            continue
        ends = {"low": min(was.low, value), "high": max(was.high, value)} if was and was.is_range else {}
        known = {"label": was.label, "source": was.source} if was and not was.bound else {"label": "guessed"}
        asked = model.definition.find(key)
        inputs[key] = {"likely": value, **ends, **({} if asked and asked.role == "confidence" else known)}
    if inputs:
        score = score_initiative(initiative, model, actor=user, inputs=inputs, version=data["version"])
    shown = show_score(model, score, today=timezone.localdate())
    return JsonResponse({"version": score.version if score else 0, "value": shown.value, "title": initiative.title})


@require_GET
def compare(request: HttpRequest) -> HttpResponse:
    """Show where two models put the same initiatives."""
    user, asked = request.user, request.GET
    models = models_in_use(user)
    if not models:
        raise NotFound()
    first = chosen_model(models, asked.get("a", ""))
    others = [one for one in models if one != first]
    second = chosen_model(others or models, asked.get("b", ""))
    rows = [narrowed(scored_rows(user, one), asked) for one in (first, second)]
    context = {"models": models, "first": first, "second": second, "found": compare_orders(*rows)}
    context |= {"products": user.visible_products, "asked": asked}
    return render_page(request, f"{FOLDER}/priority_compare.html", context)


@require_GET
def moved(request: HttpRequest) -> HttpResponse:
    """Say why the order of a product moved since the beginning of the week, or between two weeks that were kept."""
    user, asked = request.user, request.GET
    models, products = models_in_use(user), user.visible_products
    model = chosen_model(models, asked.get("model", ""))
    current = get_current_product(user)
    product = next((one for one in products if one.slug == asked.get("product")), current or next(iter(products), None))
    days = WeeksForm(asked)
    before, until = days.read() if days.is_valid() else (timezone.localdate(), None)
    found = order_moved(model, product, user, before=before, until=until) if model and product else None
    context = {"models": models, "model": model, "products": products, "product": product, "found": found}
    context["moves"] = say_moves(found) if found else []
    return render_page(request, f"{FOLDER}/priority_moved.html", context)
