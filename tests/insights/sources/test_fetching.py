"""Watched folders and queries: each file and each row once, nothing outside, the portal's own database never."""

import html
import json
import os
import time
from datetime import timedelta

import psycopg2
import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from insights.events.public import Batch, Source
from insights.sources import folder
from insights.sources.folder import read_folder, save_folder
from insights.sources.loads import requeue_dead_loads
from insights.sources.models import SqlQuery, WatchedFolder
from insights.sources.night import read_due_sources
from insights.sources.sql_source import check_address, check_query, open_database, read_query, save_query
from insights.sources.tasks import read_source, run_load
from portal.people.public import SYSTEM
from portal.shell.public import BadInput, NotAllowed
from tests.factories import make_product, make_source

pytestmark = pytest.mark.django_db(transaction=True)
CSV = "distinct_id,event,timestamp\nann,opened,2024-01-01\n"


@pytest.fixture
def watched(product, settings, tmp_path):
    settings.WATCHED_FOLDERS_DIR = str(tmp_path)
    return save_folder(make_source(product, kind="folder"), actor=SYSTEM, folder="daily", pattern="*.csv")


def put(tmp_path, name, text, age_s=120):
    path = tmp_path / "daily" / name
    path.write_text(text)
    os.utime(path, (time.time() - age_s,) * 2)
    return path


def test_file_at_rest_is_loaded_once(watched, tmp_path):
    put(tmp_path, "a.csv", CSV)
    put(tmp_path, "note.txt", "no match")
    assert [batch.n_accepted for batch in read_folder(watched, actor=SYSTEM)] == [1]
    assert read_folder(watched, actor=SYSTEM) == []
    put(tmp_path, "copy of a.csv", CSV)
    assert read_folder(watched, actor=SYSTEM) == []


def test_growing_file_and_link_wait_outside(watched, tmp_path):
    put(tmp_path, "new.csv", CSV, age_s=0)
    secret = tmp_path / "secret.csv"
    secret.write_text(CSV)
    (tmp_path / "daily" / "link.csv").symlink_to(secret)
    assert read_folder(watched, actor=SYSTEM) == []
    put(tmp_path, "new.csv", CSV + "bob,opened,2024-01-02\n")
    assert [batch.n_accepted for batch in read_folder(watched, actor=SYSTEM)] == [2]


@pytest.mark.parametrize("folder", ["../outside", "/etc", "a/../../b"])
def test_folder_stays_below_its_root(product, settings, tmp_path, folder):
    settings.WATCHED_FOLDERS_DIR = str(tmp_path / "root")
    source = make_source(product, kind="folder")
    if folder == "/etc":
        assert save_folder(source, actor=SYSTEM, folder=folder).folder == "etc"
        return
    with pytest.raises(BadInput):
        save_folder(source, actor=SYSTEM, folder=folder)


@pytest.fixture
def company():
    """Return the address of another database on the test's server, with a table of events."""
    own = connection.settings_dict
    login = f"{own['USER']}:{own['PASSWORD']}@{own['HOST']}:{own['PORT']}"
    admin = psycopg2.connect(f"postgresql://{login}/{own['NAME']}")
    admin.autocommit = True
    with admin.cursor() as cursor:
        cursor.execute("DROP DATABASE IF EXISTS company")
        cursor.execute("CREATE DATABASE company")
    address = f"postgresql://{login}/company"
    filled = psycopg2.connect(address)
    with filled, filled.cursor() as cursor:
        cursor.execute("CREATE TABLE log (id int, distinct_id text, event text, timestamp timestamptz, extra jsonb)")
        cursor.execute(
            "INSERT INTO log SELECT n, '00' || n, 'opened', '2024-01-01Z'::timestamptz + n * interval '1 hour', "
            "'{\"a\": 1}' FROM generate_series(1, 25) n"
        )
    filled.close()
    yield address
    with admin.cursor() as cursor:
        cursor.execute("DROP DATABASE company WITH (FORCE)")
    admin.close()


def make_query(product, address, **more):
    source = make_source(product, kind="sql")
    fields = {"query": "SELECT * FROM log WHERE event LIKE '%'", "cursor_column": "id", "rows_per_batch": 10, **more}
    return save_query(source, actor=SYSTEM, address=address, **fields)


def test_query_is_read_page_by_page_and_goes_on_where_it_stopped(product, company):
    query = make_query(product, company)
    assert [batch.n_accepted for batch in read_query(query, actor=SYSTEM)] == [10, 10, 5]
    assert SqlQuery.objects.get().cursor_value == "25"
    assert read_query(query, actor=SYSTEM) == []
    other = psycopg2.connect(company)
    with other, other.cursor() as cursor:
        cursor.execute("INSERT INTO log VALUES (26, 'x', 'closed', '2024-02-01Z', null)")
    other.close()
    assert [batch.n_accepted for batch in read_query(query, actor=SYSTEM)] == [1]


def test_query_cannot_write(company):
    refused = pytest.raises(psycopg2.errors.ReadOnlySqlTransaction)
    with open_database(company, 5) as opened, opened.cursor() as cursor, refused:
        cursor.execute("DELETE FROM log")


