"""The catalogue in the API: event names and properties, read and described by the same actions as the pages."""

from rest_framework import mixins, serializers
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.viewsets import GenericViewSet

from insights.catalogue.actions import describe_event, describe_property
from insights.catalogue.filters import EventFilter, PropertyFilter
from insights.catalogue.models import CatalogueEvent, CatalogueProperty, Status
from portal.people.public import User

_FIELDS = ["id", "product", "name", "description", "owner", "status", "first_seen_at", "last_seen_at", "found_at"]


class EventNameOutput(serializers.ModelSerializer):
    """An event's name in one product."""

    product = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = CatalogueEvent
        fields = [*_FIELDS, "n_events"]
        read_only_fields = fields


class EventPropertyOutput(serializers.ModelSerializer):
    """A property of events, or a trait of persons or accounts, in one product."""

    product = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = CatalogueProperty
        fields = [*_FIELDS, "of", "is_personal", "n_values"]
        read_only_fields = fields


class EventNameInput(serializers.Serializer):
    """What may be said of an event."""

    description = serializers.CharField(required=False, allow_blank=True)
    owner = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.filter(is_active=True), required=False, allow_null=True
    )
    status = serializers.ChoiceField(choices=Status.choices, required=False)


class EventPropertyInput(EventNameInput):
    """What may be said of a property."""

    is_personal = serializers.BooleanField(required=False)


class _EntryViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet):
    input_class: type[serializers.Serializer] = EventNameInput

    def get_queryset(self):
        """Return the entries that the person may see."""
        queryset = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return queryset.none()
        return queryset.visible_to(self.request.user)

    def partial_update(self, request, *args, **kwargs) -> Response:
        """Change what is said of it."""
        thing = self.get_object()
        sent = self.input_class(data=request.data, partial=True)
        sent.is_valid(raise_exception=True)
        return Response(self.get_serializer(self.describe(thing, **sent.validated_data)).data)


class EventNameViewSet(_EntryViewSet):
    """Event names seen, with counts; described by ops and by product managers of the team."""

    queryset = CatalogueEvent.objects.select_related("product").order_by("-pk")
    serializer_class = EventNameOutput
    filterset_class = EventFilter

    def describe(self, event, **values):
        """Describe an event."""
        return describe_event(event, actor=self.request.user, **values)


class EventPropertyViewSet(_EntryViewSet):
    """Properties and traits seen, with counts."""

    queryset = CatalogueProperty.objects.select_related("product").order_by("-pk")
    serializer_class = EventPropertyOutput
    filterset_class = PropertyFilter
    input_class = EventPropertyInput

    def describe(self, prop, **values):
        """Describe a property."""
        return describe_property(prop, actor=self.request.user, **values)


router = SimpleRouter()
router.register("event-names", EventNameViewSet, basename="event-name")
router.register("event-properties", EventPropertyViewSet, basename="event-property")
urlpatterns = router.urls
