"""The inbox: one piece at a time, decided with a key, and the next is there."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import push_url

from insights.voice.feedback.public import Feedback, show_all, update_feedback
from insights.voice.suggestions.public import judge, suggest
from insights.voice.themes.public import Theme
from insights.voice.triage.access import get_inquiry, get_piece
from insights.voice.triage.actions import (
    archive_piece,
    ask_back,
    assign_piece,
    close_inquiry,
    last_decision_of,
    link_piece,
    link_piece_to_new,
    split_piece,
    undo_decision,
)
from insights.voice.triage.forms import ArchiveForm, AskForm, AssignForm, LinkForm, SplitForm
from insights.voice.triage.holding import let_go
from insights.voice.triage.queries import read_beside, read_history, read_inbox, theme_names
from insights.voice.triage.queue import (
    QueueFilter,
    count_waiting,
    dress,
    next_pieces,
    pieces_before,
    place_of,
    read_pace,
)
from portal.people.public import require
from portal.shell.public import BadInput, NotFound, render_page, wants_fragment

_FILTERS = ("product", "channel", "language", "whose")


def _filters(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in _FILTERS if request.GET.get(name)}


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) <= 18 else None


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """Show the piece that the address names, or the next one that waits."""
    require(request.user, "feedback.edit")
    queue = QueueFilter(request.GET, user=request.user)
    if (pk := _number(request, "at")) is not None:
        return _answer(request, queue, [get_piece(request.user, pk, write=True)], is_asked=True)
    if (pk := _number(request, "before")) is not None and (place := place_of(pk)):
        return _answer(request, queue, pieces_before(queue.qs, place), place="before")
    pk = _number(request, "after")
    place = place_of(pk) if pk is not None else None
    return _answer(request, queue, next_pieces(queue.qs, place), place="after" if place else "")


def _answer(
    request: HttpRequest,
    queue: QueueFilter,
    pieces: list[Feedback],
    *,
    is_asked: bool = False,
    place: str = "",
    forms: dict[str, Any] | None = None,
) -> HttpResponse:
    """Show the first of some pieces that nobody else works on."""
    page = read_inbox(queue, pieces, request.user, is_asked=is_asked, place=place, forms=forms or {})
    filters = _filters(request)
    here = {**filters, **({"at": page.piece.pk} if page.piece else {})}
    path = reverse("triage:inbox")
    context = {"page": page, "query": urlencode(filters), "filters": filters, "form": queue.form, "inbox_url": path}
    status = 422 if forms else 200
    response = render_page(request, "insights/voice/triage_inbox.html", context, fragment="item", status=status)
    return push_url(response, f"{path}?{urlencode(here)}" if here else path) if wants_fragment(request) else response


def _next(request: HttpRequest, piece: Feedback) -> HttpResponse:
    """Go on with the piece after one that is decided."""
    let_go(piece.pk, request.user)
    if not wants_fragment(request):
        return redirect(f"{reverse('triage:inbox')}?{urlencode({**_filters(request), 'after': piece.pk})}")
    queue = QueueFilter(request.GET, user=request.user)
    place = place_of(piece.pk)
    return _answer(request, queue, next_pieces(queue.qs, place), place="after" if place else "")


def _again(request: HttpRequest, piece: Feedback, name: str, form: Any) -> HttpResponse:
    """Show the piece again with what is wrong in a form."""
    queue = QueueFilter(request.GET, user=request.user)
    return _answer(request, queue, [piece], is_asked=True, forms={name: form})


@require_POST
def piece_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Link a piece to a theme."""
    piece = get_piece(request.user, pk, write=True)
    form = LinkForm(request.POST, piece=piece, themes=theme_names(piece.product, request.user))
    if not form.is_valid():
        return _again(request, piece, "link", form)
    data = form.cleaned_data
    values = {"actor": request.user, "importance": data["importance"], **form.common}
    if data["pk"] is None:
        decision = link_piece_to_new(piece, data["name"], **values)
    else:
        theme = Theme.objects.select_related("product", "team").get(pk=data["pk"])
        decision = link_piece(piece, theme, was_suggested=data.get("suggested") is not None, **values)
    messages.success(request, f"Linked to “{decision.theme}”.")
    return _next(request, piece)


@require_POST
def piece_archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a piece away."""
    piece = get_piece(request.user, pk, write=True)
    form = ArchiveForm(request.POST, piece=piece)
    if not form.is_valid():
        return _again(request, piece, "archive", form)
    data = form.cleaned_data
    archive_piece(piece, actor=request.user, reason=data["reason"], note=data["note"], **form.common)
    messages.success(request, "Archived.")
    return _next(request, piece)


@require_POST
def piece_split(request: HttpRequest, pk: int) -> HttpResponse:
    """Cut a piece into several, and go on with the first of them."""
    piece = get_piece(request.user, pk, write=True)
    form = SplitForm(request.POST, piece=piece)
    if not form.is_valid():
        return _again(request, piece, "split", form)
    texts = form.cleaned_data["text"]
    split_piece(piece, texts, actor=request.user, **form.common)
    messages.success(request, f"Cut into {len(texts)} pieces; each waits by itself.")
    if not wants_fragment(request):
        return redirect(f"{reverse('triage:inbox')}?{urlencode(_filters(request))}")
    queue = QueueFilter(request.GET, user=request.user)
    own = Feedback.objects.inside_of(request.user).filter(split_from=piece.pk).order_by("pk")
    return _answer(request, queue, list(dress(own)[:1]))


@require_POST
def piece_assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a colleague decide."""
    piece = get_piece(request.user, pk, write=True)
    form = AssignForm(request.POST, piece=piece)
    if not form.is_valid():
        return _again(request, piece, "assign", form)
    assignee = form.cleaned_data["assignee"]
    assign_piece(piece, assignee, actor=request.user, **form.common)
    messages.success(request, f"Given to {assignee}." if assignee else "Given to nobody in particular.")
    return _next(request, piece)