def test_failing_query_leaves_the_cursor(product, company):
    query = make_query(product, company, query="SELECT id, 1/(id-25) AS distinct_id FROM log")
    with pytest.raises(BadInput, match="query failed"):
        read_query(query, actor=SYSTEM)
    query.refresh_from_db()
    assert (query.cursor_value, Batch.objects.count()) == ("", 0)
    assert "query failed" in query.last_error


def test_address_is_stored_encrypted(product, company):
    query = make_query(product, company)
    assert "company" not in query.address
    assert connection.settings_dict["PASSWORD"] not in query.address


def test_own_database_is_refused_however_it_is_called(product):
    own = connection.settings_dict
    login = f"{own['USER']}:{own['PASSWORD']}"
    with pytest.raises(BadInput):
        make_query(product, f"postgresql://{login}@{own['HOST']}:{own['PORT']}/{own['NAME']}")
    with pytest.raises(BadInput), open_database(f"postgresql://{login}@localhost:{own['PORT']}/{own['NAME']}", 5):
        pass


def test_only_ops_set_a_query(product, owner):
    source = make_source(product, kind="sql")
    with pytest.raises(NotAllowed):
        save_query(source, actor=owner, address="postgresql://a:b@c/d", query="SELECT 1", cursor_column="id")


def test_statement_that_does_not_read_is_refused():
    with pytest.raises(BadInput):
        check_query("DROP TABLE x")


@pytest.mark.parametrize(
    "query",
    ["SELECT 1) AS q; COMMIT; DELETE FROM log; SELECT * FROM (SELECT 1 AS id", "SELECT 1 AS id; DROP TABLE log"],
)
def test_second_statement_is_refused(query):
    with pytest.raises(BadInput):
        check_query(query)


@pytest.mark.parametrize(
    "tail",
    [
        "?host=/var/run/postgresql",
        "?hostaddr=127.0.0.1",
        "?dbname=postgres",
        "?options=-c%20default_transaction_read_only%3Doff",
        "?service=x",
        "?passfile=/etc/passwd",
        "?sslkey=/etc/ssl/private/key",
        "#x",
    ],
)
def test_address_sets_nothing_but_encryption(tail):
    with pytest.raises(BadInput):
        check_address(f"postgresql://reader:secret@db.example.com:5432/sales{tail}")


@pytest.mark.parametrize("host", ["%2Fvar%2Frun%2Fpostgresql", "a,b", "a:1,b:2", "a b", ""])
def test_address_names_one_host(host):
    with pytest.raises(BadInput):
        check_address(f"postgresql://reader:secret@{host}/sales")


@pytest.mark.parametrize("host", ["169.254.169.254", "[fe80::1]", "[::ffff:169.254.169.254]", "0.0.0.0", "224.0.0.1"])
def test_addresses_of_a_cloud_itself_are_refused(host):
    with pytest.raises(BadInput), open_database(f"postgresql://reader:secret@{host}:5432/sales", 5):
        pass


def test_query_may_end_with_a_comment(product, company):
    query = make_query(product, company, query="SELECT * FROM log -- all of it")
    assert sum(batch.n_accepted for batch in read_query(query, actor=SYSTEM)) == 25


def test_folder_of_another_team_is_refused(product, owner, outsider, ops, settings, tmp_path):
    settings.WATCHED_FOLDERS_DIR = str(tmp_path)
    mine = make_source(product, kind="folder")
    save_folder(mine, actor=owner, folder="planner")
    other = make_source(make_product("Other", outsider.teams.get()), name="Other", kind="folder")
    for place in ("planner", "planner/inner", "", "/"):
        with pytest.raises(BadInput):
            save_folder(other, actor=outsider, folder=place)
    save_folder(other, actor=outsider, folder="theirs")
    assert save_folder(other, actor=ops, folder="planner").folder == "planner"


@pytest.mark.parametrize("folder", ["a\0b", "a" * 300, "../x", "/etc/../.."])
def test_folder_that_cannot_be_is_refused(product, owner, folder, settings, tmp_path):
    settings.WATCHED_FOLDERS_DIR = str(tmp_path)
    with pytest.raises(BadInput):
        save_folder(make_source(product, kind="folder"), actor=owner, folder=folder)


def put_json(client, url, value):
    return client.put(url, json.dumps(value), content_type="application/json")


def test_folder_is_set_by_the_api_as_by_the_page(product, owner, viewer, client_of, settings, tmp_path):
    settings.WATCHED_FOLDERS_DIR = str(tmp_path)
    url = reverse("api:source-watched-folder", args=[make_source(product, kind="folder").slug])
    assert put_json(client_of(viewer), url, {"folder": "daily"}).status_code == 403
    client = client_of(owner)
    assert client.get(url).status_code == 404
    assert put_json(client, url, {"folder": "../up"}).json()["fields"]["folder"]
    answer = put_json(client, url, {"folder": "daily", "pattern": "*.csv"}).json()
    assert (answer["folder"], answer["pattern"], answer["last_error"]) == ("daily", "*.csv", "")
    put(tmp_path, "a.csv", CSV)
    assert client.post(reverse("api:source-read", args=["web"])).status_code == 202
    read_source(WatchedFolder.objects.get().source_id)
    assert Batch.objects.get().n_accepted == 1
    other = reverse("api:source-watched-folder", args=[make_source(product, name="Files").slug])
    assert put_json(client, other, {"folder": "x"}).status_code == 409


