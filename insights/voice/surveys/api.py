"""Surveys, their answers and rounds of asking in the API: the actions and the door of the pages."""

from dataclasses import asdict
from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from insights.cohorts.public import Cohort
from insights.contacts.public import LONGEST_ID, find_speaker
from insights.events.public import DistinctId
from insights.voice.surveys import actions, asking
from insights.voice.surveys.access import get_answer, get_sending, get_survey, get_survey_inside
from insights.voice.surveys.answering import LONGEST_COMMENT, add_answer
from insights.voice.surveys.filters import AnswerFilter, SendingFilter, SurveyFilter
from insights.voice.surveys.measuring import INTERVAL_CHOICES, NUMBERS, SCOPES, make_metric
from insights.voice.surveys.models import Answer, Sending, Survey
from insights.voice.surveys.results import DIMENSIONS, INTERVALS, read_results
from insights.voice.surveys.words import LANGUAGE_CHOICES
from portal.people.public import Product, Visibility, possible_owners
from portal.shell.api import ActionViewSet, CreateByAction, DeleteByAction, PortalRouter, ReadViewSet, TellsUses
from portal.shell.public import BadInput


class SurveyOutput(serializers.ModelSerializer):
    """What the API says of a survey."""

    product = serializers.CharField(source="product.slug")
    team = serializers.CharField(source="team.slug")
    cohort = serializers.CharField(source="cohort.slug", default=None)
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Survey
        fields = ["id", "product", "team", "name", "kind", "question", "low_label", "high_label", "comment_question"]
        fields += ["thanks", "language", "no_answers", "counts", "sender", "mail_text", "cohort", "needs_consent"]
        fields += ["closes_on", "state", "opened_at", "closed_at", "visibility", "owner", "version", "url"]
        fields += ["created_at", "updated_at"]
        read_only_fields = fields


def _cohort_field(**options: Any) -> serializers.SlugRelatedField:
    return serializers.SlugRelatedField(slug_field="slug", queryset=Cohort.objects.none(), **options)


class _SurveyFields(serializers.Serializer):
    """What may be said of a survey."""

    name = serializers.CharField(max_length=120)
    question = serializers.CharField(max_length=300, required=False, allow_blank=True, help_text="Else the usual one.")
    low_label = serializers.CharField(max_length=60, required=False, allow_blank=True)
    high_label = serializers.CharField(max_length=60, required=False, allow_blank=True)
    comment_question = serializers.CharField(max_length=300, required=False, allow_blank=True)
    thanks = serializers.CharField(max_length=500, required=False, allow_blank=True)
    language = serializers.ChoiceField(choices=LANGUAGE_CHOICES, required=False)
    no_answers = serializers.ListField(child=serializers.CharField(max_length=20), required=False, max_length=20)
    counts = serializers.ChoiceField(choices=Survey.Counts.choices, required=False)
    sender = serializers.CharField(max_length=120, required=False, allow_blank=True)
    mail_text = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    cohort = _cohort_field(required=False, allow_null=True, help_text="Whom it asks, unless a round says otherwise.")
    needs_consent = serializers.BooleanField(required=False)
    closes_on = serializers.DateField(required=False, allow_null=True)
    visibility = serializers.ChoiceField(choices=Visibility.choices, required=False)

    def get_fields(self):
        """Let cohorts and products be named that the user may see."""
        fields, user = super().get_fields(), self.context["request"].user
        cohorts = Cohort.objects.visible_to(user).live().select_related("current").defer("current__members")
        fields["cohort"].queryset = cohorts.prefetch_related("products")
        if "product" in fields:
            fields["product"].queryset = Product.objects.visible_to(user).select_related("team")
        return fields


class SurveyInput(_SurveyFields):
    """A product, a kind and a name make a survey; all else has its usual words."""

    product = serializers.SlugRelatedField(slug_field="slug", queryset=Product.objects.none())
    kind = serializers.ChoiceField(choices=Survey.Kind.choices)


class SurveyChange(_SurveyFields):
    """A change names the version that it was made from."""

    name = serializers.CharField(max_length=120, required=False)
    owner = serializers.IntegerField(required=False, allow_null=True, help_text="Somebody of the product's team.")
    version = serializers.IntegerField(min_value=1)


