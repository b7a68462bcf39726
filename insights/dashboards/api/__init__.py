"""Dashboards, tiles and annotations in the API: the pages' own actions behind other doors."""

from insights.dashboards.api.annotations import AnnotationViewSet
from insights.dashboards.api.dashboards import DashboardViewSet
from insights.dashboards.api.tiles import TileViewSet
from portal.shell.api import PortalRouter

router = PortalRouter()
router.register("dashboards", DashboardViewSet, basename="dashboard")
router.register("tiles", TileViewSet, basename="tile")
router.register("annotations", AnnotationViewSet, basename="annotation")
urlpatterns = router.urls
