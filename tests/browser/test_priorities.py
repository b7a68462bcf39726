"""Priorities in a browser: score blind and reveal, a row changed by keyboard and undone, a bubble moved by keys."""

import pytest
from django.urls import reverse

from portal.people.models import Product
from roadmaps.planning.initiatives.public import create_initiative
from roadmaps.planning.scoring import actions
from roadmaps.planning.scoring.models import Round, Score, ScoringModel


@pytest.fixture
def two(cast):
    """Two initiatives of the cast's product, scored by RICE: 75 and 50."""
    owner, product = cast("product_manager"), Product.objects.get()
    rice = ScoringModel.objects.select_related("current").get(slug="rice")
    made = []
    for title, effort in (("Guide new teams", 2), ("A faster timeline", 3)):
        one = create_initiative(product, title=title, actor=owner)
        inputs = {"reach": {"likely": 300}, "impact": {"likely": 1}, "confidence": {"likely": 0.5}}
        actions.score_initiative(one, rice, actor=owner, inputs={**inputs, "effort": {"likely": effort}})
        made.append(one)
    return made


@pytest.mark.long
def test_two_people_score_blind_and_see_both_after_the_reveal(browse, cast, look, two):
    owner, viewer, product = cast("product_manager"), cast("viewer"), Product.objects.get()
    rice = ScoringModel.objects.select_related("current").get(slug="rice")
    actions.open_round(product, rice, title="What comes first", initiatives=two, people=[owner, viewer], actor=owner)
    for person, reach in ((viewer, "4321"), (owner, "100")):
        page = browse(person, "/")
        page.get_by_role("link", name="Score What comes first").wait_for()
        look(page, f"round-home-{reach}")
        page.check_axe()
        page.get_by_role("link", name="Score What comes first").click()
        page.get_by_role("heading", name="What comes first").wait_for()
        assert "4,321" not in page.content() and (person is viewer or "4321" not in page.content())
        page.get_by_label("Reach", exact=True).first.fill(reach)
        page.get_by_label("Impact", exact=True).first.select_option("2")
        page.check_axe()
        look(page, f"round-blind-{reach}", full=True)
        page.get_by_role("button", name="Hand in").click()
        page.get_by_text("You handed in.").wait_for()
    page.get_by_role("button", name="Reveal to all").click()
    page.get_by_text("far apart").first.wait_for()
    page.get_by_text("4,321").first.wait_for()
    page.check_axe()
    look(page, "round-revealed", full=True)
    page.get_by_role("link", name="Settle Guide new teams").click()
    page.get_by_role("heading", name="Settle “Guide new teams”").wait_for()
    look(page, "round-settle", full=True)
    page.get_by_role("button", name="Settle").click()
    page.get_by_text("“Guide new teams” is settled.").wait_for()
    score = Score.objects.get(initiative=two[0])
    assert (score.given["reach"]["low"], score.given["reach"]["high"]) == (100, 4321)
    assert Round.objects.get().items.filter(settled_at__isnull=False).count() == 1


@pytest.mark.long
def test_a_row_is_changed_by_keyboard_undone_and_a_bubble_moved(browse, cast, look, two):
    page = browse(cast("product_manager"), reverse("priorities:priority-list"))
    page.get_by_text("comes first if").first.wait_for()
    page.check_axe()
    look(page, "priorities", full=True)
    page.get_by_role("link", name="Change A faster timeline").focus()
    page.keyboard.press("Enter")
    field = page.get_by_label("Reach of A faster timeline")
    field.wait_for()
    look(page, "priorities-row", full=True)
    field.fill("800 1000 1500")
    page.keyboard.press("Enter")
    page.get_by_text("“A faster timeline” is scored anew.").wait_for()
    first = page.locator("table.priorities tbody tr").first
    assert "A faster timeline" in first.inner_text()
    page.get_by_text("Chance to be first").wait_for()
    page.check_axe()
    look(page, "priorities-sure", full=True)
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Taken back").wait_for()
    assert Score.objects.get(initiative=two[1]).value == 50

    page.open(reverse("priorities:chart") + "?model=rice")
    page.check_axe()
    look(page, "priorities-chart", full=True)
    bubble = page.get_by_role("slider", name="Rank 1: Guide new teams")
    bubble.focus()
    page.keyboard.press("ArrowRight")
    page.locator("[role=status]").get_by_text("scores").wait_for()
    assert Score.objects.get(initiative=two[0]).given["effort"]["likely"] > 2
