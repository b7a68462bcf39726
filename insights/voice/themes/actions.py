"""Making themes, changing the tree, merging and splitting; each can be taken back."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction

from insights.voice.themes.contracts import Branch, build_tree
from insights.voice.themes.models import Theme, ThemeLink
from portal.audit.public import record, state_of
from portal.people.public import Product, User, require
from portal.shell.public import BadInput, Conflict, NotFound, is_storable, refuse_stale

DEEPEST = 5
_FIELDS = frozenset({"name", "description", "parent", "visibility", "owner"})
_TAKEN = "The product has a theme of this name already. Choose another name, or merge the two."


@transaction.atomic
def create_theme(
    product: Product,
    *,
    name: str,
    actor: Any,
    description: str = "",
    parent: Theme | None = None,
    visibility: str = "company",
    owner: User | None = None,
) -> Theme:
    """Add a theme to a product's tree; it belongs to the product's team."""
    theme = Theme(product=product, team=product.team, visibility=visibility, owner=owner)
    if owner is None and actor.pk:
        theme.owner_id = actor.pk
    require(actor, "themes.create", theme)
    _lock_tree(product)
    _fill(theme, {"name": name, "description": description, "parent": parent})
    _save(theme)
    record(actor, "theme.created", theme, after={"name": theme.name, "product": product.name})
    return theme


@transaction.atomic
def update_theme(theme: Theme, *, actor: Any, version: int, **changes: Any) -> Theme:
    """Change a theme if nobody changed it since `version`."""
    require(actor, "themes.edit", theme)
    if unknown := changes.keys() - _FIELDS:
        raise BadInput(fields={name: ["This cannot be changed here."] for name in sorted(unknown)})
    current = _locked(theme)
    refuse_stale(current, version)
    before = state_of(current)
    _fill(current, changes)
    current.version = version + 1
    _save(current)
    record(actor, "theme.changed", current, before=before, after=state_of(current))
    return current


@transaction.atomic
def merge_theme(theme: Theme, into: Theme, *, actor: Any) -> Theme:
    """Let a theme count as another from now on; nothing moves, so it can be taken back."""
    require(actor, "themes.edit", theme)
    require(actor, "themes.edit", into)
    if theme.product_id != into.product_id:
        raise BadInput(fields={"into": ["Themes of two products cannot be merged."]})
    current, target = _locked(theme), _locked(into)
    if current.merged_into_id is not None or target.merged_into_id is not None:
        raise Conflict("One of the two is merged into another theme already. Reload the page.")
    if current.pk == target.pk:
        raise BadInput(fields={"into": ["Choose another theme."]})
    _refuse_deep(current, {"merged_into_id": target.pk})
    current.merged_into, current.version = target, current.version + 1
    _save(current)
    record(actor, "theme.merged", current, after={"merged_into_id": target.pk})
    return target


@transaction.atomic
def unmerge_theme(theme: Theme, *, actor: Any) -> Theme:
    """Take a merge back: the theme counts for itself again, with all that was linked to it."""
    require(actor, "themes.edit", theme)
    current = _locked(theme)
    if current.merged_into_id is None:
        raise Conflict("It is not merged into another theme any more. Reload the page.")
    before = {"merged_into_id": current.merged_into_id}
    current.merged_into, current.version = None, current.version + 1
    _refuse_deep(current, {"merged_into_id": None})
    _save(current)
    record(actor, "theme.unmerged", current, before=before, after={"merged_into_id": None})
    return current


@transaction.atomic
def split_theme(theme: Theme, *, name: str, links: Iterable[ThemeLink], actor: Any) -> Theme:
    """Take some links out of a theme into a new one beside it; merging the new one back takes it back."""
    require(actor, "themes.edit", theme)
    current = _locked(theme)
    own = ThemeLink.objects.filter(pk__in=[link.pk for link in links], theme=current)
    pks = list(own.select_for_update().values_list("pk", flat=True))
    if not pks:
        raise BadInput(fields={"links": ["Choose what goes into the new theme."]})
    new = create_theme(current.product, name=name, actor=actor, parent=current.parent, visibility=current.visibility)
    ThemeLink.objects.filter(pk__in=pks).update(theme=new)
    record(actor, "theme.split", current, after={"into": new.name, "n_links": len(pks)})
    return new


@transaction.atomic
def delete_theme(theme: Theme, *, actor: Any) -> None:
    """Delete a theme on which nothing hangs; others are merged, which can be taken back."""
    require(actor, "themes.edit", theme)
    current = _locked(theme)
    if current.links.exists() or current.children.exists() or current.merged.exists():
        raise Conflict("Something is linked to this theme or hangs below it. Merge it into another theme instead.")
    record(actor, "theme.deleted", current, before=state_of(current))
    current.delete()


def _lock_tree(product: Product) -> None:
    """Let one at a time change a product's tree, so that two changes never make a circle."""
    list(Product.objects.select_for_update().filter(pk=product.pk).values_list("pk", flat=True))


def _locked(theme: Theme) -> Theme:
    _lock_tree(theme.product)
    current = Theme.objects.select_related("product", "parent", "team").filter(pk=theme.pk).first()
    if current is None:
        raise NotFound()
    return current


def _fill(theme: Theme, values: dict[str, Any]) -> None:
    for name, value in values.items():
        plain = " ".join(value.split()) if name == "name" else value.strip() if name == "description" else value
        setattr(theme, name, plain)
    if not theme.name or len(theme.name) > 120 or not is_storable(theme.name):
        raise BadInput(fields={"name": ["Give it a name of at most 120 readable characters."]})
    if len(theme.description) > 4_000 or not is_storable(theme.description):
        raise BadInput(fields={"description": ["Use at most 4,000 readable characters."]})
    if "parent" in values and theme.parent is not None:
        if theme.parent.product_id != theme.product_id:
            raise BadInput(fields={"parent": ["The larger theme is of another product."]})
        _refuse_deep(theme, {"parent_id": theme.parent_id})


def _refuse_deep(theme: Theme, change: dict[str, Any]) -> None:
    """Refuse a change that would make a circle, or a tree deeper than a page can show."""
    branches = [one for one in Theme.objects.branches(theme.product) if one.id != theme.pk]
    above = {one.id: one.parent_id if one.merged_into_id is None else one.merged_into_id for one in branches}
    at, steps = change.get("parent_id", change.get("merged_into_id")), 0
    while at is not None and steps <= len(branches):
        if at == theme.pk:
            raise BadInput(fields={"parent": ["This lies below the theme itself."], "into": ["It lies below it."]})
        at, steps = above.get(at), steps + 1
    own = Branch(
        theme.pk or 0,
        theme.name,
        change.get("parent_id", theme.parent_id),
        change.get("merged_into_id", theme.merged_into_id),
    )
    if max((node.depth for node in build_tree([*branches, own])), default=0) >= DEEPEST:
        raise BadInput(fields={"parent": [f"A tree has at most {DEEPEST} levels."]})


def _save(theme: Theme) -> None:
    try:
        with transaction.atomic():
            theme.save()
    except IntegrityError as error:
        raise BadInput(fields={"name": [_TAKEN]}) from error
