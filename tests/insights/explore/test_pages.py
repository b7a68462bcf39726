"""The explore page without a browser: works without script, tells its faults, guards the people."""

import io
import json
from urllib.parse import parse_qs, quote, urlparse

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from insights.catalogue.public import CatalogueProperty, read_source
from insights.explore.actions import create_insight
from insights.explore.builder.drafts import start_draft
from insights.questions.public import parse_question
from portal.audit.models import AuditEntry
from portal.people.models import Visibility
from tests import factories

ROWS = [
    {"event": "opened", "distinct_id": "ann", "timestamp": "2024-01-01T10:00:00Z", "properties": {"plan": "pro"}},
    {"event": "opened", "distinct_id": "bob", "timestamp": "2024-01-01T11:00:00Z", "properties": {"plan": "=2+3"}},
    {"event": "opened", "distinct_id": "ann", "timestamp": "2024-01-02T10:00:00Z", "properties": {"plan": "pro"}},
]
QUESTION = {
    "kind": "trend",
    "products": ["planner"],
    "series": [{"event": "opened", "measure": "persons"}],
    "date_from": "2024-01-01",
    "date_to": "2024-01-02",
}


@pytest.fixture
def source(product):
    source = factories.make_source(product)
    factories.store_events(source, ROWS)
    return source


def seen(source, rows):
    """Store rows and let the catalogue read them."""
    factories.store_events(source, rows)
    read_source(source.pk)


def url(path="/insights/explore/", question=QUESTION, answer="now", **more):
    extra = "".join(f"&{key}={quote(value)}" for key, value in more.items())
    return f"{path}?q={quote(json.dumps(question))}&answer={answer}{extra}"


def test_form_without_script_is_sent_on_to_a_short_address(client_of, viewer, product):
    response = client_of(viewer).get("/insights/explore/?kind=trend&products=planner&series.0.event=opened&range=-7d")
    assert response.status_code == 302
    asked = json.loads(parse_qs(urlparse(response.url).query)["q"][0])
    assert asked["series"] == [{"event": "opened"}]
    assert asked["date_from"] == "-7d"


def test_form_with_htmx_gets_the_workbench_and_pushes_the_address(client_of, viewer, source):
    response = client_of(viewer).get(
        "/insights/explore/?kind=trend&products=planner&series.0.event=opened&range=-7d", headers={"HX-Request": "true"}
    )
    assert response.status_code == 200
    assert response["HX-Push-Url"].startswith("/insights/explore/?q=")
    assert b"<html" not in response.content


def test_answer_has_its_numbers_in_a_table_and_its_facts(client_of, viewer, source):
    page = client_of(viewer).get(url()).content.decode()
    assert "1 to 2 Jan 2024 · by day · people · time zone UTC" in page
    assert "Why this number" in page
    assert "Rows read" in page


def test_every_fault_stands_beside_its_field(client_of, viewer, product):
    wrong = {**QUESTION, "timezone": "Moon/Base", "series": [{"event": "opened", "measure": "loudness"}]}
    page = client_of(viewer).get(url(question=wrong)).content.decode()
    assert 'id="f-timezone-error"' in page
    assert 'id="f-series-0-measure-error"' in page


def test_unknown_event_is_answered_and_named(client_of, viewer, source):
    unknown = {**QUESTION, "series": [{"event": "opend", "measure": "persons"}]}
    assert "No event named “opend” has come in yet." in client_of(viewer).get(url(question=unknown)).content.decode()


def test_hidden_product_is_a_fault_not_an_answer(client_of, outsider, source, product):
    product.visibility = Visibility.TEAM
    product.save()
    page = client_of(outsider).get(url())
    assert page.status_code == 200
    assert "chart__table" not in page.content.decode()


def test_people_are_linked_for_the_team_and_hidden_from_others(client_of, viewer, outsider, source):
    cell = json.dumps({"series": 0, "label": "2024-01-01"})
    assert "/insights/explore/people/" in client_of(viewer).get(url()).content.decode()
    people = client_of(viewer).get(url("/insights/explore/people/", cell=cell)).content.decode()
    assert "2 people · 1 Jan 2024" in people
    assert "ann" in people
    assert "bob" in people
    assert "/insights/explore/people/" not in client_of(outsider).get(url()).content.decode()
    assert client_of(outsider).get(url("/insights/explore/people/", cell=cell)).status_code == 404


