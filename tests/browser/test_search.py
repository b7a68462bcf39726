"""Search in a browser: live, by keyboard, narrowed, alike, kept."""

import datetime as dt

import pytest

from insights.voice.conversations.actions import add_conversation
from insights.voice.feedback.actions import add_feedback
from insights.voice.highlights.actions import add_highlight
from insights.voice.search.counting import count_changed
from insights.voice.search.models import SavedSearch
from portal.people.models import Product
from tests.factories import make_channel

TODAY = dt.date(2024, 2, 1)
SAID = (
    ("Reports take half a minute to open on Mondays, so the team waits", "support", "en"),
    ("Die Berichte laden zu langsam, montags am schlimmsten", "call", "de"),
    ("The exported report is empty when a filter is set", "support", "en"),
    ("I could not find how to invite my team", "review", "en"),
)


def _speak(owner):
    product = Product.objects.get()
    for number, (text, channel, language) in enumerate(SAID):
        values = {"channel": make_channel(channel), "language": language, "said_on": TODAY - dt.timedelta(days=number)}
        piece, _ = add_feedback(product, actor=owner, today=TODAY, text=text, **values)
        if number == 0:
            add_highlight(piece, actor=owner, quote="half a minute", note="Reports are slow")
    notes = "# Weekly\n\nShe opens *reports* first and waits.\n\n- exports them by hand"
    add_conversation(product, actor=owner, today=TODAY, title="How Acme reads its reports", notes=notes, held_on=TODAY)
    count_changed()


@pytest.mark.long
def test_what_customers_said_is_found_narrowed_and_kept(browse, cast, look):
    page = browse("product_manager", "/voice/search/")
    look(page, "search-empty")
    page.check_axe()
    _speak(cast("product_manager"))
    page.open("/voice/search/")
    page.get_by_label("Look for").fill("reprots")
    page.get_by_text("No text that you may read holds “reprots”").wait_for()
    assert page.locator(".found__hit").count() == 4
    assert "reports" in [word.lower() for word in page.locator(".found mark").all_inner_texts()]
    look(page, "search-slip")
    page.get_by_label("Look for").fill("report -empty")
    page.get_by_text("No text that you may read holds").wait_for(state="detached")
    assert page.get_by_text("is empty when a filter").count() == 0
    page.get_by_role("link", name="Feedback 1").click()
    page.get_by_role("link", name="All filters").click()
    page.get_by_label("Channel").select_option("support")
    look(page, "search-filters")
    page.check_axe()
    page.get_by_role("button", name="Search", exact=True).last.click()
    page.get_by_text("Channel: Support").wait_for()
    assert page.locator(".found__hit").count() == 1
    look(page, "search-page")
    page.check_axe()
    page.get_by_role("link", name="Save this search").click()
    page.get_by_label("Name").fill("Slow reports")
    page.get_by_label("Who sees it").select_option(index=1)
    look(page, "saved-search-form")
    page.check_axe()
    page.get_by_role("button", name="Save search").click()
    page.get_by_text("Kept.").wait_for()
    assert SavedSearch.objects.get().asked == {"q": "report -empty", "kind": "feedback", "channel": "support"}
    page.get_by_role("link", name="Similar to this").first.click()
    page.get_by_text("Alike to this feedback").wait_for()
    look(page, "search-alike")
    page.open("/voice/search/saved/")
    look(page, "saved-search-list")
    page.check_axe()
    page.get_by_role("link", name="Slow reports").first.click()
    page.locator(".found__hit").wait_for()
    page.locator(".found__text a, .found__title").first.click()
    page.get_by_role("heading", name="Similar to this").wait_for()
    page.keyboard.press("Control+k")
    page.keyboard.type("berichte")
    page.get_by_text("Die Berichte laden").wait_for()
