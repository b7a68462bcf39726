"""Links to the roadmap in the API: the page's own actions behind another door."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from portal.people.public import get_product
from portal.shell.api import ChangeByAction, PortalRouter, ReadViewSet
from roadmaps.plan.sharing import actions
from roadmaps.plan.sharing.access import get_link
from roadmaps.plan.sharing.contracts import FIELDS, VIEWS
from roadmaps.plan.sharing.filters import LinkFilter
from roadmaps.plan.sharing.models import Audience, RoadmapLink


class RoadmapLinkOutput(serializers.ModelSerializer):
    """A link to the roadmap as the API shows it; its secret is told when it is made, and never again."""

    product = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    shows = serializers.ListField(child=serializers.CharField(), source="fields", read_only=True)
    filters = serializers.DictField(child=serializers.CharField(), source="asked", read_only=True)
    state = serializers.CharField(read_only=True)
    has_password = serializers.BooleanField(read_only=True)

    class Meta:
        model = RoadmapLink
        fields = [
            "id", "product", "name", "audience", "heading", "shows", "view", "filters", "needs_login", "has_password",
            "state", "expires_at", "created_by", "created_at", "revoked_at", "n_openings", "last_opened_at",
        ]  # fmt: skip


class NewRoadmapLinkOutput(RoadmapLinkOutput):
    """A link that was just made, with its address."""

    address = serializers.CharField(read_only=True)

    class Meta(RoadmapLinkOutput.Meta):
        fields = [*RoadmapLinkOutput.Meta.fields, "address"]


class RoadmapLinkChangeInput(serializers.Serializer):
    """What may be sent to change a link; `filters` are those of the roadmap's address."""

    name = serializers.CharField(max_length=120)
    audience = serializers.ChoiceField(choices=Audience.choices, required=False)
    heading = serializers.CharField(max_length=120)
    shows = serializers.ListField(child=serializers.ChoiceField(choices=[*FIELDS]))
    view = serializers.ChoiceField(choices=list(VIEWS.items()))
    filters = serializers.DictField(child=serializers.CharField(max_length=200), required=False)
    needs_login = serializers.BooleanField(required=False)
    password = serializers.CharField(max_length=128, required=False, allow_blank=True, trim_whitespace=False)
    expires_at = serializers.DateTimeField()


class RoadmapLinkInput(RoadmapLinkChangeInput):
    """What may be sent to make a link, with the product by its slug."""

    product = serializers.CharField()


def _renamed(values: dict[str, Any]) -> dict[str, Any]:
    names = {"shows": "fields", "filters": "asked"}
    return {names.get(name, name): value for name, value in values.items()}


class RoadmapLinkViewSet(ChangeByAction, ReadViewSet):
    """Links to the roadmaps of one's teams' products: made, listed, changed and revoked."""

    queryset = RoadmapLink.objects.select_related("product", "created_by")
    output_serializer_class = RoadmapLinkOutput
    input_serializer_class = RoadmapLinkInput
    change_serializer_class = RoadmapLinkChangeInput
    filterset_class = LinkFilter
    ordering_fields = ["created_at", "expires_at", "n_openings"]
    lookup_value_regex = r"\d+"
    door = get_link

    @extend_schema(request=RoadmapLinkInput, responses={201: NewRoadmapLinkOutput})
    def create(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """Make a link; the answer alone holds its address."""
        values = _renamed(self.get_input())
        product = get_product(request.user, values.pop("product"))
        link, token = actions.create_link(product, actor=request.user, **values)
        link.address = request.build_absolute_uri(reverse("shared_roadmap:page", args=[token]))
        return Response(NewRoadmapLinkOutput(link).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=RoadmapLinkChangeInput, responses=RoadmapLinkOutput)
    def partial_update(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """Change the fields that were sent."""
        return super().partial_update(request, *args, **kwargs)

    def do_change(self, link: RoadmapLink, values: dict[str, Any]) -> RoadmapLink:
        """Change what a link shows."""
        return actions.change_link(link, actor=self.request.user, **_renamed(values))

    @extend_schema(request=None, responses=RoadmapLinkOutput)
    @action(detail=True, methods=["post"])
    def revoke(self, request: Any, pk: str) -> Response:
        """Make a link useless at once."""
        link = self.get_thing(write=True)
        actions.revoke_link(link, actor=request.user)
        return self.answer(link)


router = PortalRouter()
router.register("roadmap-links", RoadmapLinkViewSet, basename="roadmap-link")
urlpatterns = router.urls
