"""Questions over the API: ask one, see who is behind a number, list the kinds."""

from dataclasses import asdict

from django.conf import settings
from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from insights.questions.asking import ask
from insights.questions.kinds import KINDS
from insights.questions.parsing import parse_question
from insights.questions.people import MAX_PAGE_SIZE, PAGE_SIZE, list_people

_EXAMPLES = {
    "trend": {"series": [{"event": "report opened", "measure": "persons"}], "interval": "day"},
    "funnel": {"steps": [{"event": "signed up"}, {"event": "invited teammate"}], "date_from": "-90d"},
    "retention": {"target": {"event": "signed up"}, "returning": {"event": None}, "mode": "first_time"},
    "stickiness": {"series": [{"event": "report opened"}], "interval": "day"},
    "lifecycle": {"event": {"event": "report opened"}, "interval": "week", "date_from": "-12w"},
    "adoption": {"features": [{"name": "Reports", "events": [{"event": "report opened"}], "core": True}]},
    "goes_with": {"target": {"event": "signed up"}, "returning": {"event": None}, "days": 7, "until": 28},
    "paths": {"start": {"event": "signed up"}, "steps": 5, "edges": 50, "date_from": "-30d"},
}
_SHOWN = [
    OpenApiExample(kind, value={"kind": kind, "products": ["planner"], **example}, request_only=True)
    for kind, example in _EXAMPLES.items()
]


class KindSerializer(serializers.Serializer):
    """One kind of question."""

    kind = serializers.CharField()
    title = serializers.CharField()
    purpose = serializers.CharField()
    example = serializers.JSONField()
    has_people = serializers.BooleanField(help_text="Whether the people behind its numbers can be listed.")


class PeopleQuerySerializer(serializers.Serializer):
    """Which number's people are wanted."""

    question = serializers.JSONField()
    cell = serializers.JSONField(help_text='Such as {"series": 0, "label": "2024-01-01"} or {"step": 2}.')
    page = serializers.IntegerField(min_value=1, default=1)
    page_size = serializers.IntegerField(min_value=1, max_value=MAX_PAGE_SIZE, default=PAGE_SIZE)


class BehindSerializer(serializers.Serializer):
    """One person or account."""

    no = serializers.IntegerField()
    id = serializers.CharField()
    traits = serializers.JSONField()


class PeoplePageSerializer(serializers.Serializer):
    """A page of the people or accounts behind a number."""

    total = serializers.IntegerField(help_text="The number itself.")
    page = serializers.IntegerField()
    page_size = serializers.IntegerField()
    unit = serializers.ChoiceField(["person", "account"])
    people = BehindSerializer(many=True)
    data_version = serializers.IntegerField()


class AskView(APIView):
    """Answer a question."""

    reads_by_post = True

    @extend_schema(
        operation_id="questions_ask",
        tags=["questions"],
        request={
            "application/json": {"type": "object", "description": "A question; its `kind` says which keys it has."}
        },
        responses={200: {"type": "object", "description": "The answer, with `facts` about where it comes from."}},
        examples=_SHOWN,
    )
    def post(self, request) -> Response:
        """Return the answer to the question in the body."""
        question = parse_question(request.data, now=timezone.now(), default_zone=settings.WORKSPACE_TIME_ZONE)
        return Response(ask(question, user=request.user, caller="api.questions.ask"))


class PeopleView(APIView):
    """List the people behind a number."""

    reads_by_post = True

    @extend_schema(
        operation_id="questions_people",
        tags=["questions"],
        request=PeopleQuerySerializer,
        responses={200: PeoplePageSerializer},
    )
    def post(self, request) -> Response:
        """Return a page of the people or accounts behind a number of a trend, funnel, retention or paths."""
        wanted = PeopleQuerySerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        data = wanted.validated_data
        question = parse_question(data["question"], now=timezone.now(), default_zone=settings.WORKSPACE_TIME_ZONE)
        found = list_people(
            question,
            data["cell"],
            user=request.user,
            page=data["page"],
            page_size=data["page_size"],
            caller="api.people",
        )
        return Response(asdict(found))


class KindsView(APIView):
    """List the kinds of questions."""

    @extend_schema(operation_id="questions_kinds", tags=["questions"], responses={200: KindSerializer(many=True)})
    def get(self, request) -> Response:
        """Return every kind with what it is for and an example."""
        found = [
            {
                "kind": kind.name,
                "title": kind.title,
                "purpose": kind.purpose,
                "example": {"kind": kind.name, **_EXAMPLES[kind.name]},
                "has_people": kind.behind is not None,
            }
            for kind in KINDS.values()
        ]
        return Response(KindSerializer(found, many=True).data)


urlpatterns = [
    path("questions/ask", AskView.as_view(), name="question-ask"),
    path("questions/people", PeopleView.as_view(), name="question-people"),
    path("questions/kinds", KindsView.as_view(), name="question-kinds"),
]
