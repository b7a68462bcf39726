"""The API of scoring: models and their versions, scores with what was said of each input, blind rounds."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from portal.shell.api import ActionViewSet, DeleteByAction, PortalRouter, ReadViewSet
from portal.shell.public import BadInput
from roadmaps.planning.initiatives.public import Initiative
from roadmaps.planning.scoring import actions
from roadmaps.planning.scoring.access import get_model, get_score, get_scored
from roadmaps.planning.scoring.filters import ScoreFilter
from roadmaps.planning.scoring.models import ModelVersion, Score, ScoringModel
from roadmaps.planning.scoring.models.score import Label
from roadmaps.planning.scoring.orders import counted_values
from roadmaps.planning.scoring.rounds_api import RoundViewSet


class ScoringModelOutput(serializers.ModelSerializer):
    """What the API says of a scoring model: what its newest version asks."""

    kind = serializers.ChoiceField(choices=ModelVersion.Kind.choices, source="current.kind", read_only=True)
    number = serializers.IntegerField(source="current.number", read_only=True)
    definition = serializers.JSONField(source="current.definition", read_only=True)
    options = serializers.JSONField(source="current.options", read_only=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = ScoringModel
        fields = [
            *("id", "slug", "name", "description", "kind", "number", "definition", "options", "position"),
            *("archived_at", "version", "url", "created_at", "updated_at"),
        ]
        read_only_fields = fields


class VersionInput(serializers.Serializer):
    """The next version of a model; `seen` is the number of the one that it was made from."""

    kind = serializers.ChoiceField(choices=ModelVersion.Kind.choices)
    options = serializers.JSONField(required=False)
    note = serializers.CharField(required=False, allow_blank=True, max_length=300)
    seen = serializers.IntegerField(min_value=0)

    def validate_options(self, value: Any) -> dict[str, Any]:
        """Take an object."""
        if not isinstance(value, dict):
            raise serializers.ValidationError("Send an object.")
        return value


class ScoringModelInput(VersionInput):
    """What the API takes to make a model with its first version."""

    name = serializers.CharField(max_length=60)
    description = serializers.CharField(required=False, allow_blank=True, max_length=500)
    seen = None


class ScoringModelChange(serializers.Serializer):
    """What a model is called; a change names the version that it was made from."""

    name = serializers.CharField(max_length=60)
    description = serializers.CharField(allow_blank=True, max_length=500)
    position = serializers.IntegerField(min_value=0, max_value=1000)
    version = serializers.IntegerField(min_value=1)


class ScoringModelViewSet(ActionViewSet):
    """The ways in which initiatives are scored; ops look after them."""

    queryset = ScoringModel.objects.select_related("current").exclude(current=None)
    output_serializer_class = ScoringModelOutput
    input_serializer_class = ScoringModelInput
    change_serializer_class = ScoringModelChange
    ordering_fields = ["position", "name", "created_at"]
    lookup_field = "slug"
    revision_field = "version"
    door = get_model
    http_method_names = ["get", "post", "patch", "head", "options"]

    def do_create(self, values):
        """Make a model."""
        return actions.create_model(actor=self.request.user, **values)

    def do_change(self, thing, values):
        """Change what it is called."""
        return actions.update_model(thing, actor=self.request.user, **values)

    @extend_schema(operation_id="scoring_models_write_version", request=VersionInput, responses=ScoringModelOutput)
    @action(detail=True, methods=["post"], url_path="versions")
    def write_version(self, request, slug: str) -> Response:
        """Write its next version; scores are worked out anew."""
        model = self.get_thing(write=True)
        return self.answer(actions.write_version(model, actor=request.user, **self.get_input(VersionInput)))

    @extend_schema(operation_id="scoring_models_archive", request=None, responses=ScoringModelOutput)
    @action(detail=True, methods=["post"])
    def archive(self, request, slug: str) -> Response:
        """Put it away; `restore` takes it out again."""
        return self.answer(actions.archive_model(self.get_thing(write=True), actor=request.user))

    @extend_schema(operation_id="scoring_models_restore", request=None, responses=ScoringModelOutput)
    @action(detail=True, methods=["post"])
    def restore(self, request, slug: str) -> Response:
        """Use it again."""
        return self.answer(actions.restore_model(self.get_thing(write=True), actor=request.user))


class ScoreOutput(serializers.ModelSerializer):
    """What the API says of a score.

    `inputs` is what was said, `counted` what of it counts: confidence as its labels allow. `own` is the score by
    itself, `value` with what it unblocks; `least` and `most` when every range goes against or for it.
    """

    model = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    inputs = serializers.SerializerMethodField()
    counted = serializers.SerializerMethodField()
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Score
        fields = [
            *("id", "initiative", "model", "inputs", "counted", "own", "value", "least", "most", "weakest"),
            *("is_capped", "has_moved", "oldest_on", "note", "scored_by", "version", "url", "created_at", "updated_at"),
        ]
        read_only_fields = fields

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_inputs(self, score: Score) -> dict[str, Any]:
        """Return what was said of each input."""
        return {one.key: score.given[one.key] for one in score.model.definition.inputs if one.key in score.given}

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_counted(self, score: Score) -> dict[str, float]:
        """Return what counts."""
        return counted_values(score, score.model.definition)


class SaidInput(serializers.Serializer):
    """What is said of one input: a likely value and its range, or what it is bound to, as "cohort:12"."""

    likely = serializers.FloatField(required=False)
    low = serializers.FloatField(required=False, allow_null=True)
    high = serializers.FloatField(required=False, allow_null=True)
    label = serializers.ChoiceField(choices=Label.choices, required=False)
    source = serializers.CharField(required=False, allow_blank=True, max_length=200)
    on = serializers.DateField(required=False)
    bound = serializers.CharField(required=False, allow_blank=True, max_length=60)


class ScoreChangeInput(serializers.Serializer):
    """Inputs by key, null to take one back; `version` is the score's that this was made from, 0 for a first one."""

    inputs = serializers.DictField(child=SaidInput(allow_null=True), allow_empty=False)
    note = serializers.CharField(required=False, allow_blank=True, max_length=500)
    version = serializers.IntegerField(min_value=0)


