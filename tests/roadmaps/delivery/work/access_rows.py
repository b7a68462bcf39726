"""Who may open the addresses of work."""

import datetime as dt

from django.utils import timezone

from portal.people.public import SYSTEM
from roadmaps.delivery.work import actions
from roadmaps.delivery.work.contracts import Change, GivenItem
from roadmaps.delivery.work.models import Connection, PlacingRule, Tracker, WorkItem
from roadmaps.delivery.work.writing import write_items
from roadmaps.planning.initiatives.public import create_initiative
from tests.house.access_table import Row, from_role, signed_in


def make_tracker(product, name="Planner in Jira", visibility="company", **fields):
    found = Tracker.objects.filter(product=product, name=name).first()
    return found or actions.create_tracker(product=product, name=name, visibility=visibility, actor=SYSTEM, **fields)


def give(key, **said):
    """Return an item as a tracker tells it; its times are days of March 2026."""
    for name, value in said.items():
        if name.endswith("_at") and isinstance(value, int):
            said[name] = dt.datetime(2026, 3, value, 12, tzinfo=dt.UTC)
    return GivenItem(key, {"title": f"Title of {key}", "status": "To Do", **said})


def moved(key, *moves, **said):
    """Return an item with its history: pairs of a day of March 2026 and a status."""
    times = [dt.datetime(2026, 3, day, 12, tzinfo=dt.UTC) for day, _ in moves]
    befores = ["", *(status for _, status in moves)]
    changes = tuple(Change(at, before, status) for at, before, (_, status) in zip(times, befores, moves, strict=False))
    given = give(key, status=moves[-1][1], changed_at=times[-1], **said)
    return GivenItem(given.key, given.said, "", changes)


def _world_tracker(world, visibility="company"):
    tracker = make_tracker(world.product, f"Tracker for {visibility}", visibility)
    if not tracker.items.exists():
        write_items(tracker, [moved("P-1", (1, "To Do"), (3, "In Progress"), (9, "Done")), give("P-2", labels=["new"])])
    return tracker


def tracker(world):
    return {"pk": _world_tracker(world).pk}


def hidden_tracker(world):
    return {"pk": _world_tracker(world, "team").pk}


def item(world):
    return {"pk": WorkItem.objects.get(tracker=_world_tracker(world), key="P-1").pk}


def hidden_item(world):
    return {"pk": WorkItem.objects.get(tracker=_world_tracker(world, "team"), key="P-1").pk}


def make_initiative(product, title="Reports that come by themselves"):
    return create_initiative(product=product, title=title, actor=SYSTEM)


def _rule(world, visibility):
    found = _world_tracker(world, visibility)
    rule = PlacingRule.objects.filter(tracker=found).first()
    place = rule or actions.add_rule(
        found, field="label", value="new", initiative=make_initiative(world.product), actor=SYSTEM
    )
    return {"pk": place.pk}


def rule(world):
    return _rule(world, "company")


def hidden_rule(world):
    return _rule(world, "team")


def failing(world):
    connected(world)
    error = "Jira does not accept the token. Give it a new one."
    Connection.objects.update(state="failed", error=error, failing_since=timezone.now())
    return {}


def connected(world):
    found = _world_tracker(world, "team")
    if not hasattr(found, "connection"):
        actions.connect_tracker(
            found, actor=SYSTEM, kind="github", address="https://api.github.com", project="a/b", token="secret"
        )
    return {"pk": found.pk}


EDITORS = {**from_role("product_manager", 200, else_=403), "outsider": 403}
HIDDEN = {**from_role("product_manager", 200, else_=403), "outsider": 404}
OPS = {**from_role("ops", 200, else_=403), "outsider": 404}
SEEN = {**signed_in(200), "outsider": 404}
SEEN_BY_API = {**signed_in(200, anonymous=401), "outsider": 404}
NEW = {"name": "Another", "product": "none"}

ROWS = [
    Row("work:flow", signed_in(200)),
    Row("work:item-list", signed_in(200)),
    Row("work:item-page", SEEN, hidden_item),
    Row("work:item-page", signed_in(200), item),
    Row("work:item-place", signed_in(405), item),
    Row("work:item-place", {**from_role("product_manager", 302, else_=403), "outsider": 404}, hidden_item, "post", {}),
    Row("work:tracker-list", signed_in(200)),
    Row("work:tracker-page", SEEN, hidden_tracker),
    Row("work:tracker-page", signed_in(200), tracker),
    Row("work:tracker-failing", from_role("ops", 200, else_=403), failing),
    Row("work:tracker-new", {**from_role("product_manager", 200, else_=403), "outsider": 200}),
    Row("work:tracker-edit", HIDDEN, hidden_tracker),
    Row("work:tracker-edit", EDITORS, tracker),
    Row("work:tracker-delete", HIDDEN, hidden_tracker),
    Row("work:tracker-statuses", signed_in(405), tracker),
    Row("work:tracker-statuses", {**from_role("product_manager", 302, else_=403), "outsider": 404}, hidden_tracker,
        "post", {}),
    Row("work:rule-new", HIDDEN, hidden_tracker),
    Row("work:rule-remove", signed_in(405), rule),
    Row("work:rule-remove", {**from_role("product_manager", 302, else_=403), "outsider": 404}, hidden_rule, "post"),
    Row("work:connection-edit", OPS, connected),
    Row("work:connection-act", signed_in(405), connected),
    Row("work:connection-act", {**from_role("ops", 302, else_=403), "outsider": 404}, connected, "post",
        {"act": "pause"}),
    Row("api:tracker-list", signed_in(200, anonymous=401)),
    Row("api:tracker-detail", SEEN_BY_API, hidden_tracker),
    Row("api:tracker-map-statuses", signed_in(405, anonymous=401), tracker),
    Row("api:tracker-map-statuses", {**from_role("product_manager", 400, else_=403, anonymous=401), "outsider": 404},
        hidden_tracker, "post", {"statuses": {}}),
    Row("api:tracker-connection", {**from_role("ops", 200, else_=403, anonymous=401), "outsider": 404}, connected),
    Row("api:tracker-connection", {**from_role("ops", 400, else_=403, anonymous=401), "outsider": 404}, connected,
        "post", {"act": "dance"}),
    Row("api:tracker-status-list", signed_in(200, anonymous=401)),
    Row("api:tracker-status-detail", signed_in(200, anonymous=401),
        lambda world: {"pk": _world_tracker(world).statuses.first().pk}),
    Row("api:placing-rule-list", signed_in(200, anonymous=401)),
    Row("api:placing-rule-detail", SEEN_BY_API, hidden_rule),
    Row("api:work-item-list", signed_in(200, anonymous=401)),
    Row("api:work-item-detail", SEEN_BY_API, hidden_item),
    Row("api:work-item-changes", SEEN_BY_API, hidden_item),
    Row("api:work-item-place", signed_in(405, anonymous=401)),
    Row("api:flow", signed_in(404, anonymous=401), data={"product": "no-such-product"}),
]  # fmt: skip
