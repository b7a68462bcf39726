"""Pages of blind rounds: the list, opening one, handing in unseen, the reveal, talking and settling."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.audit.public import history_of
from portal.people.public import can, product_to_write, require
from portal.shell.public import BadInput, NotFound, answer_form, answer_list, render_page, show_faults, was_pressed
from roadmaps.planning.scoring import actions
from roadmaps.planning.scoring.access import get_round, get_scored, get_scorer
from roadmaps.planning.scoring.filters import RoundListFilter
from roadmaps.planning.scoring.forms import BallotForm, RemarkForm, RoundForm, SheetForm
from roadmaps.planning.scoring.models import Round, RoundItem
from roadmaps.planning.scoring.reading import given_of
from roadmaps.planning.scoring.showing_rounds import ItemShown, RoundShown, show_round, start_of_settling
from roadmaps.planning.scoring.views.scores import in_fields, read_score

FOLDER = "roadmaps/planning"
COLUMNS = {
    "title": lambda row: row.title,
    "product": lambda row: row.product.name,
    "model": lambda row: row.model.name,
    "state": lambda row: row.get_state_display(),
    "by": lambda row: row.due_on or "",
    "opened": lambda row: row.created_at,
}
_MOST_ON_HOME = 5
SORTS = {"created": "created_at", "title": "title", "state": "state", "due": "due_on"}


@require_GET
def round_list(request: HttpRequest) -> HttpResponse:
    """List the rounds that the user may see."""
    user = request.user
    found = RoundListFilter(request.GET, Round.objects.visible_to(user).of_rows(), user=user)
    context = {"may_open": can(user, "rounds.create")}
    return answer_list(request, f"{FOLDER}/round_list.html", found, COLUMNS, SORTS, "-created", **context)


@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Show the rounds that wait for the reader's scores; Home asks for the first."""
    waiting = Round.objects.visible_to(request.user).waiting_for(request.user)
    rows = list(waiting.of_rows().annotate(n_items=Count("items"))[:100])
    context = {"rows": rows, "first_rows": rows[:_MOST_ON_HOME], "today": timezone.localdate()}
    return render_page(request, f"{FOLDER}/round_mine.html", context, fragment="home")


@require_http_methods(["GET", "POST"])
def round_new(request: HttpRequest) -> HttpResponse:
    """Ask people to score initiatives of a product blind."""
    user = request.user
    require(user, "rounds.create")
    product = product_to_write(request, "rounds.create")
    chosen = [one for one in request.GET.getlist("initiative") if one.isdecimal() and len(one) < 19]
    start = {"visibility": "company", "people": [user.pk], "initiatives": chosen, "model": request.GET.get("model")}
    form = RoundForm(request.POST or None, initial=start, user=user, product=product)

    def save(**values: Any) -> Round:
        return actions.open_round(product, actor=user, **values)

    mine = [one for one in user.visible_products if can(user, "rounds.create", one)]
    said = "“{}” is open. Those who are asked were told; nobody sees a number before the reveal."
    return answer_form(request, f"{FOLDER}/round_form.html", form, save, said, product=product, products=mine)


@require_GET
def round_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a round: what one is asked, or once it is revealed what everybody said."""
    round_ = get_round(request.user, pk)
    shown = show_round(round_, request.user)
    return _round_answer(request, round_, shown, _ballot_forms(round_, shown))


def _round_answer(
    request: HttpRequest, round_: Round, shown: RoundShown, forms: list[tuple[ItemShown, BallotForm]], status: int = 200
) -> HttpResponse:
    may_score = shown.mine is not None and round_.state == Round.State.OPEN
    context = {
        "round": round_,
        "shown": shown,
        "forms": forms if may_score and not shown.mine.done_at else [],
        "may_score": may_score,
        "may_lead": can(request.user, "rounds.edit", round_),
        "may_talk": shown.mine is not None or can(request.user, "rounds.edit", round_),
        "remark_form": RemarkForm(auto_id=False),
        "history": history_of(round_),
    }
    return render_page(request, f"{FOLDER}/round_page.html", context, status=status)


def _ballot_forms(round_: Round, shown: RoundShown, data: Any = None) -> list[tuple[ItemShown, BallotForm]]:
    definition = round_.worked_with.asks
    made = []
    for one in shown.items:
        said = one.ballot.given if one.ballot else {}
        start = {
            asked.key: f"{said[asked.key]:g}" if asked.rungs else said[asked.key]
            for asked in definition.inputs
            if asked.key in said
        }
        start["note"] = one.ballot.note if one.ballot else ""
        made.append((one, BallotForm(data, initial=start, prefix=f"i{one.initiative.pk}", definition=definition)))
    return made


@require_POST
def ballot(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what one says; with the button “Hand in” it counts."""
    round_ = get_round(request.user, pk)
    get_scorer(request.user, round_)
    shown = show_round(round_, request.user)
    forms = _ballot_forms(round_, shown, request.POST)
    is_done = was_pressed(request, "hand-in")
    faulty = [form for _, form in forms if not form.is_valid()]
    if forms and not faulty:
        ballots = {one.initiative.pk: form.said() for one, form in forms}
        notes = {one.initiative.pk: form.cleaned_data["note"] for one, form in forms}
        try:
            actions.hand_in(round_, actor=request.user, ballots=ballots, notes=notes, is_done=is_done)
        except BadInput as fault:
            _show(forms, fault)
        else:
            said = (
                "Handed in. You see what others said once it is revealed." if is_done else "Kept. Nobody else sees it."
            )
            messages.success(request, said)
            return redirect(round_)
    return _round_answer(request, round_, shown, forms, status=422)


