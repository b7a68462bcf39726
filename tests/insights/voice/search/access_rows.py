"""Who may open the addresses of search."""

from insights.voice.search.models import SavedSearch
from portal.people.public import User
from tests.house.access_table import Row, from_role, signed_in


def _saved(world):
    owner = User.objects.filter(role="product_manager").order_by("pk").first()
    found = SavedSearch.objects.get_or_create(
        owner=owner, name="Slow reports", defaults={"asked": {"q": "slow report"}, "team": world.product.team}
    )
    return {"pk": found[0].pk}


CHANGERS = {**from_role("ops", 200, else_=403), "product_manager": 200, "outsider": 404, "anonymous": 302}

ROWS = [
    Row("search:find", signed_in(200), data={"q": "slow report", "since": "2024-01-01"}),
    Row("search:filters", signed_in(200)),
    Row("search:alike", signed_in(400)),
    Row("search:saved-list", signed_in(200)),
    Row("search:saved-new", signed_in(200), data={"q": "slow"}),
    Row("search:saved-edit", CHANGERS, _saved),
    Row("search:saved-delete", CHANGERS, _saved),
    Row("api:voice-search-list", signed_in(200, anonymous=401), data={"q": "slow"}),
    Row("api:saved-search-list", signed_in(200, anonymous=401)),
    Row("api:saved-search-detail", {**signed_in(200, anonymous=401), "outsider": 404}, _saved),
]
