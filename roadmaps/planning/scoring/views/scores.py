"""The sheet of an initiative under a model: every input with its range, how it is known and where it comes from."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from portal.audit.public import history_of
from portal.people.public import can
from portal.shell.public import BadInput, Conflict, NotFound, Stale, render_page, show_faults, show_theirs
from roadmaps.planning.initiatives.public import Initiative
from roadmaps.planning.scoring import actions
from roadmaps.planning.scoring.access import get_model, get_scored
from roadmaps.planning.scoring.efforts import effort_of
from roadmaps.planning.scoring.forms import SheetForm
from roadmaps.planning.scoring.measuring import offers_of
from roadmaps.planning.scoring.models import Score, ScoringModel
from roadmaps.planning.scoring.reading import given_of
from roadmaps.planning.scoring.showing import say_number, show_score

PAGE = "roadmaps/planning/score_page.html"
_MOST_CHANGES = 20


def read_score(initiative: Initiative, model: ScoringModel) -> Score | None:
    """Return an initiative's score under a model; None where nothing is said yet."""
    return Score.objects.filter(initiative=initiative, model=model).select_related("scored_by").first()


def _form(user: Any, initiative: Initiative, model: ScoringModel, score: Score | None, data: Any = None) -> SheetForm:
    given = given_of(score, model.definition) if score else {}
    asked = next((one for one in model.definition.inputs if one.role == "effort"), None)
    start: dict[str, Any] = {"version": score.version if score else 0, "note": score.note if score else ""}
    if asked is not None and asked.key not in given and (known := effort_of(initiative)):
        start |= {f"{asked.key}_likely": known.likely, f"{asked.key}_low": known.low, f"{asked.key}_high": known.high}
    offers = offers_of(user, initiative)
    return SheetForm(data, initial=start, definition=model.definition, given=given, offers=offers)


@require_http_methods(["GET", "POST"])
def score_page(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Show what was said of an initiative under a model; who may score says it there."""
    user = request.user
    initiative = get_scored(user, pk, write=request.method == "POST")
    model, status = get_model(user, slug), 200
    score = read_score(initiative, model)
    may_score = can(user, "scores.edit", initiative) and not model.is_archived
    form = (
        _form(user, initiative, model, score, request.POST or None) if may_score or request.method == "POST" else None
    )
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _save(initiative, model, form, user)
            except BadInput as fault:
                show_faults(form, in_fields(fault))
            except Stale:
                status, now = 409, _form(user, initiative, model, read_score(initiative, model))
                show_theirs(form, now.initial)
            except Conflict as fault:
                status = 409
                form.add_error(None, fault.message)
            else:
                messages.success(request, f"The score of “{initiative}” is saved.")
                return redirect("scoring:score-page", pk, model.slug)
    context = {
        "initiative": initiative,
        "model": model,
        "form": form,
        "shown": show_score(model, score, today=timezone.localdate()),
        "changes": _changes(score),
        "history": history_of(score) if score else [],
        "may_score": may_score,
    }
    return render_page(request, PAGE, context, status=status)


def _save(initiative: Initiative, model: ScoringModel, form: SheetForm, actor: Any) -> None:
    data = form.cleaned_data
    actions.score_initiative(
        initiative, model, actor=actor, inputs=form.said(), version=data["version"], note=data["note"]
    )


def in_fields(fault: BadInput) -> BadInput:
    """Return a fault with its paths as the sheet's fields are called: "reach.likely" is reach_likely."""
    return BadInput(fault.message, fields={name.replace(".", "_"): text for name, text in fault.fields.items()})


def _changes(score: Score | None) -> list[dict[str, Any]]:
    if score is None:
        return []
    rows = list(score.changes.select_related("by")[:_MOST_CHANGES])
    return [
        {
            "change": one,
            "before": say_number(one.value_before),
            "after": say_number(one.value_after),
            "may_undo": one.undone_at is None and one.left_version == score.version,
        }
        for one in rows
    ]


@require_http_methods(["GET", "POST"])
def score_delete(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Ask, then take a score away with all that was said."""
    initiative, model = get_scored(request.user, pk, write=True), get_model(request.user, slug)
    score = Score.objects.of_rows().filter(initiative=initiative, model=model).first()
    if score is None:
        raise NotFound()
    if request.method == "POST":
        actions.delete_score(score, actor=request.user)
        messages.success(request, f"“{initiative}” is not scored by {model} any more.")
        return redirect(initiative)
    return render(request, "roadmaps/planning/score_delete.html", {"initiative": initiative, "model": model})


@require_POST
def score_confirm(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Say that a score was looked at and is still right."""
    initiative, model = get_scored(request.user, pk, write=True), get_model(request.user, slug)
    score = Score.objects.of_rows().filter(initiative=initiative, model=model).first()
    if score is None:
        raise NotFound()
    actions.confirm_scores([score], actor=request.user)
    messages.success(request, f"Noted: the score of “{initiative}” is right as of today.")
    return redirect("scoring:score-page", pk, slug)


@require_POST
def undo(request: HttpRequest, batch: UUID) -> HttpResponse:
    """Take back what one press did."""
    found = actions.undo_changes(batch, actor=request.user)
    messages.success(request, f"Taken back: {len(found)} score{'s are' if len(found) != 1 else ' is'} as before.")
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()) and back.startswith("/"):
        return redirect(back)
    return redirect("scoring:score-page", found[0].initiative_id, found[0].model.slug)
