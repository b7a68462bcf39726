"""Writing feedback down: one piece by its form, many by pasting."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from insights.voice.feedback.access import products_to_add_to
from insights.voice.feedback.actions import add_feedback, add_pieces
from insights.voice.feedback.attachments import attach_file
from insights.voice.feedback.forms import FeedbackForm, PasteForm
from insights.voice.feedback.models import Feedback
from insights.voice.feedback.views.files import refuse_large
from portal.people.public import Product, get_current_product
from portal.shell.public import NotAllowed, own_body_limit, render_page

_NO_PRODUCT = "Feedback is written down by members of a product's team. Ask one of them, or an admin for a role."


def _start(request: HttpRequest) -> tuple[list[Product], dict[str, Any]]:
    """Return the products to choose from, and what a fresh form starts with."""
    products = products_to_add_to(request.user)
    if not products:
        raise NotAllowed(_NO_PRODUCT)
    slugs = [product.slug for product in products]
    current = get_current_product(request.user)
    asked = request.GET.get("product", current.slug if current else "")
    start = {"product": asked if asked in slugs else slugs[0], "said_on": timezone.localdate()}
    given = {name: request.GET[name][:400] for name in ("person", "account") if request.GET.get(name)}
    return products, {**start, **given}


@transaction.atomic
def _add(values: dict[str, Any], files: list[Any], actor: Any) -> tuple[Feedback, bool]:
    """Write a piece down with its files, or nothing."""
    feedback, is_new = add_feedback(values.pop("product"), actor=actor, today=timezone.localdate(), **values)
    for file in files:
        attach_file(feedback, file.name, file.read(), actor=actor)
    return feedback, is_new


@own_body_limit
@require_http_methods(["GET", "POST"])
def feedback_new(request: HttpRequest) -> HttpResponse:
    """Write one piece of feedback down."""
    products, start = _start(request)
    refuse_large(request)
    form = FeedbackForm(request.POST or None, request.FILES or None, initial=start, products=products)
    if form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if name not in ("version", "files")}
        feedback, is_new = _add(values, form.cleaned_data["files"], request.user)
        messages.success(request, "Written down." if is_new else "This was written down before: here it is.")
        return redirect(feedback)
    context = {"form": form}
    return render_page(request, "insights/voice/feedback_form.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def feedback_paste(request: HttpRequest) -> HttpResponse:
    """Cut a pasted text into pieces, show them, then keep them."""
    products, start = _start(request)
    form = PasteForm(request.POST or None, initial=start, products=products)
    pieces: list[str] = []
    if form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if name not in ("text", "way")}
        product, pieces = values.pop("product"), values.pop("pieces")
        if "keep" in request.POST:
            added = add_pieces(product, pieces, actor=request.user, today=timezone.localdate(), **values)
            messages.success(request, f"Written down: {added}.")
            return redirect("feedback:feedback-list")
    status = 422 if form.is_bound and not pieces else 200
    return render_page(request, "insights/voice/feedback_paste.html", {"form": form, "pieces": pieces}, status=status)
