"""Imports in the API: bring a file, say its columns, check, run, undo; the same actions as the pages."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.response import Response

from insights.imports import actions
from insights.imports.access import get_import
from insights.imports.kinds import all_kinds, get_kind
from insights.imports.models import Import, ImportProblem
from insights.imports.previewing import preview_rows, start_of
from insights.imports.reading import Join, look_at, plan_of
from insights.sources.public import FileFault, ReadOptions
from portal.people.public import Product
from portal.shell.api import PortalRouter, ReadViewSet
from portal.shell.public import BadInput, TooMuch, own_body_limit


class ImportOutput(serializers.ModelSerializer):
    """What the API says of an import: its state, how far it is, and what it came to."""

    product = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Import
        fields = [
            *("id", "kind", "product", "file_name", "second_name", "mapping", "preset", "state", "task", "step"),
            *("n_done", "n_total", "error", "n_rows", "n_new", "n_changed", "n_known", "n_refused", "n_noted"),
            *("n_empty", "n_kept", "created_by", "created_at", "started_at", "finished_at", "url"),
        ]
        read_only_fields = fields


class ColumnOutput(serializers.Serializer):
    """A column of the file, some of its values, and what it becomes."""

    name = serializers.CharField()
    samples = serializers.ListField(child=serializers.CharField())
    target = serializers.CharField(help_text="Empty: not used.")


class SeenOutput(serializers.Serializer):
    """What one of the first rows would come to."""

    line = serializers.IntegerField(source="row.no")
    fate = serializers.CharField(help_text="new, changed, known, refused or empty")
    reason = serializers.CharField()
    shown = serializers.DictField(child=serializers.CharField())


class ImportLook(serializers.Serializer):
    """An import with a look at its file: its columns and its first rows as they would be taken."""

    id = serializers.IntegerField()
    state = serializers.CharField()
    origin = serializers.CharField(help_text="Of the mapping: kept, remembered or guessed.")
    preset = serializers.CharField()
    options = serializers.DictField()
    columns = ColumnOutput(many=True)
    rows = SeenOutput(many=True)


class ImportInput(serializers.Serializer):
    """A file to import."""

    kind = serializers.CharField(max_length=40)
    product = serializers.SlugRelatedField(slug_field="slug", queryset=Product.objects.none())
    file = serializers.FileField(allow_empty_file=True)

    def get_fields(self):
        """Let a product be named that the user may see."""
        fields = super().get_fields()
        fields["product"].queryset = Product.objects.visible_to(self.context["request"].user).select_related("team")
        return fields


class SecondInput(serializers.Serializer):
    """A second file with the same ids, and the columns by which the two belong together."""

    file = serializers.FileField(allow_empty_file=True)


class ImportMapping(serializers.Serializer):
    """Which column becomes what. Parts that are left out are as they are kept, remembered or guessed."""

    targets = serializers.DictField(child=serializers.CharField(allow_blank=True), required=False)
    options = serializers.DictField(required=False)
    read = serializers.DictField(required=False, help_text="encoding, separator, quote, has_header")
    join = serializers.DictField(child=serializers.CharField(), required=False, help_text="here, there")


class UndoInput(serializers.Serializer):
    """Whether what people worked on since is taken back too."""

    takes_worked = serializers.BooleanField(default=False)


class ProblemOutput(serializers.ModelSerializer):
    """A row that was refused, or a value that was left out."""

    class Meta:
        model = ImportProblem
        fields = ["row_no", "is_refused", "column", "value", "reason", "raw"]
        read_only_fields = fields


class ImportKindOutput(serializers.Serializer):
    """A kind of import and what a column can become."""

    name = serializers.CharField()
    title = serializers.CharField()
    targets = serializers.DictField(child=serializers.CharField())
    presets = serializers.ListField(child=serializers.CharField())


class ImportViewSet(ReadViewSet):
    """Imports of the user's teams: a file, its columns, a check, the run, its undoing."""

    queryset = Import.objects.dressed()
    output_serializer_class = ImportOutput
    input_serializer_class = ImportInput
    filterset_fields = ["kind", "state", "product__slug"]
    ordering_fields = ["created_at"]
    lookup_value_regex = r"\d{1,18}"
    door = get_import

    @own_body_limit
    def create(self, request, *args, **kwargs) -> Response:
        """Bring a file; nothing is taken out of it yet."""
        _refuse_large(request)
        sent = self.get_input()
        get_kind(sent["kind"])
        file = sent["file"]
        batch = actions.store_import(sent["kind"], sent["product"], file.name, file.chunks(1 << 20), actor=request.user)
        return self.answer(batch, status.HTTP_201_CREATED)

    def destroy(self, request, *args, **kwargs) -> Response:
        """Throw a file away that was not imported."""
        actions.delete_import(self.get_thing(write=True), actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(responses=ImportLook)
    @action(detail=True, methods=["get"])
    def look(self, request, **kwargs) -> Response:
        """Look at the file's columns, and at its first rows as they would be taken."""
        return Response(ImportLook(_look(self.get_thing(write=True), request.user)).data)

    @extend_schema(request=ImportMapping, responses=ImportLook)
    def partial_update(self, request, *args, **kwargs) -> Response:
        """Say which column becomes what; an earlier check no longer holds."""
        batch = self.get_thing(write=True)
        _map(batch, self.get_input(ImportMapping), request.user)
        return Response(ImportLook(_look(self.get_thing(), request.user)).data)

    @extend_schema(request=SecondInput, responses=ImportOutput)
    @action(detail=True, methods=["post"], url_path="second-file")
    def second_file(self, request, **kwargs) -> Response:
        """Bring a second file, joined to the first by an id."""
        thing = self.get_thing(write=True)
        file = self.get_input(SecondInput)["file"]
        return self.answer(actions.add_second_file(thing, file.name, file.chunks(1 << 20), actor=request.user))

    @extend_schema(request=None, responses={202: ImportOutput})
    @action(detail=True, methods=["post"])
    def check(self, request, **kwargs) -> Response:
        """Have a worker say what the import would bring; nothing is written."""
        batch = actions.check_import(self._mapped(), actor=request.user)
        return self.answer(batch, status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses={202: ImportOutput})
    @action(detail=True, methods=["post"])
    def run(self, request, **kwargs) -> Response:
        """Import it."""
        return self.answer(actions.run_import(self._mapped(), actor=request.user), status.HTTP_202_ACCEPTED)

    @extend_schema(request=None, responses=ImportOutput)
    @action(detail=True, methods=["post"])
    def cancel(self, request, **kwargs) -> Response:
        """Stop what a worker does; nothing of it is kept."""
        return self.answer(actions.cancel_import(self.get_thing(write=True), actor=request.user))

    @extend_schema(request=UndoInput, responses={202: ImportOutput})
    @action(detail=True, methods=["post"])
    def undo(self, request, **kwargs) -> Response:
        """Take back what it brought; what people worked on stays unless you say otherwise."""
        thing = self.get_thing(write=True)
        keeps = not self.get_input(UndoInput)["takes_worked"]
        batch = actions.undo_import(thing, actor=request.user, keeps_worked=keeps)
        return self.answer(batch, status.HTTP_202_ACCEPTED)

    @extend_schema(responses=ProblemOutput(many=True))
    @action(detail=True, methods=["get"])
    def problems(self, request, **kwargs) -> Response:
        """Return the rows that were refused and the values that were left out, page by page."""
        found = self.paginate_queryset(ImportProblem.objects.filter(batch=self.get_thing()).order_by("pk"))
        return self.get_paginated_response(ProblemOutput(found, many=True).data)

    @extend_schema(responses=ImportKindOutput(many=True))
    @action(detail=False, methods=["get"])
    def kinds(self, request, **kwargs) -> Response:
        """Return the kinds of imports and what a column can become in each."""
        found = [
            {
                "name": kind.name,
                "title": kind.title,
                "targets": {target.name: target.label for target in kind.targets},
                "presets": [preset.name for preset in kind.presets],
            }
            for kind in all_kinds()
        ]
        return Response(ImportKindOutput(found, many=True).data)

    def _mapped(self) -> Import:
        """Return the import with a mapping: what is remembered or guessed is taken where nobody said another."""
        batch = self.get_thing(write=True)
        if not batch.mapping.get("targets") and batch.is_open:
            _map(batch, {}, self.request.user)
            return self.get_thing()
        return batch


def _refuse_large(request: Any) -> None:
    from insights.imports.views.wizard import refuse_large

    try:
        refuse_large(request)
    except TooMuch as fault:
        raise BadInput(fault.message, fields={"file": [fault.message]}) from fault


def _look(batch: Import, user: Any) -> dict[str, Any]:
    if not batch.is_open or not batch.path:
        raise BadInput("The file of this import is not kept any more.")
    kind = get_kind(batch.kind)
    try:
        head = look_at(batch)
        start = start_of(batch, kind, head)
        faults = kind.faults(start.plan)
        seen = [] if faults else preview_rows(batch, kind, start.plan, head, head.join, actor=user)
    except FileFault as fault:
        raise BadInput(fields={"file": [str(fault)]}) from fault
    columns = [
        {"name": name, "samples": head.first_of(name), "target": start.plan.targets.get(name, "")}
        for name in head.columns
    ]
    return {
        "id": batch.pk,
        "state": batch.state,
        "origin": start.origin,
        "preset": start.preset,
        "options": dict(start.plan.options),
        "columns": columns,
        "rows": seen,
    }


def _map(batch: Import, sent: dict[str, Any], user: Any) -> None:
    """Map an import by what was sent; the options go through the same form as on the page."""
    if fault := ReadOptions.fault_in(sent.get("read")):
        raise BadInput(fields={"read": [fault]})
    read = ReadOptions.from_json(sent["read"]) if "read" in sent else ReadOptions.from_json(batch.mapping.get("read"))
    try:
        head = look_at(batch, read)
    except FileFault as fault:
        raise BadInput(fields={"file": [str(fault)]}) from fault
    kind = get_kind(batch.kind)
    start = start_of(batch, kind, head)
    about = {"product": batch.product, "user": user, "columns": head.columns}
    defaults = kind.options_form(initial=dict(start.plan.options), **about).to_json()
    if unknown := sorted(sent.get("options", {}).keys() - defaults.keys()):
        raise BadInput(fields={f"options.{name}": ["There is no such option."] for name in unknown})
    form = kind.options_form({**defaults, **sent.get("options", {})}, **about)
    if not form.is_valid():
        raise BadInput(fields={f"options.{name}": list(texts) for name, texts in form.errors.items()})
    join = sent.get("join", {})
    actions.map_import(
        batch,
        actor=user,
        columns=head.columns,
        targets=sent.get("targets", dict(plan_of({"targets": start.plan.targets}).targets)),
        options=form.to_json(),
        read=read,
        join=Join(join.get("here", head.join.here), join.get("there", head.join.there)),
        preset=start.preset,
    )


router = PortalRouter()
router.register("imports", ImportViewSet, basename="import")
urlpatterns = router.urls
