"""Playbooks in the API: the same actions and the same door as the pages."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from playbooks.library import actions
from playbooks.library.access import get_playbook, get_playbook_to_decide, get_version, may_read_draft
from playbooks.library.actions.texts import LONGEST, LONGEST_BODY, LONGEST_STEP, MOST_DAYS, MOST_STEPS
from playbooks.library.contracts import PARTS, StepText
from playbooks.library.files.exporting import as_archive, as_file
from playbooks.library.files.importing import plan_import, run_import
from playbooks.library.files.reading import MOST_BYTES, read_upload
from playbooks.library.filters import PlaybookFilter
from playbooks.library.models import LibraryRules, Playbook, PlaybookStep, PlaybookVersion, Stage
from playbooks.library.showing import compare_versions
from portal.people.api_fields import with_owner
from portal.people.public import Team, Visibility, require
from portal.shell.api import ActionViewSet, PortalRouter
from portal.shell.public import BadInput, NotAllowed, NotFound, TooMuch

_NUMBER = {"min_value": 1, "max_value": 2**31 - 1}


class StepField(serializers.Serializer):
    """One step: `due_days` counted from the start, the step before, or back from the end."""

    title = serializers.CharField(max_length=200)
    text = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_STEP, default="")
    who = serializers.CharField(required=False, allow_blank=True, max_length=100, default="")
    due_days = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=MOST_DAYS, default=None)
    due_from = serializers.ChoiceField(choices=PlaybookStep.DueFrom.choices, required=False, default="start")


class RolesField(serializers.Serializer):
    """Who has which part, by the names of roles."""

    responsible = serializers.ListField(child=serializers.CharField(max_length=60), required=False)
    accountable = serializers.ListField(child=serializers.CharField(max_length=60), required=False)
    consulted = serializers.ListField(child=serializers.CharField(max_length=60), required=False)
    informed = serializers.ListField(child=serializers.CharField(max_length=60), required=False)


class PlaybookVersionOutput(serializers.ModelSerializer):
    """What a version says; `number` is null while it is a draft."""

    steps = StepField(many=True, read_only=True)
    is_in_review = serializers.BooleanField(read_only=True)

    class Meta:
        model = PlaybookVersion
        fields = [
            *("number", "title", "purpose", "when_to_use", "inputs", "outputs", "roles", "body", "stage", "tags"),
            *("steps", "note", "is_in_review", "answer", "published_at", "published_by"),
        ]
        read_only_fields = fields


class PlaybookOutput(serializers.ModelSerializer):
    """What the API says of a playbook: `text` is what readers see."""

    team = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    successor = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    title = serializers.CharField(source="face.title", read_only=True)
    stage = serializers.ChoiceField(choices=Stage.choices, source="face.stage", read_only=True)
    tags = serializers.ListField(child=serializers.CharField(), source="face.tags", read_only=True)
    text = PlaybookVersionOutput(source="face", read_only=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Playbook
        fields = [
            *("slug", "title", "state", "stage", "tags", "team", "owner", "verifier", "visibility", "review_days"),
            *("reviewed_on", "review_on", "successor", "retired_why", "revision", "text", "url", "created_at"),
            "updated_at",
        ]
        read_only_fields = fields


class PlaybookChange(serializers.Serializer):
    """A change names the revision that it was made from; texts and steps go into the draft of the next version."""

    title = serializers.CharField(max_length=200)
    purpose = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST["purpose"])
    when_to_use = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST["when_to_use"])
    inputs = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST["inputs"])
    outputs = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST["outputs"])
    roles = RolesField(required=False)
    body = serializers.CharField(
        required=False, allow_blank=True, max_length=LONGEST_BODY, trim_whitespace=False, help_text="Markdown."
    )
    stage = serializers.ChoiceField(choices=Stage.choices, required=False)
    tags = serializers.ListField(child=serializers.CharField(max_length=40), required=False)
    steps = StepField(many=True, required=False, max_length=MOST_STEPS)
    owner = serializers.IntegerField(required=False, allow_null=True, **_NUMBER)
    verifier = serializers.IntegerField(required=False, allow_null=True, **_NUMBER)
    visibility = serializers.ChoiceField(choices=Visibility.choices, required=False)
    review_days = serializers.IntegerField(required=False, min_value=1, max_value=MOST_DAYS)
    revision = serializers.IntegerField(min_value=1)


class PlaybookInput(PlaybookChange):
    """What the API takes to begin a playbook, for a team of one's own."""

    team = serializers.SlugRelatedField(slug_field="slug", queryset=Team.objects.all())
    revision = None


