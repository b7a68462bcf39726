"""How decisions and inquiries are filtered over the API."""

import django_filters

from insights.voice.triage.models import Decision, Inquiry


class DecisionFilter(django_filters.FilterSet):
    """Decisions by piece, kind, who decided, and whether they stand."""

    product = django_filters.CharFilter(field_name="feedback__product__slug")
    is_undone = django_filters.BooleanFilter(field_name="undone_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Decision
        fields = ["feedback", "kind", "theme", "created_by", "was_suggested"]


class InquiryFilter(django_filters.FilterSet):
    """Inquiries by piece, colleague, and whether the answer is there."""

    is_answered = django_filters.BooleanFilter(field_name="answered_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Inquiry
        fields = ["feedback", "colleague", "created_by"]
