"""Watched folders and queries: each file and each row once, nothing outside, the portal's own database never."""

import os
import time

import psycopg2
import pytest
from django.db import connection

from insights.events.public import Batch
from insights.sources.folder import read_folder, save_folder
from insights.sources.models import SqlQuery
from insights.sources.sql_source import check_address, check_query, open_database, read_query, save_query
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
    for folder in ("planner", "planner/inner", "", "/"):
        with pytest.raises(BadInput):
            save_folder(other, actor=outsider, folder=folder)
    save_folder(other, actor=outsider, folder="theirs")
    assert save_folder(other, actor=ops, folder="planner").folder == "planner"


@pytest.mark.parametrize("folder", ["a\0b", "a" * 300, "../x", "/etc/../.."])
def test_folder_that_cannot_be_is_refused(product, owner, folder, settings, tmp_path):
    settings.WATCHED_FOLDERS_DIR = str(tmp_path)
    with pytest.raises(BadInput):
        save_folder(make_source(product, kind="folder"), actor=owner, folder=folder)