def test_a_file_of_the_people_behind_a_number_holds_them_all(client_of, viewer, outsider, source, monkeypatch):
    monkeypatch.setattr("insights.questions.describing._PIECE", 40)
    cell = json.dumps({"series": 0, "label": "2024-01-01"})
    place = "/insights/explore/people/"
    people = [f"p{no:03d}" for no in range(88)]
    rows = [{"event": "opened", "distinct_id": who, "timestamp": "2024-01-01T12:00:00Z"} for who in people]
    named = [
        {"subject_id": who, "key": "name", "value": f"={who}", "timestamp": "2024-01-01T12:00:00Z"} for who in people
    ]
    factories.store_events(source, rows, traits=named)
    taken = b"".join(client_of(viewer).get(url(place, cell=cell, format="csv", page="2"))).decode("utf-8-sig")
    head, *lines = taken.splitlines()
    assert head == "Person,name"
    assert sorted(lines) == ["ann,", "bob,", *(f"{who},'={who}" for who in people)]
    entry = AuditEntry.objects.get(verb="product.people_downloaded")
    assert (entry.actor_id, entry.note) == (viewer.pk, "90 people behind a number")
    monkeypatch.setattr("insights.explore.views.explore.MOST_PEOPLE_IN_FILE", 60)
    book = load_workbook(io.BytesIO(client_of(viewer).get(url(place, cell=cell, format="xlsx")).getvalue()))
    assert book.active.max_row == 61
    assert "only the first 60 of 90 people are here" in [row[1].value for row in book["About"].iter_rows()]
    assert client_of(outsider).get(url(place, cell=cell, format="csv")).status_code == 404


def test_cell_that_the_answer_does_not_have_is_refused(client_of, viewer, source):
    for cell in ('{"label": "2030-01-01"}', "nonsense", "[1]"):
        assert client_of(viewer).get(url("/insights/explore/people/", cell=cell)).status_code == 400


def test_csv_holds_exact_numbers_and_no_formulas(client_of, viewer, source):
    broken_down = {**QUESTION, "breakdown": [{"property": "plan", "of": "event"}]}
    answer = client_of(viewer).get(url("/insights/explore/answer.csv", broken_down, about="no"))
    text = answer.getvalue().decode("utf-8-sig")
    assert text.splitlines() == ["Day,pro (people),'=2+3 (people)", "2024-01-01,1,1", "2024-01-02,1,0"]


def test_files_say_what_they_show_and_hold_no_formula(client_of, viewer, source):
    filtered = {**QUESTION, "filters": [{"property": "plan", "of": "event", "op": "is", "value": "=2+3"}]}
    filtered["breakdown"] = [{"property": "plan", "of": "event"}]
    client = client_of(viewer)
    told = client.get(url("/insights/explore/answer.csv", filtered)).getvalue().decode("utf-8-sig").splitlines()
    assert "# Filters: plan is “=2+3”" in told and "# Range: 1 to 2 Jan 2024" in told and "# Rounding" in told[-5]
    answer = client.get(url("/insights/explore/answer.csv", filtered, format="xlsx"))
    book = load_workbook(io.BytesIO(answer.getvalue()))
    cells = [cell for page in book.worksheets for row in page.iter_rows() for cell in row]
    assert [cell.value for cell in book.active[1]] == ["Day", "'=2+3 (people)"]
    assert not any(cell.data_type == "f" or str(cell.value).startswith("=") for cell in cells)


def test_page_stays_within_its_queries(client_of, viewer, source, django_assert_max_num_queries):
    client = client_of(viewer)
    client.get(url())
    with django_assert_max_num_queries(12):
        client.get(url())


def test_page_is_there_before_the_answer_and_the_answer_comes_by_itself(client_of, viewer, source):
    client = client_of(viewer)
    page = client.get(url(answer="")).content.decode()
    assert "The answer is being computed." in page and "chart__table" not in page
    address = page.partition('class="pending" hx-get="')[2].partition('"')[0].replace("&amp;", "&")
    assert f'href="{address.replace("&", "&amp;")}">Show the answer' in page, "without script it is one click away"
    piece = client.get(address, headers={"HX-Request": "true"})
    assert "HX-Push-Url" not in piece and b"explore-form" not in piece.content
    assert "chart__table" in piece.content.decode()
    assert "chart__table" in client.get(url(answer="")).content.decode(), "an answer that is at hand shows at once"


def test_insight_page_is_there_before_its_answer(client_of, owner, source):
    question = parse_question(QUESTION, now=timezone.now(), default_zone="UTC")
    insight = create_insight(question, title="Readers", actor=owner)
    client = client_of(owner)
    page = client.get(insight.get_absolute_url()).content.decode()
    assert 'hx-get="?answer=now"' in page and "chart__table" not in page and "History" in page
    piece = client.get(f"{insight.get_absolute_url()}?answer=now", headers={"HX-Request": "true"}).content.decode()
    assert "chart__table" in piece and "History" not in piece


