"""The contact clock and what teams want in the API: the same reads and actions as the pages; `calls_api` has calls."""

from typing import Any

from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from insights.voice.listening.access import get_target
from insights.voice.listening.actions import set_target
from insights.voice.listening.calls_api import CallReasonViewSet, CallSuggestionViewSet, CallViewSet
from insights.voice.listening.models import MOST_A_WEEK, ContactTarget
from insights.voice.listening.queries import GROUPINGS, chosen_products, read_clock, read_segments
from portal.people.public import Team
from portal.shell.api import ChangeByAction, CreateByAction, PortalRouter, ReadViewSet
from portal.shell.public import BadInput, NotFound


class ClockOutput(serializers.Serializer):
    """How long ago the last conversation was, and how many there were in each of the last 13 whole weeks."""

    last_on = serializers.DateField(allow_null=True)
    days_since = serializers.IntegerField(allow_null=True, help_text="Whole days; null: there was none ever.")
    weeks = serializers.ListField(child=serializers.IntegerField(), help_text="Conversations a week, the oldest first.")
    n_this_week = serializers.IntegerField(help_text="In the week that is not over; in no average.")
    n_conversations = serializers.IntegerField()
    per_week = serializers.FloatField()
    target = serializers.FloatField(allow_null=True)
    is_on_target = serializers.BooleanField(allow_null=True)


class PersonClockOutput(serializers.Serializer):
    """The clock of somebody who leads conversations."""

    user_id = serializers.IntegerField()
    name = serializers.CharField()
    clock = ClockOutput()


class TeamClockOutput(serializers.Serializer):
    """The clock of a team."""

    slug = serializers.CharField()
    name = serializers.CharField()
    clock = ClockOutput()


class SegmentClockOutput(serializers.Serializer):
    """The clock of a segment; its name is empty for the accounts of which none is known."""

    name = serializers.CharField(allow_blank=True)
    n_accounts = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True, help_text="Of all accounts, 0 to 1.")
    n_accounts_talked = serializers.IntegerField(help_text="In the 13 weeks and this one.")
    n_feedback = serializers.IntegerField(help_text="Pieces in the last 90 days.")
    is_unheard = serializers.BooleanField()
    unheard_days = serializers.IntegerField()
    clock = ClockOutput()


class SegmentClocksOutput(serializers.Serializer):
    """The segments of one product."""

    product = serializers.CharField()
    by = serializers.CharField()
    n_accounts = serializers.IntegerField()
    n_without_account = serializers.IntegerField(help_text="Conversations in which nobody's account is known.")
    rows = SegmentClockOutput(many=True)


class ContactClockOutput(serializers.Serializer):
    """The contact clock of the products that were asked for."""

    today = serializers.DateField()
    week_starts = serializers.ListField(child=serializers.DateField())
    total = ClockOutput()
    people = PersonClockOutput(many=True)
    teams = TeamClockOutput(many=True)


class ContactClockView(APIView):
    """When the company last talked with its customers."""

    @extend_schema(
        operation_id="contact_clock_retrieve",
        parameters=[
            OpenApiParameter("product", str, description="The slug of a product; without it, all you may see.")
        ],
        responses=ContactClockOutput,
    )
    def get(self, request: Any) -> Response:
        """Return the clocks of product managers and teams."""
        slug, today = request.GET.get("product", ""), timezone.localdate()
        products = chosen_products(request.user, slug)
        if slug and not products:
            raise NotFound()
        page = read_clock(products, request.user, today=today)
        shown = {"today": today, "week_starts": page.weeks.starts, "total": page.total}
        return Response(ContactClockOutput({**shown, "people": page.people, "teams": page.teams}).data)


class SegmentClocksView(APIView):
    """Which segments of a product's accounts nobody talks with."""

    @extend_schema(
        operation_id="contact_clock_segments_retrieve",
        parameters=[
            OpenApiParameter("product", str, required=True, description="The slug of a product."),
            OpenApiParameter("by", str, enum=list(GROUPINGS), description="What segments are; else the best known."),
        ],
        responses=SegmentClocksOutput,
    )
    def get(self, request: Any) -> Response:
        """Return the clocks of the segments, the unheard ones first."""
        slug, by = request.GET.get("product", ""), request.GET.get("by", "")
        if not slug:
            raise BadInput(fields={"product": ["Name a product by its slug."]})
        product = next(iter(chosen_products(request.user, slug)), None)
        if product is None:
            raise NotFound()
        if by and by not in GROUPINGS:
            raise BadInput(fields={"by": [f"Use one of: {', '.join(GROUPINGS)}."]})
        found = read_segments(product, today=timezone.localdate(), by=by)
        about = {"n_accounts": found.n_accounts, "n_without_account": found.n_without_account, "rows": found.rows}
        return Response(SegmentClocksOutput({"product": product.slug, "by": found.meaning, **about}).data)


class ContactTargetOutput(serializers.ModelSerializer):
    """What the API says of what a team wants."""

    team = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    per_person = serializers.FloatField()
    per_team = serializers.FloatField()

    class Meta:
        model = ContactTarget
        fields = ["id", "team", "per_person", "per_team", "unheard_days", "version", "updated_at"]
        read_only_fields = fields


class ContactTargetChange(serializers.Serializer):
    """A change names the version that it was made from."""

    per_person = serializers.FloatField(required=False, min_value=0, max_value=MOST_A_WEEK)
    per_team = serializers.FloatField(required=False, min_value=0, max_value=MOST_A_WEEK)
    unheard_days = serializers.IntegerField(required=False, min_value=1, max_value=730)
    version = serializers.IntegerField(min_value=1)


class ContactTargetInput(ContactTargetChange):
    """What the API takes to say what a team wants for the first time."""

    team = serializers.SlugRelatedField(slug_field="slug", queryset=Team.objects.all())
    version = None


class ContactTargetViewSet(CreateByAction, ChangeByAction, ReadViewSet):
    """How often teams want to talk with customers; a team without one wants one conversation a week."""

    queryset = ContactTarget.objects.select_related("team")
    output_serializer_class = ContactTargetOutput
    input_serializer_class = ContactTargetInput
    change_serializer_class = ContactTargetChange
    filterset_fields = ["team__slug"]
    ordering_fields = ["updated_at"]
    revision_field = "version"
    lookup_value_regex = r"\d{1,18}"
    door = get_target

    def do_create(self, values):
        """Say what a team wants."""
        return set_target(values.pop("team"), actor=self.request.user, **values)

    def do_change(self, thing, values):
        """Change what a team wants."""
        return set_target(thing.team, actor=self.request.user, **values)


router = PortalRouter()
router.register("contact-targets", ContactTargetViewSet, basename="contact-target")
router.register("calls", CallViewSet, basename="call")
router.register("call-suggestions", CallSuggestionViewSet, basename="call-suggestion")
router.register("call-reasons", CallReasonViewSet, basename="call-reason")
urlpatterns = [
    path("contact-clock/", ContactClockView.as_view(), name="contact-clock"),
    path("contact-clock/segments/", SegmentClocksView.as_view(), name="contact-clock-segments"),
    *router.urls,
]
