"""Subscriptions, webhooks and the log of everybody, for ops: to see what is sent, and to stop it."""

from django.contrib import admin

from portal.audit.public import ReadOnlyAdmin
from portal.messages.actions.subscriptions import stop_subscription
from portal.messages.models import Delivery, Subscription, Webhook


@admin.register(Subscription)
class SubscriptionAdmin(ReadOnlyAdmin):
    """Who gets which digest; made by people themselves, stopped by ops where need be."""

    list_display = [
        "title",
        "user",
        "kind",
        "frequency",
        "at",
        "time_zone",
        "webhook",
        "next_at",
        "last_sent_at",
        "stopped_at",
    ]
    list_filter = ["kind", "frequency", "stop_reason", ("webhook", admin.EmptyFieldListFilter)]
    list_select_related = ["user", "webhook"]
    search_fields = ["title", "user__name", "user__email", "thing_id"]
    actions = ["stop"]

    @admin.action(description="Stop the chosen subscriptions")
    def stop(self, request, queryset):
        """Stop the chosen subscriptions; their people are told."""
        for subscription in queryset.select_related("user"):
            stop_subscription(subscription, actor=request.user, reason=Subscription.StopReason.OPS)


@admin.register(Webhook)
class WebhookAdmin(ReadOnlyAdmin):
    """Where messages are posted to, and which places take none."""

    list_display = ["name", "user", "host", "last_ok_at", "failing_since", "last_fault"]
    list_filter = [("failing_since", admin.EmptyFieldListFilter), "created_at"]
    list_select_related = ["user"]
    search_fields = ["name", "host", "user__name", "user__email"]
    exclude = ["address", "secret", "old_secret"]


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """The log of what left the portal, with its results; words and numbers of messages are not shown."""

    list_display = ["occurs_at", "subject", "user", "kind", "place", "state", "result", "n_attempts", "finished_at"]
    list_filter = ["state", "kind", "is_by_webhook"]
    list_select_related = ["user", "webhook"]
    search_fields = ["subject", "user__name", "user__email", "key"]
    date_hierarchy = "created_at"
    exclude = ["text", "content", "address", "url", "stop_url"]
