"""Pages of findings: the list, one with its evidence, writing, reviewing and deleting it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from insights.voice.findings.access import get_finding
from insights.voice.findings.actions import create_finding, delete_finding, review_finding, update_finding
from insights.voice.findings.contracts import due_on
from insights.voice.findings.filters import FindingListFilter
from insights.voice.findings.forms import FindingForm, ReviewForm, start_of
from insights.voice.findings.models import Finding
from insights.voice.findings.queries import build_finding_page, findings_to_review
from insights.voice.findings.showing import COLUMNS, SORTS, show_findings
from portal.audit.public import history_of
from portal.people.public import can, product_to_write
from portal.shell.public import answer_form, answer_list, render_page

FORM = "insights/voice/finding_form.html"


@require_GET
def finding_list(request: HttpRequest) -> HttpResponse:
    """List the findings that the user may read."""
    user = request.user
    found = FindingListFilter(request.GET, Finding.objects.visible_to(user).dressed().with_counts(), user=user)
    may_make = any(can(user, "findings.create", product) for product in user.visible_products)
    template = "insights/voice/finding_list.html"
    return answer_list(request, template, found, COLUMNS, SORTS, "-changed", dress=show_findings, may_make=may_make)


@require_GET
def finding_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a finding: the claim, what speaks for and against it, and how it was reviewed."""
    finding = get_finding(request.user, pk)
    page = build_finding_page(finding, request.user, today=timezone.localdate())
    return render_page(request, "insights/voice/finding_page.html", {"finding": finding, "page": page})


@require_http_methods(["GET", "POST"])
def finding_new(request: HttpRequest) -> HttpResponse:
    """Write a claim down."""
    product, user = product_to_write(request, "findings.create"), request.user
    start = {"owner": user.pk, "visibility": "company", "claim": request.GET.get("claim", "")[:300]}
    form = FindingForm(request.POST or None, initial=start, team_id=product.team_id, user=user)

    def save(*, version: int | None, **values: Any) -> Finding:
        return create_finding(product, actor=user, **values)

    said = "Written down as a draft. Gather what speaks for and against it, then state it."
    return answer_form(request, FORM, form, save, said, product=product)


@require_http_methods(["GET", "POST"])
def finding_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a finding's claim, what follows from it, or how it was found."""
    finding, user = get_finding(request.user, pk, write=True), request.user
    form = FindingForm(
        request.POST or None, initial=start_of(finding), team_id=finding.team_id, user=user, finding=finding
    )

    def save(*, version: int | None, **values: Any) -> Finding:
        return update_finding(finding, actor=user, version=version or 0, **values)

    context = {"product": finding.product, "finding": finding, "fresh": lambda: start_of(get_finding(user, pk))}
    return answer_form(request, FORM, form, save, "Saved.", **context)


@require_http_methods(["GET", "POST"])
def finding_review(request: HttpRequest, pk: int) -> HttpResponse:
    """State a draft, or say of a finding whether it still stands."""
    finding = get_finding(request.user, pk, write=True)
    is_draft = finding.state == Finding.State.DRAFT
    start = {
        "confidence": finding.confidence,
        "valid_until": due_on(timezone.localdate()),
        "outcome": "stands",
        "version": finding.version,
    }
    form = ReviewForm(request.POST or None, initial=start, is_draft=is_draft)

    def save(*, outcome: str = "stands", **values: Any) -> Finding:
        return review_finding(finding, actor=request.user, outcome=outcome, **values)

    page = build_finding_page(finding, request.user, today=timezone.localdate())
    said = "Stated. It holds until its day, or until something contradicts it." if is_draft else "Reviewed."
    context = {"finding": finding, "page": page, "is_draft": is_draft}
    return answer_form(request, "insights/voice/finding_review.html", form, save, said, **context)


@require_http_methods(["GET", "POST"])
def finding_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then delete a draft."""
    finding = get_finding(request.user, pk, write=True)
    if request.method == "POST":
        delete_finding(finding, actor=request.user)
        return redirect("findings:finding-list")
    return render(request, "insights/voice/finding_delete.html", {"finding": finding})


@require_GET
def finding_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how a finding was reviewed, and what was changed of it, as a piece of its page."""
    finding = get_finding(request.user, pk)
    reviews = finding.reviews.select_related("made_by")
    context = {"finding": finding, "reviews": reviews, "history": history_of(finding)}
    return render_page(request, "insights/voice/finding_history.html", context, fragment="history")


@require_GET
def my_findings(request: HttpRequest) -> HttpResponse:
    """Show what the reader owns and has to review, as a piece of Home."""
    rows, has_more = findings_to_review(request.user, timezone.localdate())
    context = {"rows": rows, "has_more": has_more}
    return render_page(request, "insights/voice/finding_mine.html", context, fragment="mine")
