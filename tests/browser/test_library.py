"""The library in a browser: a playbook written, previewed, reviewed, published, read and found."""

import pytest
from django.urls import reverse

from playbooks.library import actions
from playbooks.library.contracts import StepText
from playbooks.library.models import Playbook
from portal.people.public import SYSTEM, Team
from tests.browser.story import Walk

TEXT = """## Before the first call

| who | how many |
|---|---|
| new teams | 3 |
| teams that left | 2 |

- [x] Choose a question
- [ ] Book an hour

### What to ask

> [!TIP]
> Ask for the last time, not for the usual.

## Afterwards

Keep what was said as [feedback](/voice/feedback/).
"""


@pytest.mark.long
def test_a_playbook_from_its_first_words_to_its_readers(browse, cast, look):
    writer, ops, viewer = cast("product_manager"), cast("ops"), cast("viewer")
    page = browse(writer, reverse("library:playbook-list"))
    walk = Walk(page, look)
    page.get_by_role("heading", name="No playbooks yet").wait_for()
    walk.stop("library-empty")
    page.get_by_role("link", name="Write the first one").click()
    page.get_by_role("heading", name="New playbook").wait_for()
    page.get_by_label("Title").fill("Customer interview round")
    page.get_by_label("Purpose").fill("Five conversations in two weeks.")
    page.get_by_label("Responsible").fill("Product manager")
    page.get_by_label("Step", exact=True).first.fill("Choose whom to call")
    page.get_by_text("Preview", exact=True).click()
    page.get_by_label("Text").fill(TEXT)
    page.locator("#preview").get_by_role("heading", name="Before the first call").wait_for()
    walk.stop("library-form")
    page.get_by_role("button", name="Save the draft").click()
    page.get_by_role("heading", name="What next").wait_for()
    walk.stop("library-draft")
    page.get_by_role("button", name="Send to review").click()
    page.get_by_text("It waits for a decision").wait_for()

    page = browse(ops, reverse("library:draft-page", args=["customer-interview-round"]))
    page.get_by_role("button", name="Approve and publish").click()
    page.get_by_text("It is published.").wait_for()
    made = Playbook.objects.get()
    actions.update_playbook(made, actor=SYSTEM, body=TEXT.replace("two", "three").replace("3 |", "4 |"))
    actions.publish(made, actor=SYSTEM, note="One more call")

    page = browse(viewer, reverse("library:playbook-page", args=[made.slug]))
    walk = Walk(page, look)
    page.get_by_role("link", name="Afterwards").click()
    assert page.evaluate("document.querySelector(':target').textContent") == "Afterwards"
    walk.stop("library-page")
    page.get_by_role("link", name="All 2 versions").click()
    page.get_by_role("button", name="Compare").click()
    page.get_by_role("heading", name="What changed in Customer interview round").wait_for()
    assert page.locator("ins").first.inner_text() == "4"
    walk.stop("library-compare")
    page.open(reverse("library:playbook-list"))
    page.get_by_label("Search", exact=True).first.fill("last time")
    page.get_by_role("link", name="Customer interview round").wait_for()
    walk.stop("library-list")


def test_a_playbook_of_a_team_is_read_and_printed(browse, cast, look):
    cast("product_manager")
    made = actions.create_playbook(
        Team.objects.get(), actor=SYSTEM, title="Launch list", purpose="Calm", body=TEXT, steps=[StepText("Tell")]
    )
    actions.publish(made, actor=SYSTEM)
    page = browse("viewer", made.get_absolute_url())
    page.check_axe()
    page.emulate_media(media="print")
    assert not page.get_by_role("navigation", name="On this page").is_visible()
    assert page.get_by_role("heading", name="Afterwards").is_visible()
    look(page, "library-print")
