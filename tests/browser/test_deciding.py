"""From what people said to a decision, in a browser: an opportunity with its evidence, a prototype with its tests."""

import datetime as dt

import pytest
from django.utils import timezone

from insights.voice.feedback.actions import add_feedback
from portal.people.models import Product
from portal.people.public import SYSTEM
from roadmaps.planning.opportunities.actions import create_opportunity
from roadmaps.planning.opportunities.models import Opportunity
from roadmaps.planning.prototypes.models import Prototype
from roadmaps.planning.prototypes.testing import add_test
from tests import factories

SAYINGS = {"ann": "Nobody showed us where to begin.", "bob": "We were lost in the first week."}


def _store_people(product):
    """Two people of two accounts."""
    stamp = "2024-01-02T10:00:00+00:00"
    rows = [{"event": "opened", "distinct_id": who, "timestamp": stamp, "event_id": who} for who in SAYINGS]
    traits = [
        {
            "subject": "person",
            "subject_id": who,
            "key": "$account",
            "value": f"{who}s",
            "timestamp": stamp,
            "item_no": 9,
        }
        for who in SAYINGS
    ]
    factories.store_events(factories.make_source(product, "Planner app"), rows, traits=traits)


@pytest.mark.long
def test_an_opportunity_comes_from_a_sentence_to_a_decision(browse, cast, look):
    page = browse("product_manager", "/opportunities/")
    product, channel = Product.objects.get(), factories.make_channel("call")
    _store_people(product)
    for who, text in SAYINGS.items():
        said = {"channel": channel, "person": who, "visibility": "company", "said_on": dt.date(2024, 1, 20)}
        add_feedback(product, actor=SYSTEM, today=timezone.localdate(), text=text, **said)
    page.open("/opportunities/new/")
    page.get_by_label("Title").fill("New teams do not know where to begin")
    page.get_by_label("Who has it").fill("Team leads in their first week")
    page.check_axe()
    look(page, "opportunity-form", full=True)
    page.get_by_role("button", name="Write it down").click()
    page.get_by_role("heading", name="Nothing shows it yet").wait_for()
    opportunity = Opportunity.objects.get()

    page.open(f"/opportunities/{opportunity.pk}/evidence/new/?kind=feedback")
    for text in SAYINGS.values():
        page.get_by_label(text).check()
    page.get_by_label("Weight").select_option(label="Critical")
    page.get_by_label("What it shows").fill("The first week decides")
    page.check_axe()
    look(page, "opportunity-evidence-form", full=True)
    page.get_by_role("button", name="Add evidence").click()
    evidence = page.locator("#evidence")
    for text in SAYINGS.values():
        evidence.get_by_text(text).wait_for()
    page.get_by_text("2 critical, 0 important, 0 nice to have").wait_for()

    page.wait_for_load_state("networkidle")  # pieces above that arrive late would push the fold away under a click
    decisions = page.locator("#decisions")
    decisions.locator("summary").click()
    decisions.get_by_label("What was decided").fill("We look into it next")
    decisions.get_by_label("Why").fill("Two teams in one month.")
    decisions.get_by_role("button", name="Note it").click()
    decisions.get_by_text("We look into it next").wait_for()
    decisions.get_by_text("Two teams in one month.").wait_for()
    page.check_axe()
    look(page, "opportunity", full=True)
    assert opportunity.decisions.get().what == "We look into it next"


@pytest.mark.long
def test_a_prototype_comes_from_a_belief_over_tests_to_a_decision(browse, cast, look):
    owner = cast("product_manager")
    page = browse("product_manager", "/prototypes/")
    product = Product.objects.get()
    _store_people(product)
    create_opportunity(product, title="New teams do not know where to begin", actor=owner)
    page.get_by_role("link", name="New prototype").click()
    page.get_by_label("Title").fill("A guide of the first week")
    page.get_by_label("Hypothesis").fill("Led by the hand, people invite somebody on the first day.")
    page.get_by_label("Tasks").fill("Invite a colleague\nMake a plan")
    page.get_by_label("Opportunity").select_option(label="New teams do not know where to begin")
    page.check_axe()
    look(page, "prototype-form", full=True)
    page.get_by_role("button", name="Save prototype").click()
    page.get_by_role("heading", name="Nobody tried it yet").wait_for()
    prototype = Prototype.objects.get()

    page.get_by_role("link", name="Note a test").first.click()
    page.get_by_role("heading", name="What one person did").wait_for()
    page.get_by_label("Who tried it, if known").fill("ann")
    page.get_by_label("Invite a colleague").select_option(label="Done alone")
    page.get_by_label("Make a plan").select_option(label="Not done")
    for number in range(1, 11):  # strongly agrees with what is good, disagrees with what is not: 100
        page.locator(f"#id_sus_{number}").select_option("5" if number % 2 else "1")
    page.get_by_label("Notes").fill("She laughed at the arrow.")
    page.check_axe()
    look(page, "prototype-test", full=True)
    page.get_by_role("button", name="Save test").click()
    page.get_by_text("She laughed at the arrow.").wait_for()
    invite, plan = prototype.tasks.order_by("pk")
    for went in ("done", "done", "done", "failed"):
        outcomes = {invite.pk: went, plan.pk: "helped"}
        add_test(prototype, actor=owner, held_on=timezone.localdate(), outcomes=outcomes)
    page.reload()
    tasks = page.get_by_role("region", name="How the tasks went")
    tasks.get_by_text("80 %, between 38 and 96 %").wait_for()
    assert tasks.get_by_text("0 %, between 0 and 43 %").count() == 1

    page.get_by_role("link", name="Decide", exact=True).click()
    page.get_by_label("Build it").check()
    page.get_by_label("Why").fill("Four of five invited somebody alone.")
    page.check_axe()
    page.get_by_role("button", name="Save decision").click()
    page.get_by_role("heading", name="Build it").wait_for()
    page.get_by_text("Four of five invited somebody alone.").first.wait_for()
    page.check_axe()
    look(page, "prototype", full=True)
