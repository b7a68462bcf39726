"""“The order moved because …” in the digest about one's products: each week once, nothing where nothing moved."""

import datetime as dt

import pytest
import time_machine
from django.core import mail

from portal.messages.actions.subscriptions import create_subscription, start_due
from portal.messages.digests import compose_digest
from portal.messages.models import Delivery
from portal.messages.sending import CLAIM_HOLDS, deliver, sweep_deliveries
from roadmaps.planning.initiatives.public import create_initiative
from roadmaps.planning.priorities.digests import compose_orders
from roadmaps.planning.scoring.models import ScoringModel
from roadmaps.planning.scoring.orders import keep_order
from roadmaps.planning.scoring.public import score_initiative

NIGHT = dt.datetime(2026, 6, 1, 2, tzinfo=dt.UTC)  # a Monday
WEEK = dt.timedelta(days=7)


@pytest.fixture
def rice(db):
    return ScoringModel.objects.select_related("current").get(slug="rice")


@pytest.fixture
def three(product, owner, rice):
    """Return three scored initiatives: 300 x 1 x 0.5 / effort, so 75, 50 and 30."""
    made = []
    for title, effort in (("Invite", 2), ("Timeline", 3), ("Reports", 5)):
        one = create_initiative(product, title=title, actor=owner)
        inputs = {"reach": {"likely": 300}, "impact": {"likely": 1}, "confidence": {"likely": 0.5}}
        score_initiative(one, rice, actor=owner, inputs={**inputs, "effort": {"likely": effort}})
        made.append(one)
    return made


def subscribe(user, **values):
    fields = {"frequency": "weekly", "weekday": 0, "at": dt.time(8), "time_zone": "UTC", **values}
    return create_subscription(actor=user, kind="my_products", thing_id="", **fields)


def keep(rice, product, night):
    with time_machine.travel(night, tick=False):
        keep_order(rice, product, night.date())


def start(at):
    """Make the delivery that is due at a moment."""
    assert start_due(at) == 1
    return Delivery.objects.latest("pk")


def send(at):
    """Send the digest that is due at a moment and return what it says of orders."""
    with time_machine.travel(at, tick=False):
        return said_in(deliver(start(at).pk))


def said_in(delivery):
    assert delivery.state == "sent"
    return [part for part in delivery.content["parts"] if "the order by" in part["title"]]


def move(three, rice, owner, reach):
    score_initiative(three[2], rice, actor=owner, inputs={"reach": {"likely": reach}})


def test_the_weekly_digest_says_why_the_order_moved_and_is_silent_when_it_did_not(three, owner, product, rice, client):
    with time_machine.travel(NIGHT - WEEK, tick=False):
        subscribe(owner)
    keep(rice, product, NIGHT - WEEK)
    move(three, rice, owner, 900)
    keep(rice, product, NIGHT)
    [part] = send(NIGHT + dt.timedelta(hours=6))
    assert (part["title"], part["period"]) == ("Planner: the order by RICE moved", "25 May to 1 Jun 2026")
    assert part["summary"] == "3 initiatives moved."
    lines = [(line["label"], line["value"], line["change"]) for line in part["lines"]]
    why = "rose from 3 to 1, because its reach went from 300 to 900, which alone adds 60 to its score"
    assert lines[0] == ("Reports", "place 1", why)
    assert ("Invite", "place 2", "fell from 1 to 2, because “Reports” passed it") in lines
    assert "Reports: place 1, rose from 3 to 1" in mail.outbox[0].body and mail.outbox[0].subject == "My products"
    client.force_login(owner)
    page = client.get(part["url"]).content.decode()
    assert "From Monday, 25 May 2026 to Monday, 1 Jun 2026" in page and "rose from 3 to 1" in page
    keep(rice, product, NIGHT + WEEK)
    assert send(NIGHT + WEEK + dt.timedelta(hours=6)) == []
    unread = client.get(f"/priorities/moved/?product={product.slug}&since=2026-06-01&until=2026-06-08").content.decode()
    assert "Nothing moved between these days." in unread
    for wrong in ("since=x&until=y", "since=2026-06-08&until=2026-06-01", "since=9999-12-30&until=9999-12-31"):
        assert client.get(f"/priorities/moved/?{wrong}").status_code == 200


def test_on_any_weekday_and_every_day_a_week_is_told_once(three, owner, product, rice):
    """Of five weeks the third and the fourth move; who reads on Thursdays and who reads daily hears of each once."""
    with time_machine.travel(NIGHT - WEEK - dt.timedelta(hours=1), tick=False):
        subscribe(owner, weekday=3)
        subscribe(owner, frequency="daily", at=dt.time(9))
    heard = {"weekly": [], "daily": []}
    for number, reach in enumerate((300, 300, 900, 301, 301)):
        move(three, rice, owner, reach)
        keep(rice, product, NIGHT + number * WEEK)
        for day in range(7):
            at = NIGHT + number * WEEK + dt.timedelta(days=day, hours=8)
            with time_machine.travel(at, tick=False):
                start_due(at)
                for one in Delivery.objects.filter(state="waiting").select_related("subscription"):
                    periods = [part["period"] for part in said_in(deliver(one.pk))]
                    heard[one.subscription.frequency] += periods
    weeks = ["8 Jun to 15 Jun 2026", "15 Jun to 22 Jun 2026"]
    assert heard == {"weekly": weeks, "daily": weeks}


def test_a_worker_that_dies_tells_it_once_and_what_came_meanwhile_is_told_next(three, owner, product, rice):
    with time_machine.travel(NIGHT - WEEK, tick=False):
        subscribe(owner)
    keep(rice, product, NIGHT - WEEK)
    move(three, rice, owner, 900)
    keep(rice, product, NIGHT)
    at = NIGHT + dt.timedelta(hours=6)
    with time_machine.travel(at, tick=False):
        mine = start(at)
        Delivery.objects.filter(pk=mine.pk).update(state="working", claimed_at=at, next_at=at + CLAIM_HOLDS)
        compose_digest(mine, at)  # and there its worker dies
    # Before another one takes over, the next week's order is kept: the digest is as it was composed.
    move(three, rice, owner, 300)
    keep(rice, product, NIGHT + WEEK)
    late = NIGHT + WEEK + dt.timedelta(hours=5)
    with time_machine.travel(late, tick=False):
        assert sweep_deliveries(late) == 1
        [part] = said_in(deliver(mine.pk))
        assert deliver(mine.pk) is None and len(mail.outbox) == 1
    assert part["period"] == "25 May to 1 Jun 2026" and part["lines"][0]["change"].startswith("rose from 3 to 1")
    [part] = send(NIGHT + WEEK + dt.timedelta(hours=6))
    assert part["period"] == "1 Jun to 8 Jun 2026" and part["lines"][0]["change"].startswith("fell from 1 to 3")


def test_it_is_for_who_manages_products_and_of_what_they_may_see(three, owner, viewer, outsider, product, rice, team):
    keep(rice, product, NIGHT - WEEK)
    move(three, rice, owner, 900)
    keep(rice, product, NIGHT)
    when = {"since": NIGHT - dt.timedelta(days=1), "now": NIGHT}
    assert compose_orders([product], viewer, **when) == ()
    assert len(compose_orders([product], owner, **when)) == 1
    assert len(compose_orders([], owner, **when)) == 1  # the owner of initiatives, whatever the digest is about
    type(three[0]).objects.update(visibility="team")
    assert compose_orders([product], outsider, **when) == ()
