"""The API's notices, subscriptions, quiet hours, webhooks, and the log of what was sent."""

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.messages.access import get_delivery, get_subscription, get_webhook
from portal.messages.actions import read_notices
from portal.messages.actions import subscriptions as subscription_actions
from portal.messages.actions import webhooks as webhook_actions
from portal.messages.filters import DeliveryFilter
from portal.messages.models import Delivery, Notice, QuietHours, Subscription, Webhook
from portal.people.public import validate_time_zone
from portal.shell.api import ActionViewSet, PortalRouter, ReadViewSet


class NoticeOutput(serializers.ModelSerializer):
    """A notice."""

    class Meta:
        model = Notice
        fields = ["id", "kind", "text", "url", "created_at", "read_at"]


class NoticeViewSet(ReadViewSet):
    """One's own notices, newest first."""

    queryset = Notice.objects.all()
    output_serializer_class = NoticeOutput
    filterset_fields = ["kind"]

    @action(detail=True, methods=["post"])
    def read(self, request, pk=None) -> Response:
        """Mark a notice as read."""
        notice = self.get_object()
        read_notices(request.user, notice.pk)
        notice.refresh_from_db()
        return self.answer(notice)


class DeliveryOutput(serializers.ModelSerializer):
    """A message that was sent, or was to be: when, where to, and what came of it."""

    class Meta:
        model = Delivery
        fields = [
            "id",
            "kind",
            "subject",
            "subscription",
            "webhook",
            "state",
            "result",
            "n_attempts",
            "occurs_at",
            "created_at",
            "finished_at",
            "n_bytes",
        ]


class DeliveryViewSet(ReadViewSet):
    """What was sent to oneself, newest first."""

    queryset = Delivery.objects.all()
    output_serializer_class = DeliveryOutput
    filterset_class = DeliveryFilter
    ordering_fields = ["created_at"]
    lookup_value_regex = r"\d+"
    door = get_delivery


class SubscriptionOutput(serializers.ModelSerializer):
    """A subscription: about what, when, where to."""

    thing = serializers.CharField(source="thing_id")

    class Meta:
        model = Subscription
        fields = [
            "id",
            "kind",
            "thing",
            "title",
            "frequency",
            "weekday",
            "at",
            "time_zone",
            "webhook",
            "skips_unchanged",
            "next_at",
            "last_sent_at",
            "stopped_at",
            "stop_reason",
            "created_at",
        ]


class SubscriptionChange(serializers.Serializer):
    """When and where a digest comes."""

    frequency = serializers.ChoiceField(choices=Subscription.Frequency.choices)
    weekday = serializers.IntegerField(min_value=0, max_value=6, required=False, help_text="0 is Monday.")
    at = serializers.TimeField(help_text="Local time, as 08:00.")
    time_zone = serializers.CharField(max_length=64, validators=[validate_time_zone])
    webhook = serializers.PrimaryKeyRelatedField(
        queryset=Webhook.objects.all(), required=False, allow_null=True, help_text="One of your own; none: by mail."
    )
    skips_unchanged = serializers.BooleanField(required=False)


class SubscriptionInput(SubscriptionChange):
    """What it is about, too."""

    kind = serializers.CharField(max_length=40, help_text="Such as dashboard or my_products.")
    thing = serializers.CharField(
        max_length=100, source="thing_id", required=False, allow_blank=True, help_text="Its short name."
    )


class SubscriptionViewSet(ActionViewSet):
    """One's own subscriptions; DELETE stops one."""

    queryset = Subscription.objects.select_related("webhook", "user")
    output_serializer_class = SubscriptionOutput
    input_serializer_class = SubscriptionInput
    change_serializer_class = SubscriptionChange
    filterset_fields = ["kind", "frequency"]
    ordering_fields = ["created_at", "next_at", "title"]
    lookup_value_regex = r"\d+"
    door = get_subscription

    def do_create(self, values):
        """Subscribe."""
        return subscription_actions.create_subscription(actor=self.request.user, **values)

    def do_change(self, thing, values):
        """Change when and where it comes."""
        return subscription_actions.change_subscription(thing, actor=self.request.user, **values)

    def do_delete(self, thing):
        """Stop it."""
        subscription_actions.stop_subscription(thing, actor=self.request.user)

    @action(detail=True, methods=["post"])
    def send(self, request, pk=None) -> Response:
        """Send a digest at once; answers with its delivery."""
        delivery = subscription_actions.send_now(self.get_thing(), actor=request.user)
        return Response(DeliveryOutput(delivery).data, status=202)

    @action(detail=True, methods=["post"])
    def resume(self, request, pk=None) -> Response:
        """Start a stopped one again."""
        return self.answer(subscription_actions.resume_subscription(self.get_thing(), actor=request.user))


