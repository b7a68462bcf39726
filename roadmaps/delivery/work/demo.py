"""The demo company's tracker: forty weeks of bugs and small wishes, and the items of each initiative."""

import random
from datetime import UTC, date, datetime, time, timedelta

from portal.operations.contracts import DemoWorld, Progress
from portal.people.public import SYSTEM, Product, User
from roadmaps.delivery.work import actions
from roadmaps.delivery.work.contracts import Change, GivenItem
from roadmaps.delivery.work.models import Tracker
from roadmaps.delivery.work.writing import renew_tracker, write_items
from roadmaps.planning.initiatives.public import Initiative, Stage

NAME = "Planner in Jira"
N_WEEKS = 40
_SEED = 80
_PARTS = (
    *("Draft of the page", "Texts in all languages", "Rights of guests", "Event for the numbers", "Empty state"),
    *("Behind a switch", "Phone size", "Keyboard", "Import of old data", "Limit of requests", "Mail to the owner"),
    *("Migration", "Load test", "Help page", "Old page away", "Errors said in words", "Undo", "Search finds it"),
)
_BUGS = (
    *(
        "Timeline jumps when a task is moved",
        "Holiday counted twice",
        "Report empty for a guest",
        "Filter is forgotten",
    ),
    *(
        "Import stops at an umlaut",
        "Wrong day in the western zones",
        "Arrow is drawn behind the bar",
        "Mail sent twice",
    ),
    *(
        "Names overlap on a phone",
        "Sort by date is by text",
        "Plan cannot be copied",
        "Colour of late tasks is too weak",
    ),
)
_FLOW = ("To Do", "In Progress", "In Review", "Done")


def seed_work(world: DemoWorld, progress: Progress) -> None:
    """Fill the demo's tracker; one that is there already is left as it is."""
    product = Product.objects.select_related("team").filter(slug="planner").first()
    if product is None or Tracker.objects.filter(product=product, name=NAME).exists():
        return
    owner = User.objects.filter(teams=product.team, role="product_manager", is_active=True).order_by("pk").first()
    tracker = actions.create_tracker(product=product, name=NAME, kind=Tracker.Kind.JIRA, actor=SYSTEM, owner=owner)
    dice, today = random.Random(_SEED), world.ends_on
    initiatives = list(Initiative.objects.filter(product=product).order_by("position", "pk")[:40])
    items = [*_small_work(dice, today), *(one for each in initiatives for one in _work_of(each, dice, today))]
    items.sort(key=lambda one: one.said["opened_at"])
    keyed = [GivenItem(f"PLAN-{number}", one.said, one.category, one.changes) for number, one in enumerate(items, 101)]
    progress(1, 2, "items of work")
    write_items(tracker, keyed)
    meanings = {"Parked": "", "To Do": "waiting", "In Progress": "doing", "In Review": "doing", "Done": "done"}
    named = {name: phase for name, phase in meanings.items() if tracker.statuses.filter(name=name).exists()}
    actions.map_statuses(tracker, named, actor=owner or SYSTEM)
    for one in initiatives:
        actions.add_rule(tracker, field="label", value=_label(one), initiative=one, actor=SYSTEM)
    renew_tracker(tracker.pk)
    progress(2, 2, "items of work")


def _label(initiative: Initiative) -> str:
    return "-".join("".join(sign if sign.isalnum() else " " for sign in initiative.title.lower()).split())[:40]


def _at(day: date, dice: random.Random) -> datetime:
    return datetime.combine(day, time(dice.randint(8, 16), dice.randint(0, 59)), tzinfo=UTC)


def _small_work(dice: random.Random, today: date) -> list[GivenItem]:
    """Return bugs and small wishes, some each week; a few of the last weeks are still open, three are parked."""
    found = []
    for week in range(N_WEEKS, 0, -1):
        monday = today - timedelta(days=today.weekday(), weeks=week)
        n_done = 0 if week in (7, 33) else dice.choice((2, 3, 3, 4, 4, 5, 6))  # two weeks of holidays
        for _ in range(n_done):
            finished = monday + timedelta(days=dice.randint(0, 4))
            days = min(40, 1 + int(dice.lognormvariate(1.2, 0.9)))
            found.append(_item(dice, dice.choice(_BUGS), "Bug", finished - timedelta(days=days), finished, today))
    for place in range(9):
        begun = today - timedelta(days=dice.randint(1, 12) if place < 7 else dice.randint(35, 70))
        status = "In Progress" if place % 2 else "In Review"
        found.append(_item(dice, dice.choice(_BUGS), "Bug", begun, None, today, status=status))
    for place in range(3):
        title = f"Wish of a customer, to be looked at ({place + 1})"
        found.append(_item(dice, title, "Task", None, None, today, status="Parked"))
    return found


def _work_of(initiative: Initiative, dice: random.Random, today: date) -> list[GivenItem]:
    """Return the items of an initiative: all done where it is out, some where it is built, waiting before that."""
    is_out = initiative.stage in (Stage.LAUNCHED, Stage.MEASURING, Stage.DONE)
    if initiative.stage == Stage.DROPPED:
        return []
    n_items = max(3, round(5 * (initiative.effort_months or 1)))
    begins = initiative.starts_on or today - timedelta(days=56)
    ends = min(initiative.ends_on or today, today) if is_out else today
    span = max(7, (ends - begins).days)
    share = 1.0 if is_out else 0.55 if initiative.stage == Stage.BUILDING else 0.0
    found = []
    for place in range(n_items):
        title = f"{_PARTS[place % len(_PARTS)]}: {initiative.title.lower()[:60]}"
        finished = status = begun = None
        if place < share * n_items:
            finished = min(today, begins + timedelta(days=round(span * (place + 1) / max(1, share * n_items))))
            begun = finished - timedelta(days=1 + int(dice.lognormvariate(1.1, 0.7)))
        elif share and place < share * n_items + 3:
            begun, status = today - timedelta(days=dice.randint(1, 15)), "In Progress"
        since = begins - timedelta(days=dice.randint(1, 20)) if dice.random() < 0.85 else None
        item = _item(dice, title, "Story", begun, finished, today, status=status, labels=[_label(initiative)])
        if since is not None and since < item.said["opened_at"].date():  # most of an initiative is cut at its beginning
            item.said["opened_at"] = _at(since, dice)
        found.append(item)
    return found


def _item(
    dice: random.Random,
    title: str,
    kind: str,
    begun: date | None,
    finished: date | None,
    today: date,
    *,
    status: str | None = None,
    labels: list[str] | None = None,
) -> GivenItem:
    opened = _at((begun or today) - timedelta(days=dice.randint(1, 20)), dice)
    changes, newest = [], opened
    if begun:
        changes.append(Change(_at(begun, dice), "To Do", "In Progress"))
    if finished and begun:
        review = max(changes[-1].at + timedelta(hours=1), _at(finished, dice) - timedelta(hours=3))
        changes += [
            Change(review, "In Progress", "In Review"),
            Change(review + timedelta(hours=2), "In Review", "Done"),
        ]
    elif status == "In Review" and begun:
        changes.append(Change(changes[-1].at + timedelta(hours=5), "In Progress", "In Review"))
    newest = changes[-1].at if changes else opened
    now = changes[-1].to_status if changes else (status or _FLOW[0])
    said = {
        "title": title,
        "kind": kind,
        "status": now,
        "estimate": float(dice.choice((1, 1, 2, 2, 3, 3, 5, 5, 8, 13))),
        "labels": labels or [],
        "project": "Planner",
        "opened_at": opened,
        "changed_at": newest,
    }
    return GivenItem("", said, "", tuple(changes))
