"""Questions that take numbers of saved insights: what is taken over, who may, and what an edit or a deletion does."""

import io
import json

import pytest
from django.core.management import call_command
from django.urls import reverse

from insights.catalogue.models import CatalogueProperty
from insights.dashboards import actions
from insights.dashboards.answers import own_scope, tile_questions
from insights.explore.actions import create_insight, delete_insight, update_insight
from insights.metrics.definitions import keep_definition
from insights.questions.public import ask, list_people, parse_question, question_key, reads_personal
from portal.people.public import Visibility
from portal.shell.public import BadInput, NotAllowed, find_uses
from tests.factories import make_product, make_source, store_events
from tests.insights.questions.worked import NOW, row

ROWS = [
    row("open", "ann", "01-01T09:00", plan="pro"),
    row("open", "ann", "01-01T10:00", plan="pro"),
    row("open", "bob", "01-01T11:00", plan="free"),
    row("save", "ann", "01-02T09:00", plan="pro", n=4),
    row("open", "bob", "01-02T10:00", plan="pro"),
    row("save", "bob", "01-02T11:00", plan="free", n=7),
]


def trend(*series, **more):
    return {
        "kind": "trend", "products": ["planner"], "series": list(series), "interval": "day",
        "date_from": "2024-01-01", "date_to": "2024-01-03", **more,
    }  # fmt: skip


def parse(value):
    return parse_question(value, now=NOW, default_zone="UTC")


def answer(value, user):
    return ask(parse(value), user=user, caller="tests")


@pytest.fixture
def stored(product):
    store_events(make_source(product), ROWS)


@pytest.fixture
def save(product, editor):
    def make(*series, title="Of pro", visibility=Visibility.COMPANY, **more):
        return create_insight(parse(trend(*series, **more)), title=title, actor=editor, visibility=visibility)

    return make


@pytest.fixture
def opened(save):
    only_pro = [{"property": "plan", "value": "pro"}]
    return save({"event": "open", "measure": "persons"}, filters=only_pro, interval="week", title="Openers on pro")


def test_a_formula_takes_what_insights_count_and_nothing_else(stored, opened, save, editor):
    saved = save({"event": "save", "measure": "sum", "property": "n", "filters": []}, title="Saved", compare="year")
    value = trend({"insight": saved.pk}, {"insight": opened.pk}, {"event": "open"}, formula="A / B + C")
    found = answer(value, editor)
    # Sums 0, 11, 0; people on pro who opened 1, 1, 0; openings 3, 1, 0.
    assert found["series"][0]["values"] == [3, 12, None]
    assert found["labels"] == ["2024-01-01", "2024-01-02", "2024-01-03"]
    facts = found["facts"]
    assert [one["event"] for one in facts["question"]["series"]] == ["save", "open", "open"]
    assert facts["question"]["series"][1]["filters"][0]["value"] == ["pro"]
    assert [(one["series"], one["title"], one["version"]) for one in facts["insights"]] == [
        (0, "Saved", 1), (1, "Openers on pro", 1),
    ]  # fmt: skip
    again = answer(facts["question"], editor)
    assert again["series"] == found["series"]


def test_its_filters_hold_beside_those_of_the_question_and_people_stand_behind_it(stored, opened, editor):
    value = trend(
        {"insight": opened.pk}, filters=[{"property": "plan", "op": "is_set"}], breakdown=[{"property": "plan"}]
    )
    (line,) = answer(value, editor)["series"]
    assert (line["breakdown"], line["values"], line["measure"]) == (["pro"], [1, 1, 0], "persons")
    cell = {"series": 0, "label": "2024-01-02", "breakdown": ["pro"]}
    assert [one.id for one in list_people(parse(value), cell, user=editor).people] == ["bob"]


def test_parsing_keeps_the_name_for_saving_and_writes_it_out_in_full(opened):
    question = parse(trend({"insight": opened.pk}))
    assert question.saved_json()["series"] == [{"insight": opened.pk}]
    assert parse(question.saved_json()) == question
    assert question.to_json()["series"][0]["event"] == "open"
    assert keep_definition(question, column=None, unit="", direction="up").question["series"][0]["event"] == "open"


