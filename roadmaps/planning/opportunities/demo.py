"""The demo company's opportunities: what its customers' words say is worth solving, and what was decided."""

from typing import Any

from insights.explore.public import Insight
from insights.voice.findings.public import Finding
from insights.voice.themes.public import Theme
from portal.operations.contracts import DemoWorld, Progress
from portal.people.public import SYSTEM, Product, User
from portal.shell.public import BadInput
from roadmaps.planning.opportunities import actions
from roadmaps.planning.opportunities.gathering import add_evidence
from roadmaps.planning.opportunities.models import Opportunity

TEAM_IN = "Getting the team in"
# Title, who has it, problem, state, (kind, what it is called, weight, note) of its evidence.
OPPORTUNITIES: tuple[tuple[str, str, str, str, tuple[tuple[str, str, int, str], ...]], ...] = (
    (
        TEAM_IN,
        "Whoever starts a workspace, in the first week",
        "Most of those who make a first plan **invite nobody**. They skip the one page that offers it, and find no "
        "second one; or they want something to show first, and then the moment is over.\n\nA plan of one is a list. "
        "Three of four workspaces that stay alone for three weeks are gone after eight.",
        "exploring",
        (
            ("theme", "Getting the team in", 3, "All that is said about the step at which most stop."),
            ("finding", "invite", 3, "Why teams invite nobody."),
            ("insight", "From sign-up to an invited teammate", 2, "Where they stop, and how many."),
        ),
    ),
    (
        "The timeline takes too long to open",
        "Planners with more than a thousand tasks",
        "With many tasks the timeline opens in eight seconds and more. It is opened thirty times a day.",
        "exploring",
        (("theme", "Timeline is slow with many tasks", 3, ""), ("finding", "timeline", 2, "What is waited for.")),
    ),
    (
        "Dates that nobody keeps up by hand",
        "Teams whose tasks wait for each other",
        "When one task slips, all others have to be moved by hand, and holidays are forgotten until they are there.",
        "open",
        (("theme", "Dependencies and holidays", 2, ""),),
    ),
    (
        "The report that somebody writes every Friday",
        "Team leads and their managers",
        "Numbers are copied into a sheet each week. It takes an hour, and they are old when they are read.",
        "open",
        (("theme", "Reports that come by themselves", 2, ""), ("theme", "Reports", 1, "")),
    ),
    (
        "What is decided in comments is found by nobody",
        "Everybody who joins later",
        "Decisions are written in comments of tasks. Who did not read them then looks for them in vain.",
        "open",
        (("theme", "Search", 2, ""),),
    ),
    (
        "Nobody knows beforehand what a colleague costs",
        "Buyers in small companies",
        "Whether somebody who only looks needs a seat is asked in every second call about prices.",
        "open",
        (("theme", "What does a colleague cost?", 2, ""),),
    ),
    (
        "A dark screen for night shifts",
        "Control rooms",
        "Asked for by two customers. Browsers can do it by themselves.",
        "dropped",
        (),
    ),
)


def seed_opportunities(world: DemoWorld, progress: Progress) -> None:
    """Write the demo's opportunities down with their evidence; what is there already is left as it is."""
    product = Product.objects.select_related("team").filter(slug="planner").first()
    if product is None or Opportunity.objects.filter(product=product).exists():
        return
    owner = User.objects.filter(teams=product.team, role="product_manager", is_active=True).order_by("pk").first()
    for number, (title, who, problem, state, evidence) in enumerate(OPPORTUNITIES, start=1):
        made = actions.create_opportunity(product, actor=SYSTEM, title=title, who=who, problem=problem, owner=owner)
        for kind, called, weight, note in evidence:
            _gather(made, kind, called, weight, note)
        if state == "exploring":
            why = "Several accounts say the same in interviews, and the numbers agree."
            made = actions.update_opportunity(made, actor=owner or SYSTEM, state=state, why=why)
        elif state == "dropped":
            why = "Two customers, and their browsers can do it. Not before anybody loses work over it."
            actions.update_opportunity(made, actor=owner or SYSTEM, state=state, why=why)
        progress(number, len(OPPORTUNITIES), "opportunities")


def _gather(opportunity: Opportunity, kind: str, called: str, weight: int, note: str) -> None:
    """Add evidence where its thing is there: people may have worked on the demo."""
    product = opportunity.product_id
    things: dict[str, Any] = {
        "theme": Theme.objects.filter(product=product, name=called, merged_into=None),
        "finding": Finding.objects.filter(product=product, claim__icontains=called, state=Finding.State.STANDS),
        "insight": Insight.objects.filter(product=product, title=called),
    }
    thing = things[kind].order_by("pk").first()
    if thing is None:
        return
    try:
        add_evidence(opportunity, actor=SYSTEM, kind=kind, thing_id=thing.pk, weight=weight, note=note)
    except BadInput:
        return
