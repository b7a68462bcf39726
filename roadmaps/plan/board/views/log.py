"""The log of moves, what changed since the last visit, and the promise log."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from portal.people.public import can, require
from portal.shell.public import BadInput, answer_form, file_answer, render_page, wants_file
from roadmaps.plan.board.access import get_promise
from roadmaps.plan.board.actions import make_promise, withdraw_promise
from roadmaps.plan.board.forms import PromiseForm, WhyForm
from roadmaps.plan.board.models import Promise
from roadmaps.plan.board.moves import beginning_of, moves_of, since_last_visit, tell_moves
from roadmaps.plan.board.promising import STANDINGS, tell_promises
from roadmaps.planning.initiatives.public import get_initiative

PER_PAGE = 50
MOST_PROMISES = 1000
MOVE_COLUMNS = {
    "at": lambda move: move.at,
    "id": lambda move: move.no,
    "initiative": lambda move: move.title,
    "who": lambda move: str(move.by or ""),
    "what": lambda move: move.words,
    "why": lambda move: move.why,
}
PROMISE_COLUMNS = {
    "id": lambda line: line.promise.pk,
    "initiative": lambda line: line.promise.initiative.title,
    "product": lambda line: line.promise.initiative.product.name,
    "to whom": lambda line: line.to_whom,
    "what was said": lambda line: line.words,
    "promised on": lambda line: line.promise.made_on,
    "by": lambda line: str(line.promise.made_by or ""),
    "promised for": lambda line: line.promise.due_on,
    "standing": lambda line: line.standing.label,
    "out since": lambda line: line.standing.out_on or "",
    "days late": lambda line: line.standing.n_days or "",
}


@require_GET
def move_list(request: HttpRequest) -> HttpResponse:
    """List every move that the reader may see, the newest first."""
    user, asked = request.user, request.GET
    text, product = asked.get("q", "").strip()[:200].replace("\0", ""), asked.get("product", "")[:60]
    since = _since(asked.get("since", ""))
    found = moves_of(user, product=product, text=text, since=beginning_of(since) if since else None)
    found = found.select_related("initiative", "by")
    if kind := wants_file(request):
        said = [] if kind == "csv" else [("Moves since", str(since or "the beginning"))]
        return file_answer(kind, "moves", MOVE_COLUMNS, _all_moves(found, user), said)
    page = Paginator(found, PER_PAGE).get_page(asked.get("page"))
    context = {
        "page": page,
        "moves": tell_moves(page.object_list, user),
        "text": text,
        "product": product,
        "since": since,
        "products": user.visible_products,
        "is_filtered": bool(text or product or since),
    }
    return render_page(request, "roadmaps/plan/board/move_list.html", context, fragment="rows")


def _all_moves(found: Any, user: Any) -> Any:
    pages = Paginator(found, 500)
    for number in pages.page_range:
        yield from tell_moves(pages.page(number).object_list, user)


def _since(text: str) -> date | None:
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise BadInput(fields={"since": ["Give a day as 2026-03-31."]}) from None
    if not 1970 <= found.year <= 2200:
        raise BadInput(fields={"since": ["Give a day of our time."]})
    return found


@require_GET
def since_visit(request: HttpRequest) -> HttpResponse:
    """Note that the reader looks at the roadmap, and say what others moved since they did before."""
    before, n_moves = since_last_visit(request.user, timezone.now())
    return render_page(request, "roadmaps/plan/board/_since.html", {"before": before, "n_moves": n_moves})


@require_GET
def promise_list(request: HttpRequest) -> HttpResponse:
    """List what was promised to whom, and whether it was kept."""
    user, asked = request.user, request.GET
    product, standing = asked.get("product", "")[:60], asked.get("standing", "")
    found = Promise.objects.visible_to(user).of_rows().order_by("-due_on", "-pk")
    found = found.filter(initiative__product__slug=product) if product else found
    lines = tell_promises(found[:MOST_PROMISES], user, timezone.localdate())
    counts = {name: sum(line.standing.name == name for line in lines) for name in STANDINGS}
    if standing in STANDINGS:
        lines = [line for line in lines if line.standing.name == standing]
    if kind := wants_file(request):
        said = [] if kind == "csv" else [("Promises", STANDINGS.get(standing, "all"))]
        return file_answer(kind, "promises", PROMISE_COLUMNS, lines, said)
    n_over = counts["kept"] + counts["late"] + counts["overdue"] + counts["dropped"]
    context = {
        "page": Paginator(lines, PER_PAGE).get_page(asked.get("page")),
        "counts": [(name, label, counts[name]) for name, label in STANDINGS.items()],
        "n_kept": counts["kept"],
        "n_over": n_over,
        "standing": standing,
        "product": product,
        "products": user.visible_products,
    }
    return render_page(request, "roadmaps/plan/board/promise_list.html", context, fragment="rows")


@require_http_methods(["GET", "POST"])
def promise_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what somebody was promised."""
    initiative = get_initiative(request.user, pk)
    require(request.user, "promises.edit", initiative)
    start = {"due_on": initiative.promised_on or initiative.ends_on, "made_on": timezone.localdate()}
    form = PromiseForm(request.POST or None, initial=start)

    def save(**values: Any) -> Any:
        make_promise(initiative, actor=request.user, **values)
        return initiative

    template = "roadmaps/plan/board/promise_form.html"
    return answer_form(request, template, form, save, "The promise of “{}” is in the log.", initiative=initiative)


@require_http_methods(["GET", "POST"])
def promise_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a promise back, with the reason."""
    promise = get_promise(request.user, pk, write=True)
    form = WhyForm(request.POST or None)

    def save(*, why: str) -> Any:
        return withdraw_promise(promise, actor=request.user, why=why)

    template = "roadmaps/plan/board/promise_withdraw.html"
    return answer_form(request, template, form, save, "It is taken back; the log keeps it.", promise=promise)


def promise_panel(initiative: Any, request: HttpRequest) -> dict[str, Any]:
    """Return the promises of an initiative for its page."""
    found = Promise.objects.visible_to(request.user).of_rows().filter(initiative=initiative)
    lines = tell_promises(found, request.user, timezone.localdate())
    return {"lines": lines, "may_promise": can(request.user, "promises.edit", initiative)}
