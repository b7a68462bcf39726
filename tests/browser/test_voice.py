"""The voice in a browser: words are highlighted by mouse and by keyboard, linked, and found after an edit."""

import datetime as dt

import pytest

from insights.voice.feedback.actions import add_feedback, update_feedback
from insights.voice.feedback.models import Feedback
from insights.voice.highlights.models import Highlight
from insights.voice.themes.models import ThemeLink
from portal.people.models import Product
from tests.factories import make_channel

TODAY = dt.date(2024, 2, 1)
TEXT = "🐌 It is slow.\n\nI could not find a way\nto get my team in.\n\nIt is slow on phones."


@pytest.fixture
def feedback(cast):
    owner = cast("product_manager")
    values = {"channel": make_channel("support"), "kind": "problem", "author": "Ann A."}
    return add_feedback(Product.objects.get(), actor=owner, today=TODAY, text=TEXT, **values)[0]


def test_words_are_highlighted_and_found_again_after_an_edit(browse, cast, look, feedback):
    page = browse("product_manager", feedback.get_absolute_url())
    page.get_by_role("button", name="Link to theme").wait_for()
    # By mouse, across a line's end: from the first letter of one line to the last of the next.
    page.evaluate(
        """() => {
          const node = document.getElementById("said").firstChild, text = node.data;
          const range = document.createRange();
          range.setStart(node, text.indexOf("could not find"));
          range.setEnd(node, text.indexOf("team in") + "team in".length);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
        }"""
    )
    panel = page.locator("#themes form.form")
    panel.get_by_label("Or a new theme").fill("Getting the team in")
    panel.get_by_label("How much it matters to them").select_option("3")
    panel.get_by_role("button", name="Link to theme").click()
    page.get_by_text("Linked to “Getting the team in”.").wait_for()
    link = ThemeLink.objects.select_related("highlight").get()
    assert link.highlight.quote == "could not find a way\nto get my team in"
    assert link.highlight.start == TEXT.index("could not")
    page.locator("#themes .said-list").wait_for()
    look(page, "feedback-page")
    page.check_axe()
    chosen = _by_keyboard(page)
    update_feedback(
        Feedback.objects.get(), actor=cast("product_manager"), today=TODAY, version=1, text=f"As I said:\n{TEXT}"
    )
    page.open(feedback.get_absolute_url())
    marks = page.locator("#said mark").all_inner_texts()
    assert marks == [chosen, "could not find a way\nto get my team in"]
    page.check_quiet()


def _by_keyboard(page) -> str:
    """Choose words of the text with arrow keys, highlight them, and return them."""
    said = page.locator("#said")
    said.focus()
    for keys in ("ArrowRight", "ArrowRight", "ArrowRight", "Shift+ArrowRight"):
        page.keyboard.press(keys)
    selected = page.evaluate("getSelection().toString()")
    page.keyboard.press("Enter")
    form = page.locator("#highlights form")
    chosen = form.get_by_label("Words of the text").input_value()
    assert chosen.strip() and chosen == selected
    form.get_by_role("button", name="Highlight").click()
    page.get_by_text("Highlighted.").wait_for()
    assert Highlight.objects.get(quote=chosen.strip()).start == TEXT.index(chosen.strip())
    return chosen.strip()


@pytest.mark.long
def test_lists_and_forms_are_for_everybody(browse, cast, look, feedback):
    page = browse("product_manager", "/voice/feedback/")
    for path, name in (
        ("/voice/feedback/", "feedback-list"),
        ("/voice/feedback/new/", "feedback-new"),
        ("/voice/feedback/paste/", "feedback-paste"),
        ("/voice/themes/", "themes-empty"),
        ("/voice/highlights/", "highlights-empty"),
    ):
        page.open(path)
        look(page, name)
        page.check_axe()
    page.check_quiet()