class AskSurveyInput(serializers.Serializer):
    """Whom to ask, and how."""

    cohort = _cohort_field(required=False, help_text="Its slug; else the survey's own.")
    way = serializers.ChoiceField(choices=Sending.Way.choices)

    def get_fields(self):
        """Let cohorts be named that the user may see."""
        fields = super().get_fields()
        cohorts = Cohort.objects.visible_to(self.context["request"].user).live().select_related("current")
        fields["cohort"].queryset = cohorts.defer("current__members").prefetch_related("products")
        return fields


class SurveyMetricInput(serializers.Serializer):
    """Which number of a survey becomes a metric."""

    name = serializers.CharField(max_length=120)
    scope = serializers.ChoiceField(choices=list(SCOPES.items()), default="survey")
    number = serializers.ChoiceField(choices=list(NUMBERS.items()), default="score")
    interval = serializers.ChoiceField(choices=INTERVAL_CHOICES, default="month")


class SendingOutput(serializers.ModelSerializer):
    """What the API says of a round of asking."""

    class Meta:
        model = Sending
        fields = ["id", "survey", "kind", "way", "cohort_name", "state", "n_done", "n_total", "n_asked", "passed"]
        fields += ["error", "asked_by", "created_at", "finished_at"]
        read_only_fields = fields


_BY = OpenApiParameter("by", str, enum=list(DIMENSIONS), description="Groups by this.")
_INTERVAL = OpenApiParameter("interval", str, enum=list(INTERVALS), description="Periods of this length.")


