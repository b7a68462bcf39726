"""The demo company's initiatives, as they were planned, moved and begun over the last months."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from portal.operations.contracts import DemoWorld, Progress
from portal.people.public import SYSTEM, Product, User
from roadmaps.goals.public import Objective
from roadmaps.planning.initiatives.actions import change_initiative, create_initiative
from roadmaps.planning.initiatives.dependencies import add_dependency, add_link
from roadmaps.planning.initiatives.models import Initiative
from roadmaps.planning.opportunities.public import Opportunity

GUIDE = "Guide new teams through inviting"
LINK = "Invite with a link"
TOGETHER = "New teams plan together from the first day"
TRUST = "Planner does not get in the way"


@dataclass(frozen=True)
class Wish:
    """One initiative of the demo: how it began, and what was changed so many days before the demo's last day."""

    title: str
    summary: str
    opportunity: str
    goal: str
    effort: tuple[float, float, float]
    begun: int
    horizon: str = "later"
    moves: tuple[tuple[int, str, dict[str, Any]], ...] = ()
    plan: tuple[int, int] | None = None  # first and last day, from the demo's last day
    needs: tuple[str, ...] = ()
    links: tuple[tuple[str, str, str], ...] = field(default=())


WISHES = (
    Wish(
        GUIDE,
        "After the first three tasks, Planner asks **who else is in this**, and offers the invitation at the place "
        "where a name would stand.\n\n- The step comes again until somebody was invited, never twice a day.\n- A guest "
        "may look without a seat.\n\nWe will see it in the rate from the first plan to the first invitation.",
        "Getting the team in",
        TOGETHER,
        (2, 3, 5),
        160,
        "next",
        (
            (120, "Interviews agree: it is the first thing to solve", {"horizon": "now"}),
            (100, "The second prototype works: eight of nine found it", {"stage": "prototyping"}),
            (80, "Decided in the planning of the quarter", {"stage": "building"}),
            (62, "Guests were forgotten: two weeks more", {"effort_months": 3.5, "promised_days": -34}),
            (36, "Out for everybody", {"stage": "launched"}),
            (30, "Thirty days begin", {"stage": "measuring"}),
        ),
        (-84, -36),
        (LINK,),
        (("document", "https://docs.example.com/planner/guide-to-inviting", "What we want to see"),
         ("design", "https://design.example.com/planner/inviting-3", "The third draft")),
    ),
    Wish(
        LINK,
        "A link that a team may copy into its chat. It ends after a week, and can be taken back.",
        "Getting the team in",
        TOGETHER,
        (0.5, 1, 1.5),
        150,
        "now",
        (
            (130, "Small, and the guide needs it", {"stage": "building"}),
            (95, "Out", {"stage": "launched"}),
            (60, "Four of ten invitations go by link now", {"stage": "done"}),
        ),
        (-128, -95),
    ),
    Wish(
        "A timeline that opens at once",
        "What is seen is drawn first; the rest follows while one reads.",
        "The timeline takes too long to open",
        TRUST,
        (3, 5, 9),
        140,
        "next",
        (
            (90, "The largest customer measured eleven seconds", {"horizon": "now", "promised_days": 40}),
            (55, "", {"stage": "building"}),
            (20, "Drawing in pieces is harder than we thought", {"ends_days": 48}),
        ),
        (-55, 34),
    ),
    Wish(
        "Holidays in the plan",
        "Public holidays and days off stand in the timeline, and dates move around them.",
        "Dates that nobody keeps up by hand",
        TRUST,
        (1, 2, 3),
        110,
        "next",
        ((70, "After the timeline: the same people", {}), (15, "", {"stage": "prototyping"})),
        (50, 95),
        ("A timeline that opens at once",),
    ),
    Wish(
        "Move what waits when something slips",
        "A slip moves all that depends on it, after one has seen what would move.",
        "Dates that nobody keeps up by hand",
        "",
        (4, 6, 12),
        105,
        "later",
        (),
        None,
        ("A timeline that opens at once", "Holidays in the plan"),
    ),
    Wish(
        "A report that comes on Fridays",
        "What a manager reads is sent by itself, from the plan as it is.",
        "The report that somebody writes every Friday",
        "",
        (1.5, 2, 4),
        100,
        "next",
        ((40, "Behind the guide", {"horizon": "next"}),),
        (40, 80),
    ),
    Wish(
        "Find what was decided",
        "Search reads comments, and says when and by whom it was written.",
        "What is decided in comments is found by nobody",
        "",
        (2, 4, 6),
        75,
        "later",
    ),
    Wish(
        "Say what a colleague costs before they are invited",
        "Beside the invitation stands what this colleague would cost, and that guests are free.",
        "Nobody knows beforehand what a colleague costs",
        TOGETHER,
        (0.5, 0.5, 1),
        64,
        "next",
        ((12, "", {"blocked_days": 12}),),
        (5, 20),
        (GUIDE,),
    ),
    Wish(
        "A dark screen",
        "Colours for the night.",
        "A dark screen for night shifts",
        "",
        (1, 1.5, 2),
        170,
        "later",
        ((90, "Browsers do it by themselves", {"stage": "dropped"}),),
    ),
)  # fmt: skip


def seed_initiatives(world: DemoWorld, progress: Progress) -> None:
    """Plan the demo's initiatives, with their past; what is there already is left as it is."""
    product = Product.objects.select_related("team").filter(slug="planner").first()
    if product is None or Initiative.objects.filter(product=product).exists():
        return
    owner = User.objects.filter(teams=product.team, role="product_manager", is_active=True).order_by("pk").first()
    made: dict[str, Initiative] = {}
    for number, wish in enumerate(WISHES, start=1):
        made[wish.title] = _plan(wish, product, owner, world.ends_on)
        progress(number, len(WISHES), "initiatives")
    for wish in WISHES:
        for needed in wish.needs:
            add_dependency(made[wish.title], made[needed], actor=SYSTEM)
        for kind, url, title in wish.links:
            add_link(made[wish.title], actor=SYSTEM, kind=kind, url=url, title=title)


def _plan(wish: Wish, product: Product, owner: User | None, today: dt.date) -> Initiative:
    def day(days: int) -> dt.date:
        return today + dt.timedelta(days=days)

    def moment(days_ago: int) -> dt.datetime:
        return dt.datetime.combine(day(-days_ago), dt.time(9, 30), dt.UTC)

    low, likely, high = wish.effort
    first, last = wish.plan or (None, None)
    initiative = create_initiative(
        product,
        actor=owner or SYSTEM,
        title=wish.title,
        summary=wish.summary,
        owner=owner,
        horizon=wish.horizon,
        objective=Objective.objects.filter(product=product, title=wish.goal).first() if wish.goal else None,
        opportunities=list(Opportunity.objects.filter(product=product, title=wish.opportunity)[:1]),
        effort_low=low,
        effort_months=likely,
        effort_high=high,
        starts_on=day(first) if first is not None else None,
        ends_on=day(last) if last is not None else None,
        at=moment(wish.begun),
    )
    for days_ago, why, changes in wish.moves:
        said = {name: value for name, value in changes.items() if not name.endswith("_days")}
        if "promised_days" in changes:
            said["promised_on"] = day(changes["promised_days"])
        if "ends_days" in changes:
            said["ends_on"] = day(changes["ends_days"])
        if "blocked_days" in changes:
            said |= {"blocked_since": day(-changes["blocked_days"]), "blocked_why": "Finance decides about guests."}
        if said:
            initiative = change_initiative(
                initiative, actor=owner or SYSTEM, changes=said, why=why, at=moment(days_ago)
            )
    return initiative
