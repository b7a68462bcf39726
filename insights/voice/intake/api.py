"""Inlets in the API, by the same actions as their page; a secret is in the answer that makes it and in no other."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from insights.voice.feedback.public import Channel
from insights.voice.intake.access import get_inlet
from insights.voice.intake.actions import close_inlet, create_inlet, exchange_secret
from insights.voice.intake.models import Inlet
from portal.people.public import Product, Visibility
from portal.shell.api import PortalRouter, ReadViewSet


class InletOutput(serializers.ModelSerializer):
    """What the API says of an inlet; never its secret."""

    product = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    channel = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    address = serializers.SerializerMethodField()

    class Meta:
        model = Inlet
        fields = [
            *("id", "name", "product", "origin", "channel", "visibility", "address", "n_taken", "last_used_at"),
            *("created_by", "created_at", "closed_at"),
        ]
        read_only_fields = fields

    def get_address(self, inlet) -> str:
        """Return the path to which the sender posts."""
        return f"/hooks/feedback/{inlet.key}/"


class InletWithSecret(InletOutput):
    """The same with the secret, this once."""

    secret = serializers.CharField(read_only=True)

    class Meta(InletOutput.Meta):
        fields = [*InletOutput.Meta.fields, "secret"]
        read_only_fields = fields


class InletInput(serializers.Serializer):
    """What makes an inlet."""

    product = serializers.SlugRelatedField(slug_field="slug", queryset=Product.objects.none())
    name = serializers.CharField(max_length=100)
    origin = serializers.CharField(max_length=60)
    channel = serializers.SlugRelatedField(slug_field="slug", queryset=Channel.objects.in_use())
    visibility = serializers.ChoiceField(choices=Visibility.choices, required=False)

    def get_fields(self):
        """Let a product be named that the user may see."""
        fields = super().get_fields()
        fields["product"].queryset = Product.objects.visible_to(self.context["request"].user).select_related("team")
        return fields


class ExchangeInput(serializers.Serializer):
    """Whether the old secret has leaked, and opens nothing from now on."""

    has_leaked = serializers.BooleanField(default=False)


class InletViewSet(ReadViewSet):
    """Addresses to which other systems post signed feedback."""

    queryset = Inlet.objects.select_related("product", "channel")
    output_serializer_class = InletOutput
    input_serializer_class = InletInput
    filterset_fields = ["product__slug"]
    ordering_fields = ["created_at"]
    lookup_value_regex = r"\d{1,18}"
    door = get_inlet

    @extend_schema(responses={201: InletWithSecret})
    def create(self, request, *args, **kwargs) -> Response:
        """Make an inlet; its secret is in this answer alone."""
        values = self.get_input()
        inlet, secret = create_inlet(values.pop("product"), actor=request.user, **values)
        return self._with_secret(inlet, secret, status.HTTP_201_CREATED)

    @extend_schema(request=ExchangeInput, responses=InletWithSecret)
    @action(detail=True, methods=["post"])
    def exchange(self, request, **kwargs) -> Response:
        """Exchange the secret; the new one is in this answer alone."""
        inlet = self.get_thing(write=True)
        inlet, secret = exchange_secret(inlet, actor=request.user, **self.get_input(ExchangeInput))
        return self._with_secret(inlet, secret, status.HTTP_200_OK)

    def destroy(self, request, *args, **kwargs) -> Response:
        """Close an inlet for good; what came by it stays."""
        close_inlet(self.get_thing(write=True), actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _with_secret(self, inlet: Inlet, secret: str, code: int) -> Response:
        inlet.secret = secret  # of this object alone; nothing saves it
        return Response(InletWithSecret(inlet).data, status=code)


router = PortalRouter()
router.register("inlets", InletViewSet, basename="inlet")
urlpatterns = router.urls
