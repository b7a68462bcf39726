"""Digests keep their local time through daylight saving; quiet hours end when they end."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from portal.messages.occurrences import last_occurrence, next_occurrence, quiet_until

BERLIN = ZoneInfo("Europe/Berlin")


def local(moment: datetime) -> str:
    return moment.astimezone(BERLIN).strftime("%a %Y-%m-%d %H:%M %z")


def test_eight_in_the_morning_stays_eight_when_the_clocks_change():
    friday = datetime(2026, 3, 27, 12, tzinfo=UTC)
    found = [friday]
    for _ in range(3):
        found.append(next_occurrence(found[-1], time(8), "Europe/Berlin"))
    assert [local(one) for one in found[1:]] == [
        "Sat 2026-03-28 08:00 +0100",
        "Sun 2026-03-29 08:00 +0200",
        "Mon 2026-03-30 08:00 +0200",
    ]


def test_an_hour_that_is_missing_moves_forward_and_one_that_comes_twice_is_its_first():
    assert local(next_occurrence(datetime(2026, 3, 28, 20, tzinfo=UTC), time(2, 30), "Europe/Berlin")) == (
        "Sun 2026-03-29 03:30 +0200"
    )
    first = next_occurrence(datetime(2026, 10, 24, 20, tzinfo=UTC), time(2, 30), "Europe/Berlin")
    assert local(first) == "Sun 2026-10-25 02:30 +0200"
    assert local(next_occurrence(first, time(2, 30), "Europe/Berlin")) == "Mon 2026-10-26 02:30 +0100"


def test_a_week_passes_between_two_mondays():
    monday = next_occurrence(datetime(2026, 11, 22, 9, tzinfo=UTC), time(8), "Europe/Berlin", 0)
    assert local(monday) == "Mon 2026-11-23 08:00 +0100"
    assert local(next_occurrence(monday, time(8), "Europe/Berlin", 0)) == "Mon 2026-11-30 08:00 +0100"


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)),
    st.times(),
    st.sampled_from(
        ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"]
    ),
    st.none() | st.integers(0, 6),
)
def test_each_occurrence_is_found_from_before_it_and_from_after_it(naive, at, zone, weekday):
    now = naive.replace(tzinfo=UTC)
    at = at.replace(second=0, microsecond=0)
    coming, past = next_occurrence(now, at, zone, weekday), last_occurrence(now, at, zone, weekday)
    assert past <= now < coming
    assert next_occurrence(past, at, zone, weekday) == coming
    assert coming - past < timedelta(days=8 if weekday is not None else 2, hours=2)


def test_quiet_hours_over_midnight_and_over_a_weekend():
    def quiet(text: str, *, weekends: bool = False) -> str:
        now = datetime.fromisoformat(text).replace(tzinfo=BERLIN)
        return local(quiet_until(now, time(20), time(7), "Europe/Berlin", has_quiet_weekends=weekends))

    assert quiet("2026-11-19T12:00") == "Thu 2026-11-19 12:00 +0100"
    assert quiet("2026-11-19T21:00") == "Fri 2026-11-20 07:00 +0100"
    assert quiet("2026-11-20T03:00") == "Fri 2026-11-20 07:00 +0100"
    assert quiet("2026-11-20T21:00", weekends=True) == "Mon 2026-11-23 07:00 +0100"
    assert quiet("2026-11-21T12:00") == "Sat 2026-11-21 12:00 +0100"
