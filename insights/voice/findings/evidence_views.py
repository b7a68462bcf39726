"""Gathering evidence: from a finding's page, and from the text that holds the words."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from insights.voice.conversations.public import get_conversation
from insights.voice.feedback.public import Feedback, get_feedback
from insights.voice.findings.access import get_evidence, get_finding
from insights.voice.findings.actions import create_finding
from insights.voice.findings.contracts import EvidenceKind
from insights.voice.findings.forms import EvidenceForm, GatherForm, QuoteForm
from insights.voice.findings.gathering import (
    add_evidence,
    change_evidence,
    get_kind,
    quote_for_finding,
    remove_evidence,
)
from insights.voice.findings.models import Evidence, Finding
from insights.voice.findings.picking import QUOTE
from insights.voice.findings.queries import findings_of_highlights, show_evidence
from insights.voice.highlights.public import Highlight, Piece, piece_field, show_pieces
from portal.people.public import can, is_insider, require
from portal.shell.public import BadInput, answer_form, registry, render_page, show_faults

MOST_OFFERED = 50


@require_http_methods(["GET", "POST"])
def evidence_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose what speaks for or against a claim."""
    finding, user = get_finding(request.user, pk, write=True), request.user
    kind, text = get_kind(request.GET.get("kind", QUOTE)), request.GET.get("q", "").strip()[:200].replace("\0", "")
    number = "highlight_id" if kind.is_quote else "thing_id"
    taken = set(finding.evidence.filter(kind=kind.kind).values_list(number, flat=True))
    offered = [one for one in kind.offer(user, finding.product, text, MOST_OFFERED) if one.id not in taken]
    side = request.GET.get("side", "for")
    choices = [(one.id, one) for one in offered]
    form = GatherForm(request.POST or None, initial={"side": side}, choices=choices, is_quote=kind.is_quote)
    if form.is_valid():
        try:
            _gather(finding, kind, actor=user, **form.cleaned_data)
        except BadInput as fault:
            show_faults(form, fault)
        else:
            messages.success(request, "Added.")
            return redirect(finding)
    about = {"finding": finding, "kind": kind, "kinds": registry.all(EvidenceKind), "text": text}
    context = {**about, "form": form, "offered": offered}
    status = 422 if form.is_bound else 200
    return render_page(request, "insights/voice/evidence_new.html", context, status=status)


def _gather(finding: Finding, kind: EvidenceKind, *, actor: Any, things: list[int], side: str, note: str) -> None:
    for thing_id in things:
        add_evidence(finding, actor=actor, kind=kind.kind, thing_id=thing_id, side=side, note=note)


@require_http_methods(["GET", "POST"])
def evidence_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change on which side evidence stands, and what it shows."""
    evidence = get_evidence(request.user, pk, write=True)
    form = EvidenceForm(request.POST or None, initial={"side": evidence.side, "note": evidence.note})

    def save(**values: Any) -> Finding:
        return change_evidence(evidence, actor=request.user, **values).finding

    (shown,) = show_evidence([evidence], request.user)
    context = {"finding": evidence.finding, "shown": shown}
    return answer_form(request, "insights/voice/evidence_edit.html", form, save, "Saved.", **context)


@require_POST
def evidence_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take evidence away."""
    evidence = get_evidence(request.user, pk, write=True)
    remove_evidence(evidence, actor=request.user)
    messages.success(request, "Taken away. The thing itself stays.")
    return redirect(evidence.finding)


@require_GET
def feedback_findings(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the findings for which words of a piece of feedback speak, and the form to quote it for one."""
    return _answer_findings(request, get_feedback(request.user, pk))


@require_GET
def conversation_findings(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the findings for which words of a conversation speak, and the form to quote it for one."""
    return _answer_findings(request, get_conversation(request.user, pk))


def address_to_quote(piece: Piece) -> str:
    """Return where words of a piece become evidence."""
    name = "quote-new" if isinstance(piece, Feedback) else "conversation-quote-new"
    return reverse(f"findings:{name}", args=[piece.pk])


def _form(request: HttpRequest, piece: Piece) -> QuoteForm:
    findings = Finding.objects.visible_to(request.user).filter(product=piece.product_id)
    open_ones = findings.exclude(state=Finding.State.WITHDRAWN).order_by("claim", "pk").values_list("pk", "claim")
    return QuoteForm(request.POST or None, choices=list(open_ones), piece=piece, auto_id="quote_%s")


def _answer_findings(request: HttpRequest, piece: Piece) -> HttpResponse:
    user = request.user
    rows = findings_of_highlights(Highlight.objects.visible_to(user).of_piece(piece), user)
    for row in rows:
        setattr(row.highlight, piece_field(piece), piece)
        row.quote = row.highlight.quote_for(user)
    may_quote = is_insider(user, piece.team_id) and can(user, "findings.edit", piece)
    show_pieces([piece], user, has_names=False)
    form = _form(request, piece) if may_quote else None
    context = {"piece": piece, "rows": rows, "form": form, "url": address_to_quote(piece)}
    return render_page(request, "insights/voice/piece_findings.html", context, fragment="findings")


@require_http_methods(["GET", "POST"])
def quote_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Let words of a piece of feedback speak for or against a claim."""
    return _answer_quote(request, get_feedback(request.user, pk))


@require_http_methods(["GET", "POST"])
def conversation_quote_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Let words of a conversation speak for or against a claim."""
    return _answer_quote(request, get_conversation(request.user, pk))


def _answer_quote(request: HttpRequest, piece: Piece) -> HttpResponse:
    require(request.user, "findings.edit", piece)
    form = _form(request, piece)
    if form.is_valid():
        try:
            evidence = _quote(request.user, piece, **form.cleaned_data)
        except BadInput as fault:
            show_faults(form, fault)
        else:
            messages.success(request, f"It speaks {evidence.side} “{evidence.finding}” now.")
            return redirect(piece)
    show_pieces([piece], request.user, has_names=False)
    status = 422 if form.is_bound else 200
    return render_page(request, "insights/voice/quote_form.html", {"form": form, "piece": piece}, status=status)


def _quote(actor: Any, piece: Piece, *, finding: int | None, new_claim: str, **values: Any) -> Evidence:
    if finding is None:
        found = create_finding(piece.product, claim=new_claim, actor=actor)
    else:
        found = Finding.objects.visible_to(actor).dressed().filter(pk=finding, product=piece.product_id).first()
        if found is None:
            raise BadInput(fields={"finding": ["Choose a finding of the list."]})
    return quote_for_finding(found, piece, actor=actor, **values)[0]
