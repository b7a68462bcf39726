"""What if in a browser: the roadmap is copied, another order, capacity and scope are tried, reviewed and committed."""

import re

import pytest

from portal.people.models import Product
from portal.people.public import SYSTEM
from roadmaps.plan.scenarios.models import Scenario
from roadmaps.planning.initiatives.public import Initiative, change_initiative, create_initiative
from roadmaps.planning.scoring.models import ScoringModel
from roadmaps.planning.scoring.public import score_initiative


@pytest.fixture
def three(cast):
    """Three initiatives for now, in order, of 3, 4 and 5 person-months; RICE 100, 50 and 60."""
    owner, product = cast("product_manager"), Product.objects.get()
    rice = ScoringModel.objects.select_related("current").get(slug="rice")
    made = []
    for title, effort, reach in (("Guide new teams", 3, 600), ("A faster timeline", 4, 400), ("Reports", 5, 600)):
        one = create_initiative(product, title=title, horizon="now", effort_months=effort, actor=owner)
        inputs = {"reach": {"likely": reach}, "impact": {"likely": 1}, "confidence": {"likely": 0.5}}
        score_initiative(one, rice, actor=owner, inputs={**inputs, "effort": {"likely": effort}})
        made.append(one)
    return made


def _row(page, title):
    return page.locator("table.priorities tbody tr", has_text=title)


def _try(page, look):
    """Put Reports first with more effort, by keyboard; say more capacity, and leave the timeline out."""
    page.get_by_role("link", name="Change Reports").focus()
    page.keyboard.press("Enter")
    place = page.get_by_label("Place", exact=True)
    place.wait_for()
    look(page, "scenario-row", full=True)
    page.check_axe()
    place.fill("1")
    page.get_by_label("Effort", exact=True).fill("6")
    page.keyboard.press("Enter")
    page.get_by_text("“Reports” is changed in the scenario.").wait_for()
    assert _row(page, "Reports").locator("td.number").first.inner_text().startswith("1")
    page.get_by_role("button", name="Move Guide new teams down").focus()
    page.keyboard.press("Enter")
    page.get_by_text("“Guide new teams” moved down.").wait_for()
    stretch = page.get_by_label(re.compile("in the scenario$")).first
    stretch.fill("12")
    page.get_by_role("button", name="Set the capacity").click()
    page.get_by_text("The capacity is set.").wait_for()
    page.get_by_label("Choose A faster timeline").check()
    page.get_by_role("button", name="Leave the chosen out").click()
    page.get_by_text("1 initiative left out.").wait_for()
    page.get_by_text("left out", exact=True).wait_for()
    page.check_axe()
    look(page, "scenario-tried", full=True)
    assert list(Initiative.objects.order_by("position").values_list("title", "effort_months", "horizon")) == [
        ("Guide new teams", 3, "now"), ("A faster timeline", 4, "now"), ("Reports", 5, "now"),
    ]  # fmt: skip


def _commit(page, look, three):
    """Review, take a change of what somebody else moved meanwhile too, and commit."""
    change_initiative(three[1], actor=SYSTEM, changes={"stage": "prototyping"})
    page.get_by_role("link", name="Review the changes").click()
    page.get_by_role("heading", name="Changes of “Reports first”").wait_for()
    late = page.get_by_label("Horizon of A faster timeline")
    assert not late.is_checked() and page.get_by_label("Effort, person-months of Reports").is_checked()
    page.get_by_text("changed since the copy").first.wait_for()
    late.check()
    page.check_axe()
    look(page, "scenario-review", full=True)
    page.get_by_label("Why", exact=True).fill("Reports win the renewal")
    page.get_by_role("button", name="Commit to the roadmap").click()
    page.get_by_text("What became of its changes").wait_for()
    page.check_axe()
    look(page, "scenario-done", full=True)


@pytest.mark.long
def test_what_if_is_tried_reviewed_committed_and_seen_on_the_roadmap(browse, cast, look, three):
    owner = cast("product_manager")
    page = browse(owner, "/roadmap/")
    page.get_by_role("link", name="What if …").click()
    page.get_by_role("heading", name="New scenario").wait_for()
    page.check_axe()
    look(page, "scenario-new", full=True)
    page.get_by_label("Name", exact=True).fill("Reports first")
    page.get_by_label("Person-months in each, today").fill("9")
    page.get_by_label("Value counts by").select_option("rice")
    page.get_by_role("button", name="Copy the roadmap").click()
    page.get_by_role("heading", name="Reports first").wait_for()
    page.check_axe()
    look(page, "scenario", full=True)
    _try(page, look)
    _commit(page, look, three)
    assert Scenario.objects.get().closed_by == owner
    page.get_by_role("link", name="To the roadmap").click()
    page.get_by_role("heading", name="Roadmap", exact=True).wait_for()
    found = Initiative.objects.filter(horizon="now").order_by("position")
    assert [(one.title, one.effort_months) for one in found] == [("Reports", 6), ("Guide new teams", 3)]
    shown = page.inner_text("#view")
    assert shown.index("Reports") < shown.index("Guide new teams") < shown.index("A faster timeline")
    page.open("/roadmap/moves/")
    page.get_by_text("Reports win the renewal").first.wait_for()
    page.open("/roadmap/scenarios/")
    page.get_by_text("Committed").first.wait_for()
    page.check_axe()
    look(page, "scenarios", full=True)
