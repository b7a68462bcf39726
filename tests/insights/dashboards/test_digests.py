"""What digests say of dashboards: the newest whole period, fairly compared, loud only beyond its noise."""

import datetime as dt

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from insights.dashboards import actions
from insights.dashboards.digests import composing
from insights.dashboards.models import TileAnswer
from portal.messages.actions.subscriptions import create_subscription, send_now
from portal.messages.sending import deliver
from portal.people.models import Visibility
from portal.people.public import SYSTEM
from tests import factories

NOW = dt.datetime(2026, 11, 23, 7, tzinfo=dt.UTC)  # a Monday


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def board(product):
    return actions.create_dashboard(actor=SYSTEM, product=product, title="Health", date_from="-6w")


def add(board, title: str, question: dict, chart: str = "line"):
    return actions.add_tile(board, actor=SYSTEM, title=title, question=question, chart=chart)


def trend(event: str, measure: str = "persons", interval: str = "week", **more) -> dict:
    return {"kind": "trend", "series": [{"event": event, "measure": measure}], "interval": interval, **more}


def weeks(event: str, *counts: int) -> list[dict]:
    """Return so many people in each week, the last of them in the week before NOW's."""
    monday = NOW.replace(hour=10) - dt.timedelta(days=7 * len(counts))
    return [
        {
            "event": event,
            "distinct_id": f"{event} {week} {n}",
            "timestamp": monday + dt.timedelta(days=7 * week, hours=n % 5),
        }
        for week, count in enumerate(counts)
        for n in range(count)
    ]


def compose(board, person):
    [part] = composing.compose_dashboard(board, person, since=NOW, now=NOW)
    return part


def test_the_largest_change_against_its_noise_comes_first_and_small_ones_are_not_shouted(board, owner, product):
    rows = [*weeks("steady", 100, 101), *weeks("risen", 100, 160), *weeks("rare", 1, 4), *weeks("gone", 30, 0)]
    factories.store_events(factories.make_source(product), rows)
    for name in ("steady", "rare", "risen", "gone"):
        add(board, name.title(), trend(name))
    part = compose(board, owner)
    assert [line.label for line in part.lines] == ["Gone", "Risen", "Steady", "Rare"]
    gone, risen, steady, rare = part.lines
    assert (risen.value, risen.change) == ("160 people", "+60 % against the week before")
    assert "week of 16 Nov 2026" in risen.noise and "likely +28 to +92 %" in risen.noise
    assert (gone.value, gone.change) == ("0 people", "\u2212100 % against the week before")
    assert not steady.is_notable and steady.noise.endswith("within its noise")
    assert rare.change == "+3 against the week before" and rare.noise.endswith("too few to say") and not rare.is_notable
    assert part.is_notable and "Data until 16 Nov 2026" in part.freshness
    assert part.period == "19 Oct to 29 Nov 2026"
    assert part.charts[0].title == "Gone" and part.charts[0].n_partial == 1


def test_a_day_is_compared_with_the_same_day_a_week_before(board, owner, product):
    days = [
        (NOW.replace(hour=1) - dt.timedelta(days=back), 5 if back in (1, 2, 8, 9, 15, 16) else 60)
        for back in range(1, 29)
    ]
    rows = [{"event": "opened", "distinct_id": f"p{n}", "timestamp": day} for day, size in days for n in range(size)]
    factories.store_events(factories.make_source(product), rows)
    add(board, "Opened", trend("opened", interval="day"))
    [line] = compose(board, owner).lines
    assert (line.value, line.change) == ("5 people", "no change against the same day a week before")


def onboard(board, product, weeks):
    """Store (began, done) people of the weeks until now, and add the tile of their onboarding."""
    rows = []
    for place, (began, done) in enumerate(weeks):
        monday = NOW.replace(hour=9) - dt.timedelta(days=7 * (len(weeks) - place))
        for n in range(began):
            who = f"{place} {n}"
            rows.append({"event": "began", "distinct_id": who, "timestamp": monday})
            if n < done:
                rows.append({"event": "done", "distinct_id": who, "timestamp": monday + dt.timedelta(hours=1)})
    factories.store_events(factories.make_source(product), rows)
    steps = [{"event": "began"}, {"event": "done"}]
    add(board, "Onboarding", {"kind": "funnel", "steps": steps, "window": {"value": 7, "unit": "day"}}, "funnel")


def test_conversion_is_compared_between_weeks_whose_people_had_their_time(board, owner, product):
    onboard(board, product, [(50, 20), (50, 20), (50, 40), (50, 1)])
    [line] = compose(board, owner).lines
    assert (line.value, line.change) == ("80 %", "+40.0 points against the week before")
    assert line.is_notable and "n = 50" in line.noise and "9 Nov" in line.noise


