"""Sources in the API, with what they read and the files they take."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from insights.events.public import (
    Source,
    create_source,
    get_source,
    pause_source,
    resume_source,
    update_source,
)
from insights.sources import actions
from insights.sources.access import get_reading
from insights.sources.api.loads import BatchOutput
from insights.sources.api.uploads import FileInput, UploadLook, keep_file
from insights.sources.folder import save_folder
from insights.sources.mapping import MappingFault, parse_mapping
from insights.sources.sql_source import save_query
from portal.people.api_fields import ProductField
from portal.people.public import User
from portal.shell.api import ActionViewSet
from portal.shell.public import own_body_limit


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
    kind = serializers.ChoiceField(
        choices=[(kind.value, kind.label) for kind in Source.Kind if kind != Source.Kind.PORTAL],
        default=Source.Kind.UPLOAD,
    )
    product = ProductField()
    description = serializers.CharField(required=False, allow_blank=True)
    time_zone = serializers.CharField(required=False, max_length=64)
    identical_rows = serializers.ChoiceField(choices=Source.IdenticalRows.choices, required=False)
    earliest_on = serializers.DateField(required=False, allow_null=True)
    schedule = serializers.ChoiceField(choices=Source.Schedule.choices, required=False, allow_blank=True)
    fresh_by = serializers.TimeField(required=False, allow_null=True)
    mapping = serializers.JSONField(required=False)
    owner = serializers.PrimaryKeyRelatedField(
        queryset=User.objects.filter(is_active=True), required=False, allow_null=True
    )

    def validate_mapping(self, value):
        """Return the mapping as it is kept; its faults keep their keys."""
        try:
            return parse_mapping(value).to_json() if value else {}
        except MappingFault as fault:
            raise serializers.ValidationError(fault.fields) from fault


class ReadingOutput(serializers.Serializer):
    """When a source was last tried, and why that failed; empty when it did not."""

    last_tried_at = serializers.DateTimeField(read_only=True)
    last_error = serializers.CharField(read_only=True)


class FolderReading(ReadingOutput):
    """The folder that a source watches, below the portal's own, and which of its files count."""

    folder = serializers.CharField(max_length=200)
    pattern = serializers.CharField(max_length=100, default="*")


class QueryReading(ReadingOutput):
    """The query that a source reads; the database's address goes in and never comes out."""

    address = serializers.CharField(write_only=True, required=False, default="", max_length=2000)
    query = serializers.CharField(max_length=20_000)
    cursor_column = serializers.CharField(max_length=63)
    cursor_value = serializers.CharField(read_only=True)
    rows_per_batch = serializers.IntegerField(min_value=1, max_value=1_000_000, default=100_000)
    timeout_s = serializers.IntegerField(min_value=1, max_value=600, default=60)


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

    @extend_schema(request=None, responses={202: ReadingOutput})
    @action(detail=True, methods=["post"])
    def read(self, request, slug):
        """Have a worker read its folder or query now."""
        source = self.get_thing(write="sources.load")
        actions.read_now(source, actor=request.user)
        reading = getattr(source, "watched_folder", None) or source.sql_query
        return Response(ReadingOutput(reading).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(methods=["GET"], responses=FolderReading)
    @extend_schema(methods=["PUT"], request=FolderReading, responses=FolderReading)
    @action(detail=True, methods=["get", "put"], url_path="watched-folder")
    def watched_folder(self, request, slug):
        """Which folder it watches."""
        source = self.get_thing(write=True)
        if request.method == "PUT":
            save_folder(source, actor=request.user, **self.get_input(FolderReading))
        return Response(FolderReading(get_reading(request.user, source, Source.Kind.FOLDER)).data)

    @extend_schema(methods=["GET"], responses=QueryReading)
    @extend_schema(methods=["PUT"], request=QueryReading, responses=QueryReading)
    @action(detail=True, methods=["get", "put"], url_path="sql-query")
    def sql_query(self, request, slug):
        """What it reads of a company's PostgreSQL; ops only. Without an address the stored one stays."""
        source = self.get_thing(write=True)
        if request.method == "PUT":
            save_query(source, actor=request.user, **self.get_input(QueryReading))
        return Response(QueryReading(get_reading(request.user, source, Source.Kind.SQL)).data)

    @extend_schema(request={"multipart/form-data": FileInput}, responses={202: BatchOutput})
    @own_body_limit
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    def files(self, request, slug):
        """Load a file: stored, mapped, and handed to a worker; the answer is the waiting batch."""
        upload = keep_file(self.get_thing(write="sources.load"), self.get_input(FileInput), actor=request.user)
        batch = actions.load_upload(upload, actor=request.user)
        return Response(BatchOutput(batch).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(request={"multipart/form-data": FileInput}, responses={201: UploadLook})
    @own_body_limit
    @action(detail=True, methods=["post"], parser_classes=[MultiPartParser])
    def uploads(self, request, slug):
        """Keep a file without loading it, and say what its first rows would become: then check it, then load it."""
        upload = keep_file(self.get_thing(write="sources.load"), self.get_input(FileInput), actor=request.user)
        return Response(UploadLook.of(upload), status=status.HTTP_201_CREATED)
