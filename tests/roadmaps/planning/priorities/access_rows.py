"""Who may open the addresses of priorities."""

from tests.house.access_table import Row, signed_in
from tests.roadmaps.planning.scoring.access_rows import editors, hidden, make_score, scored


def two(world):
    make_score(world)
    make_score(world)
    return {}


ROWS = [
    Row("priorities:priority-list", signed_in(200), two),
    Row("priorities:priority-bulk", signed_in(405)),
    Row("priorities:priority-bulk", signed_in(302), two, "post"),
    Row("priorities:sureness", signed_in(200), two),
    Row("priorities:chart", signed_in(200), two),
    Row("priorities:compare", signed_in(200), two),
    Row("priorities:moved", signed_in(200), two),
    Row("priorities:priority-row", editors(302), scored),
    Row("priorities:priority-row", {**editors(302), "outsider": 404}, hidden),
    Row("api:priority-list", signed_in(200, anonymous=401), two),
    Row("priorities:move", signed_in(405), scored),
    Row("priorities:move", editors(400), scored, "post", {"x_key": "effort"}),
]