class ScoreInput(ScoreChangeInput):
    """What the API takes to score an initiative by a model."""

    initiative = serializers.PrimaryKeyRelatedField(queryset=Initiative.objects.none())
    model = serializers.SlugRelatedField(slug_field="slug", queryset=ScoringModel.objects.exclude(current=None))
    version = serializers.IntegerField(min_value=0, default=0)

    def get_fields(self):
        """Let initiatives be named that the user may see."""
        fields, user = super().get_fields(), self.context["request"].user
        fields["initiative"].queryset = Initiative.objects.visible_to(user).of_rows()
        fields["model"].queryset = ScoringModel.objects.select_related("current").exclude(current=None)
        return fields


class ScoreViewSet(DeleteByAction, ReadViewSet):
    """What was said of initiatives, and the numbers that come of it."""

    queryset = Score.objects.of_rows()
    output_serializer_class = ScoreOutput
    input_serializer_class = ScoreInput
    filterset_class = ScoreFilter
    ordering_fields = ["value", "created_at", "updated_at", "oldest_on"]
    lookup_value_regex = r"\d{1,18}"
    door = get_score

    @extend_schema(request=ScoreInput, responses={201: ScoreOutput})
    def create(self, request, *args, **kwargs) -> Response:
        """Score an initiative."""
        values = self.get_input()
        initiative = get_scored(request.user, values.pop("initiative").pk, write=True)
        score = actions.score_initiative(initiative, values.pop("model"), actor=request.user, **values)
        return self.answer(get_score(request.user, score.pk), status.HTTP_201_CREATED)

    @extend_schema(request=ScoreChangeInput, responses=ScoreOutput)
    def partial_update(self, request, *args, **kwargs) -> Response:
        """Say other inputs; those that are not named stay."""
        score, values = self.get_thing(write=True), self.get_input(ScoreChangeInput, partial=True)
        if "version" not in values:
            raise BadInput(fields={"version": ["Name the version that you changed."]})
        if "inputs" not in values:
            raise BadInput(fields={"inputs": ["Say at least one input."]})
        actions.score_initiative(score.initiative, score.model, actor=request.user, **values)
        return self.answer(self.get_thing())

    def do_delete(self, thing):
        """Take it away."""
        actions.delete_score(thing, actor=self.request.user)

    @extend_schema(operation_id="scores_confirm", request=None, responses=ScoreOutput)
    @action(detail=True, methods=["post"])
    def confirm(self, request, pk: str) -> Response:
        """Say that it was looked at and is still right."""
        actions.confirm_scores([self.get_thing(write=True)], actor=request.user)
        return self.answer(self.get_thing())


router = PortalRouter()
router.register("scoring-models", ScoringModelViewSet, basename="scoring-model")
router.register("scores", ScoreViewSet, basename="score")
router.register("scoring-rounds", RoundViewSet, basename="scoring-round")
urlpatterns = router.urls
