"""Dashboards, tiles and annotations in the API: the pages' own actions behind other doors."""

from typing import Any

from django.conf import settings
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from insights.dashboards import actions, refreshing
from insights.dashboards.access import get_annotation, get_dashboard, get_tile
from insights.dashboards.answers import own_scope, stored_answers, tile_questions
from insights.dashboards.layout import DIRECTIONS, Box
from insights.dashboards.models import Annotation, Dashboard, Tile
from insights.dashboards.queries import visible_slugs
from insights.dashboards.scope import answer_key
from insights.dashboards.scope_form import clean_range_text
from insights.events.public import Source
from insights.explore.public import get_insight
from insights.questions.public import parse_question, reads_personal
from portal.people.public import Product, User, Visibility
from portal.shell.public import BadInput, NotFound


def _is_range(text: str) -> str:
    from django.core.exceptions import ValidationError

    try:
        return clean_range_text(text)
    except ValidationError as error:
        raise serializers.ValidationError(error.messages) from None


class DashboardSerializer(serializers.ModelSerializer):
    """A dashboard as the API shows it."""

    product = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    team = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    is_archived = serializers.BooleanField(read_only=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Dashboard
        fields = [
            "slug", "title", "purpose", "product", "team", "owner", "visibility", "date_from", "date_to", "filters",
            "is_archived", "revision", "layout_revision", "created_at", "updated_at", "url",
        ]  # fmt: skip


class DashboardInput(serializers.Serializer):
    """What may be sent about a dashboard; `revision` is the one that the change was made on."""

    title = serializers.CharField(max_length=120)
    purpose = serializers.CharField(max_length=300, allow_blank=True, required=False)
    product = serializers.SlugRelatedField(slug_field="slug", queryset=Product.objects.all())
    owner = serializers.PrimaryKeyRelatedField(queryset=User.objects.filter(is_active=True), required=False)
    visibility = serializers.ChoiceField(Visibility.choices, required=False)
    date_from = serializers.CharField(allow_blank=True, required=False)
    date_to = serializers.DateField(required=False, allow_null=True)
    filters = serializers.ListField(child=serializers.DictField(), required=False)
    revision = serializers.IntegerField(required=False)

    def validate_product(self, product):
        """Refuse a product that the user may not see, as if it were not there."""
        if not Product.objects.visible_to(self.context["request"].user).filter(pk=product.pk).exists():
            raise serializers.ValidationError(f"There is no product “{product.slug}”.")
        return product

    def validate_filters(self, filters):
        """Refuse what no question could hold."""
        asked = {"kind": "trend", "products": ["any"], "series": [{"event": None}], "filters": filters}
        try:
            parse_question(asked, now=timezone.now(), default_zone=settings.WORKSPACE_TIME_ZONE)
        except BadInput as error:
            raise serializers.ValidationError(error.fields) from error
        return filters

    def validate_date_from(self, text):
        """Refuse what is neither a date nor a range such as -30d."""
        return _is_range(text)

    def validate_date_to(self, day):
        """Return the day as a question writes it."""
        return day.isoformat() if day else ""


class TileSerializer(serializers.ModelSerializer):
    """A tile as the API shows it; `question` is what it asks before the dashboard's dates and filters."""

    dashboard = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    question = serializers.SerializerMethodField()

    def get_question(self, tile) -> dict[str, Any] | None:
        """Return the question; none where it is about what is not shared with the reader."""
        question = tile.asks
        if "seen" not in self.context:
            user = self.context["request"].user
            kinds = (Product, Source)
            self.context["seen"] = [set(kind.objects.visible_to(user).values_list("slug", flat=True)) for kind in kinds]
        products, sources = self.context["seen"]
        asked = (set((question or {}).get(name) or []) for name in ("products", "sources"))
        return question if next(asked) <= products and next(asked) <= sources else None

    class Meta:
        model = Tile
        fields = [
            "id", "dashboard", "kind", "title", "question", "insight", "chart", "keeps_own_dates", "text",
            "x", "y", "w", "h", "revision", "created_at", "updated_at",
        ]  # fmt: skip


class TileInput(serializers.Serializer):
    """What may be sent about a tile: a question, an insight's id, or a text."""

    dashboard = serializers.CharField(required=False)
    kind = serializers.ChoiceField(Tile.Kind.choices, required=False)
    title = serializers.CharField(max_length=120, allow_blank=True, required=False)
    question = serializers.DictField(required=False)
    insight = serializers.IntegerField(required=False)
    chart = serializers.CharField(max_length=20, allow_blank=True, required=False)
    keeps_own_dates = serializers.BooleanField(required=False)
    text = serializers.CharField(max_length=10_000, allow_blank=True, required=False)
    w = serializers.IntegerField(min_value=1, max_value=12, required=False)
    h = serializers.IntegerField(min_value=1, max_value=12, required=False)
    revision = serializers.IntegerField(required=False)


def _shown(request, tile: Tile) -> dict[str, Any]:
    return TileSerializer(tile, context={"request": request}).data


class PlaceInput(serializers.Serializer):
    """Where a tile is to be."""

    id = serializers.IntegerField()
    x = serializers.IntegerField(min_value=0, max_value=11)
    y = serializers.IntegerField(min_value=0, max_value=1000)
    w = serializers.IntegerField(min_value=1, max_value=12)
    h = serializers.IntegerField(min_value=1, max_value=12)


class LayoutInput(serializers.Serializer):
    """Places of tiles, made on a layout's revision."""

    revision = serializers.IntegerField()
    tiles = PlaceInput(many=True)


class AnnotationSerializer(serializers.ModelSerializer):
    """An annotation as the API shows it."""

    dashboard = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    product = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = Annotation
        fields = ["id", "dashboard", "product", "starts_on", "ends_on", "text", "author", "created_at", "updated_at"]


class AnnotationInput(serializers.Serializer):
    """What may be sent about an annotation: of a dashboard or of a product, by slug."""

    text = serializers.CharField(max_length=300)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(required=False, allow_null=True)
    dashboard = serializers.CharField(required=False)
    product = serializers.CharField(required=False)

    def validate(self, sent):
        """Refuse a range that ends before it starts."""
        first = sent.get("starts_on") or getattr(self.instance, "starts_on", None)
        if first and sent.get("ends_on") and sent["ends_on"] < first:
            raise serializers.ValidationError({"ends_on": "The last day is before the first."})
        return sent


class DashboardFilter(filters.FilterSet):
    """By product and by words of the title."""

    product = filters.CharFilter(field_name="product__slug")
    q = filters.CharFilter(field_name="title", lookup_expr="icontains")

    class Meta:
        model = Dashboard
        fields = ["product", "q", "visibility"]


def _checked(view: viewsets.GenericViewSet, kind: type, instance: Any = None, partial: bool = False) -> dict:
    form = kind(instance, data=view.request.data, partial=partial, context={"request": view.request})
    form.is_valid(raise_exception=True)
    return dict(form.validated_data)


class DashboardViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """Dashboards; deleting one archives it."""

    serializer_class = DashboardSerializer
    filterset_class = DashboardFilter
    lookup_field = "slug"
    queryset = Dashboard.objects.none()

    def get_queryset(self):
        """Keep what the user may read."""
        return Dashboard.objects.visible_to(self.request.user).live().select_related("product", "team")

    def retrieve(self, request, slug):
        """Return one dashboard."""
        return Response(DashboardSerializer(get_dashboard(request.user, slug)).data)

    @extend_schema(request=DashboardInput, responses={201: DashboardSerializer})
    def create(self, request):
        """Make a dashboard."""
        sent = _checked(self, DashboardInput)
        sent.pop("revision", None)
        return Response(DashboardSerializer(actions.create_dashboard(actor=request.user, **sent)).data, status=201)

    @extend_schema(request=DashboardInput, responses=DashboardSerializer)
    def partial_update(self, request, slug):
        """Change a dashboard, if nobody else did since `revision`."""
        dashboard = get_dashboard(request.user, slug, write=True)
        sent = _checked(self, DashboardInput, partial=True)
        revision = sent.pop("revision", dashboard.revision)
        return Response(
            DashboardSerializer(actions.update_dashboard(dashboard, actor=request.user, revision=revision, **sent)).data
        )

    def destroy(self, request, slug):
        """Archive a dashboard."""
        actions.archive_dashboard(get_dashboard(request.user, slug, write=True), actor=request.user)
        return Response(status=204)

    @extend_schema(request=None, responses=DashboardSerializer)
    @action(detail=True, methods=["post"])
    def restore(self, request, slug):
        """Bring an archived dashboard back."""
        dashboard = get_dashboard(request.user, slug, write=True)
        actions.restore_dashboard(dashboard, actor=request.user)
        return Response(DashboardSerializer(dashboard).data)

    @extend_schema(request=LayoutInput, responses=DashboardSerializer)
    @action(detail=True, methods=["post"])
    def layout(self, request, slug):
        """Arrange the tiles, if nobody else did since `revision` (the dashboard's `layout_revision`)."""
        dashboard = get_dashboard(request.user, slug, write=True)
        sent = _checked(self, LayoutInput)
        places = [Box(**place) for place in sent["tiles"]]
        saved = actions.arrange_tiles(dashboard, actor=request.user, revision=sent["revision"], places=places)
        return Response(DashboardSerializer(saved).data)

    @extend_schema(request=None, responses=inline_serializer("Refreshing", {"n_asked": serializers.IntegerField()}))
    @action(detail=True, methods=["post"])
    def refresh(self, request, slug):
        """Have all tiles computed again, in the background."""
        dashboard = get_dashboard(request.user, slug)
        n_asked = refreshing.refresh_now(dashboard, own_scope(dashboard), actor=request.user)
        return Response({"n_asked": n_asked}, status=202)


class TileViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """Tiles; their answers are at `answer`."""

    serializer_class = TileSerializer
    queryset = Tile.objects.none()

    def get_queryset(self):
        """Keep what the user may read; `?dashboard=slug` keeps one dashboard's."""
        tiles = Tile.objects.live().visible_to(self.request.user).with_questions()
        slug = self.request.query_params.get("dashboard")
        return tiles.filter(dashboard__slug=slug) if slug else tiles

    def retrieve(self, request, pk):
        """Return one tile."""
        return Response(_shown(request, _tile(request, pk)))

    @extend_schema(request=TileInput, responses={201: TileSerializer})
    def create(self, request):
        """Put a tile on a dashboard."""
        sent = _checked(self, TileInput)
        sent.pop("revision", None)
        dashboard = get_dashboard(request.user, sent.pop("dashboard", ""), write=True)
        fields = _tile_fields(request, sent)
        sent_kind = fields.pop("kind", None) or ("question" if "question" in fields else "text")
        if (sent_kind == "question") != ("question" in fields):
            raise BadInput(fields={"question": ["A question tile needs a question or an insight, a text tile a text."]})
        tile = actions.add_tile(dashboard, actor=request.user, kind=sent_kind, **fields)
        return Response(_shown(request, tile), status=201)

    @extend_schema(request=TileInput, responses=TileSerializer)
    def partial_update(self, request, pk):
        """Change a tile, if nobody else did since `revision`."""
        tile = _tile(request, pk, write=True)
        sent = _checked(self, TileInput, partial=True)
        revision = sent.pop("revision", tile.revision)
        fields = _tile_fields(request, sent)
        return Response(_shown(request, actions.update_tile(tile, actor=request.user, revision=revision, **fields)))

    def destroy(self, request, pk):
        """Delete a tile; `restore` brings it back."""
        actions.delete_tile(_tile(request, pk, write=True), actor=request.user)
        return Response(status=204)

    @extend_schema(request=None, responses=TileSerializer)
    @action(detail=True, methods=["post"])
    def restore(self, request, pk):
        """Bring a deleted tile back."""
        tile = get_tile(request.user, _number(pk), write=True, with_deleted=True)
        return Response(_shown(request, actions.restore_tile(tile, actor=request.user)))

    @extend_schema(request=None, responses={201: TileSerializer})
    @action(detail=True, methods=["post"])
    def duplicate(self, request, pk):
        """Put a copy beside a tile."""
        tile = actions.duplicate_tile(_tile(request, pk, write=True), actor=request.user)
        return Response(_shown(request, tile), status=201)

    @extend_schema(
        request=inline_serializer("Step", {"direction": serializers.ChoiceField([(one, one) for one in DIRECTIONS])}),
        responses=TileSerializer,
    )
    @action(detail=True, methods=["post"])
    def step(self, request, pk):
        """Move or resize a tile by one step."""
        direction = str(request.data.get("direction", ""))
        tile = actions.step_tile(_tile(request, pk, write=True), actor=request.user, direction=direction)
        return Response(_shown(request, tile))

    @extend_schema(request=inline_serializer("Move", {"dashboard": serializers.CharField()}), responses=TileSerializer)
    @action(detail=True, methods=["post"])
    def move(self, request, pk):
        """Move a tile to another dashboard, named by its slug."""
        tile = _tile(request, pk, write=True)
        target = get_dashboard(request.user, str(request.data.get("dashboard", "")), write=True)
        return Response(_shown(request, actions.move_tile(tile, target, actor=request.user)))

    @extend_schema(responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["get"])
    def answer(self, request, pk):
        """Return the stored answer under the dashboard's own dates and filters, with its age and state."""
        tile = _tile(request, pk)
        question = tile_questions([tile], own_scope(tile.dashboard), timezone.now()).get(tile.pk)
        if question is None:
            raise NotFound("A text tile has no answer.")
        products, sources = visible_slugs(request.user, [question])
        if set(question.get("products") or []) - products or set(question.get("sources") or []) - sources:
            raise NotFound()
        if reads_personal([question], request.user)[0]:
            raise NotFound()
        stored = stored_answers([question]).get(answer_key(question))
        if stored is None:
            return Response({"state": "waiting", "question": question, "answer": None})
        names = ["state", "question", "answer", "computed_at", "data_until", "duration_ms", "failure", "failed_at"]
        return Response({name: getattr(stored, name) for name in names})


def _number(text: str) -> int:
    if not str(text).isdecimal():
        raise NotFound()
    return int(text)


def _tile(request, pk, write: bool = False) -> Tile:
    return get_tile(request.user, _number(pk), write=write)


def _tile_fields(request, sent: dict) -> dict:
    """Return what the actions take: an insight in place of its id, with its question; a question that can be asked."""
    fields = {name: value for name, value in sent.items() if name != "dashboard"}
    if "insight" in fields:
        insight = get_insight(request.user, fields["insight"])
        question = {**insight.question}
        if not question.get("products") and not question.get("sources"):
            question["products"] = [insight.product.slug]
        fields |= {"insight": insight, "question": question}
        fields.setdefault("chart", insight.chart)
    elif "question" in fields:
        parse_question(fields["question"], now=timezone.now(), default_zone=settings.WORKSPACE_TIME_ZONE)
    return fields


class AnnotationViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """Annotations of dashboards and products."""

    serializer_class = AnnotationSerializer
    queryset = Annotation.objects.none()

    def get_queryset(self):
        """Keep what the user may read; `?dashboard=` or `?product=` keeps one's."""
        found = Annotation.objects.visible_to(self.request.user).select_related("dashboard", "product")
        for name in ("dashboard", "product"):
            if slug := self.request.query_params.get(name):
                found = found.filter(**{f"{name}__slug": slug})
        return found

    def retrieve(self, request, pk):
        """Return one annotation."""
        return Response(AnnotationSerializer(get_annotation(request.user, _number(pk))).data)

    @extend_schema(request=AnnotationInput, responses={201: AnnotationSerializer})
    def create(self, request):
        """Note what happened, on a dashboard or on a product."""
        sent = _checked(self, AnnotationInput)
        annotation = actions.create_annotation(actor=request.user, **{**sent, **_place(request, sent)})
        return Response(AnnotationSerializer(annotation).data, status=201)

    @extend_schema(request=AnnotationInput, responses=AnnotationSerializer)
    def partial_update(self, request, pk):
        """Change an annotation's text or days."""
        annotation = get_annotation(request.user, _number(pk), write=True)
        sent = _checked(self, AnnotationInput, annotation, partial=True)
        fields = {name: sent[name] for name in ("text", "starts_on", "ends_on") if name in sent}
        return Response(AnnotationSerializer(actions.update_annotation(annotation, actor=request.user, **fields)).data)

    def destroy(self, request, pk):
        """Delete an annotation."""
        actions.delete_annotation(get_annotation(request.user, _number(pk), write=True), actor=request.user)
        return Response(status=204)


def _place(request, sent: dict) -> dict:
    if sent.get("dashboard"):
        return {"dashboard": get_dashboard(request.user, sent["dashboard"], write=True), "product": None}
    product = Product.objects.visible_to(request.user).filter(slug=sent.get("product", "")).first()
    if product is None:
        raise BadInput(fields={"dashboard": ["Name a dashboard or a product by its slug."]})
    return {"dashboard": None, "product": product}


router = SimpleRouter()
router.register("dashboards", DashboardViewSet, basename="dashboard")
router.register("tiles", TileViewSet, basename="tile")
router.register("annotations", AnnotationViewSet, basename="annotation")
urlpatterns = router.urls
