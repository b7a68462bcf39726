"""The API of priorities: an order with ranks, chances and what would change it."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from portal.shell.api import PortalRouter
from portal.shell.public import NotFound
from roadmaps.planning.initiatives.public import Initiative
from roadmaps.planning.priorities.reading import (
    models_in_use,
    narrowed,
    read_capacity,
    read_order,
    read_sureness,
    scored_rows,
)

_MOST = 500


class RankedOutput(serializers.Serializer):
    """One initiative of an order; `top_rate` is its chance to be among the first, null where it has none."""

    rank = serializers.IntegerField()
    initiative = serializers.IntegerField()
    title = serializers.CharField()
    value = serializers.FloatField()
    least = serializers.FloatField()
    most = serializers.FloatField()
    effort = serializers.FloatField(allow_null=True)
    effort_so_far = serializers.FloatField()
    is_in = serializers.BooleanField(allow_null=True)
    top_rate = serializers.FloatField(allow_null=True)
    rank_from = serializers.IntegerField(allow_null=True)
    rank_to = serializers.IntegerField(allow_null=True)


class FlipOutput(serializers.Serializer):
    """One input that would change the first place."""

    says = serializers.CharField()
    initiative = serializers.IntegerField()
    input = serializers.CharField()
    is_over = serializers.BooleanField()
    threshold = serializers.FloatField()
    first = serializers.IntegerField()
    is_within = serializers.BooleanField()


class OrderOutput(serializers.Serializer):
    """An order: at most 500 initiatives, the best first."""

    model = serializers.CharField()
    n_scored = serializers.IntegerField()
    n_without = serializers.IntegerField()
    n_top = serializers.IntegerField()
    results = RankedOutput(many=True)
    flips = FlipOutput(many=True)


class PriorityViewSet(ViewSet):
    """Initiatives to decide about, in the order of their scores."""

    @extend_schema(
        operation_id="priorities_list",
        parameters=[
            OpenApiParameter(name, str, description=text)
            for name, text in (
                ("model", "A scoring model's slug; without, the first."),
                ("product", "A product's slug."),
                ("team", "A team's slug."),
                ("stage", "discovery, prototyping or building."),
                ("capacity", "Person-months; says what fits."),
            )
        ],
        responses=OrderOutput,
    )
    def list(self, request) -> Response:
        """Return the order."""
        asked = request.query_params
        models = models_in_use(request.user)
        wanted = asked.get("model", "")
        model = next((one for one in models if one.slug == wanted), None) if wanted else next(iter(models), None)
        if model is None:
            raise NotFound()
        rows = narrowed(scored_rows(request.user, model), asked)
        order = read_order(rows, read_capacity(asked.get("capacity", "")))
        sure = read_sureness(model, order)
        standings = {one.pk: standing for one, _, standing in sure.standings}
        first = order.ranked[:_MOST]
        titles = dict(Initiative.objects.filter(pk__in=[one.key for one in first]).values_list("pk", "title"))
        results = [self._row(one, order, titles, standings.get(one.key)) for one in first if one.key in titles]
        flips = [
            {**vars(flip), "says": says, "initiative": flip.key, "input": flip.input.key} for says, flip in sure.flips
        ]
        said = {"model": model.slug, "n_scored": len(order.ranked), "n_without": order.n_without, "n_top": sure.n_top}
        return Response(OrderOutput({**said, "results": results, "flips": flips}).data)

    def _row(self, one: Any, order: Any, titles: dict[int, str], standing: Any) -> dict[str, Any]:
        place = order.places[one.key]
        names = ("top_rate", "rank_from", "rank_to")
        chances = {name: getattr(standing, name) if standing else None for name in names}
        said = {"value": one.value, "least": one.least, "most": one.most, "effort": one.effort}
        return {"initiative": one.key, "title": titles[one.key], **said, **vars(place), **chances}


router = PortalRouter()
router.register("priorities", PriorityViewSet, basename="priority")
urlpatterns = router.urls
