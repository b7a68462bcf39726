"""The API's refreshes: read them, start one, try failed steps again."""

from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from portal.refresh import actions
from portal.refresh.models import Refresh, RefreshStep
from portal.refresh.queries import hidden, sees_problems
from portal.shell.api import CreateByAction, PortalRouter, ReadViewSet


class StepOutput(serializers.ModelSerializer):
    """One step of a refresh; rows are counts, problems are sentences."""

    def to_representation(self, step):
        """Return a step; its sentences name sources and files of every team, so they are for ops."""
        shown = super().to_representation(step)
        request = self.context.get("request")
        if request is None or not sees_problems(request.user):
            n_problems = len(step.problems) + bool(step.error)
            shown |= {"problems": hidden(n_problems), "error": "", "note": ""}
        return shown

    class Meta:
        model = RefreshStep
        fields = ["name", "label", "state", "started_at", "finished_at", "n_attempts", "n_done", "n_total", "note"]
        fields += ["rows_in", "rows_out", "rows_quarantined", "problems", "error"]


class RefreshOutput(serializers.ModelSerializer):
    """A refresh with its steps."""

    steps = StepOutput(many=True)

    class Meta:
        model = Refresh
        fields = ["id", "key", "trigger", "started_by", "state", "created_at", "started_at", "finished_at", "steps"]


class RefreshInput(serializers.Serializer):
    """Which steps to run; all without a list."""

    steps = serializers.ListField(child=serializers.CharField(max_length=60), required=False, allow_empty=False)


class RefreshViewSet(CreateByAction, ReadViewSet):
    """Refreshes, newest first; ops start them."""

    queryset = Refresh.objects.prefetch_related("steps")
    output_serializer_class = RefreshOutput
    input_serializer_class = RefreshInput
    filterset_fields = ["state", "trigger"]
    ordering_fields = ["created_at"]

    def do_create(self, values):
        """Start a refresh."""
        return actions.start_refresh(actor=self.request.user, names=values.get("steps"))

    @action(detail=True, methods=["post"])
    def retry(self, request, pk=None) -> Response:
        """Start the failed steps of a refresh again."""
        return self.answer(actions.retry_failed_steps(self.get_object(), actor=request.user), status.HTTP_201_CREATED)


router = PortalRouter()
router.register("refreshes", RefreshViewSet, basename="refresh")
urlpatterns = router.urls
