"""Who may open the addresses of questions."""

from tests.house.access_table import Row, signed_in

ROWS = [
    Row("api:question-kinds", signed_in(200, anonymous=401)),
    Row("api:question-ask", signed_in(405, anonymous=401)),
    Row("api:question-people", signed_in(405, anonymous=401)),
]