class SurveyViewSet(TellsUses, ActionViewSet):
    """Surveys: what is asked, and what came of it."""

    queryset = Survey.objects.dressed()
    output_serializer_class = SurveyOutput
    input_serializer_class = SurveyInput
    change_serializer_class = SurveyChange
    filterset_class = SurveyFilter
    ordering_fields = ["name", "created_at", "updated_at", "closes_on"]
    lookup_value_regex = r"\d{1,18}"
    revision_field = "version"
    door = get_survey

    def do_create(self, values):
        """Make a draft."""
        return actions.create_survey(values.pop("product"), actor=self.request.user, **values)

    def do_change(self, thing, values):
        """Change it."""
        if values.get("owner") is not None:
            owner = possible_owners([thing.team_id]).filter(pk=values["owner"]).first()
            if owner is None:
                raise BadInput(fields={"owner": ["Nobody of the product's team has this number."]})
            values["owner"] = owner
        return actions.update_survey(thing, actor=self.request.user, **values)

    def do_delete(self, thing):
        """Delete it, unless somebody was asked."""
        actions.delete_survey(thing, actor=self.request.user)

    @extend_schema(operation_id="surveys_open", request=None, responses=SurveyOutput)
    @action(detail=True, methods=["post"], url_path="open", url_name="open")
    def open_it(self, request, pk: str) -> Response:
        """Let it be answered."""
        return self.answer(actions.open_survey(self.get_thing(write=True), actor=request.user))

    @extend_schema(operation_id="surveys_close", request=None, responses=SurveyOutput)
    @action(detail=True, methods=["post"])
    def close(self, request, pk: str) -> Response:
        """Take no more answers."""
        return self.answer(actions.close_survey(self.get_thing(write=True), actor=request.user))

    @extend_schema(operation_id="surveys_ask", request=AskSurveyInput, responses={202: SendingOutput})
    @action(detail=True, methods=["post"])
    def ask(self, request, pk: str) -> Response:
        """Have an audience asked by a worker."""
        survey = get_survey_inside(request.user, int(pk), write=True)
        sending = asking.ask_people(survey, actor=request.user, **self.get_input(AskSurveyInput))
        return Response(SendingOutput(sending).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(operation_id="surveys_remind", request=None, responses={202: SendingOutput})
    @action(detail=True, methods=["post"])
    def remind(self, request, pk: str) -> Response:
        """Have those reminded who have not answered, as the limit allows."""
        survey = get_survey_inside(request.user, int(pk), write=True)
        sending = asking.remind_people(survey, actor=request.user)
        return Response(SendingOutput(sending).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(operation_id="surveys_results", parameters=[_BY, _INTERVAL], responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["get"])
    def results(self, request, pk: str) -> Response:
        """Return the score with interval and formula, by group, over time, and the response rate."""
        survey = self.get_thing()
        asked = {
            "by": request.query_params.get("by", "segment"),
            "interval": request.query_params.get("interval", "month"),
        }
        known = {"by": DIMENSIONS, "interval": INTERVALS}
        if wrong := [name for name, value in asked.items() if value not in known[name]]:
            raise BadInput(fields={name: [f"Use one of: {', '.join(known[name])}."] for name in wrong})
        results = asdict(read_results(survey, now=timezone.now(), **asked))
        scale = survey.scale
        results["scale"] = asdict(scale) if scale else None
        return Response(results)

    @extend_schema(operation_id="surveys_metric", request=SurveyMetricInput, responses={201: OpenApiTypes.OBJECT})
    @action(detail=True, methods=["post"])
    def metric(self, request, pk: str) -> Response:
        """Make a metric of the score."""
        survey = self.get_thing(write=True)
        metric = make_metric(survey, actor=request.user, **self.get_input(SurveyMetricInput))
        return Response({"metric": metric.pk, "url": metric.get_absolute_url()}, status=status.HTTP_201_CREATED)


class AnswerOutput(serializers.ModelSerializer):
    """What the API says of an answer."""

    person = serializers.SerializerMethodField()
    account = serializers.CharField(source="account.account_id", default=None)

    class Meta:
        model = Answer
        fields = ["id", "survey", "score", "no_answer", "feedback", "person", "account", "plan", "segment"]
        fields += ["answered_at", "via", "is_counted", "created_at"]
        read_only_fields = fields

    @extend_schema_field(OpenApiTypes.STR)
    def get_person(self, answer):
        """Return the id of who answered, None where nobody is known."""
        return answer.person.distinct_id if answer.person else None


class AnswerInput(serializers.Serializer):
    """An answer that came another way, as from the product itself."""

    survey = serializers.IntegerField(min_value=1)
    person = serializers.CharField(max_length=LONGEST_ID, help_text="An id as events know them, or an e-mail address.")
    score = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=10)
    comment = serializers.CharField(
        required=False, allow_blank=True, max_length=LONGEST_COMMENT, trim_whitespace=False, write_only=True
    )
    answered_at = serializers.DateTimeField(required=False)


class AnswerViewSet(CreateByAction, DeleteByAction, ReadViewSet):
    """Who answered what; for the survey's team and ops."""

    queryset = Answer.objects.select_related("person", "account")
    output_serializer_class = AnswerOutput
    input_serializer_class = AnswerInput
    filterset_class = AnswerFilter
    ordering_fields = ["answered_at", "score"]
    lookup_value_regex = r"\d{1,18}"
    door = get_answer

    def do_create(self, values):
        """Keep an answer."""
        survey = get_survey_inside(self.request.user, values.pop("survey"), write=True)
        number = find_speaker(survey.product, person=values.pop("person")).person_no
        if number is None:
            raise BadInput(fields={"person": ["Say who answered."]})
        person = DistinctId.objects.select_related("id_space__product__team").get(pk=number)
        return add_answer(survey, person, actor=self.request.user, **values)

    def do_delete(self, thing):
        """Delete it with its words."""
        actions.delete_answer(thing, actor=self.request.user)


class SendingViewSet(ReadViewSet):
    """Rounds of asking: how many were asked, and why others were passed over."""

    queryset = Sending.objects.all()
    output_serializer_class = SendingOutput
    filterset_class = SendingFilter
    ordering_fields = ["created_at"]
    lookup_value_regex = r"\d{1,18}"
    door = get_sending


router = PortalRouter()
router.register("surveys", SurveyViewSet, basename="survey")
router.register("survey-answers", AnswerViewSet, basename="survey-answer")
router.register("survey-sendings", SendingViewSet, basename="survey-sending")
urlpatterns = router.urls
