"""Writing a product's vision and strategy, and saying that one has read them."""

from typing import Any

from django.db import IntegrityError, transaction

from portal.audit.public import record
from portal.people.public import Product, User, require
from portal.shell.public import BadInput, Conflict, NotFound
from roadmaps.goals.actions.texts import checked, line
from roadmaps.goals.models import Statement, StatementReading, StatementVersion

LONGEST_TEXT = 50_000


@transaction.atomic
def write_statement(
    product: Product,
    kind: str,
    *,
    text: str,
    actor: Any,
    seen: int = 0,
    note: str = "",
    visibility: str = "company",
    owner: User | None = None,
) -> Statement:
    """Write the next version of a vision or a strategy; `seen` is the number of the version that it was made from.

    The same text again makes no version: who owns it and who may read it is changed all the same.
    """
    require(actor, "statements.write", product)
    text, note = checked("text", text, LONGEST_TEXT, is_needed=True), line("note", note, 300, is_needed=False)
    statement = _locked(product, kind)
    current = statement.current
    if (current.number if current else 0) != seen:
        raise Conflict("Somebody else wrote a version of this in the meantime. Reload the page to see theirs.")
    before = {"visibility": statement.visibility, "owner_id": statement.owner_id, "version": seen}
    statement.visibility, statement.owner = visibility, owner
    if owner is None and not seen and actor.pk:
        statement.owner_id = actor.pk
    if current is None or current.text != text:
        author = actor.pk or None
        statement.current = StatementVersion.objects.create(
            statement=statement, number=seen + 1, text=text, note=note, written_by_id=author
        )
        if author:
            StatementReading.objects.create(version=statement.current, user_id=author)
    statement.save()
    after = {"visibility": visibility, "owner_id": statement.owner_id, "version": statement.current.number}
    record(actor, "statement.written", statement, before=before, after=after, note=note)
    return statement


@transaction.atomic
def mark_read(statement: Statement, *, number: int, actor: Any) -> None:
    """Say that one has read the newest version; `number` is the version that was on the page."""
    current = Statement.objects.select_related("current").filter(pk=statement.pk).first()
    if current is None:
        raise NotFound()
    if current.current.number != number:
        raise Conflict("There is a newer version of this. Read that one.")
    StatementReading.objects.get_or_create(version=current.current, user_id=actor.pk)


def _locked(product: Product, kind: str) -> Statement:
    if kind not in Statement.Kind.values:
        raise BadInput(fields={"kind": ["Write a vision or a strategy."]})
    try:
        with transaction.atomic():
            Statement.objects.get_or_create(product=product, kind=kind, defaults={"team": product.team})
    except IntegrityError:
        pass  # two wrote the first one at once: the row is there
    return (
        Statement.objects.select_for_update(of=("self",))
        .select_related("product", "current")
        .get(product=product, kind=kind)
    )
