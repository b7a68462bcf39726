"""The API of blind rounds; what others said is in it only once it is revealed."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from portal.people.api_fields import ProductField
from portal.people.public import Visibility, possible_owners
from portal.shell.api import ReadViewSet
from portal.shell.public import BadInput
from roadmaps.planning.initiatives.public import Initiative
from roadmaps.planning.scoring import actions
from roadmaps.planning.scoring.access import get_round
from roadmaps.planning.scoring.filters import RoundFilter
from roadmaps.planning.scoring.models import Round, ScoringModel
from roadmaps.planning.scoring.showing_rounds import ItemShown, show_round


class RoundOutput(serializers.ModelSerializer):
    """What the API says of a round in a list."""

    product = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    model = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Round
        fields = [
            *("id", "title", "product", "model", "state", "owner", "visibility", "due_on", "revealed_at"),
            *("version", "url", "created_at", "updated_at"),
        ]
        read_only_fields = fields


class RoundInput(serializers.Serializer):
    """What the API takes to open a round: initiatives of the product, people of its team by number."""

    product = ProductField()
    model = serializers.SlugRelatedField(slug_field="slug", queryset=ScoringModel.objects.exclude(current=None))
    title = serializers.CharField(max_length=200)
    initiatives = serializers.PrimaryKeyRelatedField(queryset=Initiative.objects.none(), many=True)
    people = serializers.ListField(child=serializers.IntegerField(min_value=1), max_length=100)
    due_on = serializers.DateField(required=False, allow_null=True)
    visibility = serializers.ChoiceField(choices=Visibility.choices, required=False)

    def get_fields(self):
        """Let initiatives be named that the user may see."""
        fields, user = super().get_fields(), self.context["request"].user
        fields["initiatives"].child_relation.queryset = Initiative.objects.visible_to(user)
        fields["model"].queryset = ScoringModel.objects.select_related("current").exclude(current=None)
        return fields


class BallotInput(serializers.Serializer):
    """What one says: {initiative: {input: value}}; with `is_done` it is handed in."""

    ballots = serializers.DictField(child=serializers.DictField(child=serializers.FloatField()))
    notes = serializers.DictField(child=serializers.CharField(max_length=500, allow_blank=True), required=False)
    is_done = serializers.BooleanField(default=False)


class ItemOutput(serializers.Serializer):
    """One initiative of a round: one's own ballot, and everybody's once it is revealed."""

    initiative = serializers.IntegerField(source="initiative.pk")
    title = serializers.CharField(source="initiative.title")
    settled_at = serializers.DateTimeField(source="item.settled_at")
    mine = serializers.SerializerMethodField()
    spreads = serializers.SerializerMethodField()

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_mine(self, item: ItemShown) -> dict[str, float] | None:
        """Return what the reader said."""
        return item.ballot.given if item.ballot else None

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_spreads(self, item: ItemShown) -> list[dict[str, Any]]:
        """Return how far people lie apart, the widest first; empty before the reveal."""
        return [
            {
                "input": one.spread.input.key,
                "n": one.spread.n,
                "least": one.spread.least,
                "middle": one.spread.middle,
                "most": one.spread.most,
                "share": round(one.spread.share, 4),
            }
            for one in item.spreads
        ]


class RoundViewSet(ReadViewSet):
    """Times in which several people score the same initiatives blind."""

    queryset = Round.objects.of_rows()
    output_serializer_class = RoundOutput
    input_serializer_class = RoundInput
    filterset_class = RoundFilter
    ordering_fields = ["created_at", "due_on", "title"]
    lookup_value_regex = r"\d{1,18}"
    door = get_round

    @extend_schema(request=RoundInput, responses={201: RoundOutput})
    def create(self, request, *args, **kwargs) -> Response:
        """Open a round."""
        values = self.get_input()
        product, model, people = values.pop("product"), values.pop("model"), values.pop("people")
        found = list(possible_owners([product.team_id], request.user.pk).filter(pk__in=people))
        if len(found) < len(set(people)):
            raise BadInput(fields={"people": ["Name people of the product's team."]})
        made = actions.open_round(product, model, people=found, actor=request.user, **values)
        return self.answer(made, status.HTTP_201_CREATED)

    @extend_schema(operation_id="scoring_rounds_items", responses=ItemOutput(many=True))
    @action(detail=True, methods=["get"])
    def items(self, request, pk: str) -> Response:
        """Return what is scored, with one's own ballot, and everybody's spread once it is revealed."""
        shown = show_round(self.get_thing(), request.user)
        return Response(ItemOutput(shown.items, many=True).data)

    @extend_schema(operation_id="scoring_rounds_ballot", request=BallotInput, responses=RoundOutput)
    @action(detail=True, methods=["post"])
    def ballot(self, request, pk: str) -> Response:
        """Say what one thinks; it is nobody else's until the reveal."""
        values = self.get_input(BallotInput)
        by_number = {name: _numbered(values.get(name, {})) for name in ("ballots", "notes")}
        round_ = self.get_thing()
        actions.hand_in(round_, actor=request.user, is_done=values["is_done"], **by_number)
        return self.answer(self.get_thing())

    @extend_schema(operation_id="scoring_rounds_take_back", request=None, responses=RoundOutput)
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request, pk: str) -> Response:
        """Take back what one handed in."""
        actions.take_back(self.get_thing(), actor=request.user)
        return self.answer(self.get_thing())

    @extend_schema(operation_id="scoring_rounds_reveal", request=None, responses=RoundOutput)
    @action(detail=True, methods=["post"])
    def reveal(self, request, pk: str) -> Response:
        """Show what everybody handed in."""
        return self.answer(actions.reveal_round(self.get_thing(write=True), actor=request.user))

    @extend_schema(operation_id="scoring_rounds_cancel", request=None, responses=RoundOutput)
    @action(detail=True, methods=["post"])
    def cancel(self, request, pk: str) -> Response:
        """End it without settling."""
        return self.answer(actions.cancel_round(self.get_thing(write=True), actor=request.user))


def _numbered(values: dict[str, Any]) -> dict[int, Any]:
    """Return what was sent with its keys as numbers."""
    wrong = [key for key in values if not (key.isdecimal() and len(key) < 19)]
    if wrong:
        raise BadInput(fields={"ballots": ["Name initiatives by their numbers."]})
    return {int(key): value for key, value in values.items()}