@pytest.mark.parametrize(
    ("series", "more", "words"),
    [
        ([{"event": "open"}], {"cumulative": True}, "is cumulative"),
        ([{"event": "open"}], {"moving_average": 2}, "is a moving average"),
        ([{"event": "open"}, {"event": "save"}], {}, "has several events"),
        ([{"event": "open"}], {"formula": "A * 2"}, "is a formula"),
        ([{"event": "open"}], {"unit": "account"}, "counts accounts"),
    ],
    ids=["cumulative", "moving", "several", "formula", "accounts"],
)
def test_what_is_not_one_plain_number_is_refused_by_its_path(stored, save, editor, series, more, words):
    insight = save(*series, **more)
    with pytest.raises(BadInput) as caught:
        answer(trend({"event": "open"}, {"insight": insight.pk}), editor)
    assert list(caught.value.fields) == ["series[1].insight"]
    assert words in caught.value.fields["series[1].insight"][0]


def test_another_kind_another_product_and_a_loop_are_refused(stored, opened, save, editor, team):
    funnel = create_insight(
        parse({"kind": "funnel", "products": ["planner"], "steps": [{"event": "open"}, {"event": "save"}]}),
        title="Way",
        actor=editor,
    )
    make_product("Other", team)
    other = create_insight(parse({**trend({"event": "open"}), "products": ["other"]}), title="There", actor=editor)
    chained = save({"insight": opened.pk}, title="Chained")
    for insight, words in ((funnel, "is a funnel"), (other, "other products"), (chained, "from another insight")):
        with pytest.raises(BadInput) as caught:
            answer(trend({"insight": insight.pk}), editor)
        assert words in caught.value.fields["series[0].insight"][0]
    with pytest.raises(BadInput) as caught:
        update_insight(opened, actor=editor, version=1, question=parse(trend({"insight": opened.pk})))
    assert list(caught.value.fields) == ["question.series"]
    with pytest.raises(BadInput) as caught:
        save({"insight": 999_999})
    assert list(caught.value.fields) == ["question.series[0].insight"]


def test_the_active_of_several_days_are_not_asked_by_hour(stored, save, editor):
    insight = save({"event": "open", "measure": "weekly_active"})
    for more in ({"interval": "hour"}, {"cumulative": True}):
        with pytest.raises(BadInput) as caught:
            answer(trend({"insight": insight.pk}, **more), editor)
        assert list(caught.value.fields) == ["series[0].insight"]


@pytest.mark.parametrize("value", ["7", None, True, 1.5, {}, -1], ids=repr)
def test_an_insight_is_named_by_its_number(value):
    with pytest.raises(BadInput) as caught:
        parse(trend({"insight": value}))
    assert list(caught.value.fields) == ["series[0].insight"]


def test_beside_the_insight_nothing_is_said(opened):
    with pytest.raises(BadInput) as caught:
        parse(trend({"insight": opened.pk, "measure": "persons"}))
    assert list(caught.value.fields) == ["series[0].measure"]


def test_one_that_is_not_shared_is_refused_like_one_that_does_not_exist(stored, save, editor, outsider):
    hidden = save({"event": "open", "measure": "weekly_active"}, visibility=Visibility.TEAM)
    said = []
    for number in (hidden.pk, hidden.pk + 1):
        with pytest.raises(BadInput) as caught:
            answer(trend({"insight": number}, interval="hour"), outsider)
        said.append((caught.value.message, caught.value.fields))
    assert said[0] == said[1]
    assert answer(trend({"insight": hidden.pk}), editor)["series"][0]["values"] == [2, 2, 2]


