"""The API of forecasts: as they were made, how often they were right, and of raw weeks."""

from typing import Any

from django.urls import path, re_path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.shell.api import PortalRouter, ReadViewSet
from roadmaps.delivery.forecasts.filters import ForecastFilter
from roadmaps.delivery.forecasts.models import Backtest, Forecast
from roadmaps.delivery.forecasts.preview_api import PreviewView
from roadmaps.delivery.forecasts.queries import CoverageRow, coverage_of, read_coverage


class ForecastOutput(serializers.ModelSerializer):
    """What the API says of a forecast; dates are last days of weeks, null where nothing can be said."""

    product = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    reason = serializers.CharField(source="why_none", read_only=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Forecast
        fields = [
            *("id", "product", "initiative", "release", "made_on", "is_newest", "basis", "n_weeks", "n_done", "n_left"),
            *("n_ahead", "p50", "p85", "p95", "promised_on", "reason", "seed", "finished_on", "url"),
        ]
        read_only_fields = fields


class ForecastViewSet(ReadViewSet):
    """When initiatives and releases will be done, as it was said night by night."""

    queryset = Forecast.objects.of_rows()
    output_serializer_class = ForecastOutput
    filterset_class = ForecastFilter
    ordering_fields = ["made_on", "p85"]
    lookup_value_regex = r"\d{1,18}"


class CoverageShareOutput(serializers.Serializer):
    """Of how many the date came on or before a percentile; null under five."""

    percent = serializers.IntegerField()
    n = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True, help_text="Wilson 95 % interval.")
    high = serializers.FloatField(allow_null=True)


class CoverageRowOutput(serializers.Serializer):
    """How good forecasts were, of all products or of one."""

    name = serializers.CharField()
    n = serializers.IntegerField(help_text="Forecasts of which it is known by now what came.")
    n_things = serializers.IntegerField(help_text="Initiatives and releases that they were of; 0 in a backtest.")
    shares = CoverageShareOutput(many=True)


class CoverageOutput(serializers.Serializer):
    """What came of forecasts, and what forecasts of the next items would have been worth."""

    past = CoverageRowOutput(many=True)
    backtests = CoverageRowOutput(many=True)


def _said(row: CoverageRow) -> dict[str, Any]:
    names = ("percent", "n", "share", "low", "high")
    shares = [dict(zip(names, one, strict=True)) for one in row.shares]
    return {"name": row.name, "n": row.n, "n_things": row.n_things, "shares": shares}


class CoverageView(APIView):
    """How often forecasts were right."""

    @extend_schema(operation_id="forecasts_coverage", tags=["forecasts"], responses=CoverageOutput)
    def get(self, request) -> Response:
        """Return the coverage of all past forecasts and of backtests."""
        tests = Backtest.objects.visible_to(request.user).select_related("product")
        past = read_coverage(request.user.visible_products)
        return Response({"past": [_said(row) for row in past], "backtests": [_said(coverage_of(one)) for one in tests]})


router = PortalRouter()
router.register("forecasts", ForecastViewSet, basename="forecast")
# The preview with or without a slash at its end: a POST that is redirected would lose what it sent.
urlpatterns = [
    re_path(r"^forecasts/preview/?$", PreviewView.as_view(), name="forecast-preview"),
    path("forecasts/coverage/", CoverageView.as_view(), name="forecast-coverage"),
    *router.urls,
]