@require_POST
def piece_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask back about a piece."""
    piece = get_piece(request.user, pk, write=True)
    form = AskForm(request.POST, piece=piece)
    if not form.is_valid():
        return _again(request, piece, "ask", form)
    ask_back(piece, form.cleaned_data["text"], actor=request.user, colleague=form.colleague, **form.common)
    said = f"{form.colleague} is asked." if form.colleague else "The draft is kept with the piece; send it yourself."
    messages.success(request, f"{said} The piece rests until the answer is there.")
    return _next(request, piece)


@require_POST
def undo_last(request: HttpRequest) -> HttpResponse:
    """Take back what the user decided last, and show that piece."""
    require(request.user, "feedback.edit")
    decision = last_decision_of(request.user)
    if decision is None:
        raise BadInput("There is nothing to undo: you decided nothing in the last day.")
    words = decision.get_kind_display()
    feedback = undo_decision(decision, actor=request.user)
    messages.success(request, f"Undone: {words.lower()}.")
    if not wants_fragment(request):
        return redirect(f"{reverse('triage:inbox')}?{urlencode({**_filters(request), 'at': feedback.pk})}")
    queue = QueueFilter(request.GET, user=request.user)
    return _answer(request, queue, [get_piece(request.user, feedback.pk)], is_asked=True)


@require_GET
def piece_beside(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what is suggested for a piece, as a part of the inbox."""
    return _beside(request, get_piece(request.user, pk, write=True))


@require_GET
def piece_who(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who said a piece, by the names that they have now, as a part of the inbox."""
    piece = get_piece(request.user, pk, write=True)
    show_all([piece], request.user)
    return render_page(request, "insights/voice/triage_who.html", {"piece": piece}, fragment="who")


@require_GET
def piece_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what was decided about a piece, as a part of its page."""
    piece = get_piece(request.user, pk)
    context = {"panel": read_history(piece, request.user), "feedback": piece}
    return render_page(request, "insights/voice/triage_history.html", context, fragment="history")


@require_POST
def piece_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a suggested theme is wrong; it is not suggested for this piece again."""
    piece = get_piece(request.user, pk, write=True)
    text = request.POST.get("theme", "")
    themes = Theme.objects.visible_to(request.user).filter(product=piece.product_id)
    theme = themes.filter(pk=int(text)).first() if text.isdecimal() and len(text) <= 18 else None
    if theme is None:
        raise NotFound()
    judge(piece, theme, False, actor=request.user)
    messages.success(request, f"“{theme}” is not suggested for this piece again.")
    if not wants_fragment(request):
        return redirect("triage:piece-beside", pk=piece.pk)
    return _beside(request, piece)


@require_POST
def piece_name(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a person or an account that the piece names as the one who said it."""
    piece = get_piece(request.user, pk, write=True)
    kind, text = request.POST.get("kind", ""), request.POST.get("id", "")
    known = {(one.kind, one.id) for one in suggest(piece, request.user).speakers}
    if (kind, text) not in known:
        raise BadInput("This is not suggested any more. Edit the piece to say who said it.")
    update_feedback(piece, actor=request.user, today=timezone.localdate(), version=piece.version, **{kind: text})
    messages.success(request, f"Said by {text}.")
    if not wants_fragment(request):
        return redirect(f"{reverse('triage:inbox')}?{urlencode({**_filters(request), 'at': pk})}")
    queue = QueueFilter(request.GET, user=request.user)
    return _answer(request, queue, [get_piece(request.user, pk)], is_asked=True)


@require_POST
def inquiry_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the answer to what was asked back is there."""
    inquiry = close_inquiry(get_inquiry(request.user, pk, write=True), actor=request.user)
    messages.success(request, "The piece waits for a decision again.")
    return redirect(inquiry)


@require_GET
def waiting_count(request: HttpRequest) -> HttpResponse:
    """Return how many pieces wait, for the tab of the inbox."""
    context = {"n_waiting": count_waiting(request.user)}
    return render_page(request, "insights/voice/triage_count.html", context, fragment="count")


@require_GET
def waiting_home(request: HttpRequest) -> HttpResponse:
    """Say on Home what waits for the reader, and how fast their teams decide."""
    context = {"n_waiting": count_waiting(request.user), "pace": read_pace(request.user)}
    return render_page(request, "insights/voice/triage_count.html", context, fragment="home")


@require_GET
def team_pace(request: HttpRequest) -> HttpResponse:
    """Say how fast the reader's teams decide, as a part of the inbox."""
    return render_page(request, "insights/voice/triage_pace.html", {"pace": read_pace(request.user)}, fragment="pace")


def _beside(request: HttpRequest, piece: Feedback) -> HttpResponse:
    context = {"beside": read_beside(piece, request.user), "piece": piece, "query": urlencode(_filters(request))}
    return render_page(request, "insights/voice/triage_beside.html", context, fragment="beside")
