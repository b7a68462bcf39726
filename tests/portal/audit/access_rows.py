"""Who may open the audit trail."""

from tests.house.access_table import Row, from_role, signed_in

ROWS = [
    Row("audit:entry-list", from_role("admin", 200, else_=403)),
    Row("api:audit-entry-list", signed_in(200, anonymous=401)),
    Row("api:audit-entry-detail", signed_in(404, anonymous=401), {"pk": 0}),
]
