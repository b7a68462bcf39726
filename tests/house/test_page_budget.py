"""Every page keeps within its queries, once the first request of a session has noted that the session is alive."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.house.access_table import client_with, list_rows

MOST_QUERIES = 12
PAGES = [row for row in list_rows() if row.method == "get" and row.statuses.get("admin") == 200]


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.url_name)
def test_page_keeps_within_its_queries(row, world, db):
    made, signed_in = world
    client, kwargs = client_with(signed_in["product_manager"]), row.kwargs_in(made)
    row.ask(client, kwargs)
    with CaptureQueriesContext(connection) as queries:
        answer = row.ask(client, kwargs)
    assert b"[invalid name]" not in answer.getvalue(), "a filter without a label"
    found = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(found) <= MOST_QUERIES, "\n".join(sql[:300] for sql in found)
