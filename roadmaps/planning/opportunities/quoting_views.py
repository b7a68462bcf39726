"""Quoting words of feedback or of a conversation for an opportunity, on the page of the text."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from insights.voice.conversations.public import get_conversation
from insights.voice.feedback.public import get_feedback
from insights.voice.highlights.public import Highlight, Piece, piece_field, show_pieces
from portal.people.public import can, is_insider, require
from portal.shell.public import BadInput, render_page, show_faults
from roadmaps.planning.opportunities.actions import create_opportunity
from roadmaps.planning.opportunities.forms import QuoteForm
from roadmaps.planning.opportunities.gathering import quote_for_opportunity
from roadmaps.planning.opportunities.models import Evidence, Opportunity

_DOORS = {"feedback": get_feedback, "conversation": get_conversation}
_MOST_OFFERED = 300


def address_of(name: str, piece: Piece) -> str:
    """Return where the opportunities of a text are read, or words of it are quoted for one."""
    return reverse(f"opportunities:{name}", args=[piece_field(piece), piece.pk])


def _piece(request: HttpRequest, of: str, pk: int) -> Piece:
    if of not in _DOORS:
        raise Http404
    return _DOORS[of](request.user, pk)


def _form(request: HttpRequest, piece: Piece) -> QuoteForm:
    own = Opportunity.objects.visible_to(request.user).filter(product=piece.product_id)
    open_ones = own.exclude(state__in=[Opportunity.State.SOLVED, Opportunity.State.DROPPED])
    choices = list(open_ones.order_by("title", "pk").values_list("pk", "title")[:_MOST_OFFERED])
    return QuoteForm(request.POST or None, choices=choices, piece=piece, auto_id="proof_%s")


@require_GET
def of_piece(request: HttpRequest, of: str, pk: int) -> HttpResponse:
    """Show the opportunities that rest on a text or on words of it, as a piece of its page."""
    piece, user = _piece(request, of, pk), request.user
    highlights = Highlight.objects.visible_to(user).of_piece(piece).order_by().values("pk")
    rows = Evidence.objects.visible_to(user).filter(highlight__in=highlights)
    if of == "feedback":
        rows = rows | Evidence.objects.visible_to(user).filter(feedback=piece)
    shown = list(rows.select_related("opportunity", "highlight").order_by("opportunity__title", "pk")[:50])
    for row in shown:
        if row.highlight is not None:
            setattr(row.highlight, piece_field(piece), piece)
            row.quote = row.highlight.quote_for(user)
    may_quote = is_insider(user, piece.team_id) and can(user, "opportunities.edit", piece)
    show_pieces([piece], user, has_names=False)
    form = _form(request, piece) if may_quote else None
    context = {"piece": piece, "rows": shown, "form": form, "url": address_of("quote-new", piece)}
    return render_page(request, "roadmaps/planning/piece_opportunities.html", context, fragment="opportunities")


@require_http_methods(["GET", "POST"])
def quote_new(request: HttpRequest, of: str, pk: int) -> HttpResponse:
    """Take words of a text as evidence of an opportunity: of a known one, or of a new one."""
    piece = _piece(request, of, pk)
    require(request.user, "opportunities.edit", piece)
    form = _form(request, piece)
    if form.is_valid():
        try:
            evidence = _quote(request.user, piece, **form.cleaned_data)
        except BadInput as fault:
            show_faults(form, fault)
        else:
            messages.success(request, f"It is evidence of “{evidence.opportunity}” now.")
            return redirect(piece)
    show_pieces([piece], request.user, has_names=False)
    status = 422 if form.is_bound else 200
    return render_page(request, "roadmaps/planning/proof_quote.html", {"form": form, "piece": piece}, status=status)


def _quote(actor: Any, piece: Piece, *, opportunity: int | None, new_title: str, **values: Any) -> Evidence:
    if opportunity is None:
        found = create_opportunity(piece.product, title=new_title, actor=actor)
    else:
        seen = Opportunity.objects.visible_to(actor).of_rows()
        found = seen.filter(pk=opportunity, product=piece.product_id).first()
        if found is None:
            raise BadInput(fields={"opportunity": ["Choose an opportunity of the list."]})
    return quote_for_opportunity(found, piece, actor=actor, **values)[0]
