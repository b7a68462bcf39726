"""Conversations in a browser: words of a transcript and of notes are highlighted, and found again after an edit."""

import datetime as dt

import pytest

from insights.voice.conversations.actions import add_conversation, update_conversation
from insights.voice.conversations.contracts import ParticipantInput
from insights.voice.conversations.models import Conversation, NextStep
from insights.voice.highlights.models import Highlight
from portal.people.models import Product

TODAY = dt.date(2024, 2, 1)
TRANSCRIPT = (
    "Owner: 🐌 How was it?\n\nAnn: It is slow.\nI could not find a way\n\nto get my team in.\n\nOwner: Thank you."
)
NOTES = "# First week\n\n- **Ann** finds it *slow*\n- could not get her team in"
QUOTE = "could not find a way\n\nto get my team in"

# From the first letter of some words in a text to the last of others, across whatever elements lie between.
CHOOSE = """([part, first, last]) => {
  const walker = document.createTreeWalker(document.querySelector(`[data-said=${part}]`), NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  let started = false;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!started && node.data.includes(first)) (started = true), range.setStart(node, node.data.indexOf(first));
    if (started && node.data.includes(last)) { range.setEnd(node, node.data.indexOf(last) + last.length); break; }
  }
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""


@pytest.fixture
def conversation(cast):
    values = {"title": "First week at Acme", "notes": NOTES, "transcript": TRANSCRIPT, "held_on": TODAY}
    values["participants"] = [ParticipantInput("ann", "Ann Arbor", "acme")]
    return add_conversation(Product.objects.get(), actor=cast("product_manager"), today=TODAY, **values)


def test_words_across_a_paragraph_are_highlighted_and_found_again_after_an_edit(browse, cast, look, conversation):
    page = browse("product_manager", conversation.get_absolute_url())
    page.get_by_role("button", name="Link to theme").wait_for()
    form = page.locator("#highlights form")
    page.evaluate(CHOOSE, ["transcript", "could not find", "team in"])
    assert form.get_by_label("Words of the text").input_value() == QUOTE
    form.get_by_role("button", name="Highlight").click()
    page.get_by_text("Highlighted.").wait_for()
    page.evaluate(CHOOSE, ["notes", "Ann", "could not"])
    form.get_by_role("button", name="Highlight").click()
    page.get_by_text("Highlighted.").wait_for()
    spoken, written = Highlight.objects.order_by("pk")
    assert (spoken.quote, spoken.speaker, spoken.start) == (QUOTE, "Ann", TRANSCRIPT.index("could not"))
    assert (written.part, written.quote) == ("notes", "Ann finds it slow\ncould not")
    step = page.locator("#next-steps form.form")
    step.get_by_label("What is to be done").fill("Show the invitation at the top right")
    step.get_by_role("button", name="Add next step").click()
    page.get_by_role("button", name="Done: Show the invitation").wait_for()
    page.locator("#themes .stack").wait_for()
    look(page, "conversation-page")
    page.check_axe()
    page.get_by_role("button", name="Done: Show the invitation").click()
    page.locator("#next-steps del").wait_for()
    assert NextStep.objects.get().is_done
    update_conversation(
        Conversation.objects.get(),
        actor=cast("product_manager"),
        today=TODAY,
        version=1,
        transcript=f"Owner: Welcome.\n\n{TRANSCRIPT}",
        notes=f"In short: *no*.\n\n{NOTES}",
    )
    page.open(conversation.get_absolute_url())
    assert page.locator("[data-said=transcript] mark").all_inner_texts() == [QUOTE]
    assert page.locator("[data-said=notes] mark").all_inner_texts() == ["Ann", " finds it ", "slow", "could not"]
    page.check_quiet()


@pytest.mark.long
def test_the_list_and_the_form_are_for_everybody(browse, cast, look):
    page = browse("product_manager", "/voice/conversations/")
    for path, name in (
        ("/voice/conversations/", "conversations-empty"),
        ("/voice/conversations/new/", "conversation-new"),
    ):
        page.open(path)
        look(page, name)
        page.check_axe()
    page.check_quiet()


@pytest.mark.long
def test_what_is_typed_outlives_a_closed_page_and_a_conflict_until_it_is_saved(browse, cast, conversation, look):
    page = browse("product_manager", f"{conversation.get_absolute_url()}edit/")
    notes, kept = page.get_by_label("Notes"), page.locator("[data-draft-said]")
    offer = page.locator("[data-draft-offer]")
    assert offer.is_hidden()
    notes.fill("Typed in the train")
    kept.get_by_text("Kept in this browser").wait_for()
    page.open("/voice/conversations/")
    page.open(f"{conversation.get_absolute_url()}edit/")
    offer.get_by_text("was not saved").wait_for()
    assert notes.input_value() == NOTES
    look(page, "conversation-draft")
    page.check_axe()
    page.get_by_role("button", name="Take it into the form").click()
    assert notes.input_value() == "Typed in the train" and offer.is_hidden()
    update_conversation(conversation, actor=cast("product_manager"), today=TODAY, version=1, title="Theirs")
    page.allow("409")
    page.get_by_role("button", name="Save conversation").last.click()
    page.get_by_role("heading", name="What they saved").wait_for()
    look(page, "conversation-conflict")
    page.open(f"{conversation.get_absolute_url()}edit/")  # left with the conflict, opened again
    page.get_by_role("button", name="Take it into the form").click()
    page.get_by_role("button", name="Save conversation").last.click()
    page.get_by_text("Typed in the train").wait_for()
    page.wait_for("Object.keys(localStorage).every((key) => !key.startsWith('draft:'))")
    page.open(f"{conversation.get_absolute_url()}edit/")
    assert offer.is_hidden() and notes.input_value() == "Typed in the train"
    page.check_quiet()
