"""The only door to a dashboard, a tile or an annotation; and who may do what to them."""

from typing import Any

from insights.dashboards.models import Annotation, Dashboard, Tile
from portal.people.public import Role, allow, get_visible, require
from portal.shell.public import NotFound

allow("dashboards.create", Role.PRODUCT_MANAGER)
allow("dashboards.edit", Role.PRODUCT_MANAGER)
allow("dashboards.read", Role.VIEWER, is_team_bound=False)


def get_dashboard(user: Any, slug: str, write: bool = False) -> Dashboard:
    """Return a dashboard by its slug, archived or not."""
    queryset = Dashboard.objects.select_related("product", "team", "owner", "changed_by").with_marks(user)
    return get_visible(queryset, user, "dashboards.edit" if write else "", slug=slug)


def get_tile(user: Any, tile_id: int, write: bool = False, with_deleted: bool = False) -> Tile:
    """Return a tile of a dashboard that this user may see."""
    queryset = Tile.objects.all() if with_deleted else Tile.objects.live()
    related = ("dashboard__product", "dashboard__team", "dashboard__changed_by", "insight__product")
    return get_visible(queryset.select_related(*related), user, "dashboards.edit" if write else "", pk=tile_id)


def get_annotation(user: Any, annotation_id: int, write: bool = False) -> Annotation:
    """Return an annotation of a dashboard or product that this user may see."""
    queryset = Annotation.objects.select_related("dashboard", "product", "author")
    annotation = queryset.visible_to(user).filter(pk=annotation_id).first()
    if annotation is None:
        raise NotFound()
    if write:
        require(user, "dashboards.edit", annotation)
    return annotation
