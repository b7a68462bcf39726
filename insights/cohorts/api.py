"""Cohorts in the API: the same actions and the same door as the pages."""

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from insights.cohorts.access import get_cohort
from insights.cohorts.actions import (
    archive_cohort,
    ask_count,
    create_list,
    create_rule,
    delete_cohort,
    replace_list,
    restore_cohort,
    save_number,
    update_cohort,
)
from insights.cohorts.editions import list_history
from insights.cohorts.filters import CohortFilter
from insights.cohorts.lists import MOST_IDS, read_ids
from insights.cohorts.models import Cohort
from insights.cohorts.queries import read_members
from insights.cohorts.words import say_definition
from portal.people.public import Product, Visibility
from portal.shell.api import ActionViewSet, PortalRouter, TellsUses
from portal.shell.public import BadInput


class CohortOutput(serializers.ModelSerializer):
    """What the API says of a cohort."""

    products = serializers.SlugRelatedField(slug_field="slug", read_only=True, many=True)
    team = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    size = serializers.SerializerMethodField(help_text="How many are in it; null before it was first counted.")
    in_words = serializers.SerializerMethodField()
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Cohort
        fields = [
            "id",
            "slug",
            "name",
            "description",
            "products",
            "team",
            "owner",
            "visibility",
            "unit",
            "kind",
            "definition",
            "in_words",
            "is_frozen",
            "size",
            "state",
            "error",
            "refreshed_at",
            "archived_at",
            "kept_until",
            "version",
            "url",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_size(self, cohort):
        """Return how many are in it."""
        return cohort.current.size if cohort.current else None

    def get_in_words(self, cohort) -> str:
        """Return who belongs to it, in a sentence."""
        return say_definition(cohort.kind, cohort.definition, cohort.units)


class CohortInput(serializers.Serializer):
    """A new cohort: by `question` and `cell`, by `rule`, or by `ids`; the latter two name products and unit."""

    name = serializers.CharField(max_length=120)
    description = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    visibility = serializers.ChoiceField(choices=Visibility.choices, required=False)
    question = serializers.JSONField(required=False, help_text="The question whose number is meant.")
    cell = serializers.JSONField(required=False, help_text='Which number: {"step": 2, "dropped": true}.')
    is_frozen = serializers.BooleanField(required=False, help_text="Keep these members for ever.")
    rule = serializers.JSONField(
        required=False, help_text='Such as {"did": true, "event": "paid", "at_least": 3, "last_days": 30}.'
    )
    ids = serializers.ListField(child=serializers.CharField(max_length=400), required=False, max_length=MOST_IDS)
    products = serializers.ListField(child=serializers.SlugField(), required=False, max_length=100)
    unit = serializers.ChoiceField(choices=Cohort.Unit.choices, required=False)

    def validate(self, values):
        """Take one way to say who belongs to it."""
        ways = [name for name in ("question", "rule", "ids") if name in values]
        if len(ways) != 1:
            raise serializers.ValidationError({"rule": ["Give one of: question with cell, rule, ids."]})
        return values


class CohortChange(serializers.Serializer):
    """A change names the version that it was made from."""

    name = serializers.CharField(max_length=120, required=False)
    description = serializers.CharField(required=False, allow_blank=True, max_length=2000)
    visibility = serializers.ChoiceField(choices=Visibility.choices, required=False)
    rule = serializers.JSONField(required=False)
    ids = serializers.ListField(child=serializers.CharField(max_length=400), required=False, max_length=MOST_IDS)
    version = serializers.IntegerField(min_value=1)


class MembersQuery(serializers.Serializer):
    """Which members."""

    on = serializers.DateField(required=False, default=None)
    page = serializers.IntegerField(min_value=1, max_value=999_999, default=1)
    page_size = serializers.IntegerField(min_value=1, max_value=200, default=50)


class MemberOutput(serializers.Serializer):
    """One person or account."""

    no = serializers.IntegerField()
    id = serializers.CharField()
    traits = serializers.JSONField()


class MembersOutput(serializers.Serializer):
    """A page of members, as counted on a day."""

    total = serializers.IntegerField()
    counted_at = serializers.DateTimeField(source="edition.counted_at", allow_null=True, default=None)
    page = serializers.IntegerField(source="page.number")
    members = MemberOutput(many=True, source="people")


class EditionOutput(serializers.Serializer):
    """The size after a day's last counting that found it changed, and who moved since the one before."""

    day = serializers.DateField(source="counted_on")
    counted_at = serializers.DateTimeField()
    size = serializers.IntegerField()
    entered = serializers.IntegerField(source="n_entered")
    left = serializers.IntegerField(source="n_left")


class CohortViewSet(TellsUses, ActionViewSet):
    """Cohorts: sets of persons or accounts behind a number, by a rule, or from a list."""

    queryset = Cohort.objects.select_related("team", "owner", "current").defer("current__members")
    output_serializer_class = CohortOutput
    input_serializer_class = CohortInput
    change_serializer_class = CohortChange
    filterset_class = CohortFilter
    ordering_fields = ["name", "created_at", "updated_at", "refreshed_at"]
    lookup_field = "slug"
    revision_field = "version"
    door = get_cohort

    def get_queryset(self):
        """Read the products with them."""
        return super().get_queryset().prefetch_related("products")

    def do_create(self, values):
        """Make a cohort."""
        user, name = self.request.user, values.pop("name")
        more = {key: values[key] for key in ("description", "visibility") if key in values}
        if "question" in values:
            number = {"question": values["question"], "cell": values.get("cell")}
            made = save_number(number, actor=user, name=name, is_frozen=values.get("is_frozen", False), **more)
        else:
            about = {"products": self._products(values.get("products") or []), "unit": values.get("unit", "person")}
            make = create_rule if "rule" in values else create_list
            what = values["rule"] if "rule" in values else self._ids(values["ids"], about["unit"])
            made = make(what, actor=user, name=name, **about, **more)
        return get_cohort(user, made.slug)

    def _products(self, slugs):
        found = {one.slug: one for one in Product.objects.visible_to(self.request.user).filter(slug__in=slugs)}
        faults = {
            f"products[{place}]": ["There is no such product."] for place, s in enumerate(slugs) if s not in found
        }
        if faults or not slugs:
            raise BadInput(fields=faults or {"products": ["Name at least one product."]})
        return [found[slug] for slug in slugs]

    def _ids(self, ids, unit):
        return read_ids("\n".join(" ".join(text.split()) for text in ids).encode(), unit=unit)

    def do_change(self, thing, values):
        """Change a cohort."""
        if "ids" in values:
            replace_list(thing, self._ids(values.pop("ids"), thing.unit), actor=self.request.user)
        update_cohort(thing, actor=self.request.user, **values)
        return self.get_thing()

    def do_delete(self, thing):
        """Delete a cohort that nothing uses."""
        delete_cohort(thing, actor=self.request.user)

    @extend_schema(request=None, responses=CohortOutput)
    @action(detail=True, methods=["post"])
    def refresh(self, request, slug: str) -> Response:
        """Have a worker count it now."""
        ask_count(self.get_thing(write=True), actor=request.user)
        return self.answer(self.get_thing(), 202)

    @extend_schema(request=None, responses=CohortOutput)
    @action(detail=True, methods=["post"])
    def archive(self, request, slug: str) -> Response:
        """Put it away."""
        archive_cohort(self.get_thing(write=True), actor=request.user)
        return self.answer(self.get_thing())

    @extend_schema(request=None, responses=CohortOutput)
    @action(detail=True, methods=["post"])
    def restore(self, request, slug: str) -> Response:
        """Bring it back."""
        restore_cohort(self.get_thing(write=True), actor=request.user)
        return self.answer(self.get_thing())

    @extend_schema(
        parameters=[MembersQuery, OpenApiParameter("on", str, description="A day: who was in it at its end.")],
        responses=MembersOutput,
    )
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=[])
    def members(self, request, slug: str) -> Response:
        """Return a page of its members; for the products' teams and ops."""
        asked = MembersQuery(data=request.query_params)
        asked.is_valid(raise_exception=True)
        data = asked.validated_data
        found = read_members(
            self.get_thing(), user=request.user, day=data["on"], page=data["page"], page_size=data["page_size"]
        )
        return Response(MembersOutput(found).data)

    @extend_schema(responses=EditionOutput(many=True))
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=[])
    def history(self, request, slug: str) -> Response:
        """Return the sizes from day to day, with who entered and left."""
        return Response(EditionOutput(list_history(self.get_thing()), many=True).data)


router = PortalRouter()
router.register("cohorts", CohortViewSet, basename="cohort")
urlpatterns = router.urls
