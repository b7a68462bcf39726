"""How proposals and verdicts are filtered over the API."""

import django_filters

from insights.voice.suggestions.models import ThemeProposal, Verdict


class ProposalFilter(django_filters.FilterSet):
    """Proposed themes by product and state."""

    product = django_filters.CharFilter(field_name="product__slug")

    class Meta:
        model = ThemeProposal
        fields = ["state"]


class VerdictFilter(django_filters.FilterSet):
    """Verdicts by piece, theme and answer."""

    class Meta:
        model = Verdict
        fields = ["feedback", "theme", "is_accepted"]
