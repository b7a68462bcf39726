"""When an item happened: how times are read, corrected and bounded."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.capture.contracts import Header, Rules, UnfitItem
from insights.capture.payloads.build import set_once_time
from insights.capture.payloads.times import correct_time, event_time, read_time

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
RULES = Rules(received_at=NOW)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("2012-12-02T00:30:08.276Z", "2012-12-02T00:30:08.276000+00:00"),
        ("2015-2-02T00:30:08.276Z", "2015-02-02T00:30:08.276000+00:00"),
        ("2020-08-16T09:03:11.913767", "2020-08-16T09:03:11.913767+00:00"),
        ("2020-08-16T09:03:11+02:00", "2020-08-16T07:03:11+00:00"),
        ("2020-08-16", "2020-08-16T00:00:00+00:00"),
        (1597568591, "2020-08-16T09:03:11+00:00"),
        (1597568591913, "2020-08-16T09:03:11.913000+00:00"),
    ],
)
def test_times_are_read_as_clients_write_them(sent, expected):
    assert read_time(sent, UTC).isoformat() == expected


@pytest.mark.parametrize(
    "sent", ["yesterday", "", "2020-13-01", True, [], {}, float("inf"), "0001-01-01T00:00:00+23:59"]
)
def test_an_unreadable_time_is_refused(sent):
    with pytest.raises(UnfitItem, match="not readable"):
        read_time(sent, UTC)


def test_a_time_without_zone_is_local_to_the_source():
    assert read_time("2026-10-25T02:30:00", BERLIN).isoformat() == "2026-10-25T00:30:00+00:00"  # the first of two
    assert read_time("2026-03-29T02:30:00", BERLIN).isoformat() == "2026-03-29T01:30:00+00:00"  # 03:30 summer time
    assert read_time("2026-03-29T02:30:00Z", BERLIN).hour == 2


def test_a_wrong_clock_is_corrected_by_the_time_of_sending():
    # The sender's clock is three hours behind; it sent ten minutes after the event.
    header = Header("segment", sent_at="2026-11-21T09:00:00Z")
    assert event_time("2026-11-21T08:50:00Z", header, RULES) == NOW - timedelta(minutes=10)


def test_clocks_that_agree_leave_the_time_as_sent():
    header = Header("posthog", sent_at="2026-11-21T11:59:58.500Z")
    assert event_time("2012-12-02T00:30:08.276Z", header, RULES).isoformat() == "2012-12-02T00:30:08.276000+00:00"


def test_an_unreadable_time_of_sending_corrects_nothing():
    assert event_time("2026-11-21T08:50:00Z", Header("segment", sent_at="soon"), RULES).hour == 8


def test_an_item_without_a_time_happened_when_it_was_received():
    assert event_time(None, Header("segment"), RULES) == NOW


def test_the_future_and_the_distant_past_are_refused():
    assert event_time("2026-11-22T10:59:59Z", Header("segment"), RULES)
    for sent, code in [("2026-11-22T11:00:01Z", "time_in_future"), ("1969-12-31T23:59:59Z", "time_too_early")]:
        with pytest.raises(UnfitItem) as unfit:
            event_time(sent, Header("segment"), RULES)
        assert unfit.value.code == code
        assert unfit.value.at is not None
    with pytest.raises(UnfitItem):
        event_time("2026-01-31T00:00:00Z", Header("segment"), Rules(NOW, earliest_on=date(2026, 2, 1)))


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2030, 1, 1)),
    st.timedeltas(timedelta(0), timedelta(days=3)),
    st.timedeltas(timedelta(days=-900), timedelta(days=900)),
)
def test_any_wrong_clock_gives_the_true_time(true_time, delay, skew):
    true_time = true_time.replace(tzinfo=UTC)
    received_at = true_time + delay
    found = correct_time(true_time + skew, received_at + skew, received_at)
    assert found == (true_time if abs(skew) > timedelta(seconds=60) else true_time + skew)


@given(
    st.lists(
        st.tuples(st.booleans(), st.datetimes(datetime(1970, 1, 1), datetime(2030, 1, 1)), st.integers()),
        min_size=1,
        unique_by=lambda row: row[1],
    )
)
def test_set_once_is_the_first_value_unless_one_was_set(rows):
    log = []
    for is_once, at, value in rows:
        at = at.replace(tzinfo=UTC)
        log.append((set_once_time(at) if is_once else at, value))
    kept = max(log)[1]
    by_time = sorted(rows, key=lambda row: row[1])
    state, was_set = None, False
    for is_once, _, value in by_time:
        if not is_once or (state is None and not was_set):
            state, was_set = value, True
    assert kept == state
