"""Packs and public links in the API: the pages' own actions behind other doors."""

from insights.sharing.api.links import ClosedProductViewSet, PublicLinkViewSet
from insights.sharing.api.packs import PackViewSet
from portal.shell.api import PortalRouter

router = PortalRouter()
router.register("packs", PackViewSet, basename="pack")
router.register("public-links", PublicLinkViewSet, basename="public-link")
router.register("products-closed-to-public-links", ClosedProductViewSet, basename="closed-product")
urlpatterns = router.urls
