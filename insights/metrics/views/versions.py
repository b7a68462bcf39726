"""Versions of a metric's definition: proposed, looked at, approved, declined or taken back."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from insights.explore.public import explore_url
from insights.metrics import actions
from insights.metrics.access import get_metric, get_version
from insights.metrics.actions.versions import needs_proposal
from insights.metrics.forms import DecisionForm, ProposalForm
from insights.metrics.metric_page import say_definition
from insights.metrics.version_page import build_version_page
from insights.metrics.views.forms import read_question
from insights.questions.public import say_question
from portal.people.public import can, require
from portal.shell.public import BadInput, NotAllowed, PortalError, render_page


@require_GET
def version_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a version: what it asks, its line beside the one in force over 90 days, and all that would move."""
    version = get_version(request.user, pk)
    return _show(request, version, DecisionForm())


def _show(request: HttpRequest, version, form: DecisionForm, status: int = 200) -> HttpResponse:
    page = build_version_page(version, user=request.user, now=timezone.now())
    context = {"version": version, "page": page, "form": form}
    return render_page(request, "insights/metrics/version_page.html", context, status=status)


@require_http_methods(["GET", "POST"])
def proposal_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose another definition for a metric; a draft that nothing uses gets it at once."""
    metric = get_metric(request.user, pk)
    require(request.user, "metrics.propose", metric)
    by_proposal = needs_proposal(metric) or not can(request.user, "metrics.edit", metric)
    current, asked = metric.current, read_question(request)
    question = asked or current.question
    start = {"interval": question.get("interval") or current.interval, "column": current.column or 1}
    start |= {"unit": current.unit, "direction": current.direction, "question": json.dumps(question)}
    about = {"actor": request.user, "now": timezone.now(), "metric": metric, "kind": str(question.get("kind"))}
    form = ProposalForm(request.POST or None, initial=start, **about)
    if request.method == "POST" and form.is_valid():
        try:
            change = actions.propose_version if by_proposal else actions.redefine_metric
            given = form.cleaned_data
            version = change(metric, given["definition"], actor=request.user, reason=given["reason"])
            messages.success(request, _said(by_proposal, metric))
            return redirect(version if by_proposal else metric)
        except BadInput as error:
            form.show(error)
    context = {
        "form": form,
        "metric": metric,
        "now_words": say_definition(current),
        "new_words": say_question({**question, "date_from": None}) if asked else "",
        "explore_url": f"{explore_url({**question, 'date_from': '-90d'})}&metric={metric.pk}",
        "by_proposal": by_proposal,
    }
    status = 422 if form.errors else 200
    return render_page(request, "insights/metrics/proposal_form.html", context, status=status)


def _said(by_proposal: bool, metric) -> str:
    if not by_proposal:
        return f"“{metric}” asks the new question. The old version stays."
    return "Your change is proposed. Its owner decides; until then the metric says what it said."


@require_POST
def version_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve or decline a proposal, or take it back."""
    version = get_version(request.user, pk)
    form, act = DecisionForm(request.POST), request.POST.get("act", "")
    words = request.POST.get("decision", "")
    acts = {
        "approve": lambda: actions.approve_version(version, actor=request.user, decision=words),
        "decline": lambda: actions.decline_version(version, actor=request.user, decision=words),
        "withdraw": lambda: actions.withdraw_version(version, actor=request.user),
    }
    if act not in acts:
        raise BadInput("Approve it, decline it or take it back.")
    if not form.is_valid():
        return _show(request, version, form, 422)
    try:
        acts[act]()
    except NotAllowed:
        raise
    except PortalError as error:
        said = error.sentences
        form.add_error("decision" if error.fields else None, said)
        return _show(request, get_version(request.user, pk), form, error.status)
    done = {"approve": "Approved: it is in force.", "decline": "Declined.", "withdraw": "Taken back."}
    messages.success(request, done[act])
    return redirect(version.metric)
