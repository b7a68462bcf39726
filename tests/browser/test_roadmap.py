"""The roadmap in a browser: cards and bars moved by drag and by keys, two people at one card, a past day."""

import datetime as dt

import pytest

from portal.people.models import Product
from portal.people.public import SYSTEM
from roadmaps.goals.actions import create_cycle, create_objective
from roadmaps.plan.board.healing import refresh_health
from roadmaps.plan.board.moves import tell_moves
from roadmaps.planning.initiatives.public import (
    Initiative,
    InitiativeVersion,
    change_initiative,
    create_initiative,
)
from roadmaps.planning.releases.public import create_release
from tests import factories
from tests.running import wait_until

TODAY = dt.date.today()
CARDS = (
    ("Guide new teams", "now", "building"),
    ("Holidays in the plan", "now", "building"),
    ("A faster timeline", "next", "prototyping"),
    ("Reports that send themselves", "later", "discovery"),
)


@pytest.fixture
def cards(cast):
    """Four initiatives: two for now, one next, one later; the first ones have days."""
    owner, product = cast("product_manager"), Product.objects.get()
    days = {"name": "This year", "starts_on": dt.date(TODAY.year, 1, 1), "ends_on": dt.date(TODAY.year, 12, 31)}
    goal = create_objective(
        title="Teams plan together", cycle=create_cycle(actor=SYSTEM, **days), product=product, actor=SYSTEM
    )
    start = TODAY - dt.timedelta(days=20)
    made = [
        create_initiative(
            product,
            title=title,
            horizon=horizon,
            stage=stage,
            objective=goal if number < 2 else None,
            starts_on=start + dt.timedelta(days=30 * number) if number < 3 else None,
            ends_on=start + dt.timedelta(days=30 * number + 45) if number < 3 else None,
            owner=owner,
            actor=owner,
        )
        for number, (title, horizon, stage) in enumerate(CARDS)
    ]
    change_initiative(made[1], actor=owner, changes={"blocked_since": start, "blocked_why": "Waits for the calendar"})
    create_release(product, name="Spring", planned_on=TODAY + dt.timedelta(days=40), actor=owner, initiatives=made[:2])
    refresh_health([one.pk for one in made])
    return made


def column(card) -> str:
    return Initiative.objects.get(pk=card.pk).horizon


def drag(page, what, to, *, dx: float = 0, dy: float = 0) -> None:
    """Drag the middle of one thing to the middle of another, or so far beside it."""
    from_box, to_box = what.bounding_box(), to.bounding_box()
    page.mouse.move(from_box["x"] + from_box["width"] / 2, from_box["y"] + from_box["height"] / 2)
    page.mouse.down()
    end = to_box["x"] + to_box["width"] / 2 + dx, to_box["y"] + to_box["height"] / 2 + dy
    page.mouse.move(end[0] - 30, end[1] - 10)
    page.mouse.move(*end, steps=4)
    page.mouse.up()


def check(page, look, name: str) -> None:
    look(page, name, full=True)
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        page.check_axe()


@pytest.mark.long
def test_cards_go_by_drag_and_by_keys(browse, cards, look):
    page = browse("product_manager", "/roadmap/?colour=stage")
    place = {name: page.locator(f'[data-column="{name}"]') for name in ("now", "next", "later")}
    card = [page.locator(f'[data-card="{one.pk}"]') for one in cards]
    check(page, look, "roadmap-board")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_text("Why do you move it?").click()
    page.get_by_label("Reason for the moves").fill("The season begins")
    drag(page, card[0].locator("[data-grip]"), place["later"])
    wait_until(lambda: column(cards[0]) == "later", what="the first card in Later")
    assert place["later"].locator("[data-card]").count() == 2
    assert page.locator('[data-total="later"]').text_content() == "2"
    newest = InitiativeVersion.objects.filter(number=cards[0].pk).select_related("initiative", "by").last()
    assert newest.why == "The season begins" and tell_moves([newest], newest.by)[0].words == "Horizon: Now → Later"
    card[0].locator("[data-grip]").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    wait_until(lambda: column(cards[0]) == "now", what="it carried back to Now by keys")
    page.wait_for(f"document.activeElement.closest('[data-card]').dataset.card === '{cards[0].pk}'")
    page.keyboard.press("ArrowDown")
    wait_until(
        lambda: list(Initiative.objects.filter(horizon="now").order_by("position"))[-1] == cards[0], what="order"
    )
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    page.wait_for(f"!!document.querySelector('[data-column=now] [data-card=\"{cards[0].pk}\"]')")
    page.open("/roadmap/?view=goals&colour=health")
    check(page, look, "roadmap-goals")
    page.set_viewport_size({"width": 1440, "height": 900})
    drag(page, card[3].locator("[data-grip]"), page.locator(f'[data-cell="now-{cards[0].objective_id}"]'))
    wait_until(lambda: Initiative.objects.get(pk=cards[3].pk).objective_id, what="a goal by its lane")
    assert column(cards[3]) == "now"
    for view in ("list", "calendar", "teams"):
        page.open(f"/roadmap/?view={view}")
        check(page, look, f"roadmap-{view}")


