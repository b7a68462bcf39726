"""Rules of retention in the API, by the same actions as their pages."""

from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from insights.voice.feedback.public import Channel
from insights.voice.retention.access import get_rule
from insights.voice.retention.actions import create_rule, delete_rule, update_rule
from insights.voice.retention.applying import preview
from insights.voice.retention.models import LEAST_DAYS, MOST_DAYS, RetentionRule
from portal.people.public import Product
from portal.shell.api import ActionViewSet, PortalRouter


class RuleOutput(serializers.ModelSerializer):
    """A rule: which product, what, for how long, what then, and to how many it was applied."""

    product = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    channel = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)

    class Meta:
        model = RetentionRule
        fields = ["id", "product", "about", "channel", "days", "effect", "starts_on", "n_done", "applied_at", "version"]
        fields += ["created_by", "created_at", "updated_at"]
        read_only_fields = fields


class RuleInput(serializers.Serializer):
    """What makes a rule."""

    product = serializers.SlugRelatedField(slug_field="slug", queryset=Product.objects.none())
    about = serializers.ChoiceField(choices=RetentionRule.About.choices, default=RetentionRule.About.FEEDBACK)
    channel = serializers.SlugRelatedField(
        slug_field="slug", queryset=Channel.objects.all(), allow_null=True, default=None
    )
    days = serializers.IntegerField(min_value=LEAST_DAYS, max_value=MOST_DAYS)
    effect = serializers.ChoiceField(choices=RetentionRule.Effect.choices)

    def get_fields(self):
        """Let a product be named that the user may see."""
        fields = super().get_fields()
        fields["product"].queryset = Product.objects.visible_to(self.context["request"].user).select_related("team")
        return fields


class RuleChange(serializers.Serializer):
    """What changes, from which version."""

    version = serializers.IntegerField(min_value=1)
    days = serializers.IntegerField(min_value=LEAST_DAYS, max_value=MOST_DAYS)
    effect = serializers.ChoiceField(choices=RetentionRule.Effect.choices)


class RetentionRuleViewSet(ActionViewSet):
    """How long what customers said is kept; changed by ops."""

    queryset = RetentionRule.objects.dressed()
    output_serializer_class = RuleOutput
    input_serializer_class = RuleInput
    change_serializer_class = RuleChange
    revision_field = "version"
    filterset_fields = ["product__slug", "about", "effect"]
    ordering_fields = ["days", "created_at"]
    lookup_value_regex = r"\d{1,18}"
    door = get_rule

    def do_create(self, values: dict[str, Any]) -> RetentionRule:
        """Make a rule."""
        return create_rule(values.pop("product"), today=timezone.localdate(), actor=self.request.user, **values)

    def do_change(self, thing: RetentionRule, values: dict[str, Any]) -> RetentionRule:
        """Change a rule."""
        kept = {"days": thing.days, "effect": thing.effect}
        return update_rule(thing, today=timezone.localdate(), actor=self.request.user, **{**kept, **values})

    def do_delete(self, thing: RetentionRule) -> None:
        """Take a rule back."""
        delete_rule(thing, actor=self.request.user)

    @extend_schema(responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["get"])
    def preview(self, request, **kwargs) -> Response:
        """To how many things it would be applied tonight, and to how many more within 30 days."""
        return Response(preview(self.get_thing(), timezone.localdate()))


router = PortalRouter()
router.register("retention-rules", RetentionRuleViewSet, basename="retention-rule")
urlpatterns = router.urls