def test_query_is_set_by_the_api_for_ops_alone_and_its_address_never_comes_out(product, owner, ops, client_of, company):
    url = reverse("api:source-sql-query", args=[make_source(product, kind="sql").slug])
    value = {"address": company, "query": "SELECT * FROM log", "cursor_column": "id", "rows_per_batch": 10}
    assert put_json(client_of(owner), url, value).status_code == 403
    client = client_of(ops)
    answer = put_json(client, url, value)
    assert answer.status_code == 200
    again = put_json(client, url, {"query": "SELECT * FROM log WHERE id < 9", "cursor_column": "id"})
    for said in (answer, again, client.get(url), client.get(reverse("api:source-detail", args=["web"]))):
        assert "address" not in said.json()
        assert connection.settings_dict["PASSWORD"] not in said.content.decode()
    assert client_of(owner).get(url).status_code == 403
    assert [batch.n_accepted for batch in read_query(SqlQuery.objects.get(), actor=SYSTEM)] == [8]
    assert put_json(client_of(ops), url, {**value, "query": "DELETE FROM log"}).status_code == 400


def page_of(client, source):
    return html.unescape(client.get(reverse("sources:source-page", args=[source.slug])).content.decode())


def test_page_says_why_a_folder_failed_and_what_to_do(watched, owner, viewer, client_of, tmp_path):
    put(tmp_path, "a.csv", "who,at\n1,2\n")
    read_folder(watched, actor=SYSTEM)
    page = page_of(client_of(owner), watched.source)
    assert "a.csv was not loaded. Nobody has said yet which column is what" in page
    assert "Change what it reads" in page
    assert "a.csv was not loaded" not in page_of(client_of(viewer), watched.source)
    (tmp_path / "daily" / "a.csv").unlink()
    (tmp_path / "daily").rmdir()
    with pytest.raises(BadInput):
        read_folder(watched, actor=SYSTEM)
    assert "The folder daily is not there any more. Make it again" in page_of(client_of(owner), watched.source)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"query": "SELECT * FROM nowhere"}, 'relation "nowhere" does not exist. Try it with the database'),
        ({"cursor_column": "nothing"}, "Try it with the database"),
        ({"query": "SELECT id, pg_sleep(3) FROM log", "timeout_s": 1}, "took longer than its limit of 1 s"),
        ({"address": "/gone"}, "There is no database named “gone” there"),
        ({"address": "wrong:secret"}, "The database"),
        ({"address": "port"}, "Nothing answers at 127.0.0.1, port 9. Check"),
    ],
)
def test_page_says_why_a_query_failed_and_what_to_do(product, ops, client_of, company, change, words):
    own = connection.settings_dict
    other = {
        "/gone": company.replace("/company", "/gone"),
        "wrong:secret": f"postgresql://wrong:secret@{own['HOST']}:{own['PORT']}/company",
        "port": "postgresql://a:secret@127.0.0.1:9/company",
    }
    address = other.get(change.pop("address", ""), company)
    query = make_query(product, address, **change)
    with pytest.raises(BadInput):
        read_query(query, actor=SYSTEM)
    page = page_of(client_of(ops), query.source)
    assert words in page
    assert "secret" not in page


def test_one_that_breaks_stops_no_other(product, watched, tmp_path, monkeypatch, settings):
    other = save_folder(make_source(product, name="B", kind="folder", schedule="1h"), actor=SYSTEM, folder="b")
    Source.objects.filter(pk=watched.source_id).update(schedule="1h")
    (tmp_path / "b" / "b.csv").write_text(CSV)
    os.utime(tmp_path / "b" / "b.csv", (time.time() - 120,) * 2)
    listing = folder.list_files

    def broken(row):
        if row.pk == watched.pk:
            raise RuntimeError("a fault of ours")
        return listing(row)

    monkeypatch.setattr(folder, "list_files", broken)
    read_due_sources()
    assert Batch.objects.get().source_id == other.source_id
    watched.refresh_from_db()
    assert "error of the portal" in watched.last_error


def test_load_whose_reader_died_before_it_ran_is_run_later(watched, tmp_path):
    put(tmp_path, "a.csv", CSV)
    found = next(folder.list_files(watched))
    batch = folder.take_file(watched, found, actor=SYSTEM)
    assert requeue_dead_loads() == ([], [])
    Batch.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    assert requeue_dead_loads() == ([batch.pk], [])
    assert requeue_dead_loads() == ([], [])
    run_load(batch.pk)
    assert Batch.objects.get().n_accepted == 1
