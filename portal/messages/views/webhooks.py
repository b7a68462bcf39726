"""A person's webhooks: the list, a new one with its secret, one with its log, its test and its removal."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from portal.messages.access import get_webhook
from portal.messages.actions import webhooks as actions
from portal.messages.forms import WebhookChangeForm, WebhookForm
from portal.messages.models import Webhook
from portal.messages.queries import list_deliveries
from portal.shell.public import BadInput, render_page


def _add_errors(form, error: BadInput) -> None:
    for name, sentences in error.fields.items():
        form.add_error(name, sentences)
    if not error.fields:
        form.add_error(None, error.message)


@never_cache
@require_http_methods(["GET", "POST"])
def webhook_list(request: HttpRequest) -> HttpResponse:
    """Show a person's webhooks; a new one's secret is in the answer to its form, and nowhere else."""
    form = WebhookForm(request.POST or None)
    new_secret, made, status = "", None, 422 if form.is_bound else 200
    if form.is_valid():
        try:
            made, new_secret = actions.create_webhook(actor=request.user, **form.cleaned_data)
            form, status = WebhookForm(), 200
        except BadInput as error:  # what only the action can see belongs beside its field
            _add_errors(form, error)
    webhooks = Webhook.objects.visible_to(request.user)[:100]
    context = {"form": form, "new_secret": new_secret, "made": made, "webhooks": webhooks}
    return render_page(request, "portal/messages/webhook_list.html", context, status=status)


@require_http_methods(["GET", "POST"])
def webhook_page(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Show a webhook with what was posted to it; a POST changes its name or address."""
    webhook = get_webhook(request.user, webhook_id, write=True)
    form = WebhookChangeForm(request.POST or None, initial={"name": webhook.name})
    if form.is_valid():
        try:
            actions.change_webhook(webhook, actor=request.user, **form.cleaned_data)
            messages.success(request, f"The webhook {webhook} is saved.")
            return redirect("messages:webhook-page", webhook.pk)
        except BadInput as error:
            _add_errors(form, error)
    deliveries = list_deliveries(request.user, 30, webhook)
    context = {
        "webhook": webhook,
        "form": form,
        "deliveries": deliveries,
        "is_live": any(one.is_live for one in deliveries),
        "subscriptions": webhook.subscriptions.live(),
        "is_exchanging": webhook.old_secret_until is not None and webhook.old_secret_until > timezone.now(),
    }
    status = 422 if form.is_bound else 200
    return render_page(request, "portal/messages/webhook_page.html", context, fragment="log", status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def webhook_secret(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Ask, then exchange a webhook's secret; the new one is in the answer to the form, and nowhere else."""
    webhook = get_webhook(request.user, webhook_id, write=True)
    new_secret = ""
    if request.method == "POST":
        has_leaked = request.POST.get("has_leaked") == "on"
        new_secret = actions.exchange_secret(webhook, actor=request.user, has_leaked=has_leaked)
    context = {"webhook": webhook, "new_secret": new_secret}
    return render_page(request, "portal/messages/webhook_secret.html", context)


@require_POST
def webhook_test(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Send a webhook a test."""
    webhook = get_webhook(request.user, webhook_id)
    actions.test_webhook(webhook, actor=request.user)
    messages.success(request, "A test is on its way. What came of it is listed below.")
    return redirect("messages:webhook-page", webhook.pk)


@require_http_methods(["GET", "POST"])
def webhook_delete(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Ask, then remove a webhook with its subscriptions."""
    webhook = get_webhook(request.user, webhook_id, write=True)
    if request.method == "POST":
        actions.delete_webhook(webhook, actor=request.user)
        messages.success(request, f"The webhook {webhook} is removed.")
        return redirect("messages:webhook-list")
    context = {"webhook": webhook, "n_subscriptions": webhook.subscriptions.live().count()}
    return render_page(request, "portal/messages/webhook_delete.html", context)
