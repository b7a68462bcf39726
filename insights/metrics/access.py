"""The only door to a metric, a version or a proposal; and who may do what to them."""

from typing import Any

from django.db.models import OuterRef, Subquery

from insights.metrics.models import Metric, MetricVersion
from portal.people.public import Role, allow, can, get_visible

allow("metrics.create", Role.PRODUCT_MANAGER)
allow("metrics.edit", Role.PRODUCT_MANAGER)
allow("metrics.propose", Role.PRODUCT_MANAGER, is_team_bound=False)
allow("metrics.certify", Role.OPS, is_team_bound=False)


def get_metric(user: Any, pk: int, write: bool = False) -> Metric:
    """Return a metric that the user may see, archived or not; with `write`, may change too."""
    open_proposal = MetricVersion.objects.filter(metric=OuterRef("pk"), state=MetricVersion.State.PROPOSED)
    metrics = Metric.objects.with_values().select_related("certified_by").with_stars(user)
    metrics = metrics.annotate(proposal_id=Subquery(open_proposal.values("pk")[:1]))
    return get_visible(metrics, user, "metrics.edit" if write else "", pk=pk)


def get_version(user: Any, pk: int, write: bool = False) -> MetricVersion:
    """Return a version of a metric that the user may see, whatever its state."""
    related = ("metric__product", "metric__team", "metric__owner", "metric__current__series", "series", "author")
    versions = MetricVersion.objects.select_related(*related, "decided_by", "base")
    return get_visible(versions, user, "metrics.edit" if write else "", pk=pk)


def why_not_decide(user: Any, proposal: MetricVersion) -> str:
    """Return why a user may not approve or decline a proposal, "" where they may.

    The owner decides, or ops; where the owner proposed it, any other product manager of the team. Of a certified
    metric nobody decides about their own proposal. Decision 0016 says why so.
    """
    metric = proposal.metric
    is_own = proposal.author_id is not None and proposal.author_id == user.pk
    if not can(user, "metrics.edit", metric):
        return "The metric's owner decides, or ops."
    if is_own and metric.is_certified:
        return "Others rely on a certified metric, so somebody else decides about your proposal: its owner, or ops."
    if user.is_ops or user.pk == metric.owner_id:
        return ""
    if metric.owner_id is not None and proposal.author_id == metric.owner_id and not is_own:
        return ""
    return "The metric's owner decides, or ops."
