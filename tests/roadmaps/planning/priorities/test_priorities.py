"""The Prioritise page: order, cut line, row and bulk with undo, how sure, chart, two models, what moved."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from portal.operations.contracts import DemoWorld
from roadmaps.planning.initiatives.public import Initiative, change_initiative, create_initiative
from roadmaps.planning.scoring.demo import seed_scores
from roadmaps.planning.scoring.models import KeptOrder, Round, Score, ScoringModel
from roadmaps.planning.scoring.orders import keep_order, order_moved
from roadmaps.planning.scoring.public import score_initiative

PIECE = {"HX-Request": "true"}
MONDAY = dt.datetime(2026, 6, 1, 3, tzinfo=dt.UTC)


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
        made.append(Initiative.objects.get(pk=one.pk))
    create_initiative(product, title="Not scored", actor=owner)
    return made


def order_on(page):
    return [(row.title, row.place.rank if row.place else None) for row in page.context["list"].page.object_list]


def test_initiatives_stand_in_the_order_of_their_scores_with_a_cut_line(three, owner, client):
    client.force_login(owner)
    page = client.get("/priorities/?capacity=5")
    assert order_on(page) == [("Invite", 1), ("Timeline", 2), ("Reports", 3), ("Not scored", None)]
    said = page.content.decode()
    assert "2 fit into 5 person-months, with 5 of them" in said and "1 without a score" in said
    assert said.count("below the cut") == 1
    found = client.get("/priorities/?q=Reports")
    assert order_on(found) == [("Reports", 3)]  # who is looked for keeps the rank
    lines = client.get("/priorities/?capacity=5&format=csv").getvalue().decode("utf-8-sig").splitlines()
    assert lines[0].startswith("rank,initiative id,initiative") and lines[1].split(",")[0] == "1"
    assert lines[3].endswith("5.0,10.0,no") and len(lines) == 5
    assert client.get("/priorities/?capacity=nan&model=none&stage=gone&product=x&sort=y").status_code == 200


def test_a_row_is_changed_in_its_place_and_taken_back(three, owner, editor, client, rice):
    client.force_login(owner)
    path = reverse("priorities:priority-row", args=[three[2].pk, "rice"])
    form = client.get(path, headers=PIECE).context["form"]
    assert form.cells[0].value() == "300"
    sent = {name: form[name].value() for name in form.fields} | {"reach": "1000 2000 4000", "source": "Funnel"}
    sent["label"] = "estimated"
    answer = client.post(path, sent, headers=PIECE)
    assert answer["HX-Retarget"] == "#rows" and order_on(answer)[0] == ("Reports", 1)
    score = Score.objects.get(initiative=three[2])
    assert score.value == 200 and score.given["reach"]["source"] == "Funnel"  # 2,000 x 1 x 0.5 / 5
    assert score.given["impact"]["label"] == "guessed"  # what was not changed stays as it was
    assert "Undo" in answer.content.decode() and answer.context["done"].batch
    late = client.post(path, {**sent, "reach": "7"}, headers=PIECE)
    assert late.status_code == 422 and "in the meantime" in late.content.decode()
    wrong = client.post(path, {**sent, "version": score.version, "reach": "5 4 1"}, headers=PIECE)
    assert wrong.status_code == 422 and "go up in this order" in wrong.content.decode()
    done = str(answer.context["done"].batch)
    back = client.post(reverse("scoring:undo", args=[done]), {"next": "/priorities/"})
    assert back.url == "/priorities/" and Score.objects.get(initiative=three[2]).value == 30
    assert client.post(reverse("scoring:undo", args=[done]), {"next": "//evil.example"}).status_code == 409


def test_several_are_changed_at_once_all_or_none(three, owner, outsider, client):
    client.force_login(owner)
    chosen = [one.pk for one in three[:2]]
    sent = {"chosen": chosen, "key": "reach", "value": "600", "label": "guessed", "source": "", "act": "set"}
    done = client.post("/priorities/bulk/?model=rice", sent)
    assert "done=" in done.url and sorted(Score.objects.values_list("value", flat=True)) == [30, 100, 150]
    assert "Several initiatives are scored anew" in client.get(done.url).content.decode()
    client.post("/priorities/bulk/?model=rice", {**sent, "key": "effort", "value": "0.1"})
    assert sorted(Score.objects.values_list("value", flat=True)) == [30, 100, 150]
    client.force_login(outsider)
    assert client.post("/priorities/bulk/?model=rice", sent).status_code == 403


def test_the_page_says_how_sure_the_order_is_and_what_would_flip_it(three, owner, client, rice):
    client.force_login(owner)
    plain = client.get("/priorities/sureness/?model=rice").content.decode()
    assert "No input has a range" in plain
    assert "“Timeline” comes first if effort of “Invite” goes over 3 person-months" in plain
    score_initiative(three[0], rice, actor=owner, inputs={"effort": {"likely": 2, "low": 1, "high": 6}})
    said = client.get("/priorities/sureness/?model=rice&capacity=2", headers=PIECE).content.decode()
    assert "within its range" in said and "Chance to be first" in said
    # The triangle of 1, 2, 6 is below 3 with 1 - (6 - 3) ** 2 / 20 = 55 %; above it, Timeline is first.
    sure = client.get("/priorities/sureness/?model=rice&capacity=2").context["sure"]
    rates = {one.title: standing.top_rate for one, _, standing in sure.standings}
    assert rates["Invite"] == pytest.approx(0.55, abs=0.03) and rates["Timeline"] == pytest.approx(0.45, abs=0.03)


def test_initiatives_of_other_teams_are_in_no_order(three, owner, outsider, client):
    hidden = change_initiative(three[0], actor=owner, changes={"visibility": "team"})
    client.force_login(outsider)
    page = client.get("/priorities/")
    assert order_on(page)[0] == ("Timeline", 1) and "Invite" not in page.content.decode()
    for path in ("sureness/", "chart/", "compare/", "moved/", "?format=csv"):
        answer = client.get(f"/priorities/{path}")
        assert "Invite" not in (answer.getvalue() if answer.streaming else answer.content).decode()
    assert "Invite" not in client.get("/api/v1/priorities/?model=rice").content.decode()
    assert client.post(reverse("priorities:move", args=[hidden.pk, "rice"])).status_code == 404


def test_a_bubble_is_moved_and_the_first_of_two_counts(three, owner, client, rice):
    client.force_login(owner)
    chart = client.get("/priorities/chart/?model=rice").context["chart"]
    assert (chart.x.key, chart.y.key) == ("effort", "reach") and len(chart.bubbles) == 3
    path = reverse("priorities:move", args=[three[0].pk, "rice"])
    version = Score.objects.get(initiative=three[0]).version
    sent = {"x_key": "effort", "y_key": "reach", "x": "4", "y": "800", "version": version}
    assert client.post(path, sent).json()["value"] == "100"
    script = {"Accept": "application/json"}
    assert client.post(path, {**sent, "y": "900"}, headers=script).status_code == 409
    assert Initiative.objects.get(pk=three[0].pk).effort_months == 4
    assert client.post(path, {**sent, "x_key": "none"}, headers={"Accept": "application/json"}).status_code in (
        400,
        409,
    )


def test_two_models_are_compared_and_a_move_is_explained(three, owner, client, rice, product):
    ice = ScoringModel.objects.select_related("current").get(slug="ice")
    for one, ease in zip(three, (1, 5, 9), strict=True):
        given = {"impact": {"likely": 5}, "confidence": {"likely": 5}, "ease": {"likely": ease}}
        score_initiative(one, ice, actor=owner, inputs=given)
    client.force_login(owner)
    found = client.get("/priorities/compare/?a=rice&b=ice").context["found"]
    assert (found.n_both, found.tau) == (3, -1.0)
    with time_machine.travel(MONDAY, tick=False):
        keep_order(rice, product, MONDAY.date())
        keep_order(rice, product, MONDAY.date())
    assert KeptOrder.objects.count() == 1
    with time_machine.travel(MONDAY + dt.timedelta(days=2), tick=False):
        score_initiative(three[2], rice, actor=owner, inputs={"reach": {"likely": 900}})
        said = client.get(f"/priorities/moved/?model=rice&product={product.slug}").content.decode()
    assert "Reports" in said and "rose from 3 to 1" in said
    assert "because its reach went from 300 to 900, which alone adds 60 to its score" in said
    assert "fell from 1 to 2" in said and "“Reports” passed it" in said


def test_the_api_answers_the_order(three, owner, client):
    client.force_login(owner)
    said = client.get("/api/v1/priorities/?model=rice&capacity=5").json()
    assert [(row["rank"], row["title"], row["is_in"]) for row in said["results"]] == [
        (1, "Invite", True), (2, "Timeline", True), (3, "Reports", False),
    ]  # fmt: skip
    assert said["flips"][0]["input"] == "effort" and said["n_without"] == 1
    assert client.get("/api/v1/priorities/?model=none").status_code == 404


def test_the_demo_scores_what_is_there_once(three, owner, editor, viewer, product, rice):
    Score.objects.all().delete()
    world = DemoWorld(MONDAY.date(), 7, {})
    for _ in range(2):
        seed_scores(world, lambda *told: None)
    assert Score.objects.filter(model=rice, value__isnull=False).count() == 4
    round_ = Round.objects.get()
    assert round_.is_blind and round_.scorers.filter(done_at__isnull=False).count() == 2
    assert order_moved(rice, product, owner, before=MONDAY.date()).moves
