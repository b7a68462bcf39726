"""Insights in the API: the same actions and the same door as the pages."""

from django.conf import settings
from django.utils import timezone
from django_filters import rest_framework as filters
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from insights.explore.access import get_insight
from insights.explore.actions import create_insight, delete_insight, star_insight, update_insight
from insights.explore.contracts import CHART_TYPES
from insights.explore.models import Insight
from insights.questions.public import ask, parse_question
from portal.people.public import Visibility
from portal.shell.public import BadInput

CALLER = "insights.api_insight"


class InsightSerializer(serializers.ModelSerializer):
    """What the API says of an insight."""

    product = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    team = serializers.SlugRelatedField(slug_field="slug", read_only=True)
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
            "chart",
            "tags",
            "version",
            "is_starred",
            "url",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields


class InsightInput(serializers.Serializer):
    """What the API takes to save or change an insight."""

    title = serializers.CharField(max_length=200)
    description = serializers.CharField(required=False, allow_blank=True)
    question = serializers.JSONField()
    chart = serializers.ChoiceField(choices=list(CHART_TYPES), required=False)
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


class InsightFilter(filters.FilterSet):
    """The filters of the list."""

    product = filters.CharFilter(field_name="product__slug")
    kind = filters.CharFilter(field_name="question__kind")
    tag = filters.CharFilter(method="with_tag")
    text = filters.CharFilter(method="with_text")

    class Meta:
        model = Insight
        fields: list[str] = []

    def with_tag(self, insights, name, value):
        """Keep insights with a tag."""
        return insights.filter(tags__contains=[value.lower()])

    def with_text(self, insights, name, value):
        """Keep insights whose title, description or tags contain a text."""
        return insights.matching(value)


class InsightViewSet(viewsets.GenericViewSet):
    """Saved questions."""

    serializer_class = InsightSerializer
    filterset_class = InsightFilter
    queryset = Insight.objects.none()
    lookup_value_regex = r"\d+"

    def get_queryset(self):
        """Start from what the user may see."""
        user = self.request.user
        return Insight.objects.visible_to(user).with_stars(user).select_related("product", "team", "owner")

    def _out(self, insight: Insight, code: int = status.HTTP_200_OK) -> Response:
        return Response(InsightSerializer(get_insight(self.request.user, insight.pk)).data, status=code)

    def list(self, request) -> Response:
        """List insights, newest first."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(InsightSerializer(page, many=True).data)

    def retrieve(self, request, pk: str) -> Response:
        """Return one insight."""
        return self._out(get_insight(request.user, int(pk)))

    def create(self, request) -> Response:
        """Save a question."""
        given = InsightInput(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        return self._out(create_insight(values.pop("question"), actor=request.user, **values), status.HTTP_201_CREATED)

    def partial_update(self, request, pk: str) -> Response:
        """Change an insight; `version` says which state was changed."""
        insight = get_insight(request.user, int(pk), write=True)
        given = InsightChange(data=request.data, partial=True)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        if "version" not in values:
            raise BadInput(fields={"version": ["Name the version that you changed."]})
        return self._out(update_insight(insight, actor=request.user, version=values.pop("version"), **values))

    def destroy(self, request, pk: str) -> Response:
        """Delete an insight."""
        delete_insight(get_insight(request.user, int(pk), write=True), actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @action(detail=True, methods=["get"])
    def answer(self, request, pk: str) -> Response:
        """Ask the insight's question and return the answer."""
        insight = get_insight(request.user, int(pk))
        question = parse_question(insight.question, now=timezone.now(), default_zone=settings.WORKSPACE_TIME_ZONE)
        return Response(ask(question, user=request.user, caller=CALLER))

    @action(detail=True, methods=["put", "delete"])
    def star(self, request, pk: str) -> Response:
        """Put or remove one's own star."""
        insight = get_insight(request.user, int(pk))
        star_insight(insight, actor=request.user, is_starred=request.method == "PUT")
        return self._out(insight)


router = SimpleRouter()
router.register("insights", InsightViewSet, basename="insight")
urlpatterns = router.urls
