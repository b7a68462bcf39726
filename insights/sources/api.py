"""Sources, batches and quarantined rows in the API: the same actions and the same door as the pages."""

from django.urls import path
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from insights.events.public import (
    Batch,
    QuarantinedRow,
    Source,
    cancel_batch,
    create_source,
    get_batch,
    get_source,
    pause_source,
    resume_source,
    update_source,
)
from insights.sources import actions
from insights.sources.access import get_row
from insights.sources.mapping import MappingFault, parse_mapping
from insights.sources.queries import visible_batches, visible_rows
from insights.sources.replay import check_fields, fault_of, replay_rows
from portal.people.public import Product
from portal.shell.api import ActionViewSet, PortalRouter, ReadViewSet
from portal.shell.public import BadInput, Conflict, StrictJSONParser, own_body_limit


class SourceOutput(serializers.ModelSerializer):
    """What the API says of a source."""

    product = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    id_space = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = Source
        fields = ["id", "slug", "name", "kind", "description", "product", "id_space", "time_zone", "identical_rows"]
        fields += ["earliest_on", "mapping", "schedule", "fresh_by", "owner", "state", "created_at", "updated_at"]


class SourceInput(serializers.Serializer):
    """What the API takes to make or change a source."""

    name = serializers.CharField(max_length=100)
    kind = serializers.ChoiceField(choices=Source.Kind.choices, default=Source.Kind.UPLOAD)
    product = serializers.SlugRelatedField(slug_field="slug", queryset=Product.objects.all())
    description = serializers.CharField(required=False, allow_blank=True)
    time_zone = serializers.CharField(required=False, max_length=64)
    identical_rows = serializers.ChoiceField(choices=Source.IdenticalRows.choices, required=False)
    earliest_on = serializers.DateField(required=False, allow_null=True)
    schedule = serializers.ChoiceField(choices=Source.Schedule.choices, required=False, allow_blank=True)
    fresh_by = serializers.TimeField(required=False, allow_null=True)
    mapping = serializers.JSONField(required=False)

    def validate_product(self, product):
        """A product that the user may not see is not there."""
        if not Product.objects.visible_to(self.context["request"].user).filter(pk=product.pk).exists():
            raise serializers.ValidationError("There is no such product.")
        return product

    def validate_mapping(self, value):
        """Return the mapping as it is kept; its faults keep their keys."""
        try:
            return parse_mapping(value).to_json() if value else {}
        except MappingFault as fault:
            raise serializers.ValidationError(fault.fields) from fault


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


class FileInput(serializers.Serializer):
    """A file to load; `mapping` as JSON text, else what the source remembers."""

    file = serializers.FileField(allow_empty_file=True)
    mapping = serializers.JSONField(required=False)


class SourceViewSet(ActionViewSet):
    """Sources, with a door to load a file; one without loads may be removed."""

    queryset = Source.objects.select_related("product", "id_space")
    output_serializer_class = SourceOutput
    input_serializer_class = SourceInput
    lookup_field = "slug"
    filterset_fields = ["kind", "state"]
    door = get_source

    def do_create(self, values):
        """Make a source."""
        return create_source(actor=self.request.user, **values)

    def do_change(self, thing, values):
        """Change a source; its kind stays."""
        values.pop("kind", None)
        return update_source(thing, actor=self.request.user, **values)

    def do_delete(self, thing):
        """Remove a source without loads."""
        actions.delete_source(thing, actor=self.request.user)

    @action(detail=True, methods=["post"])
    def pause(self, request, slug):
        """Pause."""
        return self.answer(pause_source(self.get_thing(write=True), actor=request.user))

    @action(detail=True, methods=["post"])
    def resume(self, request, slug):
        """Resume."""
        return self.answer(resume_source(self.get_thing(write=True), actor=request.user))

    @own_body_limit
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    def files(self, request, slug):
        """Load a file: stored, mapped, and handed to a worker; the answer is the waiting batch."""
        source, sent = self.get_thing(write="sources.load"), self.get_input(FileInput)
        try:
            mapping = parse_mapping(sent["mapping"]) if sent.get("mapping") else None
        except MappingFault as fault:
            raise BadInput(fields={f"mapping.{name}": texts for name, texts in fault.fields.items()}) from fault
        file = sent["file"]
        upload = actions.store_upload(source, file.name, actions.upload_chunks(file), actor=request.user)
        if mapping is None and source.mapping:
            mapping = parse_mapping(source.mapping)
        if mapping is not None:
            actions.map_upload(upload, mapping, actor=request.user)
        batch = actions.load_upload(upload, actor=request.user)
        return Response(BatchOutput(batch).data, status=status.HTTP_202_ACCEPTED)


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

    @action(detail=True, methods=["post"])
    def replay(self, request, pk: int):
        """Load the row again, corrected or as it is."""
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
        return Response(BatchOutput(replay.batches[0]).data, status=status.HTTP_202_ACCEPTED)

    @action(detail=True, methods=["post"])
    def dismiss(self, request, pk: int):
        """Set the row aside for good."""
        row, sent = self.get_thing(write=True), self.get_input(DismissInput)
        actions.dismiss_rows([row], actor=request.user, reason=sent["reason"])
        row.refresh_from_db()
        return self.answer(row)


router = PortalRouter()
router.register("sources", SourceViewSet, basename="source")
router.register("batches", BatchViewSet, basename="batch")
router.register("quarantined-rows", QuarantinedRowViewSet, basename="quarantined-row")
urlpatterns: list[path] = router.urls