def test_personal_data_in_an_insight_counts_as_the_questions_own(stored, product, save, outsider, editor):
    CatalogueProperty.objects.create(product=product, of="event", name="phone", is_personal=True)
    insight = save({"event": "open"}, filters=[{"property": "phone", "op": "is_not_set"}])
    value = trend({"insight": insight.pk})
    assert reads_personal([value, trend({"event": "open"})], outsider) == [True, False]
    assert reads_personal([value], editor) == [False]
    with pytest.raises(NotAllowed):
        answer(value, outsider)


def test_an_edit_changes_the_key_and_the_answer_and_a_deletion_is_a_fault(stored, opened, editor):
    value = trend({"insight": opened.pk})
    before = question_key(parse(value))
    assert answer(value, editor)["series"][0]["values"] == [1, 1, 0]
    changed = update_insight(opened, actor=editor, version=1, question=parse(trend({"event": "save"})))
    assert question_key(parse(value)) != before
    assert answer(value, editor)["series"][0]["values"] == [0, 2, 0]
    renamed = update_insight(changed, actor=editor, version=2, title="Other words")
    assert answer(value, editor)["facts"]["insights"][0]["title"] == "Other words"
    delete_insight(renamed, actor=editor)
    with pytest.raises(BadInput) as caught:
        answer(value, editor)
    assert list(caught.value.fields) == ["series[0].insight"]


def test_a_tile_asks_what_the_insight_counts_now(stored, opened, product, editor):
    board = actions.create_dashboard(actor=editor, product=product, title="Health")
    value = trend({"insight": opened.pk}, {"event": "open"}, formula="100 * A / B")
    tile = actions.add_tile(board, actor=editor, question=value)
    asked = tile_questions([tile], own_scope(board), NOW)[tile.pk]
    assert [one.get("event") for one in asked["series"]] == ["open", "open"]
    update_insight(opened, actor=editor, version=1, question=parse(trend({"event": "save"})))
    now = tile_questions([tile], own_scope(board), NOW)[tile.pk]
    assert now["series"][0]["event"] == "save"
    assert [hit.title for hit in find_uses(opened, editor)] == [f"{tile} on {board}"]


def test_the_api_and_the_command_ask_it(stored, opened, client_of, editor, tmp_path):
    value = trend({"insight": opened.pk})
    response = client_of(editor).post(reverse("api:question-ask"), value, content_type="application/json")
    assert response.json()["series"][0]["values"] == [1, 1, 0]
    file, out = tmp_path / "question.json", io.StringIO()
    file.write_text(json.dumps(value))
    call_command("ask", str(file), stdout=out)
    assert json.loads(out.getvalue())["series"][0]["values"] == [1, 1, 0]
    value["series"][0]["insight"] = opened.pk + 1
    response = client_of(editor).post(reverse("api:question-ask"), value, content_type="application/json")
    assert (response.status_code, list(response.json()["fields"])) == (400, ["series[0].insight"])


def test_the_builder_adds_a_row_for_an_insight_and_offers_those_that_fit(stored, opened, save, client_of, editor):
    save({"event": "open"}, {"event": "save"}, title="Two events")
    client = client_of(editor)
    fields = {"kind": "trend", "products": "planner", "series.0.event": "open", "series.0.measure": "total"}
    page = client.get(reverse("explore:explore"), {**fields, "do": "insight:series"}, headers={"HX-Request": "true"})
    html = page.content.decode()
    assert 'name="series.1.insight"' in html and "Openers on pro" in html and "Two events" not in html
    chosen = {**fields, "series.1.insight": str(opened.pk), "formula": "A / B", "range": "-30d"}
    page = client.get(reverse("explore:explore"), chosen, headers={"HX-Request": "true"})
    address = page.headers["HX-Push-Url"]
    assert f"%22insight%22:{opened.pk}" in address
    html = client.get(f"{address}&answer=now", headers={"HX-Request": "true"}).content.decode()
    assert "B is “Openers on pro”, version 1" in html
    page = client.get(reverse("explore:explore"), {**chosen, "series.1.insight": ""}, headers={"HX-Request": "true"})
    assert "Choose a saved insight: the formula counts on every letter." in page.content.decode()