class PlaybookNoteInput(serializers.Serializer):
    """What is new in the draft, and the revision that was read."""

    note = serializers.CharField(required=False, allow_blank=True, max_length=300)
    revision = serializers.IntegerField(min_value=1)


class PlaybookAnswerInput(serializers.Serializer):
    """Why a draft is given back."""

    why = serializers.CharField(max_length=500)
    revision = serializers.IntegerField(min_value=1)


class PlaybookRetireInput(serializers.Serializer):
    """Why it holds no more, and what to use in its place."""

    why = serializers.CharField(required=False, allow_blank=True, max_length=300)
    successor = serializers.CharField(required=False, allow_blank=True, max_length=80, help_text="Its address.")


class PlaybookRestoreInput(serializers.Serializer):
    """Which version is to be the draft."""

    number = serializers.IntegerField(min_value=1, max_value=100_000)


class PlaybookImportInput(serializers.Serializer):
    """A file, the team that new playbooks belong to, and what to do."""

    file = serializers.FileField(help_text="A Markdown file, or a ZIP archive of a folder of them.")
    team = serializers.SlugRelatedField(slug_field="slug", queryset=Team.objects.all())
    publish = serializers.BooleanField(required=False, default=False)
    dry_run = serializers.BooleanField(required=False, default=False)


class PlannedFileOutput(serializers.Serializer):
    """What is done with one file: new, changed, same, or fault with the reason."""

    path = serializers.CharField()
    kind = serializers.CharField()
    slug = serializers.CharField()
    title = serializers.CharField()
    why = serializers.CharField()


class PlaybookImportOutput(serializers.Serializer):
    """What an import does, or did."""

    files = PlannedFileOutput(many=True)
    n_new = serializers.IntegerField()
    n_changed = serializers.IntegerField()
    n_same = serializers.IntegerField()
    n_faults = serializers.IntegerField()
    n_published = serializers.IntegerField()


class StretchOutput(serializers.Serializer):
    """Words of a line: same, added or removed."""

    kind = serializers.CharField()
    text = serializers.CharField(trim_whitespace=False)


class DifferenceLineOutput(serializers.Serializer):
    """A line: same, added, removed, changed, or left_out with the number of equal lines."""

    kind = serializers.CharField()
    stretches = StretchOutput(many=True)
    n_left_out = serializers.IntegerField()


class DifferenceOutput(serializers.Serializer):
    """What changed in one field."""

    label = serializers.CharField()
    lines = DifferenceLineOutput(many=True)


def _with_people(values: dict[str, Any], team_id: int) -> dict[str, Any]:
    """Put people in the place of the numbers of owner and verifier, and steps in that of their values."""
    values = with_owner(values, team_id)
    if "verifier" in values:
        values["verifier"] = with_owner({"owner": values["verifier"]}, team_id)["owner"]
    if "steps" in values:
        values["steps"] = [StepText(**step) for step in values["steps"]]
    if "roles" in values:
        values["roles"] = {part: list(values["roles"].get(part, [])) for part in PARTS}
    return values


