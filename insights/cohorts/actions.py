"""Making, changing, counting, putting away and deleting cohorts."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.text import slugify

from insights.cohorts.access import require_members
from insights.cohorts.counting import count_cohort
from insights.cohorts.lists import ReadList, pack_ids
from insights.cohorts.models import Cohort, CohortList
from insights.cohorts.numbers import read_number
from insights.cohorts.rules import RuleReader
from insights.events.public import Source
from insights.questions.public import Question, named_cohorts
from portal.audit.public import record, state_of
from portal.operations.public import enqueue_on_commit
from portal.people.public import SYSTEM, Product, require
from portal.shell.public import BadInput, Conflict, find_uses, refuse_stale, refuse_unknown

KEPT_IN_PASSING = timedelta(days=30)
_FIELDS = frozenset({"name", "description", "visibility", "owner"})
_TAKEN_BY_PAGES = frozenset({"new"})
_LOCK = 7312  # advisory lock of the transaction: definitions that name cohorts change one after the other


def save_number(value: dict[str, Any], *, actor: Any, name: str, is_frozen: bool = False, **fields: Any) -> Cohort:
    """Make a cohort of those behind a number, counted at once: as many as the number says.

    A frozen one keeps these members for ever; any other is counted again at night.
    """
    number = read_number(value, user=actor, now=timezone.now())
    products = products_of(number.question)
    start = {"kind": Cohort.Kind.NUMBER, "unit": number.question.unit, "is_frozen": is_frozen}
    cohort = _create(number.to_json(), products, actor=actor, name=name, start=start, fields=fields)
    count_cohort(cohort.pk, only_if_asked=True)
    cohort.refresh_from_db()
    return cohort


def keep_in_passing(value: dict[str, Any], *, actor: Any, name: str) -> Cohort:
    """Return a frozen cohort of those behind a number, made by one click; it goes after a while unless it is kept.

    The same click again on the same day finds the one that is there.
    """
    number = read_number(value, user=actor, now=timezone.now())
    known = Cohort.objects.visible_to(actor).filter(
        definition=number.to_json(), kept_until__gt=timezone.now(), owner_id=actor.pk, state=Cohort.State.OK
    )
    found = known.filter(created_at__date=timezone.localdate()).first()
    if found is not None:
        return found
    until = timezone.now() + KEPT_IN_PASSING
    fields = {"is_frozen": True, "kept_until": until, "action": "cohorts.pass"}
    return save_number(value, actor=actor, name=shortened(name, 120), **fields)


def shortened(text: str, most: int) -> str:
    """Return a text that fits."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def create_rule(
    rule: Any, *, actor: Any, name: str, products: Iterable[Product], unit: str = "person", **fields: Any
) -> Cohort:
    """Make a cohort by a rule; a worker counts it."""
    found = list(products)
    read = RuleReader([product.slug for product in found], unit, actor, timezone.now()).read(rule)
    start = {"kind": Cohort.Kind.RULE, "unit": unit}
    return _create({"rule": read.to_json()}, found, actor=actor, name=name, start=start, fields=fields)


def create_list(
    ids: ReadList, *, actor: Any, name: str, products: Iterable[Product], unit: str = "person", **fields: Any
) -> Cohort:
    """Make a cohort of a list of ids; those not known yet are kept and looked for at each counting."""
    with transaction.atomic():
        start = {"kind": Cohort.Kind.LIST, "unit": unit}
        cohort = _create({}, list(products), actor=actor, name=name, start=start, fields=fields)
        require_members(actor, cohort)  # who may not see people could else ask about one of them alone
        _keep_list(cohort, ids, actor)
    return cohort


def _create(
    definition: dict[str, Any],
    products: list[Product],
    *,
    actor: Any,
    name: str,
    start: dict[str, Any],
    fields: dict[str, Any],
) -> Cohort:
    action = fields.pop("action", "cohorts.create")
    name = " ".join(name.split())
    if not name or len(name) > 120:
        raise BadInput(fields={"name": ["Give it a name of at most 120 characters."]})
    if not products:
        raise BadInput(fields={"products": ["Name a product that you may see."]})
    values = {"definition": definition, "team": products[0].team, **start, **fields}
    if "owner" not in fields:
        values["owner_id"] = actor.pk
    for attempt in range(3):
        cohort = Cohort(name=name, slug=_free_slug(name), **values)
        require(actor, action, cohort)
        try:
            with transaction.atomic():
                cohort.save()
                cohort.products.set(products)
                _note_uses(cohort)
                _ask(cohort)
                record(actor, "cohort.created", cohort, after={"name": name, "kind": cohort.kind, "unit": cohort.unit})
            return cohort
        except IntegrityError as error:  # the same name, given at the same moment: the next number is free
            if "slug" not in str(error) or attempt == 2:
                raise
    raise AssertionError("the loop returns or raises")


def _free_slug(name: str) -> str:
    base = slugify(name)[:60].strip("-") or "cohort"
    base = f"cohort-{base}" if base.isdecimal() else base  # a number names a cohort by its key
    taken = set(Cohort.objects.filter(slug__startswith=base).values_list("slug", flat=True)) | _TAKEN_BY_PAGES
    return next(slug for n in range(len(taken) + 2) if (slug := base if not n else f"{base}-{n + 1}") not in taken)


def products_of(question: Question) -> list[Product]:
    """Return the products that a question is about, in the order that it names them."""
    if question.products:
        found = {product.slug: product for product in Product.objects.filter(slug__in=question.products)}
        return [found[slug] for slug in question.products if slug in found]
    sources = Source.objects.filter(slug__in=question.sources).values("product_id")
    return list(Product.objects.filter(pk__in=sources).order_by("pk"))


