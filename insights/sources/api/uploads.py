"""Files that were brought and not loaded yet: what they hold, a dry run, the load; the wizard's steps by API."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from insights.events.public import Source
from insights.sources import actions
from insights.sources.access import get_upload
from insights.sources.api.loads import BatchOutput
from insights.sources.contracts import FileFault, ReadOptions
from insights.sources.looking import Look, look_at
from insights.sources.mapping import Mapping, MappingFault, parse_mapping
from insights.sources.models import Upload
from insights.sources.queries import waiting_uploads
from insights.sources.uploads import kept_file
from portal.shell.api import ReadViewSet
from portal.shell.public import BadInput


class FileInput(serializers.Serializer):
    """A file; `mapping` as JSON text, else what the source remembers."""

    file = serializers.FileField(allow_empty_file=True)
    mapping = serializers.JSONField(required=False)


class MappingInput(serializers.Serializer):
    """Which column is what."""

    mapping = serializers.JSONField()


def _mapping_of(value: Any) -> Mapping:
    try:
        return parse_mapping(value)
    except MappingFault as fault:
        raise BadInput(fields={f"mapping.{name}": texts for name, texts in fault.fields.items()}) from fault


def keep_file(source: Source, sent: dict[str, Any], *, actor: Any) -> Upload:
    """Store a file that was sent, with the mapping that came along or that its source remembers."""
    mapping = _mapping_of(sent["mapping"]) if sent.get("mapping") else None
    file = sent["file"]
    upload = actions.store_upload(source, file.name, actions.upload_chunks(file), actor=actor)
    if mapping is None and source.mapping:
        mapping = parse_mapping(source.mapping)
    return upload if mapping is None else actions.map_upload(upload, mapping, actor=actor)


class UploadOutput(serializers.ModelSerializer):
    """A file that was brought; `check` is what a dry run said: its state, its counts, its error."""

    source = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    check = serializers.SerializerMethodField()

    class Meta:
        model = Upload
        fields = ["id", "source", "file_name", "n_bytes", "mapping", "check", "batch", "created_by", "created_at"]

    def get_check(self, upload) -> dict[str, Any]:
        """Return the dry run: "" as state before one was asked for."""
        return {"state": upload.trial_state, "error": upload.trial_error, "counts": upload.trial}


class UploadLook(UploadOutput):
    """The same with a look at the file's head: its columns, the mapping in force or guessed, and its first rows.

    A row has a `reason` where it would go to quarantine; `unread` are rows that cannot be read at all.
    """

    columns = serializers.ListField(read_only=True, child=serializers.DictField())
    is_guessed = serializers.BooleanField(read_only=True, help_text="Nobody has said yet which column is what.")
    rows = serializers.ListField(read_only=True, child=serializers.DictField())
    unread = serializers.ListField(read_only=True, child=serializers.DictField())

    class Meta(UploadOutput.Meta):
        fields = [*UploadOutput.Meta.fields, "columns", "is_guessed", "rows", "unread"]

    @classmethod
    def of(cls, upload: Upload) -> dict[str, Any]:
        """Return an upload and what its head shows, read now; nothing of it once it is being loaded."""
        if upload.batch_id:
            return {**UploadOutput(upload).data, "columns": [], "is_guessed": False, "rows": [], "unread": []}
        look = _look(upload)
        return {
            **UploadOutput(upload).data,
            "mapping": look.mapping,
            "columns": [{"name": name, "samples": look.samples.get(name, [])} for name in look.columns],
            "is_guessed": not (upload.mapping and look.fits),
            "rows": look.rows,
            "unread": look.unread,
        }


def _look(upload: Upload) -> Look:
    wanted = upload.mapping or upload.source.mapping
    try:
        return look_at(
            upload.source, kept_file(upload.path), wanted=wanted, options=ReadOptions.from_json(wanted.get("read"))
        )
    except FileFault as fault:
        raise BadInput(fields={"file": [str(fault)]}) from fault


class UploadViewSet(ReadViewSet):
    """Files brought and not loaded yet: look at one, say its mapping, check it as a dry run, load it."""

    queryset = Upload.objects.select_related("source")
    output_serializer_class = UploadOutput
    lookup_value_regex = r"\d+"
    filterset_fields = ["source__slug", "trial_state"]

    def get_queryset(self):
        """Return the uploads of sources into which the user may load."""
        return waiting_uploads(self.request.user)

    def get_thing(self, write: str | bool = False) -> Upload:
        """Return the file that the address names, through the wizard's own door."""
        return get_upload(self.request.user, int(self.kwargs["pk"]))

    @extend_schema(responses=UploadLook)
    def retrieve(self, request, *args, **kwargs) -> Response:
        """Return a file with a look at its head."""
        return Response(UploadLook.of(self.get_thing()))

    @extend_schema(request=MappingInput, responses=UploadLook)
    def partial_update(self, request, *args, **kwargs) -> Response:
        """Say which column is what; an earlier check no longer holds."""
        mapping = _mapping_of(self.get_input(MappingInput)["mapping"])
        return Response(UploadLook.of(actions.map_upload(self.get_thing(), mapping, actor=request.user)))

    @extend_schema(request=None, responses={202: UploadOutput})
    @action(detail=True, methods=["post"])
    def check(self, request, pk: str) -> Response:
        """Have a worker read the whole file and say what a load would bring; nothing is stored."""
        upload = self._mapped()
        return self.answer(actions.try_upload(upload, actor=request.user), status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses={202: BatchOutput})
    @action(detail=True, methods=["post"])
    def load(self, request, pk: str) -> Response:
        """Load it; the answer is the waiting batch."""
        batch = actions.load_upload(self._mapped(), actor=request.user)
        return Response(BatchOutput(batch).data, status=status.HTTP_202_ACCEPTED)

    def _mapped(self) -> Upload:
        """Return the upload with a mapping: the guess is taken where nobody said another."""
        upload = self.get_thing()
        if upload.mapping or upload.batch_id:
            return upload
        return actions.map_upload(upload, _mapping_of(_look(upload).mapping), actor=self.request.user)
