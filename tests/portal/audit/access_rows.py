"""Who may open the audit trail."""

from tests.house.access_table import Row, signed_in

ROWS = [
    Row("api:audit-entry-list", signed_in(200, anonymous=401)),
    Row("api:audit-entry-detail", signed_in(404, anonymous=401), {"pk": 0}),
]
