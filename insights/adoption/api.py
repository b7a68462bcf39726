"""Features in the API: the same actions and the same door as the pages."""

from django.utils import timezone
from rest_framework import serializers

from insights.adoption.access import get_feature
from insights.adoption.actions import create_feature, delete_feature, update_feature
from insights.adoption.filters import FeatureFilter
from insights.adoption.models import Feature
from portal.people.api_fields import ProductField
from portal.people.public import Visibility
from portal.shell.api import ActionViewSet, PortalRouter


class FeatureOutput(serializers.ModelSerializer):
    """What the API says of a feature."""

    product = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    team = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Feature
        fields = [
            *("id", "name", "description", "product", "team", "owner", "visibility", "events", "is_core", "version"),
            *("url", "created_at", "updated_at"),
        ]
        read_only_fields = fields


class FeatureChange(serializers.Serializer):
    """A change names the version that it was made from."""

    name = serializers.CharField(max_length=100)
    description = serializers.CharField(required=False, allow_blank=True)
    events = serializers.JSONField(help_text='Event specs, such as [{"event": "report opened", "filters": []}].')
    is_core = serializers.BooleanField(required=False)
    visibility = serializers.ChoiceField(choices=Visibility.choices, required=False)
    version = serializers.IntegerField(min_value=1)


class FeatureInput(FeatureChange):
    """What the API takes to name events as a feature."""

    product = ProductField()
    version = None


class FeatureViewSet(ActionViewSet):
    """Features of products: named groups of events; `version` of a change says which state was changed."""

    queryset = Feature.objects.select_related("product", "team", "owner")
    output_serializer_class = FeatureOutput
    input_serializer_class = FeatureInput
    change_serializer_class = FeatureChange
    filterset_class = FeatureFilter
    ordering_fields = ["name", "created_at", "updated_at"]
    lookup_value_regex = r"\d+"
    revision_field = "version"
    door = get_feature

    def do_create(self, values):
        """Name events as a feature."""
        return create_feature(values.pop("product"), actor=self.request.user, now=timezone.now(), **values)

    def do_change(self, thing, values):
        """Change a feature."""
        update_feature(thing, actor=self.request.user, now=timezone.now(), **values)
        return self.get_thing()

    def do_delete(self, thing):
        """Delete a feature."""
        delete_feature(thing, actor=self.request.user)


router = PortalRouter()
router.register("features", FeatureViewSet, basename="feature")
urlpatterns = router.urls