def test_every_event_can_be_picked_however_many_there_are(client_of, viewer, product):
    names = [f"event {number:03}" for number in range(150)]
    rows = [{"event": name, "distinct_id": "ann", "timestamp": "2024-01-01T10:00:00Z"} for name in names]
    seen(factories.make_source(product), rows)
    client = client_of(viewer)
    page = client.get(url()).content.decode()
    listed = page.partition('<datalist id="picker-events"')[2].partition("</datalist>")[0]
    assert listed.count('value="event ') == 100
    address = listed.partition('data-more="')[2].partition('"')[0].replace("&amp;", "&")
    found = client.get(f"{address}&text=ENT+149").json()["picks"]
    assert found == [{"value": "event 149", "label": "1 event", "of": ""}]


def test_values_are_offered_unless_they_are_personal_or_not_shared(client_of, viewer, outsider, product):
    rows = [{**ROWS[0], "properties": {"plan": "pro", "mail": "ann@example.com"}}]
    seen(factories.make_source(product), rows)
    CatalogueProperty.objects.filter(name="mail").update(is_personal=True)

    def values(user, name):
        asked = {"what": "values", "products": "planner", "of": "event", "property": name}
        return [pick["value"] for pick in client_of(user).get("/insights/explore/picks/", asked).json()["picks"]]

    assert (values(viewer, "plan"), values(viewer, "mail")) == (["pro"], [])
    names = client_of(viewer).get("/insights/explore/picks/?what=properties&products=planner").json()["picks"]
    assert {pick["value"] for pick in names} == {"plan", "mail"}
    product.visibility = Visibility.TEAM
    product.save()
    assert values(outsider, "plan") == []


FUNNEL_ROWS = [
    {"event": name, "distinct_id": who, "timestamp": f"2024-01-01T{hour:02}:00:00Z"}
    for who, names in {"ann": "abc", "bob": "axbc", "cem": "a"}.items()
    for hour, name in enumerate(names)
]


def test_funnel_without_an_event_shows_its_row_and_leads_to_those_who_dropped_out(client_of, viewer, outsider, source):
    seen(source, FUNNEL_ROWS)
    question = {
        "kind": "funnel",
        "products": ["planner"],
        "steps": [{"event": name} for name in "abc"],
        "exclusions": [{"event": "x", "after": 1, "before": 3}],
        "date_from": "2024-01-01",
        "date_to": "2024-01-01",
    }
    page = client_of(viewer).get(url(question=question)).content.decode()
    assert 'name="exclusions.0.event" value="x"' in page
    assert "without “x” between steps 1 and 3" in page
    lost = url("/insights/explore/people/", question, cell=json.dumps({"step": 2, "dropped": True}))
    people = client_of(viewer).get(lost).content.decode()
    assert "2 people · step 2, did not get there" in people
    assert "bob" in people
    assert "cem" in people
    assert ">ann<" not in people
    assert "%22dropped%22:true" in page, "the number of those who did not come is a link"
    assert client_of(outsider).get(lost).status_code == 404


@pytest.mark.parametrize(
    ("options", "control", "numbers", "cell"),
    [
        (
            {"view": "trend", "interval": "day"},
            'name="interval"',
            "Day,Began (people),Converted (people),Conversion (%)\n2024-01-01,3,2,\n",
            {"label": "2024-01-01", "step": 3},
        ),
        (
            {"view": "histogram"},
            'value="histogram" selected',
            "Time taken,Converted (people)\n0,0\n600,0\n",
            {"from_s": 7200, "to_s": 14400},
        ),
    ],
)
def test_views_of_a_funnel_have_a_chart_a_file_and_people(client_of, viewer, source, options, control, numbers, cell):
    seen(source, FUNNEL_ROWS)
    question = {
        "kind": "funnel",
        "products": ["planner"],
        "steps": [{"event": name} for name in "abc"],
        "date_from": "2024-01-01",
        "date_to": "2024-01-01",
        **options,
    }
    page = client_of(viewer).get(url(question=question)).content.decode()
    assert control in page
    assert "chart__table" in page
    answer = client_of(viewer).get(url("/insights/explore/answer.csv", question, about="no"))
    text = answer.getvalue().decode("utf-8-sig")
    assert text.replace("\r", "").startswith(numbers)
    people = client_of(viewer).get(url("/insights/explore/people/", question, cell=json.dumps(cell))).content.decode()
    assert "2 people" in people


@pytest.mark.parametrize("key", ["breakdown", "products", "sources", "steps", "window", "exclusions", "attribution"])
@pytest.mark.parametrize("value", [5, {"a": 1}, [5]])
def test_an_address_that_holds_anything_still_gets_a_page(client_of, viewer, product, key, value):
    draft = {**start_draft("funnel", [product.slug]), key: value}
    assert client_of(viewer).get(url(question=draft)).status_code == 200