def test_rates_of_few_people_are_no_news_however_far_they_moved(board, owner, product):
    onboard(board, product, [(10, 0), (10, 0), (10, 10), (10, 1)])
    [line] = compose(board, owner).lines
    assert line.change == "+100.0 points against the week before"
    assert not line.is_notable and "too few to say" in line.noise


def test_who_comes_back_is_compared_between_rows_that_know(board, owner, product):
    rows = []
    for week, back in enumerate([10, 30, 0]):
        monday = NOW.replace(hour=9) - dt.timedelta(days=7 * (3 - week))
        for n in range(40):
            rows.append({"event": "joined", "distinct_id": f"{week} {n}", "timestamp": monday})
            if n < back:
                later = monday + dt.timedelta(days=7)
                rows.append({"event": "used", "distinct_id": f"{week} {n}", "timestamp": later})
    factories.store_events(factories.make_source(product), rows)
    question = {
        "kind": "retention",
        "target": {"event": "joined"},
        "returning": {"event": "used"},
        "mode": "first_time",
    }
    add(board, "Come back", {**question, "interval": "week", "intervals": 6}, "heatmap")
    [line] = compose(board, owner).lines
    assert (line.label, line.value) == ("Come back (a week later)", "75 %")
    assert line.change == "+50.0 points against the week before" and line.is_notable


def test_equal_numbers_are_said_once_and_answers_are_computed_once_for_everybody(board, owner, viewer, product):
    factories.store_events(factories.make_source(product), weeks("opened", 20, 30))
    for title in ("Opened", "The same"):
        add(board, title, trend("opened"))
    assert [line.label for line in compose(board, owner).lines] == ["Opened"]
    computed_at = TileAnswer.objects.get().computed_at
    assert compose(board, viewer).lines == compose(board, owner).lines
    assert TileAnswer.objects.get().computed_at == computed_at


def test_personal_data_is_in_no_digest_not_even_of_the_team(board, owner, product):
    from insights.catalogue.models import CatalogueProperty

    source = factories.make_source(product)
    rows = [{**row, "properties": {"email": "ann@example.com"}} for row in weeks("opened", 20, 30)]
    factories.store_events(source, rows)
    from insights.catalogue.public import read_source

    read_source(source.pk)
    CatalogueProperty.objects.filter(name="email").update(is_personal=True)
    add(board, "By address", trend("opened", breakdown=[{"property": "email", "of": "event"}]))
    part = compose(board, owner)
    assert "ann@example.com" not in str(part) and not part.lines and "personal data" in part.left_out


def test_a_board_of_another_team_is_found_by_nobody_outside(board, owner, outsider):
    board.visibility = Visibility.TEAM
    board.save()
    assert composing.find_dashboard(owner, board.slug) == board
    assert composing.find_dashboard(outsider, board.slug) is None
    assert board.slug not in dict(composing.offer_dashboards(outsider))


def test_my_products_are_those_of_my_teams_the_most_moved_first(owner, product, team):
    quiet, loud = product, factories.make_product("Loud", team)
    factories.make_product("Elsewhere", factories.make_team("Other team"))
    for one, counts in ((quiet, (100, 101)), (loud, (100, 300))):
        factories.store_events(factories.make_source(one, one.name), weeks("opened", *counts))
        made = actions.create_dashboard(actor=SYSTEM, product=one, title=one.name, date_from="-6w")
        add(made, "Opened", trend("opened"))
    found = composing.find_products(owner, "")
    parts = composing.compose_products(found, owner, since=NOW, now=NOW)
    assert [part.title for part in parts] == ["Loud", "Planner"]
    assert parts[0].period == "newest whole periods on 1 dashboard"


def test_a_question_that_fails_is_said(board, owner, product):
    factories.store_events(factories.make_source(product), weeks("opened", 20, 30))
    tile = add(board, "Opened", trend("opened"))
    type(tile).objects.filter(pk=tile.pk).update(question={"kind": "trend", "series": []})
    [problem] = compose(board, owner).problems
    assert problem.startswith("“Opened” could not be shown.")


@pytest.mark.django_db
def test_a_dashboard_comes_by_mail(board, owner, product):
    now = timezone.now()
    rows = [
        {"event": "opened", "distinct_id": f"p{n}", "timestamp": now - dt.timedelta(days=back)}
        for back in range(60)
        for n in range(20 + back % 7)
    ]
    factories.store_events(factories.make_source(product), rows)
    add(board, "People who open", trend("opened"))
    add(board, "Lifecycle", {"kind": "lifecycle", "event": {"event": "opened"}, "interval": "week"}, "bar")
    values = {"frequency": "weekly", "at": dt.time(8), "time_zone": "UTC"}
    subscription = create_subscription(actor=owner, kind="dashboard", thing_id=board.slug, **values)
    assert deliver(send_now(subscription, actor=owner).pk).state == "sent"
    message = mail.outbox[0]
    assert "People who open" in message.body and len(message.attachments) == 2
