"""Pages of scoring models: the list, one with what it asks and its versions, and writing them."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.audit.public import history_of
from portal.people.public import can, require
from portal.shell.public import BadInput, Conflict, render_page, show_faults
from roadmaps.planning.scoring import actions
from roadmaps.planning.scoring.access import get_model
from roadmaps.planning.scoring.forms import AskedForms, ModelForm, start_of_inputs
from roadmaps.planning.scoring.kinds import ABOUT, KINDS
from roadmaps.planning.scoring.models import ScoringModel

FOLDER = "roadmaps/planning"


@require_GET
def model_list(request: HttpRequest) -> HttpResponse:
    """Show the ways in which initiatives are scored."""
    found = ScoringModel.objects.visible_to(request.user).select_related("current").exclude(current=None)
    rows = found.annotate(n_scores=Count("scores", filter=Q(scores__value__isnull=False)))
    may_edit = can(request.user, "scoring_models.edit")
    live = [one for one in rows if not one.is_archived]
    context = {"rows": live, "archived": [one for one in rows if one.is_archived], "may_edit": may_edit}
    return render_page(request, f"{FOLDER}/scoring_model_list.html", context)


@require_GET
def model_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what a model asks, how it makes a score, and what it asked before."""
    model = get_model(request.user, slug)
    context = {
        "model": model,
        "definition": model.definition,
        "about": ABOUT[model.definition.kind],
        "kind": KINDS[model.definition.kind],
        "versions": model.versions.select_related("written_by"),
        "history": history_of(model),
        "may_edit": can(request.user, "scoring_models.edit"),
    }
    return render_page(request, f"{FOLDER}/scoring_model_page.html", context)


@require_http_methods(["GET", "POST"])
def model_new(request: HttpRequest) -> HttpResponse:
    """Make a scoring model."""
    require(request.user, "scoring_models.edit")
    return _answer(request, None)


@require_http_methods(["GET", "POST"])
def model_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Write a model's next version, or what it is called."""
    return _answer(request, get_model(request.user, slug, write=True))


def _answer(request: HttpRequest, model: ScoringModel | None) -> HttpResponse:
    form = ModelForm(request.POST or None, initial=_start(model))
    lines = start_of_inputs(model.definition) if model and model.definition.kind in ("own", "weighted") else []
    asked = AskedForms(request.POST or None, initial=lines, prefix="inputs")
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and asked.is_valid():
            try:
                saved = _save(request, model, form, asked)
            except BadInput as fault:
                show_faults(form, fault)
            except Conflict as fault:
                form.add_error(None, fault.message)
                status = 409
            else:
                messages.success(request, f"“{saved}” is saved.")
                return redirect(saved)
    context = {"form": form, "asked": asked, "model": model, "kinds": ABOUT}
    return render_page(request, f"{FOLDER}/scoring_model_form.html", context, status=status)


def _start(model: ScoringModel | None) -> dict[str, Any]:
    if model is None:
        return {"kind": "rice", "seen": 0}
    options = {name: value for name, value in model.current.options.items() if name != "inputs"}
    said = {"name": model.name, "description": model.description, "version": model.version}
    return {**said, "kind": model.definition.kind, "seen": model.current.number, **options}


def _save(request: HttpRequest, model: ScoringModel | None, form: ModelForm, asked: Any) -> ScoringModel:
    data, actor = form.cleaned_data, request.user
    kind = data["kind"]
    inputs = [value for one in asked if (value := one.value(kind)) is not None]
    options = form.options(inputs)
    called = {"name": data["name"], "description": data["description"]}
    if model is None:
        return actions.create_model(kind=kind, options=options, note=data["note"], actor=actor, **called)
    if any(getattr(model, name) != value for name, value in called.items()):
        model = actions.update_model(model, actor=actor, version=data["version"] or 0, **called)
    if kind == model.definition.kind and options == model.current.options and not data["note"]:
        return model
    return actions.write_version(
        model, kind=kind, options=options, note=data["note"], actor=actor, seen=data["seen"] or 0
    )


@require_POST
def model_archive(request: HttpRequest, slug: str) -> HttpResponse:
    """Put a model away."""
    model = actions.archive_model(get_model(request.user, slug, write=True), actor=request.user)
    messages.success(request, f"“{model}” is put away. Its scores stay; nobody scores with it any more.")
    return redirect(model)


@require_POST
def model_restore(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a model out again."""
    model = actions.restore_model(get_model(request.user, slug, write=True), actor=request.user)
    messages.success(request, f"“{model}” is in use again.")
    return redirect(model)
