"""Who may open the addresses of links to the roadmap."""

import datetime as dt

from django.utils import timezone

from roadmaps.plan.sharing import actions
from tests.house.access_table import Row, insiders, signed_in


def _made(world, **more):
    values = {"name": "Board", "heading": "Roadmap", "fields": ["horizon"], "view": "board"}
    soon = timezone.now() + dt.timedelta(days=9)
    return actions.create_link(world.product, actor=world.product_manager, expires_at=soon, **values, **more)


def _link(world):
    return {"pk": _made(world)[0].pk}


def _token(world):
    return {"token": _made(world)[1]}


def _for_colleagues(world):
    return {"token": _made(world, needs_login=True)[1]}


def editors(status, *, outsider, anonymous=302):
    """The team's product managers, ops and admins; its viewers may look but not change."""
    return {**signed_in(status, anonymous=anonymous), "viewer": 403, "outsider": outsider}


EVERYBODY = {**signed_in(200), "anonymous": 200}
NOBODY = {**signed_in(404), "anonymous": 404}

ROWS = [
    Row("roadmap_links:link-list", signed_in(200)),
    Row("roadmap_links:link-new", editors(200, outsider=403)),
    Row("roadmap_links:link-page", insiders(200), _link),
    Row("roadmap_links:link-edit", editors(200, outsider=404), _link),
    Row("roadmap_links:link-revoke", signed_in(405), {"pk": 1}),
    Row("roadmap_links:link-revoke", editors(302, outsider=404), _link, method="post"),
    Row("shared_roadmap:page", EVERYBODY, _token),
    Row("shared_roadmap:page", {**signed_in(200), "anonymous": 302}, _for_colleagues),
    Row("shared_roadmap:page", NOBODY, {"token": "unknown"}),
    Row("shared_roadmap:json", EVERYBODY, _token),
    Row("shared_roadmap:json", {**signed_in(200), "anonymous": 401}, _for_colleagues),
    Row("shared_roadmap:json", NOBODY, {"token": "unknown"}),
    Row("api:roadmap-link-list", signed_in(200, anonymous=401)),
    Row("api:roadmap-link-detail", insiders(200, anonymous=401), _link),
    Row("api:roadmap-link-revoke", editors(200, outsider=404, anonymous=401), _link, method="post"),
]
