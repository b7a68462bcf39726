"""The map in the API."""

from dataclasses import asdict

from django.urls import path
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.people.public import get_product
from portal.shell.public import BadInput
from roadmaps.plan.goal_map.reading import read_map

_PRODUCT = OpenApiParameter("product", str, required=True, description="The product's slug.")


class GoalMapView(APIView):
    """From the vision of a product to its numbers."""

    @extend_schema(operation_id="goal_map", parameters=[_PRODUCT], responses=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        """Return the goals with what hangs on them, and what hangs on nothing, as far as the reader may see it."""
        slug = request.query_params.get("product", "")
        if not slug:
            raise BadInput(fields={"product": ["Name a product."]})
        found = read_map(request.user, get_product(request.user, slug), today=timezone.localdate())
        goals = []
        for goal in found.tree.goals:
            numbers = [
                {"key_result": one.pk, "title": one.title, "metric": None if shown.is_hidden else one.metric_id}
                for one, shown in goal.numbers
            ]
            branches = [asdict(branch) for branch in goal.branches]
            said = {"depth": goal.depth, "is_served": goal.is_served, "n_more": goal.n_more}
            goals.append({**asdict(goal.leaf), **said, "key_results": numbers, "branches": branches})
        loose = asdict(found.tree.loose)
        vision = {"number": found.vision.current.number, "words": found.vision_words} if found.vision else None
        return Response({"product": slug, "vision": vision, "goals": goals, "loose": loose})


urlpatterns = [path("goal-map/", GoalMapView.as_view(), name="goal-map")]
