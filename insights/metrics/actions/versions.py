"""Changing what a metric means: proposed with a reason, then approved, declined or taken back."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from insights.metrics.access import why_not_decide
from insights.metrics.actions.metrics import locked_metric
from insights.metrics.contracts import Definition
from insights.metrics.models import Metric, MetricVersion
from insights.metrics.refreshing import request_values
from insights.metrics.uses import count_uses
from portal.audit.public import record
from portal.messages.public import notify
from portal.people.public import User, require
from portal.shell.public import BadInput, Conflict, NotAllowed

State = MetricVersion.State


def needs_proposal(metric: Metric) -> bool:
    """Say whether its definition changes by proposal only: others rely on it."""
    return metric.is_certified or count_uses(metric) > 0


def _check(metric: Metric, definition: Definition, reason: str) -> str:
    if metric.archived_at is not None:
        raise Conflict("This metric is archived. Restore it first.")
    reason = reason.strip()
    if not reason:
        raise BadInput(fields={"reason": ["Say why: whoever reads the line later will ask."]})
    if len(reason) > 1000:
        raise BadInput(fields={"reason": ["Say it in at most 1,000 characters."]})
    if definition == metric.current.definition:
        raise BadInput("This is what the metric asks already. Change the question, its unit or its direction.")
    return reason


@transaction.atomic
def propose_version(metric: Metric, definition: Definition, *, actor: Any, reason: str) -> MetricVersion:
    """Propose another definition; one proposal is open at a time. Its line is computed at once, beside the old one."""
    require(actor, "metrics.propose", metric)
    current = locked_metric(metric)
    reason = _check(current, definition, reason)
    if current.versions.filter(state=State.PROPOSED).exists():
        raise Conflict(
            "A change of this metric is proposed already. It must be decided before another one is proposed."
        )
    version = MetricVersion.objects.create(
        metric=current,
        state=State.PROPOSED,
        base=current.current,
        author_id=actor.pk,
        reason=reason,
        **vars(definition),
    )
    record(actor, "metric.change_proposed", current, after=_told(version), note=reason)
    request_values([version], timezone.now())
    if current.owner_id and current.owner_id != actor.pk:
        text = f"{actor} proposes a change of your metric “{current}”: {reason}"
        notify([current.owner], text, key=f"metric-proposal-{version.pk}", url=version.get_absolute_url())
    return version


def _told(version: MetricVersion) -> dict[str, Any]:
    return {name: getattr(version, name) for name in ("question", "column", "unit", "direction")}


@transaction.atomic
def redefine_metric(metric: Metric, definition: Definition, *, actor: Any, reason: str) -> MetricVersion:
    """Change the definition of a draft that nothing uses, at once; anything else is proposed."""
    require(actor, "metrics.edit", metric)
    current = locked_metric(metric)
    reason = _check(current, definition, reason)
    if needs_proposal(current):
        raise Conflict("Others rely on this metric by now. Propose the change, so that they see what will move.")
    if current.versions.filter(state=State.PROPOSED).exists():
        raise Conflict("A change of this metric is proposed. Decide about it first.")
    version = MetricVersion(metric=current, author_id=actor.pk, reason=reason, base=current.current, **vars(definition))
    return _put_in_force(current, version, actor, "metric.redefined", reason)


def _put_in_force(metric: Metric, version: MetricVersion, actor: Any, verb: str, note: str) -> MetricVersion:
    """Make a version the current one; the one before stays as a past one."""
    before = metric.current
    MetricVersion.objects.filter(pk=before.pk).update(state=State.PAST)
    version.number = (metric.versions.aggregate(newest=Max("number"))["newest"] or 0) + 1
    version.state = State.CURRENT
    version.save()
    metric.current = version
    metric.revision += 1
    metric.save(update_fields=["current", "revision", "updated_at"])
    record(actor, verb, metric, before=_told(before), after=_told(version), note=note)
    request_values([version], timezone.now())
    return version


def _open_proposal(proposal: MetricVersion) -> tuple[Metric, MetricVersion]:
    """Return metric and proposal as they are now, locked; refuse one that is decided, by whom whoever was first."""
    metric = locked_metric(proposal.metric)
    current = MetricVersion.objects.select_related("decided_by").get(pk=proposal.pk)
    if current.state != State.PROPOSED:
        who = current.decided_by or "Somebody"
        how = {State.WITHDRAWN: "taken back", State.DECLINED: "declined"}.get(State(current.state), "approved")
        raise Conflict(f"{who} was faster: this proposal was {how}. Reload the page to see it.")
    current.metric = metric
    return metric, current


@transaction.atomic
def approve_version(proposal: MetricVersion, *, actor: Any, decision: str = "") -> MetricVersion:
    """Put a proposed version in force; the one before stays, and stays askable."""
    metric, version = _open_proposal(proposal)
    _require_decider(actor, version)
    if version.base_id != metric.current_id:
        raise Conflict("The metric changed since this was proposed. Decline it, and propose the change anew.")
    version.decided_by_id, version.decided_at = actor.pk, timezone.now()
    version.decision = decision.strip()[:1000]
    done = _put_in_force(metric, version, actor, "metric.change_approved", version.decision or version.reason)
    _tell_author(done, actor, f"approved your change of “{metric}”.")
    return done


@transaction.atomic
def decline_version(proposal: MetricVersion, *, actor: Any, decision: str) -> MetricVersion:
    """Decline a proposed version, with words for whoever proposed it."""
    metric, version = _open_proposal(proposal)
    _require_decider(actor, version)
    decision = decision.strip()
    if not decision:
        raise BadInput(fields={"decision": ["Say why not: whoever proposed it will want to know."]})
    _close(version, State.DECLINED, actor, decision[:1000])
    record(actor, "metric.change_declined", metric, after=_told(version), note=version.decision)
    _tell_author(version, actor, f"declined your change of “{metric}”: {version.decision}")
    return version


@transaction.atomic
def withdraw_version(proposal: MetricVersion, *, actor: Any) -> MetricVersion:
    """Take one's own proposal back; ops may too, once its author has left."""
    metric, version = _open_proposal(proposal)
    if version.author_id != actor.pk and not actor.is_ops:
        raise NotAllowed("Only who proposed it can take it back. Decline it with a word instead.")
    _close(version, State.WITHDRAWN, actor, "")
    record(actor, "metric.change_taken_back", metric)
    return version


def _close(version: MetricVersion, state: str, actor: Any, decision: str) -> None:
    version.state, version.decision = state, decision
    version.decided_by_id, version.decided_at = actor.pk, timezone.now()
    version.save(update_fields=["state", "decision", "decided_by", "decided_at"])


def _require_decider(actor: Any, version: MetricVersion) -> None:
    if why := why_not_decide(actor, version):
        raise NotAllowed(why)


def _tell_author(version: MetricVersion, actor: Any, text: str) -> None:
    if version.author_id and version.author_id != actor.pk:
        people = User.objects.filter(pk=version.author_id)
        notify(people, f"{actor} {text}", key=f"metric-decision-{version.pk}", url=version.get_absolute_url())
