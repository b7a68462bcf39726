"""Listening in a browser: the clock, whom to call next, a planned call, and what a theme says of those who ask."""

import datetime as dt

import pytest

from insights.voice.conversations.actions import add_conversation
from insights.voice.conversations.contracts import ParticipantInput
from insights.voice.demand.actions import set_area
from insights.voice.feedback.actions import add_feedback
from insights.voice.listening.models import Call
from insights.voice.listening.reasons import add_reason
from insights.voice.themes.actions import create_theme
from insights.voice.themes.linking import link_theme
from portal.people.models import Product
from portal.people.public import SYSTEM
from tests.factories import make_channel, make_cohort, make_source, store_events

ACCOUNTS = {f"acc-{no}": "Large" if no < 4 else "Small" for no in range(16)}


@pytest.fixture
def world(cast):
    """Sixteen accounts with a person each: large ones speak, small ones are not heard; a theme, a cohort, a talk."""
    owner, product = cast("product_manager"), Product.objects.get()
    today = dt.date.today()
    at = dt.datetime.now(dt.UTC) - dt.timedelta(days=9)
    rows, traits = [], []
    for account, segment in ACCOUNTS.items():
        who = account.replace("acc", "person")
        rows.append({"event": "timeline opened", "distinct_id": who, "account_id": account, "timestamp": at})
        said = (("person", who, "$account", account), ("account", account, "segment", segment))
        traits += [
            dict(zip(("subject", "subject_id", "key", "value"), one, strict=True)) | {"timestamp": at} for one in said
        ]
    store_events(make_source(product), rows, traits=traits)
    theme = create_theme(product, name="Timeline", actor=SYSTEM)
    set_area(theme, actor=SYSTEM, events=[{"event": "timeline opened"}])
    channel = make_channel("support")
    for no in (0, 1, 2, 5, 6, 7):
        values = {"channel": channel, "account": f"acc-{no}", "person": f"person-{no}"}
        piece = add_feedback(product, actor=owner, today=today, text=f"It is slow, says {no}.", **values)[0]
        if no in (0, 1, 2, 5):
            link_theme(theme, piece, actor=SYSTEM)
    talk = {"held_on": today - dt.timedelta(days=12), "participants": [ParticipantInput("person-3")]}
    add_conversation(product, actor=owner, today=today, title="First week", **talk)
    stopped = make_cohort(product, "Invited nobody", [f"person-{no}" for no in (1, 8, 9)])
    add_reason(product, stopped, actor=owner, why="dropped", weight=3)
    return theme


@pytest.mark.long
def test_from_the_clock_to_a_planned_call(browse, cast, look, world):
    page = browse("product_manager", "/voice/listening/")
    page.get_by_text("Nobody hears “Small”.").wait_for()
    look(page, "clock")
    page.check_axe()
    page.get_by_role("link", name="Whom to call next").last.click()
    page.get_by_role("button", name="Make the list now").click()
    page.get_by_text("Nobody hears “Small”").first.wait_for()
    first = page.locator(".calls__one").first
    assert "Dropped out of onboarding: “Invited nobody”" in first.inner_text()
    look(page, "call-next")
    page.check_axe()
    first.get_by_role("button", name="I will call").click()
    page.get_by_text("Nobody else asks them meanwhile.").wait_for()
    page.get_by_label("Time").fill("14:30")
    page.get_by_label("What to ask").fill("What stood in the way?")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").wait_for()
    look(page, "call-page")
    page.check_axe()
    with page.expect_download() as file:
        page.get_by_role("link", name="For my calendar").click()
    assert "SUMMARY:Call person-" in file.value.path().read_text()
    page.get_by_role("button", name="I have not asked them").click()
    page.get_by_text("Given back: they may be asked again.").wait_for()
    assert Call.objects.get().state == "released"
    for path, name in (
        ("/voice/listening/calls/", "call-list"),
        ("/voice/listening/reasons/", "call-reasons"),
        ("/voice/listening/calendar/", "calendar"),
    ):
        page.open(path)
        look(page, name)
        page.check_axe()
    page.check_quiet()


@pytest.mark.long
def test_a_theme_says_whether_those_who_ask_use_it_and_what_all_would_say(browse, cast, look, world):
    page = browse("product_manager", world.get_absolute_url())
    page.get_by_text("used it in the 13 weeks to").wait_for()
    page.get_by_text("were each segment heard as much as it is large").wait_for()
    page.get_by_text("What they weigh").or_(page.locator("#loudest ol")).first.wait_for()
    page.locator("#weighted details summary").click()
    look(page, "say-and-do")
    page.check_axe()
    page.locator("#doing").get_by_role("link", name="By account").click()
    page.locator("#doing").get_by_text("accounts who ask").wait_for()
    page.open(f"/voice/themes/{world.pk}/area/")
    look(page, "area-form")
    page.check_axe()
    page.check_quiet()
