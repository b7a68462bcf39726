"""The demo company's scores: its initiatives by RICE and by value and effort, one reach measured, and a blind round."""

from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from insights.cohorts.public import Cohort
from portal.operations.contracts import DemoWorld, Progress
from portal.people.public import SYSTEM, Product, User
from portal.shell.public import BadInput
from roadmaps.planning.initiatives.public import DEMO_GUIDE, Initiative
from roadmaps.planning.scoring import actions
from roadmaps.planning.scoring.models import KeptOrder, Round, Score, ScoringModel
from roadmaps.planning.scoring.orders import RANKED_STAGES, current_rows

Numbers = tuple[tuple[float, float, float], float, float, tuple[float, float, float], float]
# Reach, impact, confidence, effort, value for what the demo has in mind, in its order; they repeat for more.
NUMBERS: tuple[Numbers, ...] = (
    ((400, 620, 900), 2.0, 0.8, (2.0, 3.0, 5.0), 9.0),
    ((250, 300, 420), 1.0, 0.8, (1.0, 2.0, 6.0), 6.0),
    ((900, 1200, 1500), 0.5, 1.0, (3.0, 4.0, 8.0), 7.0),
    ((80, 120, 300), 3.0, 0.5, (4.0, 6.0, 9.0), 8.0),
    ((500, 700, 800), 1.0, 0.5, (2.0, 3.0, 4.0), 5.0),
    ((150, 200, 260), 2.0, 0.8, (1.0, 1.5, 2.0), 4.0),
    ((60, 90, 150), 0.5, 0.5, (0.5, 1.0, 2.0), 3.0),
)
# What the demo's guide was scored with before its work began; its effort is the initiative's.
_GUIDES: Numbers = ((450, 600, 800), 2.0, 0.8, (2.0, 3.5, 5.0), 8.0)
SOURCES = ("The onboarding funnel", "Counted in support's tickets", "Sales' list of open deals")
MOST = 20


def seed_scores(world: DemoWorld, progress: Progress) -> None:
    """Score the demo's initiatives; what is there already is left as it is."""
    product = Product.objects.select_related("team").filter(slug="planner").first()
    models = {one.slug: one for one in ScoringModel.objects.select_related("current")}
    rice, plain = models.get("rice"), models.get("value-and-effort")
    if product is None or rice is None or plain is None or Score.objects.exists():
        return
    owner = User.objects.filter(teams=product.team, role="product_manager", is_active=True).order_by("pk").first()
    things = Initiative.objects.filter(product=product, stage__in=RANKED_STAGES).order_by("position", "pk")
    found = list(things.select_related("team")[:MOST])
    guide = Initiative.objects.select_related("team").filter(product=product, title=DEMO_GUIDE).first()
    if guide is not None:
        _put_down(guide, rice, plain, _GUIDES, SOURCES[0], owner)
    for number, one in enumerate(found):
        _score(one, rice, plain, number, owner)
        progress(number + 1, len(found) + 1, "scores")
    if len(found) > 1:
        _look_back(rice, product, world)
        _ask(product, rice, found[:4], owner)
    progress(len(found) + 1, len(found) + 1, "scores")


def _score(one: Initiative, rice: ScoringModel, plain: ScoringModel, number: int, owner: User | None) -> None:
    _put_down(one, rice, plain, NUMBERS[number % len(NUMBERS)], SOURCES[number % len(SOURCES)], owner)
    actor = owner or SYSTEM
    cohort = Cohort.objects.filter(products=one.product_id, visibility="company", archived_at=None, kept_until=None)
    if number == 0 and (known := cohort.exclude(current=None).order_by("pk").first()):
        try:
            actions.score_initiative(one, rice, actor=actor, inputs={"reach": {"bound": f"cohort:{known.pk}"}})
        except BadInput:
            return  # not shared with all who read the initiative: the estimate stays


def _put_down(
    one: Initiative, rice: ScoringModel, plain: ScoringModel, numbers: Numbers, source: str, owner: User | None
) -> None:
    reach, impact, sure, effort, value = numbers
    label = {"label": "guessed"} if sure == 0.5 else {"label": "estimated", "source": source}
    inputs = {
        "reach": {"low": reach[0], "likely": reach[1], "high": reach[2], **label},
        "impact": {"likely": impact, **label},
        "confidence": {"likely": sure},
        "effort": {"low": effort[0], "likely": effort[1], "high": effort[2], **label},
    }
    actor = owner or SYSTEM
    actions.score_initiative(one, rice, actor=actor, inputs=inputs)
    actions.score_initiative(one, plain, actor=actor, inputs={"value": {"likely": value, **label}})


def _look_back(rice: ScoringModel, product: Product, world: DemoWorld) -> None:
    """Keep an order of last Monday that differs from today's, so that a reader sees what moved and why."""
    last = world.ends_on - timedelta(days=world.ends_on.weekday() + 7)
    rows = [[one.key, one.score, dict(one.values)] for one in current_rows(rice, product)]
    if len(rows) > 1:
        key, score, values = rows[1]
        rows[1] = [key, score * 3, {**values, "effort": values.get("effort", 1.0) / 3}]
    kept_at = datetime.combine(last, time(3), tzinfo=UTC)
    values = {"worked_with": rice.current, "rows": rows, "kept_at": kept_at}
    KeptOrder.objects.get_or_create(model=rice, product=product, kept_on=last, defaults=values)


def _ask(product: Product, rice: ScoringModel, things: list[Initiative], owner: User | None) -> None:
    """Open a blind round in which some have handed in, and nothing is revealed yet."""
    people = list(User.objects.filter(teams=product.team, is_active=True).order_by("pk")[:5])
    if len(people) < 2 or Round.objects.exists() or settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        return  # who is asked gets a mail, and those of the demo have no mailbox
    due_on = timezone.localdate() + timedelta(days=3)
    made = actions.open_round(
        product, rice, title="What comes first next quarter", initiatives=things, people=people,
        actor=owner or SYSTEM, due_on=due_on,
    )  # fmt: skip
    for number, one in enumerate(people[1:3]):
        ballots = {
            thing.pk: {"reach": 200.0 * (place + 1 + 3 * number), "impact": (1.0, 3.0)[number], "confidence": 0.8}
            for place, thing in enumerate(things)
        }
        actions.hand_in(made, actor=one, ballots=ballots)
