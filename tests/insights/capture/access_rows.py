"""Who may open the addresses of the capture API: anybody may knock, a write key opens."""

from tests.house.access_table import Row, signed_in

NO_GET = signed_in(405, anonymous=405)

ROWS = [
    Row("capture_api:segment", NO_GET, {"call": "batch"}),
    Row("capture_api:posthog", NO_GET, {"path": "batch"}),
    Row("capture_api:posthog-events", NO_GET),
    Row("capture_api:posthog-flags", NO_GET, {"path": "flags"}),
]
