"""Making, changing, certifying, putting away and starring metrics."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from insights.explore.public import tidy_tags
from insights.metrics.contracts import Definition
from insights.metrics.models import Metric, MetricStar, MetricVersion
from insights.metrics.refreshing import request_values
from portal.audit.public import record, state_of
from portal.people.public import Product, can, require
from portal.shell.public import BadInput, NotFound, refuse_stale, refuse_unknown

_FIELDS = frozenset({"name", "description", "tags", "visibility", "owner"})
FIRST_REASON = "The first definition."


def _name_taken(name: str, product: Product) -> BadInput:
    said = (
        f"{product} has a metric called “{name}” already. One name means one number: choose another, or use that one."
    )
    return BadInput(fields={"name": [said]})


def _check_name(metric: Metric) -> None:
    if not metric.name:
        raise BadInput(fields={"name": ["Give it a name."]})
    same = Metric.objects.live().filter(product=metric.product, name__iexact=metric.name).exclude(pk=metric.pk)
    if same.exists():
        raise _name_taken(metric.name, metric.product)


def create_metric(
    definition: Definition,
    *,
    product: Product,
    name: str,
    actor: Any,
    description: str = "",
    tags: list[str] | None = None,
    visibility: str = "company",
    reason: str = "",
) -> Metric:
    """Make a draft metric of a product, owned by the actor in the product's team; its values are computed at once."""
    metric = Metric(
        product=product,
        team=product.team,
        owner_id=actor.pk,
        name=" ".join(name.split()),
        description=description.strip(),
        tags=tidy_tags(tags or []),
        visibility=visibility,
    )
    require(actor, "metrics.create", metric)
    _check_name(metric)
    try:
        with transaction.atomic():
            metric.save()
            version = MetricVersion.objects.create(
                metric=metric,
                number=1,
                state=MetricVersion.State.CURRENT,
                author_id=actor.pk,
                reason=reason.strip()[:1000] or FIRST_REASON,
                **vars(definition),
            )
            metric.current = version
            metric.save(update_fields=["current"])
            record(actor, "metric.created", metric, after={**state_of(metric), "question": definition.question})
            request_values([version], timezone.now())
    except IntegrityError as error:  # the same name, given at the same moment
        if "one_metric_of_a_name_in_a_product" not in str(error):
            raise
        raise _name_taken(metric.name, product) from error
    return metric


def locked_metric(metric: Metric) -> Metric:
    """Return the metric as it is now, locked: every change of a metric or of its versions takes its row first."""
    current = Metric.objects.select_for_update(of=("self",)).select_related("product", "current").filter(pk=metric.pk)
    found = current.first()
    if found is None:
        raise NotFound()
    return found


@transaction.atomic
def update_metric(metric: Metric, *, actor: Any, revision: int, **changes: Any) -> Metric:
    """Change a metric's words, tags, reach or owner, if nobody changed them since `revision`."""
    require(actor, "metrics.edit", metric)
    refuse_unknown(changes, _FIELDS)
    current = locked_metric(metric)
    refuse_stale(current, revision, "revision")
    before = state_of(current)
    if "tags" in changes:
        changes["tags"] = tidy_tags(changes["tags"])
    if "name" in changes:
        changes["name"] = " ".join(changes["name"].split())
    owner = changes.get("owner")
    if owner is not None and not can(owner, "metrics.edit", current):
        raise BadInput(
            fields={"owner": ["The owner decides about its definition: choose a product manager of its team."]}
        )
    for name, value in changes.items():
        setattr(current, name, value.strip() if isinstance(value, str) else value)
    _check_name(current)
    current.revision = revision + 1
    current.save()
    record(actor, "metric.changed", current, before=before, after=state_of(current))
    return current


@transaction.atomic
def certify_metric(metric: Metric, *, actor: Any) -> bool:
    """Say that this is the number to use; from then on its definition changes by proposal only. False if it was so."""
    require(actor, "metrics.certify", metric)
    current = locked_metric(metric)
    if current.is_certified:
        return False
    if current.owner_id is None or not current.description or not current.current.unit:
        missing = {
            "owner": not current.owner_id and "A certified metric has an owner, who decides about its definition.",
            "description": not current.description and "A certified metric says in words what it means.",
            "unit": not current.current.unit and "A certified metric says its unit.",
        }
        raise BadInput(fields={name: [said] for name, said in missing.items() if said})
    current.is_certified, current.certified_at, current.certified_by_id = True, timezone.now(), actor.pk
    current.revision += 1
    current.save(update_fields=["is_certified", "certified_at", "certified_by", "revision", "updated_at"])
    record(actor, "metric.certified", current, before={"is_certified": False}, after={"is_certified": True})
    return True


@transaction.atomic
def uncertify_metric(metric: Metric, *, actor: Any) -> bool:
    """Make a certified metric a draft again; False if it was one."""
    require(actor, "metrics.certify", metric)
    certified = Metric.objects.filter(pk=metric.pk, is_certified=True)
    values = {"is_certified": False, "certified_at": None, "certified_by": None}
    if not certified.update(**values, revision=F("revision") + 1, updated_at=timezone.now()):
        return False
    record(actor, "metric.made_draft", metric, before={"is_certified": True}, after={"is_certified": False})
    return True


@transaction.atomic
def archive_metric(metric: Metric, *, actor: Any) -> bool:
    """Put a metric away: it leaves lists and the night; what uses it keeps the values of that day. False if it was."""
    require(actor, "metrics.edit", metric)
    live = Metric.objects.filter(pk=metric.pk, archived_at=None)
    if not live.update(archived_at=timezone.now(), revision=F("revision") + 1):
        return False
    record(actor, "metric.archived", metric, before={"is_archived": False}, after={"is_archived": True})
    return True


@transaction.atomic
def restore_metric(metric: Metric, *, actor: Any) -> bool:
    """Bring an archived metric back; False if it was not away."""
    require(actor, "metrics.edit", metric)
    current = locked_metric(metric)
    if current.archived_at is None:
        return False
    _check_name(current)
    current.archived_at = None
    current.revision += 1
    current.save(update_fields=["archived_at", "revision", "updated_at"])
    record(actor, "metric.restored", current, before={"is_archived": True}, after={"is_archived": False})
    request_values([current.current], timezone.now())
    return True


@transaction.atomic
def star_metric(metric: Metric, *, actor: Any, is_starred: bool) -> None:
    """Put or remove one's own star; pressing twice changes nothing."""
    if not Metric.objects.visible_to(actor).filter(pk=metric.pk).exists():
        raise NotFound()
    if is_starred:
        _, changed = MetricStar.objects.get_or_create(user=actor, metric=metric)
    else:
        changed, _ = MetricStar.objects.filter(user=actor, metric=metric).delete()
    if changed:
        record(actor, f"metric.{'starred' if is_starred else 'unstarred'}", metric)
