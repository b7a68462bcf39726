"""Asks and opt-outs in the API: the actions and the door of the pages."""

from rest_framework import serializers

from insights.contacts.access import get_ask, get_opt_out, get_person_id
from insights.contacts.api_fields import PERSON, OfPersonOutput
from insights.contacts.asks import claim_ask, opt_in, opt_out, release_ask
from insights.contacts.filters import AskFilter, OptOutFilter
from insights.contacts.models import Ask, AskKind, OptOut
from portal.shell.api import CreateByAction, DeleteByAction, ReadViewSet


class AskOutput(OfPersonOutput):
    """What the API says of an ask."""

    class Meta:
        model = Ask
        fields = ["id", "person", "kind", "about", "asked_at", "asked_by"]
        read_only_fields = fields


class AskInput(serializers.Serializer):
    """Whom to ask, how, and for what."""

    person = serializers.IntegerField(**PERSON)
    kind = serializers.ChoiceField(choices=AskKind.choices)
    about = serializers.CharField(max_length=Ask.MAX_ABOUT)


class AskViewSet(CreateByAction, DeleteByAction, ReadViewSet):
    """Each time that a person was asked something; claimed before asking, refused where it would be too often."""

    queryset = Ask.objects.select_related("person")
    output_serializer_class = AskOutput
    input_serializer_class = AskInput
    filterset_class = AskFilter
    ordering_fields = ["asked_at"]
    lookup_value_regex = r"\d{1,18}"
    door = get_ask

    def do_create(self, values):
        """Claim the ask."""
        row = get_person_id(self.request.user, values.pop("person"), write=True)
        return claim_ask(row, actor=self.request.user, **values)

    def do_delete(self, thing):
        """Take back an ask that did not take place."""
        release_ask(thing, actor=self.request.user)


class OptOutOutput(OfPersonOutput):
    """What the API says of an opt-out."""

    class Meta:
        model = OptOut
        fields = ["id", "person", "kind", "is_own", "created_by", "created_at"]
        read_only_fields = fields


class OptOutInput(serializers.Serializer):
    """Who does not want to be asked any more, and how; without a kind, in any way."""

    person = serializers.IntegerField(**PERSON)
    kind = serializers.ChoiceField(choices=AskKind.choices, required=False, allow_blank=True)


class OptOutViewSet(CreateByAction, DeleteByAction, ReadViewSet):
    """Who does not want to be asked any more; every way of asking obeys it."""

    queryset = OptOut.objects.select_related("person")
    output_serializer_class = OptOutOutput
    input_serializer_class = OptOutInput
    filterset_class = OptOutFilter
    ordering_fields = ["created_at"]
    lookup_value_regex = r"\d{1,18}"
    door = get_opt_out

    def do_create(self, values):
        """Note the opt-out."""
        row = get_person_id(self.request.user, values.pop("person"), write=True)
        return opt_out(row, actor=self.request.user, **values)

    def do_delete(self, thing):
        """Take it back."""
        opt_in(thing, actor=self.request.user)
