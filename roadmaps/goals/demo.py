"""The demo company's goals: two cycles, where Planner goes, and what its team wants to reach."""

from datetime import date, timedelta

from django.utils import timezone

from insights.metrics.public import Metric
from portal.operations.contracts import DemoWorld, Progress
from portal.people.public import SYSTEM, Product, User
from roadmaps.goals import actions
from roadmaps.goals.models import CheckIn, Cycle, Objective, Statement

VISION = """\
# Work that a team can see

A team that plans with Planner knows on Monday what Friday will look like: who does what, what waits for whom, and \
what moves when something slips. Nobody asks for a status, because everybody sees it.

## What will be different

- A new team plans **together** from its first day, not one person for the others.
- A plan tells the truth about dates, holidays and people who are away.
- Managers read the same page as those who do the work.
"""
STRATEGY = """\
# How we get there

1. **First the second person.** Four of ten teams get from the first plan to the first invitation. A plan of one is a \
list; everything else that we build is worth more once a colleague is in.
2. **Then the plan that holds.** Dependencies, holidays and a timeline that opens at once, also for two thousand tasks.
3. **Then the report that nobody writes.** What is there is sent by itself, on the day that it is needed.

## What we do not do

No chat, no documents, no time clocks. We connect to those that our customers have.
"""
STRATEGY_BEFORE = """\
# How we get there

1. The plan that holds: dependencies, holidays, a faster timeline.
2. Reports for managers.
3. More integrations.
"""


def seed_goals(world: DemoWorld, progress: Progress) -> None:
    """Set the demo's goals; what is there already is left as it is."""
    product = Product.objects.select_related("team").filter(slug="planner").first()
    if product is None or Cycle.objects.exists():
        return
    owner = User.objects.filter(teams=product.team, role="product_manager", is_active=True).order_by("pk").first()
    _write_direction(product, owner)
    progress(1, 3, "goals")
    today = world.ends_on
    quarter, year = _quarter(today), _year(today)
    _set_goals(product, owner, quarter, year)
    progress(2, 3, "goals")
    _look_back(product, owner, _quarter(quarter.starts_on - timedelta(days=1)))
    progress(3, 3, "goals")


def _write_direction(product: Product, owner: User | None) -> None:
    if Statement.objects.filter(product=product).exists():
        return
    actor = owner or SYSTEM
    actions.write_statement(product, "vision", text=VISION, actor=actor, owner=owner)
    actions.write_statement(product, "strategy", text=STRATEGY_BEFORE, actor=actor, owner=owner)
    note = "The second person comes first: interviews and the funnel say that plans of one are given up."
    actions.write_statement(product, "strategy", text=STRATEGY, note=note, seen=1, actor=actor, owner=owner)


def _quarter(day: date) -> Cycle:
    first = 3 * ((day.month - 1) // 3) + 1
    after = date(day.year + (first == 10), (first + 2) % 12 + 1, 1)
    name = f"Q{(first + 2) // 3} {day.year}"
    found = Cycle.objects.filter(name=name).first()
    starts_on, ends_on = date(day.year, first, 1), after - timedelta(days=1)
    return found or actions.create_cycle(name=name, starts_on=starts_on, ends_on=ends_on, actor=SYSTEM)


def _year(day: date) -> Cycle:
    days = {"starts_on": date(day.year, 1, 1), "ends_on": date(day.year, 12, 31)}
    return actions.create_cycle(name=f"Year {day.year}", actor=SYSTEM, **days)


def _set_goals(product: Product, owner: User | None, quarter: Cycle, year: Cycle) -> None:
    metrics = {one.name: one for one in Metric.objects.filter(product=product).select_related("current__series")}
    more = {"product": product, "actor": SYSTEM, "owner": owner}
    top = actions.create_objective(
        title="Planner is where teams plan, not where one person lists tasks",
        why="A customer with two people in Planner stays. With one, it leaves when that person does.",
        cycle=year,
        **more,
    )
    together = actions.create_objective(
        title="New teams plan together from the first day",
        why="Onboarding loses most people at the first invitation. The themes say why, in their words.",
        cycle=quarter,
        parent=top,
        **more,
    )
    trust = actions.create_objective(
        title="Planner does not get in the way",
        why="Errors and a slow timeline are what existing customers speak about most.",
        cycle=quarter,
        parent=top,
        **more,
    )
    _measure(top, "More customers are active every week", metrics.get("Active accounts"), 1.15)
    activation = _measure(together, "More of those who sign up invite somebody", metrics.get("Activation"), 1.25)
    _measure(together, "More people come back after four weeks", metrics.get("Back after four weeks"), 1.2)
    errors = _measure(trust, "Fewer errors are shown", metrics.get("Errors shown"), 0.6)
    calls = actions.add_key_result(
        trust, title="Customers of the advisory board who would recommend the timeline", unit="of 12 customers",
        baseline=4, target=9, actor=SYSTEM,
    )  # fmt: skip
    reason = "Asked at the start of the quarter's board call"
    actions.type_value(calls, value=6, reason=reason, actor=owner or SYSTEM, on=quarter.starts_on + timedelta(days=9))
    why = "The link to invite is built and half of new teams see it. It moves since, slowly: many skip the page."
    if activation:
        actions.check_in(activation, why=why, confidence=CheckIn.Confidence.EVEN, actor=owner or SYSTEM)
    if errors:
        why = "The outage hides what we gained: without its week we would be half way."
        actions.check_in(errors, why=why, confidence=CheckIn.Confidence.DOUBTFUL, actor=owner or SYSTEM)


def _measure(objective: Objective, title: str, metric: Metric | None, factor: float):
    """Bind a key result to a metric; its target is a factor of where the metric stands."""
    summary = metric.current.series.summary if metric and getattr(metric.current, "series", None) else {}
    value = summary.get("value")
    if not value:
        return None
    is_rate = metric.current.is_rate
    target = round(value * factor, 2) if is_rate else float(round(value * factor))
    baseline = round(value * (0.97 if factor > 1 else 1.05), 3 if is_rate else 0)
    return actions.add_key_result(objective, title=title, metric=metric, baseline=baseline, target=target, actor=SYSTEM)


def _look_back(product: Product, owner: User | None, cycle: Cycle) -> None:
    """Close a goal of the quarter before, so that a reader sees how that looks."""
    objective = actions.create_objective(
        title="Customers find out by themselves what Planner costs",
        cycle=cycle, product=product, actor=SYSTEM, owner=owner,
    )  # fmt: skip
    calls = actions.add_key_result(
        objective,
        title="Fewer calls about prices",
        unit="calls a week",
        baseline=40,
        target=15,
        aim="down",
        actor=SYSTEM,
    )
    on = min(cycle.ends_on, timezone.localdate())
    actions.type_value(calls, value=22, reason="Counted by support", actor=owner or SYSTEM, on=on)
    note = (
        "The new price page halved the calls, and that is where it stopped: what remains is about seats for colleagues "
        "who only look. That belongs to inviting, not to prices, so it moves there."
    )
    actions.close_objective(objective, actor=owner or SYSTEM, note=note)
