"""A person's subscriptions: the list with what was sent, new, changed, stopped, sent at once; their quiet hours."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.messages.access import get_subscription
from portal.messages.actions import subscriptions as actions
from portal.messages.filters import COLUMNS, SORTS, DeliveryFilter
from portal.messages.forms import NewSubscriptionForm, QuietHoursForm, SubscriptionForm
from portal.messages.models import Delivery, QuietHours
from portal.messages.queries import list_deliveries, list_subscriptions
from portal.shell.public import answer_form, answer_list, render_page

_LIST = "messages:subscription-list"


@require_http_methods(["GET", "POST"])
def subscription_list(request: HttpRequest) -> HttpResponse:
    """Show what a person subscribed to and what was sent lately; a POST sets their quiet hours."""
    quiet = QuietHours.objects.filter(user=request.user).first()
    form = QuietHoursForm(request.POST or None, quiet=quiet)
    if form.is_valid():
        form.save(request.user)
        messages.success(request, "Your quiet hours are saved.")
        return redirect(_LIST)
    deliveries = list_deliveries(request.user, 10)
    context = {
        "subscriptions": list_subscriptions(request.user),
        "deliveries": deliveries,
        "is_live": any(one.is_live for one in deliveries),
        "form": form,
        "quiet": quiet,
    }
    status = 422 if form.is_bound else 200
    return render_page(request, "portal/messages/subscription_list.html", context, fragment="log", status=status)


@require_http_methods(["GET", "POST"])
def subscription_new(request: HttpRequest) -> HttpResponse:
    """Subscribe to a thing; the address may name it."""
    form = NewSubscriptionForm(request.POST or None, user=request.user, wanted=request.GET.get("about", ""))
    context = {"title": "New subscription", "action": "Subscribe"}
    return answer_form(request, "portal/messages/subscription_form.html", form, form.create, _SAID, **context)


_SAID = "You are subscribed to {}. The first digest comes at its next time; “Send now” sends one at once."


@require_http_methods(["GET", "POST"])
def subscription_edit(request: HttpRequest, subscription_id: int) -> HttpResponse:
    """Change when and where a digest comes."""
    subscription = get_subscription(request.user, subscription_id, write=True)
    form = SubscriptionForm(request.POST or None, user=request.user, subscription=subscription)
    context = {"title": str(subscription), "action": "Save subscription"}
    said = "The subscription to {} is saved."
    return answer_form(request, "portal/messages/subscription_form.html", form, form.change, said, **context)


@require_POST
def subscription_stop(request: HttpRequest, subscription_id: int) -> HttpResponse:
    """Stop a subscription."""
    subscription = actions.stop_subscription(get_subscription(request.user, subscription_id), actor=request.user)
    messages.success(request, f"The digest about {subscription} is stopped.")
    return redirect(_LIST)


@require_POST
def subscription_resume(request: HttpRequest, subscription_id: int) -> HttpResponse:
    """Start a stopped subscription again."""
    subscription = actions.resume_subscription(get_subscription(request.user, subscription_id), actor=request.user)
    messages.success(request, f"The digest about {subscription} comes again.")
    return redirect(_LIST)


@require_POST
def subscription_send(request: HttpRequest, subscription_id: int) -> HttpResponse:
    """Send a digest at once."""
    subscription = get_subscription(request.user, subscription_id)
    actions.send_now(subscription, actor=request.user)
    messages.success(request, f"The digest about {subscription} is on its way. What came of it is listed below.")
    return redirect(_LIST)


@require_POST
def quiet_hours_clear(request: HttpRequest) -> HttpResponse:
    """Let single messages come at any time."""
    actions.clear_quiet_hours(request.user, actor=request.user)
    messages.success(request, "Messages come at any time.")
    return redirect(_LIST)


@require_GET
def delivery_list(request: HttpRequest) -> HttpResponse:
    """List all that was sent to a person, or was to be."""
    mine = Delivery.objects.visible_to(request.user).select_related("webhook", "subscription")
    filterset = DeliveryFilter(request.GET, queryset=mine)
    return answer_list(request, "portal/messages/delivery_list.html", filterset, COLUMNS, SORTS, "-when")
