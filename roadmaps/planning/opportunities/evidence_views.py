"""Gathering evidence on the page of an opportunity."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from insights.voice.findings.public import show_evidence
from portal.shell.public import BadInput, answer_form, registry, render_page, show_faults
from roadmaps.planning.opportunities.access import get_evidence, get_opportunity
from roadmaps.planning.opportunities.contracts import FINDING, ProofKind
from roadmaps.planning.opportunities.forms import EvidenceForm, GatherForm
from roadmaps.planning.opportunities.gathering import (
    add_evidence,
    all_kinds,
    change_evidence,
    get_kind,
    remove_evidence,
)
from roadmaps.planning.opportunities.models import Opportunity
from roadmaps.planning.opportunities.showing import read_proof

MOST_OFFERED = 50


@require_GET
def evidence_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what people said for an opportunity, or with ?of=things what else shows it, as a piece of its page."""
    opportunity, is_words = get_opportunity(request.user, pk), request.GET.get("of") != "things"
    page = read_proof(opportunity, request.user, is_words=is_words)
    context = {"opportunity": opportunity, "page": page, "is_words": is_words}
    return render_page(request, "roadmaps/planning/proof_list.html", context, fragment="proof")


@require_http_methods(["GET", "POST"])
def evidence_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose what shows an opportunity to be real."""
    opportunity, user = get_opportunity(request.user, pk, write=True), request.user
    kind = get_kind(request.GET.get("kind", FINDING))
    text = request.GET.get("q", "").strip()[:200].replace("\0", "")
    of_kind = opportunity.evidence.filter(kind=kind.kind)
    taken = {row.thing_no for row in of_kind}
    offered = [one for one in kind.offer(user, opportunity.product, text, MOST_OFFERED) if one.id not in taken]
    form = GatherForm(request.POST or None, choices=[(one.id, one) for one in offered])
    if form.is_valid():
        values = dict(form.cleaned_data)
        try:
            for thing_id in values.pop("things"):
                add_evidence(opportunity, actor=user, kind=kind.kind, thing_id=thing_id, **values)
        except BadInput as fault:
            show_faults(form, fault)
        else:
            messages.success(request, "Added.")
            return redirect(opportunity)
    about = {"opportunity": opportunity, "kind": kind, "kinds": all_kinds(), "text": text}
    context = {**about, "form": form, "offered": offered}
    status = 422 if form.is_bound else 200
    return render_page(request, "roadmaps/planning/proof_new.html", context, status=status)


@require_http_methods(["GET", "POST"])
def evidence_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change how much evidence weighs, and what it shows."""
    evidence = get_evidence(request.user, pk, write=True)
    form = EvidenceForm(request.POST or None, initial={"weight": evidence.weight, "note": evidence.note})

    def save(**values: Any) -> Opportunity:
        return change_evidence(evidence, actor=request.user, **values).opportunity

    (shown,) = show_evidence([evidence], request.user, *registry.all(ProofKind))
    context = {"opportunity": evidence.opportunity, "shown": shown}
    return answer_form(request, "roadmaps/planning/proof_edit.html", form, save, "Saved.", **context)


@require_POST
def evidence_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take evidence away."""
    evidence = get_evidence(request.user, pk, write=True)
    remove_evidence(evidence, actor=request.user)
    messages.success(request, "Taken away. The thing itself stays.")
    return redirect(evidence.opportunity)
