"""Sources, files, loads and quarantined rows in the API: the same actions and the same door as the pages."""

from insights.sources.api.loads import BatchViewSet, QuarantinedRowViewSet
from insights.sources.api.sources import SourceViewSet
from insights.sources.api.uploads import UploadViewSet
from portal.shell.api import PortalRouter

router = PortalRouter()
router.register("sources", SourceViewSet, basename="source")
router.register("uploads", UploadViewSet, basename="upload")
router.register("batches", BatchViewSet, basename="batch")
router.register("quarantined-rows", QuarantinedRowViewSet, basename="quarantined-row")
urlpatterns = router.urls
