"""Insights in the API: the same actions and the same door as the pages."""

from django.conf import settings
from django.utils import timezone
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from insights.explore.access import get_insight
from insights.explore.actions import create_insight, delete_insight, star_insight, update_insight
from insights.explore.contracts import CHART_TYPES
from insights.explore.filters import InsightFilter
from insights.explore.models import Insight
from insights.questions.public import ask, parse_question, say_question
from portal.people.public import Visibility
from portal.shell.api import ActionViewSet, PortalRouter, TellsUses
from portal.shell.public import BadInput

CALLER = "insights.api_insight"


class InsightOutput(serializers.ModelSerializer):
    """What the API says of an insight."""

    product = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    team = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    in_words = serializers.SerializerMethodField()
    is_starred = serializers.BooleanField(read_only=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Insight
        fields = [
            "id",
            "title",
            "description",
            "product",
            "team",
            "owner",
            "visibility",
            "question",
            "in_words",
            "chart",
            "tags",
            "version",
            "is_starred",
            "url",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields

    def get_in_words(self, insight) -> str:
        """Return the question in a sentence."""
        return say_question(insight.question)


class InsightInput(serializers.Serializer):
    """What the API takes to save or change an insight."""

    title = serializers.CharField(max_length=200)
    description = serializers.CharField(required=False, allow_blank=True)
    question = serializers.JSONField()
    chart = serializers.ChoiceField(choices=list(CHART_TYPES.items()), required=False)
    tags = serializers.ListField(child=serializers.CharField(max_length=40), required=False)
    visibility = serializers.ChoiceField(choices=Visibility.choices, required=False)

    def validate_question(self, value):
        """Return the question, parsed; its faults keep their paths."""
        try:
            return parse_question(value, now=timezone.now(), default_zone=settings.WORKSPACE_TIME_ZONE)
        except BadInput as error:
            raise serializers.ValidationError(error.fields) from error


class InsightChange(InsightInput):
    """A change names the version that it was made from."""

    version = serializers.IntegerField(min_value=1)


class InsightViewSet(TellsUses, ActionViewSet):
    """Saved questions; `version` of a change says which state was changed."""

    queryset = Insight.objects.select_related("product", "team", "owner")
    output_serializer_class = InsightOutput
    input_serializer_class = InsightInput
    change_serializer_class = InsightChange
    filterset_class = InsightFilter
    ordering_fields = ["title", "created_at", "updated_at"]
    lookup_value_regex = r"\d+"
    revision_field = "version"
    door = get_insight

    def get_queryset(self):
        """Say of each whether the user starred it."""
        return super().get_queryset().with_stars(self.request.user)

    def do_create(self, values):
        """Save a question."""
        insight = create_insight(values.pop("question"), actor=self.request.user, **values)
        return get_insight(self.request.user, insight.pk)

    def do_change(self, thing, values):
        """Change an insight."""
        update_insight(thing, actor=self.request.user, **values)
        return self.get_thing()

    def do_delete(self, thing):
        """Delete an insight."""
        delete_insight(thing, actor=self.request.user)

    @action(detail=True, methods=["get"], url_path="answer", url_name="answer")
    def ask_now(self, request, pk: str) -> Response:
        """Ask the insight's question and return the answer."""
        insight = self.get_thing()
        question = parse_question(insight.question, now=timezone.now(), default_zone=settings.WORKSPACE_TIME_ZONE)
        return Response(ask(question, user=request.user, caller=CALLER))

    @action(detail=True, methods=["put", "delete"])
    def star(self, request, pk: str) -> Response:
        """Put or remove one's own star."""
        star_insight(self.get_thing(), actor=request.user, is_starred=request.method == "PUT")
        return self.answer(self.get_thing())


router = PortalRouter()
router.register("insights", InsightViewSet, basename="insight")
urlpatterns = router.urls