def _show(forms: list[tuple[ItemShown, BallotForm]], fault: BadInput) -> None:
    for path, sentences in fault.fields.items():
        number, _, name = path.partition(".")
        form = next((form for one, form in forms if str(one.initiative.pk) == number), forms[0][1])
        form.add_error(name if name in form.fields else None, sentences)
    if not fault.fields:
        forms[0][1].add_error(None, fault.message)


@require_POST
def ballot_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what one handed in, to change it."""
    round_ = get_round(request.user, pk)
    actions.take_back(round_, actor=request.user)
    messages.success(request, "Taken back. Change what you like, then hand in again.")
    return redirect(round_)


@require_POST
def round_reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what everybody handed in, to all at once."""
    round_ = actions.reveal_round(get_round(request.user, pk, write=True), actor=request.user)
    messages.success(request, "Revealed. The widest disagreements stand first: talk about these.")
    return redirect(round_)


@require_POST
def round_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """End a round without settling it."""
    round_ = actions.cancel_round(get_round(request.user, pk, write=True), actor=request.user)
    messages.success(request, f"“{round_}” is cancelled.")
    return redirect(round_)


def _item(request: HttpRequest, pk: int, item: int, *, write: bool = False) -> tuple[Round, RoundItem]:
    round_ = get_round(request.user, pk, write=write)
    found = RoundItem.objects.filter(round=round_, pk=item).select_related("round").first()
    if found is None:
        raise NotFound()
    found.initiative = get_scored(request.user, found.initiative_id, write=write)
    return round_, found


@require_POST
def remark_new(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """Say something about an item whose numbers are shown."""
    round_, found = _item(request, pk, item)
    form = RemarkForm(request.POST)
    if form.is_valid():
        actions.add_remark(found, text=form.cleaned_data["text"], actor=request.user)
    else:
        messages.error(request, "Write something first.")
    return redirect(f"{round_.get_absolute_url()}#item-{found.pk}")


@require_http_methods(["GET", "POST"])
def item_settle(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """Agree on the numbers of one initiative: the middle is offered, with the ends as its range."""
    round_, found = _item(request, pk, item, write=True)
    initiative, model = found.initiative, round_.model
    shown = next(one for one in show_round(round_, request.user).items if one.item.pk == found.pk)
    score = read_score(initiative, model)
    given = given_of(score, model.definition) if score else {}
    measured = {key: one for key, one in given.items() if one.bound}
    offers = [(one.bound, one.source) for one in measured.values()]
    start = {"version": score.version if score else 0, **start_of_settling(shown, round_)}
    start = {name: value for name, value in start.items() if name.rpartition("_")[0] not in measured}
    form = SheetForm(request.POST or None, initial=start, definition=model.definition, given=measured, offers=offers)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.settle_item(found, actor=request.user, inputs=form.said(), note=form.cleaned_data["note"])
            except BadInput as fault:
                show_faults(form, in_fields(fault))
            else:
                messages.success(request, f"“{initiative}” is settled.")
                return redirect(f"{round_.get_absolute_url()}#item-{found.pk}")
    context = {"round": round_, "item": shown, "initiative": initiative, "form": form, "model": model}
    return render_page(request, f"{FOLDER}/round_settle.html", context, status=status)
