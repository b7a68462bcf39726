"""Ops hear of a batch with more than 1 % of its rows in quarantine, once."""

from portal.messages.models import Notice
from tests.factories import make_source, store_events


def _rows(n_good: int, n_bad: int) -> list[dict]:
    good = [{"event": "opened", "distinct_id": f"p{n}", "timestamp": "2026-03-01T10:00:00Z"} for n in range(n_good)]
    bad = [{"event": "opened", "distinct_id": "", "timestamp": "2026-03-01T10:00:00Z"} for _ in range(n_bad)]
    return good + bad


def test_ops_hear_of_many_quarantined_rows(transactional_db, product, ops):
    store_events(make_source(product, "Web"), _rows(98, 2))
    notice = Notice.objects.get(user=ops)
    assert "2 of 100 rows of “Web” could not be taken." in notice.text


def test_one_percent_is_let_pass(transactional_db, product, ops):
    store_events(make_source(product, "Web"), _rows(99, 1))
    assert not Notice.objects.exists()
