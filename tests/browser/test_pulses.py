"""An alignment pulse in a browser: made, answered behind a link without signing in, closed, and its numbers read."""

import re

import pytest
from django.core import mail
from django.test import Client

from portal.messages.models import Delivery
from portal.messages.sending import deliver
from portal.people.models import Product
from portal.people.public import SYSTEM
from roadmaps.goals import actions as goals
from roadmaps.pulses import asking
from roadmaps.pulses.models import Pulse
from tests.roadmaps.goals.access_rows import make_cycle

GOALS = ("Teams begin faster", "Inviting is easy", "Reports are trusted")
FUNCTIONS = ("Product", "Design")


def _links(pulse):
    """Write and send the letters as a worker does; returns each address with the link that its mail holds."""
    asking.write_letters(pulse.pk)
    for pk in Delivery.objects.filter(key__startswith=f"pulse:{pulse.pk}:").values_list("pk", flat=True):
        deliver(pk)
    return {letter.to[0]: re.search(r"/pulse/\?key=[\w-]+", letter.body)[0] for letter in mail.outbox}


@pytest.mark.long
def test_a_pulse_comes_from_its_draft_to_its_numbers(browse, cast, look):
    page = browse("product_manager", "/goals/pulses/")
    product, cycle = Product.objects.get(), make_cycle()
    for title in GOALS:
        goals.create_objective(title=title, cycle=cycle, product=product, actor=SYSTEM)
    page.get_by_role("link", name="New pulse").click()
    page.get_by_role("button", name="Make draft").wait_for()
    page.get_by_label("Name", exact=True).fill("How aligned are we?")
    for title in GOALS:
        page.get_by_label(title).check()
    page.check_axe()
    look(page, "pulse-form", full=True)
    page.get_by_role("button", name="Make draft").click()
    page.get_by_role("heading", name="Whom does it ask?").wait_for()
    pulse = Pulse.objects.get()
    for name in FUNCTIONS:
        page.open(f"/goals/pulses/{pulse.pk}/ask/")
        page.get_by_label("Function", exact=True).fill(name)
        page.get_by_label("E-mail addresses").fill("\n".join(f"{name.lower()}{n}@example.com" for n in range(5)))
        page.get_by_role("button", name="Add people").click()
        page.get_by_text(f"5 of {name} added.").wait_for()
    page.get_by_role("button", name="Open and ask").click()
    page.get_by_text("is open: the mails are on their way").wait_for()
    look(page, "pulse-open", full=True)

    links = _links(pulse)
    assert len(links) == 10
    _answer(browse, look, links.pop("product0@example.com"))
    for address, link in links.items():
        vision = 5 if address.startswith("product") else 2
        sent = {"rank_0": 1, "rank_1": 2, "rank_2": 3, "vision": vision, "execution": 4}
        assert b"Your answer is kept" in Client().post(link, sent).content

    page.reload()
    page.get_by_text("10 of 10 answered").wait_for()
    page.get_by_role("link", name="Close", exact=True).click()
    page.get_by_role("button", name="Close it for good").click()
    page.get_by_role("heading", name="How the goals are ranked").wait_for()
    ratings = page.get_by_role("region", name="We share one vision: answers by function")
    assert ratings.get_by_role("row", name=re.compile("^Product 5.0")).count() == 1
    assert ratings.get_by_role("row", name=re.compile("^Design 2.0")).count() == 1
    page.check_axe()
    look(page, "pulse-numbers", full=True)


def _answer(browse, look, link):
    """Answer as somebody who has no login, on a telephone; the link takes one answer."""
    page = browse(None, link, size="phone")
    page.get_by_role("heading", name="How aligned are we?").wait_for()
    for place, title in enumerate(GOALS):
        page.get_by_label(title).select_option(str(place + 1))
    page.get_by_role("group", name="2. “We share one vision”: is it so?").get_by_label("5 fully").check()
    page.get_by_role("group", name="3. “Execution runs smoothly”: is it so?").get_by_label("4 mostly").check()
    page.check_axe()
    look(page, "pulse-answer", full=True)
    page.get_by_role("button", name="Send").click()
    page.get_by_text("Your answer is kept, and your link is forgotten.").wait_for()
    page.allow("404")
    page.open(link)
    page.get_by_text("There is nothing to answer here").wait_for()
