"""Public links in the API."""

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from insights.dashboards.access import get_dashboard
from insights.sharing import actions
from insights.sharing.access import get_link
from insights.sharing.filters import LinkFilter
from insights.sharing.models import ClosedProduct, PublicLink
from portal.people.public import Product, get_product
from portal.shell.api import ReadViewSet


class PublicLinkOutput(serializers.ModelSerializer):
    """A public link as the API shows it; its secret is told when it is made, and never again."""

    dashboard = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    state = serializers.CharField(read_only=True)
    has_password = serializers.BooleanField(read_only=True)

    class Meta:
        model = PublicLink
        fields = [
            "id", "name", "dashboard", "state", "has_password", "is_embeddable", "expires_at", "created_by",
            "created_at", "revoked_at", "n_openings", "last_opened_at",
        ]  # fmt: skip


class NewPublicLinkOutput(PublicLinkOutput):
    """A public link that was just made, with its address."""

    address = serializers.CharField(read_only=True)

    class Meta(PublicLinkOutput.Meta):
        fields = [*PublicLinkOutput.Meta.fields, "address"]


class PublicLinkInput(serializers.Serializer):
    """What may be sent to make a public link."""

    dashboard = serializers.CharField()
    name = serializers.CharField(max_length=120)
    expires_at = serializers.DateTimeField()
    password = serializers.CharField(max_length=128, required=False, allow_blank=True, trim_whitespace=False)
    is_embeddable = serializers.BooleanField(required=False)


class PublicLinkViewSet(ReadViewSet):
    """Public links of one's teams' dashboards: made, listed and revoked."""

    queryset = PublicLink.objects.select_related("dashboard", "created_by")
    output_serializer_class = PublicLinkOutput
    input_serializer_class = PublicLinkInput
    filterset_class = LinkFilter
    ordering_fields = ["created_at", "expires_at", "n_openings"]
    lookup_value_regex = r"\d+"
    door = get_link

    @extend_schema(request=PublicLinkInput, responses={201: NewPublicLinkOutput})
    def create(self, request, *args, **kwargs) -> Response:
        """Make a public link; the answer alone holds its address."""
        values = self.get_input()
        dashboard = get_dashboard(request.user, values.pop("dashboard"), write=True)
        link, token = actions.create_link(dashboard, actor=request.user, **values)
        link.address = request.build_absolute_uri(reverse("shared:dashboard", args=[token]))
        return Response(NewPublicLinkOutput(link).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses=PublicLinkOutput)
    @action(detail=True, methods=["post"])
    def revoke(self, request, pk) -> Response:
        """Make a link useless at once."""
        link = self.get_thing(write=True)
        actions.revoke_link(link, actor=request.user)
        return self.answer(link)


class ClosedProductOutput(serializers.ModelSerializer):
    """A product that no public link shows."""

    product = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = ClosedProduct
        fields = ["product", "reason", "closed_by", "closed_at"]


class ClosedProductInput(serializers.Serializer):
    """A product to close, by its slug, and why."""

    product = serializers.CharField()
    reason = serializers.CharField(max_length=200)


class ClosedProductViewSet(ReadViewSet):
    """Products that no public link shows: closed, listed and opened again."""

    queryset = ClosedProduct.objects.select_related("product", "closed_by")
    output_serializer_class = ClosedProductOutput
    input_serializer_class = ClosedProductInput
    lookup_field = "product__slug"
    lookup_url_kwarg = "slug"

    @extend_schema(request=ClosedProductInput, responses={201: ClosedProductOutput})
    def create(self, request, *args, **kwargs) -> Response:
        """Close a product to public links."""
        values = self.get_input()
        product = get_product(request.user, values["product"])
        closed = actions.close_product(product, actor=request.user, reason=values["reason"])
        return self.answer(closed, status.HTTP_201_CREATED)

    def destroy(self, request, slug: str) -> Response:
        """Open a product to public links again."""
        actions.open_product(get_product(request.user, slug), actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def get_queryset(self):
        """Return the closed ones among the products that the person may see."""
        if getattr(self, "swagger_fake_view", False):
            return ClosedProduct.objects.none()
        seen = Product.objects.visible_to(self.request.user).order_by()
        return self.queryset.filter(product__in=seen)
