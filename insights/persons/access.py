"""The door to persons and accounts: personal data, for the product's team and for ops."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from insights.contacts.access import sees_written
from insights.events.public import Account, DistinctId, IdSpace, PersonJoin, Source, may_see_people
from insights.persons.models import PersonJob
from portal.people.public import Product, can, can_see, is_insider, require
from portal.shell.public import NotAllowed, NotFound

INSIDERS_ONLY = "Who is behind the numbers is for the product's team and for ops. Ask a member of the team."


@dataclass(frozen=True)
class Scope:
    """What a reader may look into: a space of ids, and those of its sources that are of the reader's teams.

    `is_whole` says that these are all sources of the space: else ids seen in none of them are not shown, but for those
    of whom something is written down, where the reader `sees_written` it.
    """

    space: IdSpace
    sources: tuple[Source, ...]
    is_whole: bool
    sees_written: bool = False

    @property
    def source_ids(self) -> list[int]:
        """Return the numbers of the sources."""
        return [source.pk for source in self.sources]

    @property
    def product(self) -> Product:
        """Return the product under which the reader sees it."""
        own = self.space.product
        return own if own is not None and (self.sees_written or not self.sources) else self.sources[0].product


def list_insider_products(user: Any) -> list[Product]:
    """Return the products whose people a user may see."""
    return [product for product in user.visible_products if is_insider(user, product.team_id)]


def get_insider_product(user: Any, slug: str) -> Product:
    """Return a product whose people a user may see; NotFound where they may not see it, NotAllowed else."""
    product = next((one for one in user.visible_products if one.slug == slug), None)
    if product is None:
        raise NotFound()
    if not is_insider(user, product.team_id):
        raise NotAllowed(INSIDERS_ONLY)
    return product


def list_insider_sources(user: Any) -> list[Source]:
    """Return the sources into whose people a user may look."""
    sources = Source.objects.visible_to(user).select_related("product", "id_space").order_by("pk")
    return [source for source in sources if may_see_people(user, source)]


def _scope_of(user: Any, space: IdSpace) -> Scope:
    sources = list(Source.objects.filter(id_space=space).select_related("product", "id_space").order_by("pk"))
    things = [*sources, *([space.product] if space.product else [])]
    if not any(can_see(user, thing) for thing in things):
        raise NotFound()
    inside = tuple(source for source in sources if may_see_people(user, source))
    written = sees_written(user, space) and space.product is not None
    if not inside and not written:
        raise NotAllowed(INSIDERS_ONLY)
    return Scope(space, inside, len(inside) == len(sources), written)


def get_person_ids(user: Any, no: int) -> tuple[Scope, list[DistinctId]]:
    """Return the scope and all ids of the person that an id's number belongs to, the person's own id first.

    Each comes with its contact, and with `is_busy`: whether a job is at work on it.
    """
    # Scalar subqueries, which the database works out once and looks up in the indexes of both columns.
    person = Subquery(
        DistinctId.objects.filter(pk=no).values_list(Coalesce("person_no", "no", output_field=IntegerField()))[:1]
    )
    ids = DistinctId.objects.filter(Q(no=person) | Q(person_no=person))
    busy = PersonJob.objects.active().filter(Q(person_no=OuterRef("no")) | Q(other_no=OuterRef("no")))
    along = ("id_space__product__team", "contact__account", "contact__owner")
    ids = list(ids.select_related(*along).annotate(is_busy=Exists(busy)))
    if not ids:
        raise NotFound()
    scope = _scope_of(user, ids[0].id_space)
    return scope, sorted(ids, key=lambda row: (row.no != row.resolved_no, row.no))


def get_account(user: Any, no: int) -> tuple[Scope, Account]:
    """Return the scope and the account of a number."""
    account = Account.objects.select_related("id_space__product__team", "record__owner").filter(pk=no).first()
    if account is None:
        raise NotFound()
    return _scope_of(user, account.id_space), account


def visible_joins(user: Any) -> Any:
    """Return the joins that a user may see: of sources of their teams; ops see merges by hand too."""
    joins = PersonJoin.objects.select_related("from_id", "to_id", "batch__source", "id_space", "created_by")
    if getattr(user, "is_active", False) and user.is_ops:
        return joins
    sources = list_insider_sources(user) if getattr(user, "is_active", False) else []
    return joins.filter(batch__source__in=[source.pk for source in sources])


def get_join(user: Any, join_id: int) -> PersonJoin:
    """Return a join that a user may see."""
    join = visible_joins(user).filter(pk=join_id).first()
    if join is None:
        raise NotFound()
    return join


def list_jobs(user: Any) -> Any:
    """Return the jobs about persons, for those who may ask for one."""
    require(user, "persons.merge")
    require(user, "persons.erase")
    return PersonJob.objects.select_related("id_space", "created_by", "join")


def get_job(user: Any, job_id: int) -> PersonJob:
    """Return a job about persons, for those who may ask for one."""
    job = list_jobs(user).filter(pk=job_id).first()
    if job is None:
        raise NotFound()
    return job


def may_merge(user: Any) -> bool:
    """Say whether a user may merge persons and take joins back."""
    return can(user, "persons.merge")


def may_erase(user: Any) -> bool:
    """Say whether a user may erase a person."""
    return can(user, "persons.erase")
