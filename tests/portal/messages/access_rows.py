"""Who may open the addresses of notices: everybody their own."""

from tests.house.access_table import Row, signed_in

ROWS = [
    Row("messages:notice-list", signed_in(200)),
    Row("messages:notice-open", signed_in(404), {"notice_id": 0}),
    Row("messages:notice-read-all", signed_in(405)),
    Row("messages:notice-read-all", signed_in(302), method="post"),
    Row("api:notice-list", signed_in(200, anonymous=401)),
    Row("api:notice-detail", signed_in(404, anonymous=401), {"pk": 0}),
    Row("api:notice-read", signed_in(404, anonymous=401), {"pk": 0}, method="post"),
]
