"""Annotations of dashboards and products in the API."""

import django_filters
from rest_framework import serializers

from insights.dashboards import actions
from insights.dashboards.access import get_annotation, get_dashboard
from insights.dashboards.models import Annotation
from portal.people.public import Product
from portal.shell.api import ActionViewSet
from portal.shell.public import BadInput


class AnnotationOutput(serializers.ModelSerializer):
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


class AnnotationFilter(django_filters.FilterSet):
    """By dashboard or by product, each by its slug."""

    dashboard = django_filters.CharFilter(field_name="dashboard__slug")
    product = django_filters.CharFilter(field_name="product__slug")

    class Meta:
        model = Annotation
        fields: list[str] = []


class AnnotationViewSet(ActionViewSet):
    """Annotations of dashboards and products."""

    queryset = Annotation.objects.select_related("dashboard", "product")
    output_serializer_class = AnnotationOutput
    input_serializer_class = AnnotationInput
    filterset_class = AnnotationFilter
    ordering_fields = ["starts_on", "created_at"]
    lookup_value_regex = r"\d+"
    door = get_annotation

    def do_create(self, values):
        """Note what happened, on a dashboard or on a product."""
        return actions.create_annotation(actor=self.request.user, **{**values, **self._place(values)})

    def do_change(self, thing, values):
        """Change an annotation's text or days."""
        fields = {name: values[name] for name in ("text", "starts_on", "ends_on") if name in values}
        return actions.update_annotation(thing, actor=self.request.user, **fields)

    def do_delete(self, thing):
        """Delete an annotation."""
        actions.delete_annotation(thing, actor=self.request.user)

    def _place(self, values: dict) -> dict:
        user = self.request.user
        if values.get("dashboard"):
            return {"dashboard": get_dashboard(user, values["dashboard"], write=True), "product": None}
        product = Product.objects.visible_to(user).filter(slug=values.get("product", "")).first()
        if product is None:
            raise BadInput(fields={"dashboard": ["Name a dashboard or a product by its slug."]})
        return {"dashboard": None, "product": product}
