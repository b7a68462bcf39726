"""Who may open the addresses of the refreshes."""

from tests.house.access_table import Row, from_role, signed_in

ROWS = [
    Row("refreshes:refresh-list", signed_in(200)),
    Row("refreshes:refresh-start", signed_in(405)),
    Row("refreshes:refresh-page", signed_in(404), {"refresh_id": 0}),
    Row("refreshes:refresh-retry", signed_in(405), {"refresh_id": 0}),
    Row("api:refresh-list", signed_in(200, anonymous=401)),
    Row("api:refresh-list", from_role("ops", 400, else_=403, anonymous=401), method="post", data={"steps": "unknown"}),
    Row("api:refresh-detail", signed_in(404, anonymous=401), {"pk": 0}),
    Row("api:refresh-retry", signed_in(405, anonymous=401), {"pk": 0}),
]
