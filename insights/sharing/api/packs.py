"""Packs in the API."""

from dataclasses import asdict
from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from insights.dashboards.access import get_dashboard
from insights.dashboards.api.dashboards import DashboardInput
from insights.dashboards.contracts import Scope
from insights.sharing import actions
from insights.sharing.access import get_pack
from insights.sharing.checking import watch_pack
from insights.sharing.filters import PackFilter
from insights.sharing.models import Pack
from insights.sharing.packs import FrozenTile, show_pack
from portal.shell.api import CreateByAction, DeleteByAction, ReadViewSet


class PackOutput(serializers.ModelSerializer):
    """A pack as the API shows it; its numbers are at `comparison`."""

    dashboard = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    product = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Pack
        fields = [
            "id", "name", "dashboard", "dashboard_title", "product", "held_on", "note", "date_from", "date_to",
            "filters", "data_version", "frozen_at", "frozen_by", "url",
        ]  # fmt: skip


class PackInput(serializers.Serializer):
    """What may be sent to freeze a dashboard; without dates and filters they are the dashboard's own."""

    dashboard = serializers.CharField()
    name = serializers.CharField(max_length=120)
    held_on = serializers.DateField(required=False)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    date_from = serializers.CharField(max_length=20, required=False, allow_blank=True)
    date_to = serializers.RegexField(r"^\d{4}-\d\d-\d\d$", required=False, allow_blank=True)
    filters = serializers.ListField(child=serializers.DictField(), required=False)

    validate_date_from = DashboardInput.validate_date_from
    validate_filters = DashboardInput.validate_filters


class PackViewSet(CreateByAction, DeleteByAction, ReadViewSet):
    """Packs: dashboards frozen with every number as it was. They are never changed; ops remove them with a reason."""

    queryset = Pack.objects.select_related("dashboard", "product", "frozen_by")
    output_serializer_class = PackOutput
    input_serializer_class = PackInput
    filterset_class = PackFilter
    ordering_fields = ["name", "held_on", "frozen_at"]
    lookup_value_regex = r"\d+"
    door = get_pack

    def do_create(self, values):
        """Freeze a dashboard."""
        dashboard = get_dashboard(self.request.user, values.pop("dashboard"), write=True)
        keys = ("date_from", "date_to", "filters")
        given = {key: values.pop(key) for key in keys if key in values}
        own = {key: getattr(dashboard, key) for key in keys}
        asked = {**own, **given}
        scope = Scope(asked["date_from"], asked["date_to"], tuple(asked["filters"]))
        values.setdefault("held_on", timezone.localdate())
        return actions.freeze_dashboard(dashboard, actor=self.request.user, scope=scope, **values)

    def do_delete(self, thing):
        """Remove a pack; the reason stands in the address, for a DELETE has no body that is sure to arrive."""
        reason = self.request.query_params.get("reason", "")
        actions.remove_pack(thing, actor=self.request.user, reason=reason)

    @extend_schema(parameters=[OpenApiParameter("reason", str, description="Why it goes.")], responses={204: None})
    def destroy(self, request, *args, **kwargs) -> Response:
        """Remove a pack, with a reason; for ops."""
        return super().destroy(request, *args, **kwargs)

    @extend_schema(responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["get"])
    def comparison(self, request, pk) -> Response:
        """Return each tile's numbers then and now, and why they moved; `state` says pending while now is computed."""
        pack = self.get_thing()
        view = show_pack(pack, user=request.user, now=timezone.now())
        if view.is_pending:
            watch_pack(pack)
        return Response({"pack": pack.pk, "is_pending": view.is_pending, "tiles": [_tile(one) for one in view.tiles]})


def _tile(one: FrozenTile) -> dict[str, Any]:
    tile = one.tile
    found: dict[str, Any] = {"title": tile.title, "kind": tile.kind, "state": one.state}
    if one.state == "text":
        return {**found, "text": tile.text}
    if one.then is None:
        return {**found, "sentence": one.sentence}
    numbers = [
        {
            "row": pair.row,
            "number": pair.column,
            "then": pair.then.value if pair.then else None,
            "now": pair.now.value if pair.now else None,
            "has_moved": pair.has_moved,
            "was_partial": pair.was_partial,
        }
        for pair in one.comparison.pairs
    ]
    reasons = [asdict(reason) for reason in one.reasons]
    return {
        **found,
        "question": tile.asked,
        "in_words": one.words,
        "answer": tile.answer,
        "computed_at": tile.computed_at,
        "numbers": numbers,
        "why": reasons,
    }