@pytest.mark.long
def test_bars_go_by_drag_and_by_keys(browse, cards, look):
    page = browse("product_manager", "/roadmap/?view=timeline&lanes=goal&colour=stage")
    check(page, look, "roadmap-timeline")
    page.set_viewport_size({"width": 1440, "height": 900})
    bar = page.locator(f'[data-bar="{cards[0].pk}"]')
    before = Initiative.objects.get(pk=cards[0].pk)
    bar.locator("a").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowLeft")

    def now():
        return Initiative.objects.get(pk=before.pk)

    week = dt.timedelta(days=7)
    wait_until(lambda: now().starts_on == before.starts_on + 2 * week, what="two weeks later by keys")
    assert now().ends_on == before.ends_on + week
    rect = bar.locator("rect")
    drag(page, rect, rect, dx=120)
    wait_until(lambda: now().starts_on > before.starts_on + 3 * week, what="later by drag")
    assert now().ends_on - now().starts_on == before.ends_on - before.starts_on - week
    moved = now()
    box = rect.bounding_box()
    page.mouse.move(box["x"] + box["width"] - 3, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] + 60, box["y"] + 8, steps=4)
    page.mouse.up()
    wait_until(lambda: now().ends_on > moved.ends_on, what="a later end by its edge")
    assert now().starts_on == moved.starts_on
    assert InitiativeVersion.objects.filter(number=before.pk).count() >= 4


@pytest.mark.long
def test_two_people_move_one_card(browse, cast, cards, look):
    colleague = factories.make_user("colleague", "product_manager", cast("product_manager").teams.get())
    mine, theirs = browse("product_manager", "/roadmap/"), browse(colleague, "/roadmap/")
    grip = f'[data-card="{cards[0].pk}"] [data-grip]'
    theirs.locator(grip).focus()
    theirs.keyboard.press("ArrowRight")
    wait_until(lambda: column(cards[0]) == "next", what="their move")
    mine.allow("409")
    drag(mine, mine.locator(grip), mine.locator('[data-column="later"]'))
    notice = mine.locator("#move-conflict")
    notice.wait_for()
    assert "Colleague changed “Guide new teams” in the meantime: Horizon: Now → Next" in notice.text_content()
    look(mine, "roadmap-conflict")
    mine.check_axe()
    assert column(cards[0]) == "next"
    mine.set_viewport_size({"width": 1440, "height": 900})
    mine.get_by_role("button", name="Make my move all the same").click()
    wait_until(lambda: column(cards[0]) == "later", what="my move after all")
    kept = InitiativeVersion.objects.filter(number=cards[0].pk).order_by("valid_from")
    assert [one.horizon for one in kept][-2:] == ["next", "later"]


@pytest.mark.long
def test_the_time_machine_shows_a_past_day(browse, cast, cards, look):
    past = dt.datetime.now(dt.UTC) - dt.timedelta(days=30)
    InitiativeVersion.objects.update(valid_from=past)
    change_initiative(cards[0], actor=cast("product_manager"), changes={"horizon": "later"}, why="Holidays come first")
    page = browse("viewer", "/roadmap/")
    page.get_by_label("As of").fill((TODAY - dt.timedelta(days=3)).isoformat())
    page.get_by_text("Nothing is moved here").wait_for()
    first = page.locator(f'[data-column="now"] [data-card="{cards[0].pk}"]')
    assert "now Later" in first.text_content()
    assert page.locator("[data-grip]").count() == 0
    check(page, look, "roadmap-past")
    page.open("/roadmap/moves/")
    page.get_by_text("Holidays come first").wait_for()
    check(page, look, "roadmap-moves")