class PlaybookViewSet(ActionViewSet):
    """How things are done here: published versions, the draft of the next one, and what is decided about it."""

    queryset = Playbook.objects.of_page().prefetch_related("face__steps")
    output_serializer_class = PlaybookOutput
    input_serializer_class = PlaybookInput
    change_serializer_class = PlaybookChange
    filterset_class = PlaybookFilter
    ordering_fields = ["slug", "state", "review_on", "created_at", "updated_at"]
    lookup_field = "slug"
    revision_field = "revision"
    door = get_playbook

    def do_create(self, values):
        """Begin a playbook."""
        team = values.pop("team")
        made = actions.create_playbook(team, actor=self.request.user, **_with_people(values, team.pk))
        return get_playbook(self.request.user, made.slug)

    def do_change(self, thing, values):
        """Write in the draft."""
        actions.update_playbook(thing, actor=self.request.user, **_with_people(values, thing.team_id))
        return self.get_thing()

    def do_delete(self, thing):
        """Remove a playbook that was never published; others are retired."""
        if thing.is_published:
            raise BadInput("What was published stays. Retire it instead, so that links to it say what to use.")
        actions.drop_draft(thing, actor=self.request.user)

    @extend_schema(operation_id="playbooks_draft", responses=PlaybookVersionOutput)
    @action(detail=True, methods=["get"])
    def draft(self, request, slug: str) -> Response:
        """Return the draft of the next version, for who may read it."""
        playbook = self.get_thing()
        if not may_read_draft(request.user, playbook):
            raise NotAllowed()
        if playbook.draft is None:
            raise NotFound("There is no draft.")
        return Response(PlaybookVersionOutput(playbook.draft).data)

    @extend_schema(operation_id="playbooks_drop_draft", request=None, responses={204: None})
    @action(detail=True, methods=["post"], url_path="drop-draft")
    def drop_draft(self, request, slug: str) -> Response:
        """Throw the draft away."""
        actions.drop_draft(self.get_thing(write=True), actor=request.user)
        return Response(status=204)

    @extend_schema(operation_id="playbooks_versions", responses=PlaybookVersionOutput(many=True))
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def versions(self, request, slug: str) -> Response:
        """Return every published version, the newest first."""
        versions = self.get_thing().versions.exclude(number=None).prefetch_related("steps")
        return Response(PlaybookVersionOutput(versions, many=True).data)

    @extend_schema(
        operation_id="playbooks_compare",
        parameters=[OpenApiParameter("from", int, required=True), OpenApiParameter("to", int, required=True)],
        responses=DifferenceOutput(many=True),
    )
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def compare(self, request, slug: str) -> Response:
        """Return what changed from one version to another."""
        playbook = self.get_thing()
        old, new = (get_version(playbook, request.query_params.get(name, "")) for name in ("from", "to"))
        return Response(DifferenceOutput(compare_versions(old, new), many=True).data)

    @extend_schema(operation_id="playbooks_send_to_review", request=PlaybookNoteInput, responses=PlaybookOutput)
    @action(detail=True, methods=["post"], url_path="send-to-review")
    def send_to_review(self, request, slug: str) -> Response:
        """Ask for a decision about the draft."""
        values = self.get_input(PlaybookNoteInput)
        actions.send_to_review(self.get_thing(write=True), actor=request.user, **values)
        return self.answer(self.get_thing())

    @extend_schema(operation_id="playbooks_take_back", request=None, responses=PlaybookOutput)
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request, slug: str) -> Response:
        """Take the draft out of review."""
        actions.take_back(self.get_thing(write=True), actor=request.user)
        return self.answer(self.get_thing())

    @extend_schema(operation_id="playbooks_decline", request=PlaybookAnswerInput, responses=PlaybookOutput)
    @action(detail=True, methods=["post"])
    def decline(self, request, slug: str) -> Response:
        """Give the draft back."""
        playbook = get_playbook_to_decide(request.user, slug)
        actions.decline(playbook, actor=request.user, **self.get_input(PlaybookAnswerInput))
        return self.answer(self.get_thing())

    @extend_schema(operation_id="playbooks_publish", request=PlaybookNoteInput, responses=PlaybookOutput)
    @action(detail=True, methods=["post"])
    def publish(self, request, slug: str) -> Response:
        """Publish the draft as the next version."""
        playbook = get_playbook_to_decide(request.user, slug)
        actions.publish(playbook, actor=request.user, **self.get_input(PlaybookNoteInput))
        return self.answer(self.get_thing())

    @extend_schema(operation_id="playbooks_confirm", request=None, responses=PlaybookOutput)
    @action(detail=True, methods=["post"])
    def confirm(self, request, slug: str) -> Response:
        """Say that what is published is still right."""
        actions.confirm(self.get_thing(), actor=request.user)
        return self.answer(self.get_thing())

    @extend_schema(operation_id="playbooks_retire", request=PlaybookRetireInput, responses=PlaybookOutput)
    @action(detail=True, methods=["post"])
    def retire(self, request, slug: str) -> Response:
        """Say that it holds no more."""
        playbook, values = get_playbook_to_decide(request.user, slug), self.get_input(PlaybookRetireInput)
        if name := values.pop("successor", ""):
            found = Playbook.objects.visible_to(request.user).filter(slug=name).first()
            if found is None:
                raise BadInput(fields={"successor": ["There is no such playbook."]})
            values["successor"] = found
        actions.retire(playbook, actor=request.user, **values)
        return self.answer(self.get_thing())

    @extend_schema(operation_id="playbooks_bring_back", request=None, responses=PlaybookOutput)
    @action(detail=True, methods=["post"], url_path="bring-back")
    def bring_back(self, request, slug: str) -> Response:
        """Let a retired one hold again."""
        actions.bring_back(get_playbook_to_decide(request.user, slug), actor=request.user)
        return self.answer(self.get_thing())

    @extend_schema(operation_id="playbooks_markdown", responses={(200, "text/markdown"): OpenApiTypes.STR})
    @action(detail=True, methods=["get"])
    def markdown(self, request, slug: str) -> HttpResponse:
        """Return what readers see as a Markdown file."""
        return HttpResponse(as_file(self.get_thing()), content_type="text/markdown; charset=utf-8")

    @extend_schema(operation_id="playbooks_export", responses={(200, "application/zip"): OpenApiTypes.BINARY})
    @action(detail=False, methods=["get"], pagination_class=None, filterset_class=None, url_path="export")
    def export(self, request) -> HttpResponse:
        """Return all that the reader may read, as a ZIP archive of Markdown files."""
        return HttpResponse(as_archive(self.get_queryset().order_by("slug")), content_type="application/zip")

    @extend_schema(
        operation_id="playbooks_import",
        request={"multipart/form-data": PlaybookImportInput},
        responses=PlaybookImportOutput,
    )
    @action(detail=False, methods=["post"], url_path="import", filterset_class=None)
    def take_in(self, request) -> Response:
        """Take in a Markdown file or a ZIP archive of a folder; with `dry_run` only say what would be done."""
        require(request.user, "playbooks.import")
        values = self.get_input(PlaybookImportInput)
        file = values["file"]
        if file.size > MOST_BYTES:
            raise TooMuch(f"This is larger than {MOST_BYTES // 1_000_000} MB. Import it in smaller pieces.")
        files = read_upload(file.name, file.read())
        if values["dry_run"]:
            plan = plan_import(files, actor=request.user)
        else:
            plan = run_import(files, values["team"], actor=request.user, publishes=values["publish"])
        return Response(PlaybookImportOutput(plan).data)

    @extend_schema(operation_id="playbooks_restore", request=PlaybookRestoreInput, responses=PlaybookOutput)
    @action(detail=True, methods=["post"])
    def restore(self, request, slug: str) -> Response:
        """Make an earlier version the draft."""
        values = self.get_input(PlaybookRestoreInput)
        actions.restore(self.get_thing(write=True), values["number"], actor=request.user)
        return self.answer(self.get_thing())


class LibraryRulesField(serializers.Serializer):
    """The rules of the library."""

    has_four_eyes = serializers.BooleanField(help_text="What somebody wrote is published by somebody else.")


class LibraryRulesViewSet(ViewSet):
    """The rules of the library: read by everybody, set by admins."""

    @extend_schema(operation_id="library_rules_read", responses=LibraryRulesField)
    def list(self, request) -> Response:
        """Return the rules in force."""
        return Response(LibraryRulesField(LibraryRules.current()).data)

    @extend_schema(operation_id="library_rules_set", request=LibraryRulesField, responses=LibraryRulesField)
    @action(detail=False, methods=["post"], url_path="set")
    def set_rules(self, request) -> Response:
        """Set the rules."""
        serializer = LibraryRulesField(data=request.data)
        serializer.is_valid(raise_exception=True)
        return Response(LibraryRulesField(actions.set_rules(actor=request.user, **serializer.validated_data)).data)


router = PortalRouter()
router.register("playbooks", PlaybookViewSet, basename="playbook")
router.register("library-rules", LibraryRulesViewSet, basename="library-rules")
urlpatterns = router.urls
