"""Triage in a browser: ten pieces decided about by keyboard alone."""

import datetime as dt

import pytest

from insights.voice.feedback.actions import add_feedback
from insights.voice.feedback.models import Feedback
from insights.voice.suggestions.models import Verdict
from insights.voice.themes.actions import create_theme
from insights.voice.themes.models import ThemeLink
from insights.voice.triage.models import Decision, Inquiry
from portal.people.models import Product
from tests.factories import make_channel
from tests.running import wait_until

TODAY = dt.date(2024, 2, 1)
PIECES = 10


@pytest.fixture
def waiting(cast):
    owner, product = cast("product_manager"), Product.objects.get()
    for name in ("Slow timeline", "Finding the invitation"):
        create_theme(product, name=name, actor=owner)
    for number in range(PIECES):
        text = f"The timeline is slow, number {number}.\n\nAnd where is the invitation?"
        values = {"channel": make_channel("support"), "kind": "problem", "said_on": TODAY - dt.timedelta(days=number)}
        add_feedback(product, actor=owner, today=TODAY, text=text, **values)


class Inbox:
    """The inbox as somebody works in it who has no mouse."""

    def __init__(self, page):
        self.page = page

    def press(self, *names: str) -> None:
        for name in names:
            self.page.keyboard.press(name)

    def at(self, number: int) -> None:
        """Wait for a piece, its suggestions, and the focus on its title."""
        self.page.get_by_text(f"number {number}.").first.wait_for()
        self.page.locator(".suggestions__take").first.wait_for()
        wait_until(lambda: self.page.evaluate("document.activeElement.id") == "piece-title", what="focus on the title")


@pytest.mark.long
def test_ten_pieces_are_decided_about_by_keyboard(browse, waiting, look):
    page = browse("product_manager", "/voice/triage/")
    inbox = Inbox(page)
    page.locator(".suggestions__take").first.wait_for()
    look(page, "triage-inbox")
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        page.check_axe()
    inbox.press("n")
    inbox.at(1)
    inbox.press("p")
    inbox.at(0)
    inbox.press("i", "3", "1")  # critical, and the first suggestion
    inbox.at(1)
    assert ThemeLink.objects.get().importance == 3
    inbox.press("l")
    page.keyboard.type("invit")
    page.locator(".picker__option").first.wait_for()
    inbox.press("Enter")  # the first that fits
    inbox.at(2)
    inbox.press("a")
    page.get_by_label("Reason").press("Tab")
    inbox.press("Enter")  # in the note: the form is sent
    inbox.at(3)
    inbox.press("u")
    inbox.at(2)
    assert not Feedback.objects.filter(state="archived").exists()
    _decide_about_the_rest(page, inbox)
    inbox.press("?")
    page.get_by_text("In the triage inbox").wait_for()
    assert Decision.objects.standing().count() >= PIECES
    assert not Feedback.objects.filter(state="new").exclude(pk=_pk(9)).exclude(split_from=_pk(4)).exists()
    page.check_quiet()


def _decide_about_the_rest(page, inbox: Inbox) -> None:
    inbox.press("1")
    inbox.at(3)
    inbox.press("x", "1")  # that suggestion is wrong
    wait_until(lambda: Verdict.objects.filter(is_accepted=False).exists(), what="the refusal")
    page.locator(".suggestions__take").nth(1).wait_for(state="detached")
    # What is left of the suggestions is put in beside the piece: a key pressed while it is has nothing to press.
    page.wait_for("!document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling, .htmx-added')")
    inbox.press("1")
    inbox.at(4)
    inbox.press("s")
    page.get_by_label("Cut it").fill("The timeline is slow, number 4.\n---\nAnd where is the invitation?")
    inbox.press("Tab", "Enter")
    page.get_by_text("cut out of").wait_for()
    for number in range(5, PIECES - 1):
        page.open(f"/voice/triage/?at={_pk(number)}")
        page.locator(".suggestions__take").first.wait_for()
        inbox.press("1")
        wait_until(lambda number=number: _state(number) == "triaged", what=f"the link of piece {number}")
    page.open(f"/voice/triage/?at={_pk(PIECES - 1)}")
    page.locator(".suggestions__take").first.wait_for()
    inbox.press("b")
    page.get_by_label("What you want to know").wait_for()
    page.get_by_label("What you want to know").press("Tab")
    inbox.press("Enter")
    wait_until(Inquiry.objects.exists, what="the inquiry")


def _pk(number: int) -> int:
    return Feedback.objects.filter(text__contains=f"number {number}.", split_from=None).get().pk


def _state(number: int) -> str:
    return Feedback.objects.get(pk=_pk(number)).state