class WebhookOutput(serializers.ModelSerializer):
    """A webhook, without its address and its secret."""

    class Meta:
        model = Webhook
        fields = ["id", "name", "host", "created_at", "last_ok_at", "failing_since", "last_fault", "old_secret_until"]


class NewWebhookOutput(WebhookOutput):
    """A webhook with its new secret, which signs its messages and is told this once."""

    secret = serializers.CharField(source="told_secret")

    class Meta(WebhookOutput.Meta):
        fields = [*WebhookOutput.Meta.fields, "secret"]


class WebhookInput(serializers.Serializer):
    """A webhook to make or to change."""

    name = serializers.CharField(max_length=100)
    address = serializers.CharField(max_length=2000, help_text="https://…; kept encrypted, never told again.")


class SecretInput(serializers.Serializer):
    """How a webhook's secret is exchanged."""

    has_leaked = serializers.BooleanField(
        default=False, help_text="The old secret signs no more at once, instead of beside the new one for 24 hours."
    )


class WebhookViewSet(ActionViewSet):
    """One's own webhooks; removing one stops the subscriptions that go to it."""

    queryset = Webhook.objects.all()
    output_serializer_class = WebhookOutput
    input_serializer_class = WebhookInput
    ordering_fields = ["name", "created_at"]
    lookup_value_regex = r"\d+"
    door = get_webhook

    def get_serializer_class(self):
        """Return the answer's shape; only a new webhook tells its secret."""
        return NewWebhookOutput if self.action == "create" else WebhookOutput

    def do_create(self, values):
        """Make a webhook."""
        webhook, webhook.told_secret = webhook_actions.create_webhook(actor=self.request.user, **values)
        return webhook

    def do_change(self, thing, values):
        """Change its name or address."""
        return webhook_actions.change_webhook(thing, actor=self.request.user, **values)

    def do_delete(self, thing):
        """Remove it with its subscriptions."""
        webhook_actions.delete_webhook(thing, actor=self.request.user)

    @extend_schema(request=SecretInput, responses={201: NewWebhookOutput})
    @action(detail=True, methods=["post"])
    def secret(self, request, pk=None) -> Response:
        """Exchange the secret; the answer alone tells the new one."""
        webhook = self.get_thing(write=True)
        sent = self.get_input(SecretInput)
        webhook.told_secret = webhook_actions.exchange_secret(webhook, actor=request.user, **sent)
        return Response(NewWebhookOutput(webhook).data, status=201)

    @action(detail=True, methods=["post"])
    def test(self, request, pk=None) -> Response:
        """Send it a test; answers with its delivery."""
        return Response(
            DeliveryOutput(webhook_actions.test_webhook(self.get_thing(), actor=request.user)).data, status=202
        )


class QuietHoursFields(serializers.ModelSerializer):
    """From when to when single messages wait, in the person's time zone; both empty: never."""

    class Meta:
        model = QuietHours
        fields = ["starts_at", "ends_at", "has_quiet_weekends"]


class QuietHoursView(APIView):
    """One's own quiet hours: single messages, such as alerts, wait for their end."""

    @extend_schema(responses=QuietHoursFields)
    def get(self, request) -> Response:
        """Return them; `starts_at` and `ends_at` are null where there are none."""
        none = QuietHours(starts_at=None, ends_at=None)
        return Response(QuietHoursFields(QuietHours.objects.filter(user=request.user).first() or none).data)

    @extend_schema(request=QuietHoursFields, responses=QuietHoursFields)
    def put(self, request) -> Response:
        """Set them."""
        sent = QuietHoursFields(data=request.data)
        sent.is_valid(raise_exception=True)
        quiet = subscription_actions.set_quiet_hours(request.user, actor=request.user, **sent.validated_data)
        return Response(QuietHoursFields(quiet).data)

    @extend_schema(responses={204: None})
    def delete(self, request) -> Response:
        """Have none: single messages come at any time."""
        subscription_actions.clear_quiet_hours(request.user, actor=request.user)
        return Response(status=204)


router = PortalRouter()
router.register("notices", NoticeViewSet, basename="notice")
router.register("subscriptions", SubscriptionViewSet, basename="subscription")
router.register("webhooks", WebhookViewSet, basename="webhook")
router.register("deliveries", DeliveryViewSet, basename="delivery")
urlpatterns = [*router.urls, path("quiet-hours/", QuietHoursView.as_view(), name="quiet-hours")]