@transaction.atomic
def _note_uses(cohort: Cohort) -> None:
    """Note which cohorts a definition names; one that leads back to itself is refused."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    used = set(Cohort.objects.named(named_cohorts(cohort.definition)).values_list("pk", flat=True))
    seen, front = set(used), set(used)
    while front:
        links = Cohort.uses.through.objects.filter(from_cohort__in=front)
        front = set(links.values_list("to_cohort", flat=True)) - seen
        seen |= front
    if cohort.pk in seen:
        raise BadInput(fields={"rule": ["This names a cohort that goes by this one: nobody could say who is in."]})
    cohort.uses.set([] if cohort.is_frozen else used)


@transaction.atomic
def update_cohort(cohort: Cohort, *, actor: Any, version: int, rule: Any = None, **changes: Any) -> Cohort:
    """Change what a cohort is called or, with `rule`, who belongs to it, if nobody changed it since `version`."""
    require(actor, "cohorts.edit", cohort)
    refuse_unknown(changes, _FIELDS)
    current = Cohort.objects.select_for_update().get(pk=cohort.pk)
    refuse_stale(current, version)
    before = state_of(current)
    for name, value in changes.items():
        setattr(current, name, value.strip() if isinstance(value, str) else value)
    if not current.name:
        raise BadInput(fields={"name": ["Give it a name."]})
    if rule is not None:
        if current.kind != Cohort.Kind.RULE:
            raise BadInput(fields={"rule": ["Only a cohort by a rule has one."]})
        slugs = list(current.products.values_list("slug", flat=True))
        read = RuleReader(slugs, current.unit, actor, timezone.now()).read(rule)
        current.definition = {"rule": read.to_json()}
        _note_uses(current)
    current.version = version + 1
    current.kept_until = None  # whoever names it, keeps it
    current.save()
    record(actor, "cohort.changed", current, before=before, after=state_of(current))
    if rule is not None and before["definition"] != current.definition:
        ask_count(current, actor=actor)
    return current


@transaction.atomic
def replace_list(cohort: Cohort, ids: ReadList, *, actor: Any) -> Cohort:
    """Put another list in the place of a cohort's."""
    require(actor, "cohorts.edit", cohort)
    require_members(actor, cohort)
    if cohort.kind != Cohort.Kind.LIST:
        raise BadInput(fields={"file": ["Only a cohort from a list takes one."]})
    _keep_list(cohort, ids, actor)
    record(actor, "cohort.list_replaced", cohort, after={"n_ids": len(ids.ids)})
    return ask_count(cohort, actor=actor)


def _keep_list(cohort: Cohort, ids: ReadList, actor: Any) -> None:
    values = {"ids": pack_ids(ids.ids), "n_ids": len(ids.ids), "n_known": 0, "added_by_id": actor.pk}
    CohortList.objects.update_or_create(cohort=cohort, defaults={**values, "added_at": timezone.now()})


@transaction.atomic
def ask_count(cohort: Cohort, *, actor: Any) -> Cohort:
    """Have a worker count a cohort now; asked twice, it is counted once."""
    require(actor, "cohorts.edit", cohort)
    if cohort.archived_at is not None:
        raise Conflict("This cohort is archived and not counted any more. Restore it first.")
    idle = Cohort.objects.filter(pk=cohort.pk).exclude(state=Cohort.State.WAITING)
    if idle.exists():
        _ask(cohort)
        record(actor, "cohort.count_asked", cohort)
    return cohort


def _ask(cohort: Cohort) -> None:
    """Announce a counting in the transaction that makes it due."""
    Cohort.objects.filter(pk=cohort.pk).update(state=Cohort.State.WAITING, asked_at=timezone.now(), step="")
    enqueue_on_commit("cohorts.count_cohort", cohort_id=cohort.pk)
    cohort.refresh_from_db()


@transaction.atomic
def archive_cohort(cohort: Cohort, *, actor: Any) -> bool:
    """Put a cohort away: it is listed and counted no more; what names it goes on with its last members."""
    require(actor, "cohorts.edit", cohort)
    if not Cohort.objects.filter(pk=cohort.pk, archived_at=None).update(archived_at=timezone.now()):
        return False
    record(actor, "cohort.archived", cohort, before={"is_archived": False}, after={"is_archived": True})
    cohort.refresh_from_db()
    return True


@transaction.atomic
def restore_cohort(cohort: Cohort, *, actor: Any) -> bool:
    """Bring an archived cohort back, and have it counted."""
    require(actor, "cohorts.edit", cohort)
    if not Cohort.objects.filter(pk=cohort.pk, archived_at__isnull=False).update(archived_at=None):
        return False
    record(actor, "cohort.restored", cohort, before={"is_archived": True}, after={"is_archived": False})
    cohort.refresh_from_db()
    ask_count(cohort, actor=actor)
    return True


@transaction.atomic
def delete_cohort(cohort: Cohort, *, actor: Any) -> None:
    """Delete a cohort for good; while something uses it, only archiving is possible."""
    require(actor, "cohorts.edit", cohort)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    users = find_uses(cohort, SYSTEM)
    if users:
        named = ", ".join(f"{hit.kind.lower()} “{hit.title}”" for hit in find_uses(cohort, actor)[:5])
        some = named or f"{len(users)} thing{'' if len(users) == 1 else 's'} that you may not see"
        raise Conflict(f"This would break {some}. Archive it: then they go on with its last members.")
    record(actor, "cohort.deleted", cohort, before=state_of(cohort))
    cohort.delete()


@transaction.atomic
def note_download(cohort: Cohort, n_rows: int, *, actor: Any) -> None:
    """Keep in the audit trail who took a cohort's members along."""
    record(actor, "cohort.members_downloaded", cohort, note=f"{n_rows:,} {cohort.units}")
