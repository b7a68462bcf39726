"""The API of releases."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from portal.people.api_fields import ProductField, with_owner
from portal.people.public import Visibility
from portal.shell.api import ActionViewSet, PortalRouter
from roadmaps.planning.initiatives.public import Initiative
from roadmaps.planning.releases import actions
from roadmaps.planning.releases.access import get_release
from roadmaps.planning.releases.filters import ReleaseFilter
from roadmaps.planning.releases.models import Release, ReleaseItem


class ReleaseOutput(serializers.ModelSerializer):
    """What the API says of a release; `initiatives` are those that the reader may see."""

    product = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    team = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    released_on = serializers.DateField(read_only=True, allow_null=True)
    initiatives = serializers.SerializerMethodField()
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Release
        fields = [
            *("id", "name", "product", "team", "owner", "visibility", "state", "planned_on", "released_on"),
            *("released_at", "notes", "initiatives", "version", "url", "created_at", "updated_at"),
        ]
        read_only_fields = fields

    def get_initiatives(self, release: Release) -> list[int]:
        """Return the numbers of what is in it; read once for all releases of the page."""
        inside = self.context.setdefault("inside", {})
        if not inside:
            page = self.parent.instance if self.parent is not None else [release]
            user = self.context["request"].user
            items = ReleaseItem.objects.visible_to(user).filter(release__in=[one.pk for one in page])
            inside.update({one.pk: [] for one in page})
            for item in items.order_by("initiative_id"):
                inside[item.release_id].append(item.initiative_id)
        return inside.get(release.pk, [])


class ReleaseChange(serializers.Serializer):
    """A change names the version that it was made from."""

    name = serializers.CharField(max_length=120)
    planned_on = serializers.DateField()
    notes = serializers.CharField(required=False, allow_blank=True, max_length=actions.LONGEST_NOTES)
    visibility = serializers.ChoiceField(choices=Visibility.choices, required=False)
    owner = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=2**62)
    version = serializers.IntegerField(min_value=1)


class ReleaseInput(ReleaseChange):
    """What the API takes to plan a release."""

    product = ProductField()
    version = None


class OutInput(serializers.Serializer):
    """Since when a release is out, today unless said; what those who asked for it are to hear."""

    on = serializers.DateField(required=False)
    said = serializers.CharField(required=False, allow_blank=True, max_length=actions.LONGEST_SAID)
    version = serializers.IntegerField(min_value=1)


class ContentsInput(serializers.Serializer):
    """Which initiatives to put into a release, and which to take out of it, by number."""

    add = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**62), max_length=200, default=[]
    )
    remove = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**62), max_length=200, default=[]
    )


class ReasonInput(serializers.Serializer):
    """Why."""

    why = serializers.CharField(max_length=300)


class ReleaseViewSet(ActionViewSet):
    """What of a product comes out together, and when."""

    queryset = Release.objects.of_rows()
    output_serializer_class = ReleaseOutput
    input_serializer_class = ReleaseInput
    change_serializer_class = ReleaseChange
    filterset_class = ReleaseFilter
    ordering_fields = ["planned_on", "released_at", "name"]
    lookup_value_regex = r"\d{1,18}"
    revision_field = "version"
    door = get_release

    def do_create(self, values):
        """Plan a release."""
        values = with_owner(values, values["product"].team_id)
        return actions.create_release(values.pop("product"), actor=self.request.user, **values)

    def do_change(self, thing, values):
        """Change a release."""
        return actions.update_release(thing, actor=self.request.user, **with_owner(values, thing.team_id))

    def do_delete(self, thing):
        """Delete a release that never came out."""
        actions.delete_release(thing, actor=self.request.user)

    @extend_schema(operation_id="releases_out", request=OutInput, responses=ReleaseOutput)
    @action(detail=True, methods=["post"])
    def out(self, request, pk: str) -> Response:
        """Say that it is out: what is in it is launched, charts carry the day, letters are drafted."""
        values = self.get_input(OutInput)
        actions.release_now(self.get_thing(write=True), request.user, values.pop("on", None), **values)
        return self.answer(self.get_thing())

    @extend_schema(operation_id="releases_contents", request=ContentsInput, responses=ReleaseOutput)
    @action(detail=True, methods=["post"])
    def contents(self, request, pk: str) -> Response:
        """Put initiatives into it, or take them out."""
        release, values = self.get_thing(write=True), self.get_input(ContentsInput)
        if values["add"]:
            found = Initiative.objects.visible_to(request.user).filter(pk__in=values["add"]).order_by("pk")
            actions.add_initiatives(release, found, actor=request.user)
        for number in values["remove"]:
            actions.remove_initiative(release, number, actor=request.user)
        return self.answer(self.get_thing())

    @extend_schema(operation_id="releases_take_back", request=ReasonInput, responses=ReleaseOutput)
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request, pk: str) -> Response:
        """Say that it is not out after all."""
        actions.take_back(self.get_thing(write=True), actor=request.user, **self.get_input(ReasonInput))
        return self.answer(self.get_thing())

    @extend_schema(operation_id="releases_cancel", request=ReasonInput, responses=ReleaseOutput)
    @action(detail=True, methods=["post"])
    def cancel(self, request, pk: str) -> Response:
        """Say that it will not come; `reopen` plans it again."""
        actions.cancel_release(self.get_thing(write=True), actor=request.user, **self.get_input(ReasonInput))
        return self.answer(self.get_thing())

    @extend_schema(operation_id="releases_reopen", request=None, responses=ReleaseOutput)
    @action(detail=True, methods=["post"])
    def reopen(self, request, pk: str) -> Response:
        """Plan it again."""
        actions.reopen_release(self.get_thing(write=True), actor=request.user)
        return self.answer(self.get_thing())


router = PortalRouter()
router.register("releases", ReleaseViewSet, basename="release")
urlpatterns = router.urls
