"""Who may open the addresses of the capture API: anybody may knock, a write key opens; and the pages of the keys."""

from insights.capture.actions import create_write_key
from insights.events.public import Source
from portal.people.public import SYSTEM
from tests import factories
from tests.house.access_table import Row, signed_in

NO_GET = signed_in(405, anonymous=405)
ANYBODY = signed_in(200, anonymous=200)
API = signed_in(200, anonymous=401)


def a_source(world):
    found = Source.objects.filter(slug="app").first()
    return {"slug": (found or factories.make_source(world.product, "App", Source.Kind.API)).slug}


def a_key(world):
    source = Source.objects.get(slug=a_source(world)["slug"])
    return {"key_id": create_write_key(source, name="web", actor=SYSTEM)[0].pk}


def a_key_of_the_api(world):
    return {"pk": a_key(world)["key_id"]}


def editors(done, *, anonymous, refused=403):
    roles = dict.fromkeys(["product_manager", "ops", "admin"], done)
    return {"anonymous": anonymous, "viewer": refused, "outsider": refused, **roles}


ROWS = [
    Row("capture_api:segment", NO_GET, {"call": "batch"}),
    Row("capture_api:posthog", NO_GET, {"path": "batch"}),
    Row("capture_api:posthog-events", NO_GET),
    Row("capture_api:posthog-flags", NO_GET, {"path": "flags"}),
    Row("capture_api:posthog-definitions", ANYBODY, {"path": "flags/definitions"}),
    Row("capture_api:posthog-config", ANYBODY, {"key": "phc_unknown"}),
    Row("capture_api:posthog-script", ANYBODY, {"key": "phc_unknown"}),
    Row("capture:key-list", signed_in(200), a_source),
    Row("capture:key-list", editors(200, anonymous=302), a_source, method="post", data={"name": "web"}),
    Row("capture:key-rotate", signed_in(405), {"key_id": 1}),
    Row("capture:key-rotate", editors(200, anonymous=302), a_key, method="post"),
    Row("capture:key-revoke", editors(200, anonymous=302), a_key),
    Row("capture:key-revoke", editors(302, anonymous=302), a_key, method="post"),
    Row("api:write-key-list", API),
    Row("api:write-key-detail", API, a_key_of_the_api),
    Row("api:write-key-rotate", editors(201, anonymous=401), a_key_of_the_api, method="post"),
    Row("api:write-key-revoke", editors(200, anonymous=401), a_key_of_the_api, method="post"),
]
