"""Loads and quarantined rows in the API."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action

from insights.events.public import Batch, QuarantinedRow, cancel_batch, get_batch
from insights.sources import actions
from insights.sources.access import get_row
from insights.sources.queries import visible_batches, visible_rows
from insights.sources.replay import check_fields, fault_of, replay_rows
from portal.shell.api import ReadViewSet
from portal.shell.public import BadInput, Conflict, StrictJSONParser


class BatchOutput(serializers.ModelSerializer):
    """What the API says of a load."""

    source = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = Batch
        fields = ["id", "source", "kind", "state", "file_name", "step", "n_done", "n_total", "error", "n_read"]
        fields += ["n_accepted", "n_duplicates", "n_quarantined", "n_conflicts", "n_traits", "n_joins", "min_ts"]
        fields += ["max_ts", "created_by", "created_at", "started_at", "finished_at"]


class RowOutput(serializers.ModelSerializer):
    """What the API says of a quarantined row."""

    source = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = QuarantinedRow
        fields = ["id", "source", "batch", "item_no", "raw", "reason_code", "reason", "event_time", "state"]
        fields += ["replayed_in", "created_at"]


class BatchViewSet(ReadViewSet):
    """Loads: progress, counts, cancel, undo, again."""

    queryset = Batch.objects.all()
    output_serializer_class = BatchOutput
    lookup_value_regex = r"\d+"
    filterset_fields = ["state", "kind", "source__slug"]
    door = get_batch

    def get_queryset(self):
        """Return the batches that the user may see."""
        return visible_batches(self.request.user)

    @action(detail=True, methods=["post"])
    def cancel(self, request, pk: int):
        """Ask it to stop."""
        return self.answer(cancel_batch(self.get_thing(write=True), actor=request.user))

    @action(detail=True, methods=["post"])
    def undo(self, request, pk: int):
        """Take it back."""
        batch = self.get_thing(write=True)
        actions.undo_load(batch, actor=request.user)
        return self.answer(batch)

    @action(detail=True, methods=["post"])
    def again(self, request, pk: int):
        """Load its file once more."""
        again = actions.load_again(self.get_thing(write=True), actor=request.user)
        return self.answer(again, status.HTTP_202_ACCEPTED)


class ReplayInput(serializers.Serializer):
    """A corrected text; without it the row is loaded as it is."""

    raw = serializers.CharField(required=False, trim_whitespace=False)


class DismissInput(serializers.Serializer):
    """Why a row is set aside."""

    reason = serializers.CharField(max_length=500)


class QuarantinedRowViewSet(ReadViewSet):
    """Quarantined rows of the user's teams: read, correct and load again, dismiss."""

    queryset = QuarantinedRow.objects.all()
    output_serializer_class = RowOutput
    filterset_fields = ["state", "reason_code", "batch", "source__slug"]
    parser_classes = [StrictJSONParser]
    lookup_value_regex = r"\d+"
    door = get_row

    def get_queryset(self):
        """Return the rows whose text the user may read."""
        return visible_rows(self.request.user)

    @extend_schema(request=ReplayInput, responses={202: RowOutput})
    @action(detail=True, methods=["post"])
    def replay(self, request, pk: int):
        """Load the row again, corrected or as it is; `replayed_in` names the load, once there is one."""
        row = self.get_thing(write=True)
        raw, texts = self.get_input(ReplayInput).get("raw"), {}
        if raw is not None:
            fault = fault_of(row, check_fields(raw))
            if fault:
                raise BadInput(fields={"raw": [fault]})
            texts = {row.pk: raw}
        replay = replay_rows([row], actor=request.user, texts=texts)
        if replay.refused:
            raise Conflict(replay.refused[0][1])
        row.refresh_from_db()
        return self.answer(row, status.HTTP_202_ACCEPTED)

    @extend_schema(request=DismissInput, responses=RowOutput)
    @action(detail=True, methods=["post"])
    def dismiss(self, request, pk: int):
        """Set the row aside for good."""
        row, sent = self.get_thing(write=True), self.get_input(DismissInput)
        actions.dismiss_rows([row], actor=request.user, reason=sent["reason"])
        row.refresh_from_db()
        return self.answer(row)
