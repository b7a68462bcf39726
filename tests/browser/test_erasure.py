"""Somebody is looked for, found, erased by ops, and gone wherever they were: search, feedback, their page, lists."""

import datetime as dt

import pytest

from insights.contacts.actions import create_contact
from insights.voice.feedback.actions import add_feedback
from portal.people.models import Product
from tests.browser.story import Walk
from tests.factories import make_channel, make_source, store_events
from tests.running import wait_until

TODAY = dt.date(2024, 2, 1)


@pytest.fixture
def somebody(cast):
    """Zoe, of whom events, a contact and feedback speak, and who is named by somebody else."""
    owner, product = cast("product_manager"), Product.objects.select_related("team").get()
    at = "2024-01-02T10:00:00+00:00"
    rows = [{"event": "opened", "distinct_id": who, "timestamp": at} for who in ("zoe-1144", "bob")]
    trait = {"subject": "person", "subject_id": "zoe-1144", "key": "name", "value": "Zoe Larkspur", "timestamp": at}
    store_events(make_source(product), rows, traits=[{**trait, "item_no": 1}])
    create_contact(product, actor=owner, person="zoe-1144", name="Zoe Larkspur", address="zoe@lark.example")
    said = {"channel": make_channel("support"), "kind": "problem", "said_on": TODAY}
    for who, text in (("zoe-1144", "Our glasshouse rota is slow."), ("bob", "Zoe Larkspur cannot see my rota.")):
        add_feedback(product, actor=owner, today=TODAY, text=text, person=who, **said)


@pytest.mark.long
def test_a_person_is_erased_and_gone_everywhere(browse, somebody, worker, look):
    page = browse("ops", "/voice/feedback/?q=glasshouse")
    page.get_by_text("Our glasshouse rota is slow.").first.wait_for()
    page.open("/insights/persons/?q=zoe")
    page.get_by_role("link", name="Zoe Larkspur").first.click()
    page.get_by_role("link", name="Erase").first.click()
    walk = Walk(page, look)
    page.get_by_text("Nobody has looked yet").wait_for()
    walk.stop("erase-before-a-look")
    page.get_by_role("button", name="Look for mentions").click()
    page.get_by_role("link", name="See and decide").wait_for(timeout=60_000)
    page.get_by_role("link", name="See and decide").click()
    page.get_by_text("cannot see my rota").wait_for()
    assert page.get_by_role("checkbox").first.is_checked()
    walk.stop("erase-with-mentions")
    page.get_by_label("Type zoe-1144 to confirm").fill("zoe-1144")
    page.get_by_role("button", name="Erase this person").click()
    page.get_by_text("The person is erased").wait_for(timeout=60_000)
    walk.stop("erased")
    said = "/voice/feedback/?q="
    for path in (f"{said}glasshouse", "/insights/persons/?q=zoe", "/voice/search/?q=Larkspur", f"{said}rota"):
        page.open(path)
        words = page.locator("main").inner_text()
        assert "glasshouse rota" not in words and "Larkspur cannot" not in words and "Zoe Larkspur" not in words, path
    assert "[erased] cannot see my rota." in words
    page.keyboard.press("Control+k")
    page.keyboard.type("zoe-1144")
    wait_until(lambda: "zoe-1144" not in page.locator("dialog[open]").inner_text(), what="an answer without them")
