"""Who may open the addresses of the refreshes."""

from tests.house.access_table import Row, signed_in

ROWS = [
    Row("refreshes:refresh-list", signed_in(200)),
    Row("refreshes:refresh-start", signed_in(405)),
    Row("refreshes:refresh-page", signed_in(404), {"refresh_id": 0}),
    Row("refreshes:refresh-retry", signed_in(405), {"refresh_id": 0}),
]
