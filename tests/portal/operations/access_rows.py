"""Who may open the addresses of operations."""

from tests.house.access_table import Row, signed_in

ROWS = [
    Row("operations:healthz", signed_in(200, anonymous=200)),
    Row("operations:readyz", signed_in(200, anonymous=200)),
    Row("operations:demo-progress", signed_in(302)),
]
