"""The catalogue in the API: event names and properties, read and described by the same actions as the pages."""

from rest_framework import serializers

from insights.catalogue.actions import describe_event, describe_property
from insights.catalogue.filters import EventFilter, PropertyFilter
from insights.catalogue.models import CatalogueEvent, CatalogueProperty, Status
from portal.people.public import User
from portal.shell.api import ChangeByAction, PortalRouter, ReadViewSet, TellsUses

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


class EventNameViewSet(TellsUses, ChangeByAction, ReadViewSet):
    """Event names seen, with counts; described by ops and by product managers of the team."""

    queryset = CatalogueEvent.objects.select_related("product")
    output_serializer_class = EventNameOutput
    input_serializer_class = EventNameInput
    filterset_class = EventFilter

    def do_change(self, thing, values):
        """Describe an event."""
        return describe_event(thing, actor=self.request.user, **values)


class EventPropertyViewSet(TellsUses, ChangeByAction, ReadViewSet):
    """Properties and traits seen, with counts."""

    queryset = CatalogueProperty.objects.select_related("product")
    output_serializer_class = EventPropertyOutput
    input_serializer_class = EventPropertyInput
    filterset_class = PropertyFilter

    def do_change(self, thing, values):
        """Describe a property."""
        return describe_property(thing, actor=self.request.user, **values)


router = PortalRouter()
router.register("event-names", EventNameViewSet, basename="event-name")
router.register("event-properties", EventPropertyViewSet, basename="event-property")
urlpatterns = router.urls
