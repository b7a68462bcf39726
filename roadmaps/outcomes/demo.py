"""The demo company's bets: on what came out, measured on the demo's own events, and one that waits for its release.

Bets on what is out already are dated back to before its work began: the portal is younger than the company.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from insights.adoption.public import Feature
from insights.metrics.public import Metric
from portal.operations.contracts import DemoWorld, Progress
from portal.people.public import SYSTEM, Product, User
from roadmaps.outcomes import actions
from roadmaps.outcomes.actions.bets import note_releases
from roadmaps.outcomes.measuring import due_on, measure_bet
from roadmaps.outcomes.models import Bet, MonthCost, OutcomeReview
from roadmaps.planning.initiatives.public import DEMO_GUIDE, Initiative, Stage, change_initiative, create_initiative
from roadmaps.planning.releases.public import Release, ReleaseItem

LINK = "Invite with a link"
TIMELINE = "The whole plan on one timeline"
_STEPS = ((235, Stage.PROTOTYPING), (190, Stage.BUILDING), (102, Stage.LAUNCHED), (8, Stage.DONE))


@dataclass(frozen=True)
class _Bet:
    """A bet of the demo on an initiative by its title; a rate in points of 0 to 1."""

    initiative: str
    metric: str
    low: float
    high: float
    confidence: float
    why: str
    feature: str = ""


BETS = (
    _Bet(TIMELINE, "Actions", 300.0, 3_000.0, 0.7,
         "Whoever sees what waits for what moves it. Nine of eleven in the prototype changed a date."),
    _Bet(TIMELINE, "Weekly active people", 10.0, 80.0, 0.6,
         "Managers who never opened a plan said that they would look at a timeline on Mondays."),
    _Bet(TIMELINE, "Errors shown", 5.0, 60.0, 0.5,
         "The old view broke on long plans; nobody counted how many of the errors that were."),
    _Bet(LINK, "Invitations", 30.0, 200.0, 0.8,
         "Support hears “I have no address at hand” twice a week."),
    _Bet(DEMO_GUIDE, "Invitations", 40.0, 400.0, 0.75,
         "Six of ten stop before the first invitation. Of nine teams that tested the third prototype, eight found it."),
    _Bet(DEMO_GUIDE, "Activation", 0.02, 0.08, 0.65,
         "Four of ten get from the first plan to the first invitation. The prototype asks where a name would stand."),
)  # fmt: skip
_LEARNED = (
    "People opened reports more often, which nobody had bet on, and made no fewer errors, which somebody had. We asked "
    "what they would do with a timeline; they told us what they would look at. **Next time bet on the number of what "
    "people do in the prototype, not on what they say.**"
)


def seed_outcomes(world: DemoWorld, progress: Progress) -> None:
    """Make the demo's bets and measure those whose days are over; what is there already is left as it is."""
    product = Product.objects.select_related("team").filter(slug="planner").first()
    if product is None or Bet.objects.exists():
        return
    owner = User.objects.filter(teams=product.team, role="product_manager", is_active=True).order_by("pk").first()
    _look_back(product, owner, world.ends_on)
    initiatives = {one.title: one for one in Initiative.objects.filter(product=product).of_rows()}
    metrics = {one.name: one for one in Metric.objects.filter(product=product).select_related("current__series")}
    for one in BETS:
        if one.initiative in initiatives and one.metric in metrics:
            _bet(one, initiatives[one.initiative], metrics[one.metric], owner)
    _measure(world.ends_on, timezone.now(), progress)
    _learn(owner)
    _next_bet(product, metrics, owner)
    if not MonthCost.objects.exists():
        actions.set_month_cost(amount=9_500.0, currency="€", actor=SYSTEM, version=0)


def _look_back(product: Product, owner: User | None, today: date) -> None:
    """Have what the first release brought stand on the roadmap with its past."""
    if Initiative.objects.filter(product=product, title=TIMELINE).exists():
        return

    def moment(days_ago: int) -> datetime:
        return timezone.make_aware(datetime.combine(today - timedelta(days=days_ago), time(10)))

    summary = "Everything of a plan from its first day to its last, with what waits for what."
    values = {"title": TIMELINE, "summary": summary, "owner": owner, "effort_months": 9.0, "horizon": "now"}
    initiative = create_initiative(product, actor=SYSTEM, at=moment(260), **values)
    for days_ago, stage in _STEPS:
        changes = {"stage": stage}
        initiative = change_initiative(initiative, actor=SYSTEM, changes=changes, at=moment(days_ago))
    release = Release.objects.filter(product=product, name__startswith="4.2").first()
    if release is not None:
        ReleaseItem.objects.get_or_create(release=release, initiative=initiative)


def _bet(one: _Bet, initiative: Initiative, metric: Metric, owner: User | None) -> None:
    feature = Feature.objects.filter(product=initiative.product_id, name=one.feature).first() if one.feature else None
    begun = initiative.versions.filter(stage=Stage.BUILDING).order_by("valid_from").first()
    if begun is None:
        return
    aim = Bet.Aim.DOWN if metric.current.direction == "down" else Bet.Aim.UP
    bet = Bet.objects.create(
        initiative=initiative, metric=metric, feature=feature, aim=aim, low=one.low, high=one.high, days=30,
        confidence=one.confidence, why=one.why, author=owner, locked_at=begun.valid_from,
    )  # fmt: skip
    Bet.objects.filter(pk=bet.pk).update(created_at=begun.valid_from - timedelta(days=6))
    note_releases([initiative.pk])


def _measure(ends_on: date, now: datetime, progress: Progress) -> None:
    """Measure what is due at the end of the demo's events, as the nights before would have done."""
    bets = list(Bet.objects.of_rows().exclude(released_on=None).order_by("pk"))
    for number, bet in enumerate(bets, start=1):
        for days in Bet.After.values:
            due = due_on(bet, days)
            if due is not None and due <= ends_on:
                measure_bet(bet, days, now=now)
        progress(number, len(bets), "bets measured")
    settled = Initiative.objects.filter(outcome_review=None).exclude(bets=None).exclude(bets__verdict="")
    actions.ask_reviews(settled.values_list("pk", flat=True).distinct(), now=now)


def _learn(owner: User | None) -> None:
    review = OutcomeReview.objects.waiting().filter(initiative__title=TIMELINE).first()
    if review is not None:
        actions.answer_review(review, decision="keep", learned=_LEARNED, actor=owner or SYSTEM)


def _next_bet(product: Product, metrics: dict[str, Metric], owner: User | None) -> None:
    """Write one bet that waits: on the first initiative that is not begun."""
    waiting = Initiative.objects.filter(product=product, stage__in=(Stage.DISCOVERY, Stage.PROTOTYPING))
    initiative, metric = waiting.of_rows().order_by("position", "pk").first(), metrics.get("Back after four weeks")
    if initiative is not None and metric is not None:
        actions.write_bet(
            initiative, metric=metric, low=0.02, high=0.06, confidence=0.55, days=90, actor=owner or SYSTEM,
            why="Who comes back plans in the second week. Nobody tested it yet, so we are not very sure.",
        )  # fmt: skip
