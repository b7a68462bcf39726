"""Calls, whom to call next and the reasons in the API: the same actions and the same doors as the pages."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from insights.cohorts.public import Cohort
from insights.contacts.public import LONGEST_ID, AskKind, check_askable, find_speaker
from insights.events.public import DistinctId
from insights.voice.conversations.public import Conversation
from insights.voice.listening.access import get_call, get_reason, get_suggestion
from insights.voice.listening.calling import ENDS, LONGEST_NOTE, claim_call, end_call, update_call
from insights.voice.listening.filters import CallFilter, CallReasonFilter, CallSuggestionFilter
from insights.voice.listening.models import Call, CallReason, CallSuggestion
from insights.voice.listening.picking import make_list
from insights.voice.listening.reasons import add_reason, change_reason, remove_reason
from portal.people.public import Product, require
from portal.shell.api import ActionViewSet, ChangeByAction, CreateByAction, ReadViewSet
from portal.shell.public import BadInput


def _own_products(serializer):
    """Return the products that the person of a request may see."""
    return Product.objects.visible_to(serializer.context["request"].user).select_related("team")


class ReasonWords(serializers.Serializer):
    """Why somebody is worth a call."""

    code = serializers.CharField()
    words = serializers.CharField()


class CallOutput(serializers.ModelSerializer):
    """What the API says of a call."""

    product = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    person = serializers.CharField(source="person.distinct_id", read_only=True)
    account = serializers.CharField(source="account.account_id", read_only=True, allow_null=True)
    who = serializers.CharField(read_only=True)
    reasons = ReasonWords(many=True, read_only=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Call
        fields = [
            *("id", "product", "person", "who", "account", "caller", "state", "reasons", "planned_on", "planned_at"),
            *("minutes", "note", "conversation", "version", "url", "created_at", "updated_at"),
        ]
        read_only_fields = fields


class CallChange(serializers.Serializer):
    """A change names the version that it was made from."""

    planned_on = serializers.DateField(required=False)
    planned_at = serializers.TimeField(required=False, allow_null=True, help_text="In the time zone of who calls.")
    minutes = serializers.IntegerField(required=False, min_value=5, max_value=480)
    note = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_NOTE)
    version = serializers.IntegerField(min_value=1)


class CallInput(CallChange):
    """What the API takes to plan a call: somebody of a list, or a product and a person."""

    suggestion = serializers.IntegerField(required=False, min_value=1)
    product = serializers.SlugRelatedField(slug_field="slug", queryset=Product.objects.none(), required=False)
    person = serializers.CharField(required=False, max_length=LONGEST_ID, help_text="An id or an e-mail address.")
    version = None

    def get_fields(self):
        """Let a product be named that the user may see."""
        fields = super().get_fields()
        fields["product"].queryset = _own_products(self)
        return fields

    def validate(self, attrs):
        """Take one way of naming whom to call."""
        if ("suggestion" in attrs) == ("person" in attrs and "product" in attrs):
            raise serializers.ValidationError("Name a suggestion, or a product and a person.")
        return attrs


class CallEnd(serializers.Serializer):
    """How a call ended."""

    how = serializers.ChoiceField(choices=list(ENDS))
    version = serializers.IntegerField(min_value=1)
    conversation = serializers.PrimaryKeyRelatedField(
        queryset=Conversation.objects.none(), required=False, allow_null=True, help_text="What was said in it."
    )

    def get_fields(self):
        """Let a conversation be named that the user sees whole."""
        fields, user = super().get_fields(), self.context["request"].user
        fields["conversation"].queryset = Conversation.objects.visible_to(user).inside_of(user)
        return fields


class CallViewSet(CreateByAction, ChangeByAction, ReadViewSet):
    """Calls with customers: planned, they hold the customer's turn; for the product's team and ops."""

    queryset = Call.objects.dressed()
    output_serializer_class = CallOutput
    input_serializer_class = CallInput
    change_serializer_class = CallChange
    filterset_class = CallFilter
    ordering_fields = ["planned_on", "created_at", "updated_at"]
    revision_field = "version"
    lookup_value_regex = r"\d{1,18}"
    door = get_call

    def do_create(self, values):
        """Plan a call and claim the ask for it; 409 says who asked them when."""
        actor = self.request.user
        if "suggestion" in values:
            one = get_suggestion(actor, values.pop("suggestion"), write=True)
            return claim_call(one.product, one.person, actor=actor, suggestion=one, **values)
        product, typed = values.pop("product"), values.pop("person")
        require(actor, "calls.edit", Call(product=product))
        found = find_speaker(product, person=typed)
        rows = DistinctId.objects.select_related("id_space__product__team").filter(no=found.person_no)
        person = rows.first()
        if person is None:
            raise BadInput(fields={"person": ["Nobody has this id or address."]})
        return claim_call(product, person, actor=actor, **values)

    def do_change(self, thing, values):
        """Plan it for another day."""
        return update_call(thing, actor=self.request.user, **values)

    @extend_schema(operation_id="calls_end", request=CallEnd, responses=CallOutput)
    @action(detail=True, methods=["post"])
    def end(self, request, pk: str) -> Response:
        """Say that it took place, that they declined, or give it back: then they may be asked again at once."""
        return self.answer(end_call(self.get_thing(write=True), actor=request.user, **self.get_input(CallEnd)))


class CallSuggestionOutput(serializers.ModelSerializer):
    """Somebody worth a call, in the order of the list."""

    product = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    person = serializers.CharField(source="person.distinct_id", read_only=True)
    account = serializers.CharField(source="account.account_id", read_only=True, allow_null=True)
    reasons = ReasonWords(many=True, read_only=True)

    class Meta:
        model = CallSuggestion
        fields = ["id", "product", "place", "person", "name", "account", "segment", "reasons"]
        read_only_fields = fields


class CallListInput(serializers.Serializer):
    """The product whose list is made anew."""

    product = serializers.SlugRelatedField(slug_field="slug", queryset=Product.objects.none())

    def get_fields(self):
        """Let a product be named that the user may see."""
        fields = super().get_fields()
        fields["product"].queryset = _own_products(self)
        return fields


class CallListOutput(serializers.Serializer):
    """What a making of the list found."""

    made_at = serializers.DateTimeField()
    n_looked_at = serializers.IntegerField()
    n_resting = serializers.IntegerField(help_text="Who may not be asked just now.")
    n_talked = serializers.IntegerField(help_text="With whom somebody talked lately.")


class CallSuggestionViewSet(ReadViewSet):
    """Whom to call next, as the list was made last; without those who may not be asked now."""

    queryset = CallSuggestion.objects.select_related("product", "person", "account")
    output_serializer_class = CallSuggestionOutput
    filterset_class = CallSuggestionFilter
    ordering_fields = ["place"]
    lookup_value_regex = r"\d{1,18}"
    door = get_suggestion

    def get_queryset(self):
        """Return who may be asked now; a list has sixty people at most for each product."""
        rows = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return rows
        people = rows.order_by().values_list("person", flat=True)
        return rows.exclude(person__in=list(check_askable(list(people), AskKind.CALL, timezone.now())))

    @extend_schema(operation_id="call_suggestions_make", request=CallListInput, responses=CallListOutput)
    @action(detail=False, methods=["post"])
    def make(self, request) -> Response:
        """Make the list of a product anew."""
        made = make_list(self.get_input(CallListInput)["product"], actor=request.user)
        return Response(CallListOutput(made).data)


class CallReasonOutput(serializers.ModelSerializer):
    """What the API says of a reason to call."""

    product = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    cohort = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = CallReason
        fields = ["id", "product", "cohort", "why", "weight", "version", "updated_at"]
        read_only_fields = fields


class CallReasonChange(serializers.Serializer):
    """A change names the version that it was made from."""

    why = serializers.ChoiceField(choices=CallReason.Why.choices, required=False)
    weight = serializers.ChoiceField(choices=CallReason.Weight.choices, required=False)
    version = serializers.IntegerField(min_value=1)


class CallReasonInput(CallReasonChange):
    """A cohort of a product, and why whoever is in it is worth a call."""

    product = serializers.SlugRelatedField(slug_field="slug", queryset=Product.objects.none())
    cohort = serializers.SlugRelatedField(slug_field="slug", queryset=Cohort.objects.none())
    version = None

    def get_fields(self):
        """Let things be named that the user may see."""
        fields = super().get_fields()
        fields["product"].queryset = _own_products(self)
        fields["cohort"].queryset = Cohort.objects.visible_to(self.context["request"].user).live()
        return fields


class CallReasonViewSet(ActionViewSet):
    """Which cohorts are worth a call."""

    queryset = CallReason.objects.select_related("product__team", "cohort")
    output_serializer_class = CallReasonOutput
    input_serializer_class = CallReasonInput
    change_serializer_class = CallReasonChange
    filterset_class = CallReasonFilter
    ordering_fields = ["weight", "updated_at"]
    revision_field = "version"
    lookup_value_regex = r"\d{1,18}"
    door = get_reason

    def do_create(self, values):
        """Add a reason."""
        return add_reason(values.pop("product"), values.pop("cohort"), actor=self.request.user, **values)

    def do_change(self, thing, values):
        """Say why else, or how much."""
        return change_reason(thing, actor=self.request.user, **values)

    def do_delete(self, thing):
        """Take it back."""
        remove_reason(thing, actor=self.request.user)
