"""Lists of persons and accounts as files: every row, a stated end, and a trail of who took them."""

import csv
import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from portal.audit.models import AuditEntry
from tests.factories import store_events
from tests.insights.persons.conftest import at, trait

N = 120


@pytest.fixture
def many(source):
    """More persons and accounts than two pages show, some with a name that a spreadsheet would run."""
    people = [f"p{no:03d}" for no in range(N)]
    rows = [{"event": "did", "distinct_id": who, "account_id": f"a{who}", "timestamp": at(2)} for who in people]
    traits = [trait(who, "name", f"=1+{who}") for who in people[:3]]
    return store_events(source, rows, traits=traits)


def read(answer):
    assert answer.status_code == 200
    text = b"".join(answer).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize("name", ["person-list", "account-list"])
def test_a_file_holds_every_row_whatever_page_is_shown(many, client_of, viewer, name, monkeypatch):
    monkeypatch.setattr("insights.persons.finding.PIECE", 50)
    monkeypatch.setattr("insights.persons.accounts.PIECE", 50)
    client, url = client_of(viewer), reverse(f"persons:{name}")
    page = client.get(url, {"page": 2, "product": "planner"}).content.decode()
    assert "product=planner&amp;format=csv" in page
    head, *rows = read(client.get(url, {"format": "csv", "page": 2}))
    assert head[1] == "id"
    assert len(rows) == len({row[1] for row in rows}) == N
    shown = client.get(url, {"product": "planner"}).content.decode()
    assert shown.index(rows[0][1]) < shown.index(rows[1][1]) < shown.index(rows[49][1])
    entry = AuditEntry.objects.get(verb="product.people_downloaded")
    assert (entry.actor_id, entry.note) == (viewer.pk, f"120 {name.removesuffix('-list')}s as CSV")


def test_a_search_chooses_the_rows_and_no_name_is_a_formula(many, client_of, viewer):
    rows = read(client_of(viewer).get(reverse("persons:person-list"), {"format": "csv", "q": "p00"}))
    found = {row[1]: row[0] for row in rows[1:]}
    assert sorted(found) == [f"p{no:03d}" for no in range(10)]
    assert found["p000"] == "'=1+p000"


def test_a_file_that_ends_early_says_so_and_the_page_does_too(many, client_of, viewer, monkeypatch):
    monkeypatch.setattr("insights.persons.views.searching.MOST_PEOPLE_IN_FILE", 7)
    client, url = client_of(viewer), reverse("persons:person-list")
    said, _, *rows = read(client.get(url, {"format": "csv"}))
    assert (said, len(rows)) == (["# Left out: only the first 7 of 120 persons are here"], 7)
    book = load_workbook(io.BytesIO(client.get(url, {"format": "xlsx"}).getvalue()))
    assert [row[1].value for row in book["About"].iter_rows() if row[0].value == "Left out"] == [
        "only the first 7 of 120 persons are here"
    ]
    assert "A CSV file holds" not in client.get(url).content.decode()
    monkeypatch.setattr("portal.shell.files.MOST_ROWS_IN_XLSX", 10)
    monkeypatch.setattr("portal.shell.files.MOST_PEOPLE_IN_FILE", 100)
    said = "A CSV file holds the first 100 of them, an XLSX file the first 10."
    assert said in client.get(url).content.decode()


def test_nobody_else_takes_them_along(many, client_of, outsider, product):
    for name in ("person-list", "account-list"):
        answer = client_of(outsider).get(reverse(f"persons:{name}"), {"format": "csv", "product": product.slug})
        assert answer.status_code == 403
    assert client_of(outsider).get(reverse("persons:person-list"), {"format": "csv"}).status_code == 404
    assert not AuditEntry.objects.filter(verb="product.people_downloaded").exists()
